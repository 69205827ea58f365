"""Projects in the API."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, StringConstraints

from backend.permissions import Role
from backend.users.schemas import Body, Name
from mote.sample import Axis

Description = Annotated[str, StringConstraints(strip_whitespace=True, max_length=5000)]


class NewProject(Body):
    """A project of a team; without one, of the caller's own first team."""

    name: Name
    description: Description = ""
    team_id: uuid.UUID | None = None


class ExampleRequest(Body):
    """The example project, whose motions are simulated."""

    name: Name = "Example: motions (simulated)"
    team_id: uuid.UUID | None = None


class ProjectChange(Body):
    """`version` is the one that the caller saw."""

    version: int
    name: Name | None = None
    description: Description | None = None


class ProjectCounts(BaseModel):
    """How many samples there are, deleted ones left out, and how many labels they use."""

    samples: int = 0
    training: int = 0
    testing: int = 0
    labels: int = 0


class ProjectOut(BaseModel):
    """A project, and the caller's role in it."""

    id: uuid.UUID
    name: str
    description: str
    team_id: uuid.UUID
    team_name: str
    role: Role
    version: int
    created_at: datetime
    updated_at: datetime
    counts: ProjectCounts
    rate_hz: float | None
    """Of the first sample; all that are used together must agree with it."""
    axes: list[Axis]


class ProjectList(BaseModel):
    """Last changed first."""

    items: list[ProjectOut]
    total: int
