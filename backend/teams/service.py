"""Teams, members and invitations."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import Row, Select, func, select, update
from sqlalchemy.orm import Session

from backend.database import changed, expect_version, now
from backend.dependencies import Access
from backend.errors import Conflict, Gone, NotAllowed, NotFound
from backend.jobs.service import cancel_all
from backend.permissions import Action, Role, allows
from backend.projects.tables import Project
from backend.settings import Settings
from backend.teams.schemas import InvitationView, MemberOut, TeamChange, TeamOut
from backend.teams.tables import Invitation, Membership, Team
from backend.users.service import forget_member
from backend.users.sign_in import hash_token, new_token
from backend.users.tables import User

Counted = Row[Team, Role, int, int]


def create_team(session: Session, name: str, owner: uuid.UUID) -> Team:
    """A team with its first owner."""
    team = Team(id=uuid.uuid4(), name=name)
    session.add(team)
    session.flush()
    session.add(Membership(team_id=team.id, user_id=owner, role=Role.OWNER))
    session.flush()
    return team


def create_personal_team(session: Session, user: User) -> Team:
    """The team that everybody begins with, so that a first project needs no thought about teams."""
    return create_team(session, f"{user.name[:80]}'s projects", user.id)


def list_teams(session: Session, user_id: uuid.UUID) -> list[TeamOut]:
    """The teams that a person is in."""
    return [_team_out(row) for row in session.execute(_teams_of(user_id).order_by(Team.name, Team.id))]


def team_view(session: Session, access: Access) -> TeamOut:
    """A team as one member sees it."""
    return _team_out(session.execute(_teams_of(access.user_id).where(Team.id == access.team_id)).one())


def rename_team(session: Session, access: Access, change: TeamChange) -> TeamOut:
    """Rename a team.

    Raises:
        Conflict: somebody else did so in the meantime.
    """
    team = session.get_one(Team, access.team_id)
    expect_version(team, change.version, lambda: team_view(session, access))
    team.name = change.name
    session.flush()
    return team_view(session, access)


def delete_team(session: Session, access: Access) -> None:
    """Delete a team with all its projects; what they still compute is cancelled."""
    for project_id in session.scalars(select(Project.id).where(Project.team_id == access.team_id)).all():
        cancel_all(session, project_id, access.caller.name)
    session.delete(session.get_one(Team, access.team_id))


def list_members(session: Session, team_id: uuid.UUID) -> list[MemberOut]:
    """Who is in a team."""
    query = select(Membership, User).join(User, User.id == Membership.user_id).where(Membership.team_id == team_id)
    return [_member_out(row.Membership, row.User) for row in session.execute(query.order_by(User.name, User.id))]


def change_role(session: Session, access: Access, user_id: uuid.UUID, role: Role) -> MemberOut:
    """Give a member another role.

    Raises:
        NotFound: no such member.
        NotAllowed: the old or the new role is above one's own.
        Conflict: it would leave the team without an owner.
    """
    member = _get_member(session, access.team_id, user_id)
    _refuse_above(access, max(member.role, role, key=lambda one: one.rank))
    if role is not Role.OWNER:
        _refuse_last_owner(session, member)
    member.role = role
    session.flush()
    return _member_out(member, session.get_one(User, user_id))


def remove_member(session: Session, access: Access, user_id: uuid.UUID) -> None:
    """Remove a member; everybody may leave. Keys for the team's projects end with it. Raises as `change_role`."""
    if user_id != access.user_id and not allows(access.role, Action.TEAM_MEMBERS):
        raise NotAllowed(f"Your role here is {access.role.value}.", hint="You may leave, but not remove others.")
    member = _get_member(session, access.team_id, user_id)
    _refuse_above(access, member.role)
    _refuse_last_owner(session, member)
    forget_member(session, access.team_id, user_id)
    session.delete(member)


def list_invitations(session: Session, team_id: uuid.UUID) -> Sequence[Invitation]:
    """Links that can still be used."""
    usable = (Invitation.team_id == team_id, Invitation.accepted_at.is_(None), Invitation.expires_at > now())
    return session.scalars(select(Invitation).where(*usable).order_by(Invitation.created_at.desc())).all()


