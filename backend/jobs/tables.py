"""Tables of jobs, their logs, and who looks after them."""

from __future__ import annotations

import uuid
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Float, ForeignKey, Index, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from backend.database import Base, Identified, now, words


class JobState(StrEnum):
    """queued -> running -> done | failed | cancelled; running -> queued when the worker died."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


UNFINISHED = (JobState.QUEUED, JobState.RUNNING)


class Job(Identified, Base):
    """One long piece of work. Every change of `state` is a compare-and-set on (state, attempt)."""

    __tablename__ = "jobs"
    __table_args__ = (Index("ix_jobs_subject", "subject_kind", "subject_id"), Index("ix_jobs_state", "state"))

    project_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("projects.id", ondelete="CASCADE"), index=True)
    kind: Mapped[str] = mapped_column(String(32))
    """Name of a plug-in of worker/jobs."""
    queue: Mapped[str] = mapped_column(String(32))
    subject_kind: Mapped[str] = mapped_column(String(32))
    """What it works for: "training", "deployment"."""
    subject_id: Mapped[uuid.UUID]
    payload: Mapped[dict[str, Any]]
    state: Mapped[JobState] = mapped_column(words(JobState), default=JobState.QUEUED)
    progress: Mapped[float] = mapped_column(Float, default=0.0)
    """0 .. 1."""
    message: Mapped[str] = mapped_column(Text, default="")
    attempt: Mapped[int] = mapped_column(Integer, default=0)
    """How often a worker has begun it since it was last queued by a person."""
    run: Mapped[int] = mapped_column(Integer, default=0)
    """How often a worker has begun it at all; marks the one worker whose word counts."""
    worker: Mapped[str | None] = mapped_column(String(128))
    task_id: Mapped[str] = mapped_column(String(36))
    """The Celery message that is meant to run it; a new one each time it is queued."""
    sent_at: Mapped[datetime] = mapped_column(default=now)
    cancel_requested: Mapped[bool] = mapped_column(default=False)
    created_by: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    created_at: Mapped[datetime] = mapped_column(default=now)
    started_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
    heartbeat_at: Mapped[datetime | None]
    error_message: Mapped[str | None] = mapped_column(Text)
    error_hint: Mapped[str | None] = mapped_column(Text)


class JobLogLine(Base):
    """One line of a job's log, in the order of `id`; kept when the job fails or is tried again."""

    __tablename__ = "job_log_lines"

    id: Mapped[int] = mapped_column(primary_key=True)
    job_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("jobs.id", ondelete="CASCADE"), index=True)
    at: Mapped[datetime] = mapped_column(default=now)
    text: Mapped[str] = mapped_column(Text)


class Lease(Base):
    """Who does something that only one process at a time may do."""

    __tablename__ = "leases"

    name: Mapped[str] = mapped_column(String(32), primary_key=True)
    holder: Mapped[str] = mapped_column(String(128))
    expires_at: Mapped[datetime]
