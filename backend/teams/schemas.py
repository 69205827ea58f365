"""Teams in the API."""

from __future__ import annotations

import uuid
from datetime import datetime

from pydantic import BaseModel

from backend.permissions import Role
from backend.teams.tables import Invitation
from backend.users.schemas import Body, Name, SessionOut


class NewTeam(Body):
    """A team whose owner will be whoever creates it."""

    name: Name


class TeamChange(Body):
    """`version` is the one that the caller saw."""

    version: int
    name: Name


class TeamOut(BaseModel):
    """A team, and the caller's role in it."""

    id: uuid.UUID
    name: str
    role: Role
    version: int
    members: int
    projects: int
    created_at: datetime


class TeamList(BaseModel):
    """In the order of their names."""

    items: list[TeamOut]
    total: int


class MemberOut(BaseModel):
    """A person in a team."""

    user_id: uuid.UUID
    name: str
    email: str
    role: Role
    since: datetime


class MemberList(BaseModel):
    """In the order of their names."""

    items: list[MemberOut]
    total: int


class RoleChange(Body):
    """A member's new role."""

    role: Role


class NewInvitation(Body):
    """The role that the link gives."""

    role: Role = Role.EDITOR


class InvitationOut(BaseModel):
    """A link that is out, without its secret."""

    id: uuid.UUID
    role: Role
    created_at: datetime
    expires_at: datetime
    accepted_at: datetime | None

    @classmethod
    def of(cls, invitation: Invitation) -> InvitationOut:
        """From a row."""
        return cls(**{name: getattr(invitation, name) for name in InvitationOut.model_fields})


class InvitationWithToken(InvitationOut):
    """The only answer that holds the token; the link to give away is `<address of this server><path>`."""

    token: str
    path: str


class InvitationList(BaseModel):
    """Newest first."""

    items: list[InvitationOut]
    total: int


class InvitationView(BaseModel):
    """What somebody who holds the link sees before accepting."""

    team_name: str
    role: Role
    invited_by: str | None
    expires_at: datetime


class Accepted(BaseModel):
    """The team joined; `session` when an account was created along the way."""

    team: TeamOut
    session: SessionOut | None = None
