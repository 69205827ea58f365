"""/api/setup, /api/session, /api/users/me, /api/keys"""

from __future__ import annotations

import uuid

from fastapi import APIRouter, Request, Response
from sqlalchemy.orm import Session

from backend.database import DatabaseDep, SessionDep
from backend.dependencies import AnyCaller, CurrentUser, SettingsDep, SignedIn, project_access
from backend.permissions import Action
from backend.settings import Settings
from backend.teams.service import create_personal_team
from backend.users import service
from backend.users.schemas import (
    Credentials,
    KeyList,
    KeyOut,
    KeyWithSecret,
    NewAccount,
    NewKey,
    SessionOut,
    UserChange,
    UserOut,
)
from backend.users.sign_in import CSRF_COOKIE, SESSION_COOKIE, csrf_of
from backend.users.tables import User

router = APIRouter(tags=["accounts"])


@router.post("/setup", status_code=201)
def set_up(
    account: NewAccount, request: Request, response: Response, session: SessionDep, settings: SettingsDep
) -> SessionOut:
    """Create the first account, while there is none, and sign in."""
    user = service.set_up(session, account)
    create_personal_team(session, user)
    return sign_in_as(session, user, request, response, settings)


@router.post("/session")
def sign_in(
    given: Credentials, request: Request, response: Response, database: DatabaseDep, settings: SettingsDep
) -> SessionOut:
    """Sign in."""
    address = request.client.host if request.client else ""
    user_id = service.check_credentials(database, settings, given, address)
    with database.transaction() as session:
        return sign_in_as(session, service.get_user(session, user_id), request, response, settings)


@router.get("/session")
def get_session(caller: AnyCaller, request: Request, session: SessionDep) -> SessionOut:
    """Who I am; 401 for nobody."""
    token = None if caller.key_id else request.cookies.get(SESSION_COOKIE)
    user = UserOut.of(service.get_user(session, caller.user_id))
    return SessionOut(user=user, csrf_token=csrf_of(token) if token else None)


@router.delete("/session", status_code=204)
def sign_out(caller: SignedIn, request: Request, response: Response, session: SessionDep) -> None:
    """Sign out."""
    service.end_session(session, request.cookies[SESSION_COOKIE])
    for name in (SESSION_COOKIE, CSRF_COOKIE):
        response.delete_cookie(name, path="/")


@router.patch("/users/me")
def change_me(change: UserChange, caller: SignedIn, session: SessionDep) -> UserOut:
    """Change my name or password."""
    return UserOut.of(service.change_user(session, caller, change))


@router.get("/keys")
def list_keys(caller: CurrentUser, session: SessionDep, project_id: uuid.UUID | None = None) -> KeyList:
    """My keys, or, for the admins of a project, all keys of it."""
    if project_id is not None:
        project_access(session, caller, project_id, Action.PROJECT_KEYS)
    keys = [KeyOut.of(key) for key in service.list_keys(session, caller.user_id, project_id)]
    return KeyList(items=keys, total=len(keys))


@router.post("/keys", status_code=201)
def create_key(new: NewKey, caller: SignedIn, session: SessionDep) -> KeyWithSecret:
    """Make a key. It may do what I may, and its secret is shown this once."""
    if new.project_id is not None:
        project_access(session, caller, new.project_id, Action.PROJECT_VIEW)
    key, secret = service.create_key(session, caller.user_id, new.name, new.project_id)
    return KeyWithSecret(**KeyOut.of(key).model_dump(), secret=secret)


@router.delete("/keys/{key_id}", status_code=204)
def revoke_key(key_id: uuid.UUID, caller: SignedIn, session: SessionDep) -> None:
    """Revoke a key of mine, or of a project that I am an admin of."""
    key = service.get_key(session, key_id, caller.user_id)
    if key.project_id is not None and key.user_id != caller.user_id:
        project_access(session, caller, key.project_id, Action.PROJECT_KEYS)
    service.revoke_key(session, key)


def sign_in_as(session: Session, user: User, request: Request, response: Response, settings: Settings) -> SessionOut:
    """Begin a session for a person and set its cookies."""
    token = service.begin_session(session, settings, user.id, request.cookies.get(SESSION_COOKIE))
    csrf, seconds = csrf_of(token), int(settings.session_days * 24 * 3600)
    for name, value, hidden in ((SESSION_COOKIE, token, True), (CSRF_COOKIE, csrf, False)):
        secure = request.url.scheme == "https"
        response.set_cookie(name, value, max_age=seconds, httponly=hidden, secure=secure, samesite="lax", path="/")
    return SessionOut(user=UserOut.of(user), csrf_token=csrf)
