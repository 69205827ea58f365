"""Jobs in the API."""

from __future__ import annotations

import uuid
from datetime import datetime

from pydantic import BaseModel

from backend.jobs.tables import Job, JobState


class JobSubject(BaseModel):
    """What a job works for: {"kind": "training", "id": ...}."""

    kind: str
    id: uuid.UUID


class JobError(BaseModel):
    """Why a job failed, in words."""

    message: str
    hint: str = ""


class JobOut(BaseModel):
    """A job as it stands."""

    id: uuid.UUID
    project_id: uuid.UUID
    kind: str
    queue: str
    state: JobState
    progress: float
    """0 .. 1."""
    message: str
    attempt: int
    """How often a worker has begun it."""
    subject: JobSubject
    worker: str | None
    created_by: uuid.UUID | None
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    heartbeat_at: datetime | None
    error: JobError | None

    @classmethod
    def of(cls, job: Job) -> JobOut:
        """From a row."""
        fields = {name: getattr(job, name) for name in cls.model_fields if name not in ("subject", "error")}
        error = JobError(message=job.error_message, hint=job.error_hint or "") if job.error_message else None
        return cls(**fields, subject=JobSubject(kind=job.subject_kind, id=job.subject_id), error=error)


class JobList(BaseModel):
    """Newest first."""

    items: list[JobOut]
    total: int


class LogLine(BaseModel):
    """One line of a job's log; ids only grow."""

    id: int
    at: datetime
    text: str


class JobLog(BaseModel):
    """A part of a log. Ask with `after=next` for what comes then."""

    lines: list[LogLine]
    next: int
