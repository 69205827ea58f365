"""The state of this installation in the API."""

from __future__ import annotations

from pydantic import BaseModel

from backend.tools import Tool


class StatusOut(BaseModel):
    """What this installation is and can do."""

    version: str
    needs_setup: bool
    """Nobody has an account yet: POST /api/setup creates the first."""
    tools: list[Tool]


class HealthOut(BaseModel):
    """Answered while the server and its database work."""

    ok: bool = True
