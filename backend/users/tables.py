"""Tables of accounts."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from backend.database import Base, Identified, Timed, Versioned, now


class User(Identified, Timed, Versioned, Base):
    """A person."""

    __tablename__ = "users"

    email: Mapped[str] = mapped_column(String(254), unique=True)
    """Lower case; what a person signs in with."""
    name: Mapped[str] = mapped_column(String(100))
    password_hash: Mapped[str] = mapped_column(String(255))
    """argon2id, with its parameters and salt in the text."""


class FirstAccount(Base):
    """At most one row: whoever inserts it may create the first account."""

    __tablename__ = "first_account"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    created_at: Mapped[datetime] = mapped_column(default=now)


class SignedInSession(Identified, Base):
    """A browser that is signed in."""

    __tablename__ = "sessions"

    user_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime] = mapped_column(default=now)
    expires_at: Mapped[datetime] = mapped_column(index=True)


class SignInAttempt(Identified, Base):
    """A sign-in that was tried and has not succeeded."""

    __tablename__ = "sign_in_attempts"

    email: Mapped[str] = mapped_column(String(254), index=True)
    address: Mapped[str] = mapped_column(String(64), index=True)
    at: Mapped[datetime] = mapped_column(default=now, index=True)


class ApiKey(Identified, Base):
    """A secret for programs. It may do what its user may, in one project or everywhere."""

    __tablename__ = "api_keys"

    user_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    project_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("projects.id", ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(String(100))
    prefix: Mapped[str] = mapped_column(String(16))
    """The first characters, so that a person can tell keys apart."""
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime] = mapped_column(default=now)
    last_used_at: Mapped[datetime | None]
