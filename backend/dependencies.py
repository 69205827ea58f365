"""What routes ask for by type: a route's signature reads as its permission.

    def delete_sample(access: SampleEditor, session: SessionDep, ...)

says that only those whom permissions.LEAST_ROLE lets do `samples.edit` in the project of the URL get in. Who is no
member gets 404, as if the project did not exist. The look-ups run in a short transaction of their own.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import Depends, Query, Request
from pydantic import BaseModel
from sqlalchemy.orm import Session

from backend.database import DatabaseDep
from backend.errors import NotAllowed, NotFound, NotSignedIn
from backend.permissions import LEAST_ROLE, Action, Role, allows
from backend.projects.tables import Project
from backend.settings import Settings
from backend.teams.tables import Membership
from backend.users.sign_in import Caller, authenticate


@dataclass(frozen=True)
class Access:
    """A caller who may do what the route asked for, in one project or team."""

    caller: Caller
    team_id: uuid.UUID
    role: Role
    project: uuid.UUID | None = None

    @property
    def project_id(self) -> uuid.UUID:
        """The project of the URL."""
        assert self.project is not None
        return self.project

    @property
    def user_id(self) -> uuid.UUID:
        """Who asks."""
        return self.caller.user_id


@dataclass(frozen=True)
class Page:
    """Which part of a list."""

    offset: int
    limit: int


def _page(
    offset: Annotated[int, Query(ge=0, le=10_000_000)] = 0, limit: Annotated[int, Query(ge=1, le=500)] = 100
) -> Page:
    return Page(offset, limit)


def _settings(request: Request) -> Settings:
    settings: Settings = request.app.state.settings
    return settings


def _anyone(request: Request, database: DatabaseDep) -> Caller:
    caller = authenticate(request.headers, request.cookies, request.method, database)
    if caller is None:
        raise NotSignedIn("You are not signed in.", hint="Sign in, or send an API key.")
    return caller


def _perhaps(request: Request, database: DatabaseDep) -> Caller | None:
    return authenticate(request.headers, request.cookies, request.method, database)


AnyCaller = Annotated[Caller, Depends(_anyone)]
"""Signed in, or any API key, even one of a single project."""
PerhapsCaller = Annotated[Caller | None, Depends(_perhaps)]
"""Somebody or nobody."""


def _account(caller: AnyCaller) -> Caller:
    if caller.key_project_id is not None:
        raise NotAllowed("This API key is for one project only.", hint="Use a key of the account.")
    return caller


CurrentUser = Annotated[Caller, Depends(_account)]
"""Signed in, or an API key of the whole account."""


def _in_browser(caller: CurrentUser) -> Caller:
    if caller.key_id is not None:
        raise NotAllowed("An API key may not do this.", hint="Sign in in the browser.")
    return caller


SignedIn = Annotated[Caller, Depends(_in_browser)]
"""Signed in with a password; API keys must not make more keys or change passwords."""

SettingsDep = Annotated[Settings, Depends(_settings)]
PageDep = Annotated[Page, Depends(_page)]


def project_access(session: Session, caller: Caller, project_id: uuid.UUID, action: Action) -> Access:
    """What the caller may do in a project.

    Raises:
        NotFound: no such project, or the caller is no member of its team.
        NotAllowed: the role does not allow `action`.
    """
    project = session.get(Project, project_id)
    member = project and session.get(Membership, (project.team_id, caller.user_id))
    if not project or not member or caller.key_project_id not in (None, project_id):
        raise NotFound("There is no such project.", hint="Was it deleted, or are you signed in as somebody else?")
    require(member.role, action)
    return Access(caller, project.team_id, member.role, project.id)


def team_access(session: Session, caller: Caller, team_id: uuid.UUID, action: Action) -> Access:
    """What the caller may do in a team; raises as `project_access`."""
    member = session.get(Membership, (team_id, caller.user_id))
    if member is None:
        raise NotFound("There is no such team.", hint="Were you removed from it?")
    require(member.role, action)
    return Access(caller, team_id, member.role)


def require(role: Role, action: Action) -> None:
    """Refuse what a role may not do.

    Raises:
        NotAllowed: says which role it takes.
    """
    if not allows(role, action):
        hint = f"This takes the role {LEAST_ROLE[action].value}; ask an admin of the team."
        raise NotAllowed(f"Your role here is {role.value}.", hint=hint)


def _in_project(action: Action) -> Callable[..., Access]:
    def dependency(project_id: uuid.UUID, caller: AnyCaller, database: DatabaseDep) -> Access:
        with database.transaction(write=False) as session:
            return project_access(session, caller, project_id, action)

    return dependency


def _in_team(action: Action) -> Callable[..., Access]:
    def dependency(team_id: uuid.UUID, caller: CurrentUser, database: DatabaseDep) -> Access:
        with database.transaction(write=False) as session:
            return team_access(session, caller, team_id, action)

    return dependency


ProjectViewer = Annotated[Access, Depends(_in_project(Action.PROJECT_VIEW))]
SampleLabeller = Annotated[Access, Depends(_in_project(Action.SAMPLES_LABEL))]
SampleRecorder = Annotated[Access, Depends(_in_project(Action.SAMPLES_RECORD))]
SampleEditor = Annotated[Access, Depends(_in_project(Action.SAMPLES_EDIT))]
PipelineEditor = Annotated[Access, Depends(_in_project(Action.PIPELINE_EDIT))]
TrainingStarter = Annotated[Access, Depends(_in_project(Action.TRAINING_START))]
TrainingDeleter = Annotated[Access, Depends(_in_project(Action.TRAINING_DELETE))]
DeploymentStarter = Annotated[Access, Depends(_in_project(Action.DEPLOYMENT_START))]
DeploymentDeleter = Annotated[Access, Depends(_in_project(Action.DEPLOYMENT_DELETE))]
DeviceEditor = Annotated[Access, Depends(_in_project(Action.DEVICES_EDIT))]
JobController = Annotated[Access, Depends(_in_project(Action.JOB_CONTROL))]
ProjectLabeller = SampleLabeller
ProjectEditor = Annotated[Access, Depends(_in_project(Action.PROJECT_EDIT))]
ProjectAdmin = Annotated[Access, Depends(_in_project(Action.PROJECT_ADMIN))]
ProjectDeleter = Annotated[Access, Depends(_in_project(Action.PROJECT_DELETE))]

TeamViewer = Annotated[Access, Depends(_in_team(Action.TEAM_VIEW))]
TeamEditor = Annotated[Access, Depends(_in_team(Action.TEAM_EDIT))]
TeamMemberAdmin = Annotated[Access, Depends(_in_team(Action.TEAM_MEMBERS))]
TeamDeleter = Annotated[Access, Depends(_in_team(Action.TEAM_DELETE))]


class Listing(BaseModel):
    """Fields that every list has besides `items`."""

    total: int


def responses(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """The error answers of a route, for the OpenAPI document."""
    from backend.errors import ErrorBody

    return {status: {"model": ErrorBody} for status in statuses}
