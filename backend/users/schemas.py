"""Accounts in the API."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints

from backend.users.tables import ApiKey, User


def _address(text: str) -> str:
    """Only what every mail address has; whether it exists is the team's business (Mote sends no mail)."""
    name, at, domain = text.lower().rpartition("@")
    if not (name and at and domain) or any(letter.isspace() for letter in text):
        raise ValueError("is not an e-mail address")
    return text.lower()


Email = Annotated[str, StringConstraints(strip_whitespace=True, max_length=254), AfterValidator(_address)]
Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100)]
Password = Annotated[str, Field(max_length=1024)]
"""The rules are in passwords.py; this only keeps the hash from chewing on megabytes."""


class Body(BaseModel):
    """A request: a field that we do not know is a mistake of the caller."""

    model_config = ConfigDict(extra="forbid")


class NewAccount(Body):
    """Who a person is."""

    email: Email
    name: Name
    password: Password


class Credentials(Body):
    """For signing in."""

    email: Email
    password: Password


class UserChange(Body):
    """What to change; a new password takes the current one."""

    name: Name | None = None
    password: Password | None = None
    current_password: Password | None = None


class UserOut(BaseModel):
    """A person, as the person sees it."""

    id: uuid.UUID
    email: str
    name: str
    created_at: datetime

    @classmethod
    def of(cls, user: User) -> UserOut:
        """From a row."""
        return cls(id=user.id, email=user.email, name=user.name, created_at=user.created_at)


class SessionOut(BaseModel):
    """The signed-in person and the token to repeat in the header X-CSRF-Token of every change."""

    user: UserOut
    csrf_token: str | None
    """None when an API key was used: it needs none."""


class NewKey(Body):
    """A key for one project, or (project_id null) for all that its maker may do."""

    name: Name
    project_id: uuid.UUID | None = None


class KeyOut(BaseModel):
    """A key, without its secret."""

    id: uuid.UUID
    name: str
    prefix: str
    project_id: uuid.UUID | None
    user_id: uuid.UUID
    created_at: datetime
    last_used_at: datetime | None

    @classmethod
    def of(cls, key: ApiKey) -> KeyOut:
        """From a row."""
        return cls(**{name: getattr(key, name) for name in KeyOut.model_fields})


class KeyWithSecret(KeyOut):
    """The only answer that holds the secret."""

    secret: str


class KeyList(BaseModel):
    """Newest first."""

    items: list[KeyOut]
    total: int
