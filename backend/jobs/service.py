"""What can be done with jobs from outside the worker."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Sequence

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from backend import queue
from backend.database import after_commit, bus_of, changed, now
from backend.errors import Conflict, NotFound
from backend.jobs.runs import add_log
from backend.jobs.schemas import JobLog, JobOut, LogLine
from backend.jobs.tables import UNFINISHED, Job, JobLogLine, JobState


def list_jobs(
    session: Session, project_id: uuid.UUID, offset: int, limit: int, state: JobState | None = None
) -> tuple[Sequence[Job], int]:
    """One page of a project's jobs, newest first, and how many there are."""
    where = [Job.project_id == project_id, *([Job.state == state] if state else [])]
    total = session.scalar(select(func.count()).select_from(Job).where(*where)) or 0
    rows = select(Job).where(*where).order_by(Job.created_at.desc(), Job.id).offset(offset).limit(limit)
    return session.scalars(rows).all(), total


def get_job(session: Session, project_id: uuid.UUID, job_id: uuid.UUID) -> Job:
    """A job of a project.

    Raises:
        NotFound: there is none.
    """
    job = session.get(Job, job_id)
    if job is None or job.project_id != project_id:
        raise NotFound("There is no such job.", hint="Was the project's list loaded a while ago?")
    return job


def latest_jobs(session: Session, kind: str, ids: Collection[uuid.UUID]) -> dict[uuid.UUID, Job]:
    """The newest job of each of some subjects: its state is theirs.

    Args:
        session: a transaction.
        kind: the subjects' kind, as "training".
        ids: the subjects.
    """
    query = select(Job).where(Job.subject_kind == kind, Job.subject_id.in_(ids)).order_by(Job.created_at)
    return {job.subject_id: job for job in session.scalars(query)}


def read_log(session: Session, job_id: uuid.UUID, after: int, limit: int) -> JobLog:
    """Lines of a log that follow line `after`."""
    query = select(JobLogLine).where(JobLogLine.job_id == job_id, JobLogLine.id > after)
    rows = session.scalars(query.order_by(JobLogLine.id).limit(limit)).all()
    lines = [LogLine(id=row.id, at=row.at, text=row.text) for row in rows]
    return JobLog(lines=lines, next=lines[-1].id if lines else after)


def log_tail(session: Session, job: Job | None, lines: int = 50) -> list[str]:
    """The last lines of a job's log."""
    if job is None:
        return []
    query = select(JobLogLine.text).where(JobLogLine.job_id == job.id).order_by(JobLogLine.id.desc()).limit(lines)
    return list(reversed(session.scalars(query).all()))


def cancel(session: Session, job: Job, who: str) -> None:
    """Cancel a job, here and now: whatever its worker still does no longer counts.

    Raises:
        Conflict: it is over already.
    """
    values = {"state": JobState.CANCELLED, "cancel_requested": True, "finished_at": now(), "message": "Cancelled"}
    if not changed(session, update(Job).where(Job.id == job.id, Job.state.in_(UNFINISHED)).values(values)):
        session.refresh(job)
        raise Conflict(f"The job is {job.state.value} already.", current=JobOut.of(job))
    session.refresh(job)
    add_log(session, job.id, [(now(), f"Cancelled by {who}")])
    bus, task_id = bus_of(session), job.task_id
    after_commit(session, lambda: bus.stop_job(task_id))
    queue.announce(session, job)


def cancel_all(session: Session, project_id: uuid.UUID, who: str) -> None:
    """Cancel what a project still has to do, before it is deleted."""
    for job in session.scalars(select(Job).where(Job.project_id == project_id, Job.state.in_(UNFINISHED))).all():
        cancel(session, job, who)


def cancel_for(session: Session, kind: str, subject_id: uuid.UUID, who: str) -> None:
    """Cancel what is still to be done for one subject, before it is deleted."""
    query = select(Job).where(Job.subject_kind == kind, Job.subject_id == subject_id, Job.state.in_(UNFINISHED))
    for job in session.scalars(query).all():
        cancel(session, job, who)


def retry(session: Session, job: Job, who: str) -> None:
    """Start a failed or cancelled job again, with all its tries.

    Raises:
        Conflict: it waits, runs or is done.
    """
    over = (JobState.FAILED, JobState.CANCELLED)
    if not changed(session, update(Job).where(Job.id == job.id, Job.state.in_(over)).values(attempt=0)):
        session.refresh(job)
        raise Conflict(f"The job is {job.state.value}; only a failed or cancelled one can be tried again.")
    session.refresh(job)
    add_log(session, job.id, [(now(), f"Started again by {who}")])
    queue.requeue(session, job, "Waiting for a worker")
