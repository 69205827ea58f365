"""Projects: creating, listing, changing, deleting."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from sqlalchemy import Row, Select, func, select
from sqlalchemy.orm import Session

from backend import events
from backend.database import expect_version
from backend.dependencies import Access, team_access
from backend.errors import Conflict
from backend.jobs.service import cancel_all
from backend.permissions import Action, Role, allows
from backend.projects.facts import ProjectFacts, project_facts
from backend.projects.schemas import ProjectChange, ProjectOut
from backend.projects.tables import Project
from backend.teams.tables import Membership, Team
from backend.users.sign_in import Caller

Seen = Row[Project, Role, str]


def list_projects(session: Session, caller: Caller, offset: int, limit: int) -> tuple[list[ProjectOut], int]:
    """One page of the projects that the caller may see, last changed first, and how many there are."""
    query = _seen_by(caller)
    total = session.scalar(select(func.count()).select_from(query.subquery())) or 0
    page = query.order_by(Project.updated_at.desc(), Project.id).offset(offset).limit(limit)
    return _outs(session, session.execute(page).all()), total


def get_project(session: Session, access: Access) -> ProjectOut:
    """A project as one member sees it."""
    rows = session.execute(_seen_by(access.caller).where(Project.id == access.project_id)).all()
    return _outs(session, rows)[0]


def create_project(
    session: Session, caller: Caller, name: str, description: str, team_id: uuid.UUID | None
) -> ProjectOut:
    """A project without samples.

    Raises:
        NotFound, NotAllowed: no such team, or a role that may not.
        Conflict: no team given, and the caller has none.
    """
    access = team_access(session, caller, team_id or _own_team(session, caller), Action.PROJECT_CREATE)
    project = Project(
        id=uuid.uuid4(), team_id=access.team_id, name=name, description=description, created_by=caller.user_id
    )
    session.add(project)
    session.flush()
    return get_project(session, Access(caller, access.team_id, access.role, project.id))


def change_project(session: Session, access: Access, change: ProjectChange) -> ProjectOut:
    """Change name or description.

    Raises:
        Conflict: somebody else did so in the meantime.
    """
    project = session.get_one(Project, access.project_id)
    expect_version(project, change.version, lambda: get_project(session, access))
    if change.name is not None:
        project.name = change.name
    if change.description is not None:
        project.description = change.description
    session.flush()
    events.publish(session, project.id, "project", project.id)
    return get_project(session, access)


def delete_project(session: Session, access: Access) -> None:
    """Delete a project with all that is in it; what it still computes is cancelled."""
    cancel_all(session, access.project_id, access.caller.name)
    session.delete(session.get_one(Project, access.project_id))
    events.publish(session, access.project_id, "project", access.project_id, deleted=True)


def _own_team(session: Session, caller: Caller) -> uuid.UUID:
    """The first team that the caller owns, else the first that allows it."""
    query = select(Membership).where(Membership.user_id == caller.user_id).order_by(Membership.created_at)
    able = [member for member in session.scalars(query) if allows(member.role, Action.PROJECT_CREATE)]
    if not able:
        raise Conflict("You have no team that you may create projects in.", hint="Create a team first.")
    return max(able, key=lambda member: member.role.rank).team_id


def _seen_by(caller: Caller) -> Select[Project, Role, str]:
    query = (
        select(Project, Membership.role, Team.name)
        .join(Team, Team.id == Project.team_id)
        .join(Membership, Membership.team_id == Project.team_id)
        .where(Membership.user_id == caller.user_id)
    )
    return query if caller.key_project_id is None else query.where(Project.id == caller.key_project_id)


def _outs(session: Session, rows: Sequence[Seen]) -> list[ProjectOut]:
    facts = project_facts(session, [row[0].id for row in rows])
    return [_out(project, role, team_name, facts[project.id]) for project, role, team_name in rows]


def _out(project: Project, role: Role, team_name: str, facts: ProjectFacts) -> ProjectOut:
    return ProjectOut(
        id=project.id,
        name=project.name,
        description=project.description,
        team_id=project.team_id,
        team_name=team_name,
        role=role,
        version=project.version,
        created_at=project.created_at,
        updated_at=project.updated_at,
        counts=facts.counts,
        rate_hz=facts.rate_hz,
        axes=facts.axes,
    )
