"""A worker's hold on a job. Every step is one UPDATE that only meets the row while the worker still holds it.

`run` grows each time that a worker claims the job, so a worker that was given up for dead and comes back cannot write
into the work of its successor.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import update
from sqlalchemy.orm import Session

from backend import queue
from backend.database import changed, now
from backend.jobs.tables import Job, JobLogLine, JobState
from mote.errors import MoteError


@dataclass(frozen=True)
class ClaimedJob:
    """What a worker knows of the job that it holds."""

    id: uuid.UUID
    project_id: uuid.UUID
    kind: str
    subject_id: uuid.UUID
    payload: dict[str, Any]
    attempt: int
    """1 for the first try."""
    run: int
    created_by: uuid.UUID | None = None


def claim(session: Session, job_id: uuid.UUID, worker: str) -> ClaimedJob | None:
    """Take a queued job; None when it is not waiting (another worker has it, or it was cancelled)."""
    values = {
        "state": JobState.RUNNING,
        "attempt": Job.attempt + 1,
        "run": Job.run + 1,
        "worker": worker,
        "started_at": now(),
        "heartbeat_at": now(),
        "message": "Started",
    }
    if not changed(session, update(Job).where(Job.id == job_id, Job.state == JobState.QUEUED).values(values)):
        return None
    job = session.get_one(Job, job_id, populate_existing=True)
    queue.announce(session, job)
    return ClaimedJob(
        job.id, job.project_id, job.kind, job.subject_id, job.payload, job.attempt, job.run, job.created_by
    )


def beat(session: Session, job: ClaimedJob, progress: float, message: str) -> bool:
    """Say that the job is alive and how far it is; False when it is no longer ours."""
    return _set(session, job, heartbeat_at=now(), progress=progress, message=message)


def finish(session: Session, job: ClaimedJob, state: JobState, message: str, error: MoteError | None = None) -> bool:
    """End the job; False when it is no longer ours."""
    values: dict[str, Any] = {"state": state, "message": message, "finished_at": now()}
    if state is JobState.DONE:
        values["progress"] = 1.0
    if error is not None:
        values |= {"error_message": error.message, "error_hint": error.hint}
    return _set(session, job, **values)


def give_back(session: Session, job: ClaimedJob, message: str) -> bool:
    """Put the job back because its worker is told to stop: that is no failed try. False when it is no longer ours."""
    if not _set(session, job, attempt=Job.attempt - 1):
        return False
    queue.requeue(session, session.get_one(Job, job.id, populate_existing=True), message)
    return True


def add_log(session: Session, job_id: uuid.UUID, lines: Iterable[tuple[datetime, str]]) -> None:
    """Append lines to a job's log."""
    session.add_all(JobLogLine(job_id=job_id, at=at, text=text) for at, text in lines)


def _set(session: Session, job: ClaimedJob, **values: Any) -> bool:
    ours = (Job.id == job.id, Job.state == JobState.RUNNING, Job.run == job.run)
    if not changed(session, update(Job).where(*ours).values(values)):
        return False
    queue.announce(session, session.get_one(Job, job.id, populate_existing=True))
    return True
