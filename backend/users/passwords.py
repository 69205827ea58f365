"""Passwords: the rules, and argon2id."""

from __future__ import annotations

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from mote.errors import BadInput

LEAST_LENGTH = 10
MOST_LENGTH = 256
# OWASP Password Storage Cheat Sheet, argon2id: 19 MiB, 2 passes, 1 lane.
_HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
_NOBODY = _HASHER.hash("no account has this password")


def hash_password(password: str, email: str) -> str:
    """The text that is stored for a new password.

    Raises:
        BadInput: too short, too long, or the e-mail address again.
    """
    if not LEAST_LENGTH <= len(password) <= MOST_LENGTH:
        hint = f"Use {LEAST_LENGTH} to {MOST_LENGTH} characters; several words are easier to keep than signs."
        raise BadInput(f"The password has {len(password)} characters.", hint=hint)
    if password.strip().lower() in (email, email.split("@")[0]):
        raise BadInput("The password is the e-mail address.", hint="Choose one that nobody can guess.")
    if len(set(password)) < 4:
        raise BadInput("The password repeats a few characters.", hint="Choose one that nobody can guess.")
    return _HASHER.hash(password)


def is_password(stored: str | None, password: str) -> bool:
    """Whether a password is the stored one; takes as long when there is no such account (`stored` is None)."""
    try:
        return _HASHER.verify(stored or _NOBODY, password) and stored is not None
    except (VerificationError, InvalidHashError):
        return False


def is_outdated(stored: str) -> bool:
    """Whether the stored text was made with weaker parameters than we use now."""
    return _HASHER.check_needs_rehash(stored)