def invite(session: Session, access: Access, role: Role, settings: Settings) -> tuple[Invitation, str]:
    """A link into the team, and its token, which is stored nowhere.

    Raises:
        NotAllowed: the role is above one's own.
    """
    _refuse_above(access, role)
    token = new_token()
    invitation = Invitation(
        id=uuid.uuid4(),
        team_id=access.team_id,
        role=role,
        token_hash=hash_token(token),
        invited_by=access.user_id,
        created_at=now(),
        expires_at=now() + timedelta(days=settings.invitation_days),
    )
    session.add(invitation)
    session.flush()
    return invitation, token


def withdraw(session: Session, team_id: uuid.UUID, invitation_id: uuid.UUID) -> None:
    """Make a link useless.

    Raises:
        NotFound: no such link.
    """
    invitation = session.get(Invitation, invitation_id)
    if invitation is None or invitation.team_id != team_id:
        raise NotFound("There is no such invitation.", hint="Was it withdrawn already?")
    session.delete(invitation)


def find_invitation(session: Session, token: str) -> Invitation:
    """The invitation of a link.

    Raises:
        NotFound: no such link.
        Gone: it was used or has run out.
    """
    invitation = session.scalar(select(Invitation).where(Invitation.token_hash == hash_token(token)))
    if invitation is None:
        raise NotFound("This invitation does not exist.", hint="Is the link complete? Ask for a new one.")
    if invitation.accepted_at is not None or invitation.expires_at <= now():
        raise _used_up()
    return invitation


def invitation_view(session: Session, invitation: Invitation) -> InvitationView:
    """What the holder of a link may see."""
    inviter = session.get(User, invitation.invited_by) if invitation.invited_by else None
    return InvitationView(
        team_name=session.get_one(Team, invitation.team_id).name,
        role=invitation.role,
        invited_by=inviter.name if inviter else None,
        expires_at=invitation.expires_at,
    )


def accept(session: Session, invitation: Invitation, user_id: uuid.UUID) -> TeamOut:
    """Join a team by a link, which then is used up; of two at the same time one wins.

    Raises:
        Conflict: already in the team (the link stays good).
        Gone: somebody else was faster.
    """
    team_id = invitation.team_id
    if session.get(Membership, (team_id, user_id)) is not None:
        raise Conflict("You are in this team already.", hint="Give the link to somebody else.")
    unused = (Invitation.id == invitation.id, Invitation.accepted_at.is_(None))
    if not changed(session, update(Invitation).where(*unused).values(accepted_at=now(), accepted_by=user_id)):
        raise _used_up()
    session.add(Membership(team_id=team_id, user_id=user_id, role=invitation.role))
    session.flush()
    return _team_out(session.execute(_teams_of(user_id).where(Team.id == team_id)).one())


def _used_up() -> Gone:
    return Gone("This invitation was used or has run out.", hint="Ask for a new one.")


def _teams_of(user_id: uuid.UUID) -> Select[Team, Role, int, int]:
    everybody = Membership.__table__.alias("everybody")
    members = select(func.count()).select_from(everybody).where(everybody.c.team_id == Team.id).scalar_subquery()
    projects = select(func.count(Project.id)).where(Project.team_id == Team.id).scalar_subquery()
    query = select(Team, Membership.role, members, projects).join(Membership, Membership.team_id == Team.id)
    return query.where(Membership.user_id == user_id)


def _team_out(row: Counted) -> TeamOut:
    team, role, members, projects = row
    return TeamOut(
        id=team.id,
        name=team.name,
        role=role,
        version=team.version,
        members=members,
        projects=projects,
        created_at=team.created_at,
    )


def _member_out(member: Membership, user: User) -> MemberOut:
    return MemberOut(user_id=user.id, name=user.name, email=user.email, role=member.role, since=member.created_at)


def _get_member(session: Session, team_id: uuid.UUID, user_id: uuid.UUID) -> Membership:
    member = session.get(Membership, (team_id, user_id))
    if member is None:
        raise NotFound("There is no such member.", hint="Did the person leave?")
    return member


def _refuse_above(access: Access, role: Role) -> None:
    if role.rank > access.role.rank:
        raise NotAllowed(f"The role {role.value} is above yours ({access.role.value}).", hint="Ask an owner.")


def _refuse_last_owner(session: Session, member: Membership) -> None:
    """Lock the owners' rows: two owners who leave at the same time must not both see the other."""
    if member.role is not Role.OWNER:
        return
    owners = select(Membership).where(Membership.team_id == member.team_id, Membership.role == Role.OWNER)
    if len(session.scalars(owners.with_for_update()).all()) == 1:
        raise Conflict("A team needs an owner.", hint="Make somebody else an owner first, or delete the team.")
