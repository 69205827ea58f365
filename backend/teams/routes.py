"""/api/teams and /api/invitations"""

from __future__ import annotations

import uuid

from fastapi import APIRouter, Request, Response

from backend.database import SessionDep
from backend.dependencies import (
    CurrentUser,
    PerhapsCaller,
    SettingsDep,
    TeamDeleter,
    TeamEditor,
    TeamMemberAdmin,
    TeamViewer,
    team_access,
)
from backend.errors import NotAllowed, NotSignedIn
from backend.permissions import Action
from backend.teams import service
from backend.teams.schemas import (
    Accepted,
    InvitationList,
    InvitationOut,
    InvitationView,
    InvitationWithToken,
    MemberList,
    MemberOut,
    NewInvitation,
    NewTeam,
    RoleChange,
    TeamChange,
    TeamList,
    TeamOut,
)
from backend.users.routes import sign_in_as
from backend.users.schemas import NewAccount
from backend.users.service import create_user

router = APIRouter(tags=["teams"])


@router.get("/teams")
def list_teams(caller: CurrentUser, session: SessionDep) -> TeamList:
    """My teams."""
    teams = service.list_teams(session, caller.user_id)
    return TeamList(items=teams, total=len(teams))


@router.post("/teams", status_code=201)
def create_team(new: NewTeam, caller: CurrentUser, session: SessionDep) -> TeamOut:
    """A new team of mine."""
    team = service.create_team(session, new.name, caller.user_id)
    return service.team_view(session, team_access(session, caller, team.id, Action.TEAM_VIEW))


@router.get("/teams/{team_id}")
def get_team(access: TeamViewer, session: SessionDep) -> TeamOut:
    """One team."""
    return service.team_view(session, access)


@router.patch("/teams/{team_id}")
def change_team(access: TeamEditor, change: TeamChange, session: SessionDep) -> TeamOut:
    """Rename a team."""
    return service.rename_team(session, access, change)


@router.delete("/teams/{team_id}", status_code=204)
def delete_team(access: TeamDeleter, session: SessionDep) -> None:
    """Delete a team with all its projects."""
    service.delete_team(session, access)


@router.get("/teams/{team_id}/members")
def list_members(access: TeamViewer, session: SessionDep) -> MemberList:
    """Who is in a team."""
    members = service.list_members(session, access.team_id)
    return MemberList(items=members, total=len(members))


@router.patch("/teams/{team_id}/members/{user_id}")
def change_member(access: TeamMemberAdmin, user_id: uuid.UUID, change: RoleChange, session: SessionDep) -> MemberOut:
    """Give a member another role."""
    return service.change_role(session, access, user_id, change.role)


@router.delete("/teams/{team_id}/members/{user_id}", status_code=204)
def remove_member(access: TeamViewer, user_id: uuid.UUID, session: SessionDep) -> None:
    """Leave a team, or, for its admins, remove somebody."""
    service.remove_member(session, access, user_id)


@router.get("/teams/{team_id}/invitations")
def list_invitations(access: TeamMemberAdmin, session: SessionDep) -> InvitationList:
    """Links that can still be used."""
    items = [InvitationOut.of(invitation) for invitation in service.list_invitations(session, access.team_id)]
    return InvitationList(items=items, total=len(items))


@router.post("/teams/{team_id}/invitations", status_code=201)
def invite(
    access: TeamMemberAdmin, new: NewInvitation, session: SessionDep, settings: SettingsDep
) -> InvitationWithToken:
    """A link that lets one person in, once; its token is shown this once."""
    invitation, token = service.invite(session, access, new.role, settings)
    shown = InvitationOut.of(invitation).model_dump()
    return InvitationWithToken(**shown, token=token, path=f"/invitations/{token}")


@router.delete("/teams/{team_id}/invitations/{invitation_id}", status_code=204)
def withdraw_invitation(access: TeamMemberAdmin, invitation_id: uuid.UUID, session: SessionDep) -> None:
    """Make a link useless."""
    service.withdraw(session, access.team_id, invitation_id)


@router.get("/invitations/{token}")
def get_invitation(token: str, session: SessionDep) -> InvitationView:
    """What a link leads to; for whoever holds it."""
    return service.invitation_view(session, service.find_invitation(session, token))


@router.post("/invitations/{token}/accept")
def accept_invitation(
    token: str,
    caller: PerhapsCaller,
    request: Request,
    response: Response,
    session: SessionDep,
    settings: SettingsDep,
    account: NewAccount | None = None,
) -> Accepted:
    """Join a team: signed in, or by creating the account that joins."""
    invitation = service.find_invitation(session, token)
    if caller is not None:
        if caller.key_id is not None:
            raise NotAllowed("An API key may not do this.", hint="Sign in in the browser.")
        return Accepted(team=service.accept(session, invitation, caller.user_id))
    if account is None:
        raise NotSignedIn("You are not signed in.", hint="Sign in, or create an account with name and password.")
    user = create_user(session, account)
    service.create_personal_team(session, user)
    team = service.accept(session, invitation, user.id)
    return Accepted(team=team, session=sign_in_as(session, user, request, response, settings))
