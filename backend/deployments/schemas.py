"""Deployments, boards and targets in the API. The report is mote's own model."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, Field, StringConstraints

from backend.jobs.schemas import JobOut
from backend.jobs.tables import JobState
from backend.users.schemas import Body
from mote.deploy.report import Report
from mote.sample import Axis

Word = Annotated[str, StringConstraints(pattern=r"^[a-z0-9_]{1,64}$")]


class NewDeployment(Body):
    """What to build. `rate_hz` and `axes` are for data collection; by default those of the project's samples."""

    target: Word
    board: Word | None = None
    training_id: uuid.UUID | None = None
    windows: int = Field(default=200, ge=1, le=5000, description="At most so many testing windows are verified")
    sensor: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_ -]{0,64}$")] = ""
    rate_hz: float | None = Field(default=None, gt=0, le=1e6, allow_inf_nan=False)
    axes: list[Axis] | None = Field(default=None, min_length=1, max_length=32)


class DeploymentFile(BaseModel):
    """One file to download."""

    name: str
    bytes: int
    sha256: str


class DeploymentOut(BaseModel):
    """A deployment, as in the list."""

    id: uuid.UUID
    project_id: uuid.UUID
    number: int = Field(description="1, 2, 3 ... within the project")
    state: JobState
    job: JobOut | None
    training_id: uuid.UUID | None = Field(description="null when it was deleted, or none is needed")
    training_number: int | None
    target: str
    board: str | None
    sensor: str
    windows: int
    verdict: Literal["pass", "fail"] | None = Field(description="null: not verified")
    needs_consent: bool = Field(description="Downloads are refused without ?unverified=yes-i-know")
    notes: list[str]
    files: list[DeploymentFile]
    created_by: uuid.UUID | None
    created_at: datetime
    finished_at: datetime | None


class DeploymentDetail(DeploymentOut):
    """With the report of the verification, and the end of the log."""

    report: Report | None
    log_tail: list[str]


class DeploymentList(BaseModel):
    """Newest first."""

    items: list[DeploymentOut]
    total: int


class StartedDeployment(BaseModel):
    """A deployment that waits for a worker, and the job that will make it."""

    deployment: DeploymentOut
    job: JobOut


class SensorOut(BaseModel):
    """A sensor that a board's firmware can read."""

    name: str
    help: str
    synthetic: bool = Field(description="A signal generator: its readings mean nothing")
    max_rate_hz: float


class BoardOut(BaseModel):
    """A type of hardware."""

    name: str
    title: str
    help: str
    url: str
    core: str
    clock_hz: int
    flash_bytes: int
    ram_bytes: int
    baud: int
    uart: str
    flasher: str = Field(description="How to get an image onto it")
    sensors: list[SensorOut]
    can_build: bool = Field(description="This server has its compiler")
    can_verify: bool = Field(description="This server has an emulator for it")
    what_is_off: str = Field(description="What is missing and how to get it; empty when nothing is")


class BoardList(BaseModel):
    """By name."""

    items: list[BoardOut]
    total: int


class TargetOut(BaseModel):
    """A way to take a pipeline out of Mote."""

    name: str
    title: str
    help: str
    needs_model: bool
    needs_board: bool


class TargetList(BaseModel):
    """By name."""

    items: list[TargetOut]
    total: int
