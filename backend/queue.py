"""Queueing a job: the row in the caller's transaction, the message to the workers after its commit."""

from __future__ import annotations

import uuid
from typing import Any

from sqlalchemy.orm import Session

from backend import events
from backend.database import after_commit, bus_of, now
from backend.jobs.tables import Job, JobState

QUEUES = ("training", "build")
_QUEUE_OF = {"training": "training"}
"""Job kind -> queue; all others are short and go to "build"."""


def enqueue(
    session: Session,
    project_id: uuid.UUID,
    kind: str,
    subject: tuple[str, uuid.UUID],
    payload: dict[str, Any] | None = None,
    *,
    created_by: uuid.UUID | None = None,
) -> Job:
    """Add a job.

    Args:
        session: the transaction; the job exists only if it commits.
        project_id: the project that it belongs to.
        kind: name of a plug-in of worker/jobs.
        subject: what it works for, as ("training", training.id).
        payload: JSON that the plug-in reads.
        created_by: who asked for it.

    Returns:
        The row, in state queued.
    """
    job = Job(
        id=uuid.uuid4(),
        project_id=project_id,
        kind=kind,
        queue=_QUEUE_OF.get(kind, "build"),
        subject_kind=subject[0],
        subject_id=subject[1],
        payload=payload or {},
        state=JobState.QUEUED,
        progress=0.0,
        message="Waiting for a worker",
        task_id=str(uuid.uuid4()),
        created_by=created_by,
    )
    session.add(job)
    session.flush()
    send(session, job)
    return job


def send(session: Session, job: Job) -> None:
    """Send the message of a queued job after the commit, and tell the browsers. Sending twice does no harm."""
    bus, job_id, task_id, queue = bus_of(session), job.id, job.task_id, job.queue
    after_commit(session, lambda: bus.send_job(job_id, task_id, queue))
    announce(session, job)


def announce(session: Session, job: Job) -> None:
    """Tell the browsers how a job stands."""
    facts = {"state": job.state.value, "progress": round(job.progress, 4), "message": job.message}
    subject = {"kind": job.subject_kind, "id": str(job.subject_id)}
    events.publish(session, job.project_id, "job", job.id, **facts, subject=subject)


def requeue(session: Session, job: Job, message: str) -> None:
    """Put a job that was claimed before back into its queue, under a new message: the old one may have been revoked."""
    job.state, job.task_id, job.sent_at, job.message = JobState.QUEUED, str(uuid.uuid4()), now(), message
    job.worker = job.heartbeat_at = job.started_at = job.finished_at = None
    job.progress, job.cancel_requested = 0.0, False
    job.error_message = job.error_hint = None
    session.flush()
    send(session, job)
