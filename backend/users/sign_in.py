"""Who is calling: session cookies, API keys and the proof that a change comes from our own page.

Session tokens and API keys are 256 random bits; the database holds their SHA-256 only, so a stolen copy of it opens
nothing (a slow hash is for passwords, which people choose; these nobody can guess). The CSRF token is derived from the
session token one way: our page can read it from a cookie and repeat it in a header, another site can do neither.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from backend.database import Database, now
from backend.errors import NotAllowed, NotSignedIn
from backend.users.tables import ApiKey, SignedInSession, User

SESSION_COOKIE = "mote_session"
CSRF_COOKIE = "mote_csrf"
CSRF_HEADER = "x-csrf-token"
KEY_PREFIX = "mote_"
SHOWN_PREFIX = 12
LAST_USED_EVERY = timedelta(minutes=1)
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


@dataclass(frozen=True)
class Caller:
    """A person, by session or by key."""

    user_id: uuid.UUID
    email: str
    name: str
    session_id: uuid.UUID | None = None
    key_id: uuid.UUID | None = None
    key_project_id: uuid.UUID | None = None
    """The only project that the key opens; None: all of its user's."""


def new_token(prefix: str = "") -> str:
    """256 random bits in URL-safe letters."""
    return prefix + secrets.token_urlsafe(32)


def hash_token(token: str) -> str:
    """What the database keeps of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


def csrf_of(session_token: str) -> str:
    """The CSRF token that belongs to a session token."""
    return hashlib.sha256(b"mote csrf:" + session_token.encode()).hexdigest()


def authenticate(
    headers: Mapping[str, str], cookies: Mapping[str, str], method: str, database: Database
) -> Caller | None:
    """Who sent a request; None when it names nobody.

    A key goes before a cookie, so that a program never depends on what a browser left behind.

    Raises:
        NotSignedIn: a key that is not, or no longer, valid.
        NotAllowed: a change made with a cookie, without the matching CSRF header.
    """
    scheme, _, key = headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer":
        return _by_key(key.strip(), database)
    token = cookies.get(SESSION_COOKIE)
    if not token:
        return None
    with database.transaction(write=False) as session:
        caller = _by_session(token, session)
    if caller and method not in SAFE_METHODS and not _same(headers.get(CSRF_HEADER, ""), csrf_of(token)):
        hint = f"Send the value of the cookie {CSRF_COOKIE} in the header X-CSRF-Token; loading the page again helps."
        raise NotAllowed("This change was not proven to come from Mote's own page.", hint=hint)
    return caller


def _by_session(token: str, session: Session) -> Caller | None:
    query = (
        select(SignedInSession, User)
        .join(User, User.id == SignedInSession.user_id)
        .where(SignedInSession.token_hash == hash_token(token), SignedInSession.expires_at > now())
    )
    row = session.execute(query).first()
    return Caller(row.User.id, row.User.email, row.User.name, session_id=row.SignedInSession.id) if row else None


def _by_key(key: str, database: Database) -> Caller:
    with database.transaction(write=False) as session:
        query = select(ApiKey, User).join(User, User.id == ApiKey.user_id).where(ApiKey.token_hash == hash_token(key))
        row = session.execute(query).first()
    if row is None:
        raise NotSignedIn("This API key is not valid.", hint="Was it revoked? Make a new one in the settings.")
    found: ApiKey = row.ApiKey
    if found.last_used_at is None or now() - found.last_used_at > LAST_USED_EVERY:
        with database.transaction() as session:
            session.execute(update(ApiKey).where(ApiKey.id == found.id).values(last_used_at=now()))
    return Caller(row.User.id, row.User.email, row.User.name, key_id=found.id, key_project_id=found.project_id)


def _same(given: str, expected: str) -> bool:
    return hmac.compare_digest(given.encode(), expected.encode())
