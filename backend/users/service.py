"""Accounts: creating, signing in and out, keys."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import delete, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from backend.database import Database, now
from backend.errors import Conflict, NotFound, NotSignedIn, TooManyAttempts
from backend.projects.tables import Project
from backend.settings import Settings
from backend.users.passwords import hash_password, is_outdated, is_password
from backend.users.schemas import Credentials, NewAccount, UserChange
from backend.users.sign_in import KEY_PREFIX, SHOWN_PREFIX, Caller, hash_token, new_token
from backend.users.tables import ApiKey, FirstAccount, SignedInSession, SignInAttempt, User
from mote.errors import BadInput


def needs_setup(session: Session) -> bool:
    """Whether nobody has an account yet."""
    return session.scalar(select(User.id).limit(1)) is None


def set_up(session: Session, account: NewAccount) -> User:
    """Create the first account. Of two at the same time one wins: both insert the row with id 1.

    Raises:
        Conflict: there is an account already.
    """
    taken = Conflict("This installation has been set up already.", hint="Sign in, or ask for an invitation.")
    if not needs_setup(session):
        raise taken
    session.add(FirstAccount(id=1))
    try:
        session.flush()
    except IntegrityError:
        raise taken from None
    return create_user(session, account)


def create_user(session: Session, account: NewAccount) -> User:
    """Create an account.

    Raises:
        Conflict: the address has one.
        BadInput: the password breaks the rules.
    """
    if session.scalar(select(User.id).where(User.email == account.email)) is not None:
        raise Conflict("There is an account with this e-mail address.", hint="Sign in first.")
    password_hash = hash_password(account.password, account.email)
    user = User(id=uuid.uuid4(), email=account.email, name=account.name, password_hash=password_hash)
    session.add(user)
    session.flush()
    return user


def check_credentials(database: Database, settings: Settings, given: Credentials, address: str) -> uuid.UUID:
    """The account that an e-mail address and a password open.

    The attempt is counted, in a transaction of its own, before the password is looked at: many at the same time cannot
    slip through, and a refusal does not roll the count back.

    Raises:
        NotSignedIn: wrong address or password; the answer does not say which.
        TooManyAttempts: too many failures of this account from this address, or of this address.
    """
    with database.transaction() as session:
        wait_s = _count_attempt(session, settings, given.email, address)
    if wait_s:
        hint = f"Wait {wait_s // 60 + 1} minutes."
        raise TooManyAttempts("Too many attempts to sign in.", hint=hint, retry_after_s=wait_s)
    with database.transaction(write=False) as session:
        user = session.scalar(select(User).where(User.email == given.email))
    if not is_password(user.password_hash if user else None, given.password) or user is None:
        raise NotSignedIn("The e-mail address or the password is wrong.", hint="Mind capital letters.")
    with database.transaction() as session:
        mine = (SignInAttempt.email == given.email, SignInAttempt.address == address)
        session.execute(delete(SignInAttempt).where(*mine))
        if is_outdated(user.password_hash):
            session.get_one(User, user.id).password_hash = hash_password(given.password, given.email)
    return user.id


def _count_attempt(session: Session, settings: Settings, email: str, address: str) -> int:
    """Record an attempt; returns the seconds to wait, 0 when it may go on."""
    begin = now() - timedelta(seconds=settings.sign_in_window_s)
    session.execute(delete(SignInAttempt).where(SignInAttempt.at < begin))
    at_address = SignInAttempt.address == address
    by_account = select(func.count(), func.min(SignInAttempt.at)).where(at_address, SignInAttempt.email == email)
    by_address = select(func.count(), func.min(SignInAttempt.at)).where(at_address)
    limits = ((by_account, settings.sign_in_attempts), (by_address, settings.sign_in_attempts_per_address))
    for query, most in limits:
        count, oldest = session.execute(query).one()
        if count >= most:
            return max(1, int((oldest - begin).total_seconds()))
    session.add(SignInAttempt(email=email, address=address))
    return 0


def begin_session(session: Session, settings: Settings, user_id: uuid.UUID, old_token: str | None) -> str:
    """Sign a browser in; returns the new token. The token it came with, if any, ends: nobody can plant one."""
    if old_token:
        end_session(session, old_token)
    session.execute(delete(SignedInSession).where(SignedInSession.expires_at < now()))
    token = new_token()
    expires_at = now() + timedelta(days=settings.session_days)
    session.add(SignedInSession(user_id=user_id, token_hash=hash_token(token), expires_at=expires_at))
    return token


def end_session(session: Session, token: str) -> None:
    """Sign a browser out."""
    session.execute(delete(SignedInSession).where(SignedInSession.token_hash == hash_token(token)))


def get_user(session: Session, user_id: uuid.UUID) -> User:
    """A person's account."""
    return session.get_one(User, user_id)


def change_user(session: Session, caller: Caller, change: UserChange) -> User:
    """Change one's own name or password; a new password signs all other browsers out.

    Raises:
        BadInput: the current password is missing or wrong, or the new one breaks the rules.
    """
    user = get_user(session, caller.user_id)
    if change.name is not None:
        user.name = change.name
    if change.password is not None:
        if not is_password(user.password_hash, change.current_password or ""):
            raise BadInput("The current password is wrong.", hint="Type the password that you sign in with now.")
        user.password_hash = hash_password(change.password, user.email)
        others = (SignedInSession.user_id == user.id, SignedInSession.id != caller.session_id)
        session.execute(delete(SignedInSession).where(*others))
    session.flush()
    return user


def list_keys(session: Session, user_id: uuid.UUID, project_id: uuid.UUID | None) -> Sequence[ApiKey]:
    """One's own keys, or, with a project, everybody's keys of that project."""
    mine = ApiKey.user_id == user_id if project_id is None else ApiKey.project_id == project_id
    return session.scalars(select(ApiKey).where(mine).order_by(ApiKey.created_at.desc())).all()


def create_key(session: Session, user_id: uuid.UUID, name: str, project_id: uuid.UUID | None) -> tuple[ApiKey, str]:
    """A new key, and its secret, which is stored nowhere."""
    secret = new_token(KEY_PREFIX)
    key = ApiKey(
        id=uuid.uuid4(),
        user_id=user_id,
        project_id=project_id,
        name=name,
        prefix=secret[:SHOWN_PREFIX],
        token_hash=hash_token(secret),
    )
    session.add(key)
    session.flush()
    return key, secret


def get_key(session: Session, key_id: uuid.UUID, user_id: uuid.UUID) -> ApiKey:
    """A key of a person, or any key of a project (whose admins may revoke it: the caller of this checks that).

    Raises:
        NotFound: there is none.
    """
    key = session.get(ApiKey, key_id)
    if key is None or (key.user_id != user_id and key.project_id is None):
        raise NotFound("There is no such key.", hint="Was it revoked already?")
    return key


def revoke_key(session: Session, key: ApiKey) -> None:
    """Make a key useless, now."""
    session.delete(key)


def forget_member(session: Session, team_id: uuid.UUID, user_id: uuid.UUID) -> None:
    """Revoke the keys that a person had for a team's projects (a key that stays would open them after a return)."""
    projects = select(Project.id).where(Project.team_id == team_id)
    theirs = (ApiKey.user_id == user_id, ApiKey.project_id.in_(projects))
    session.execute(delete(ApiKey).where(*theirs), execution_options={"synchronize_session": False})
