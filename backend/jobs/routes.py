"""/api/projects/{project_id}/jobs"""

from __future__ import annotations

import uuid
from typing import Annotated

from fastapi import APIRouter, Query

from backend.database import SessionDep
from backend.dependencies import JobController, PageDep, ProjectViewer
from backend.jobs import service
from backend.jobs.schemas import JobList, JobLog, JobOut
from backend.jobs.tables import JobState

router = APIRouter(prefix="/projects/{project_id}/jobs", tags=["jobs"])


@router.get("")
def list_jobs(access: ProjectViewer, session: SessionDep, page: PageDep, state: JobState | None = None) -> JobList:
    """Jobs of a project, newest first."""
    jobs, total = service.list_jobs(session, access.project_id, page.offset, page.limit, state)
    return JobList(items=[JobOut.of(job) for job in jobs], total=total)


@router.get("/{job_id}")
def get_job(access: ProjectViewer, job_id: uuid.UUID, session: SessionDep) -> JobOut:
    """One job as it stands."""
    return JobOut.of(service.get_job(session, access.project_id, job_id))


@router.get("/{job_id}/log")
def get_job_log(
    access: ProjectViewer,
    job_id: uuid.UUID,
    session: SessionDep,
    after: Annotated[int, Query(ge=0, le=2**53)] = 0,
    limit: Annotated[int, Query(ge=1, le=5000)] = 1000,
) -> JobLog:
    """What a job has written since line `after`; kept when it fails."""
    return service.read_log(session, service.get_job(session, access.project_id, job_id).id, after, limit)


@router.post("/{job_id}/cancel")
def cancel_job(access: JobController, job_id: uuid.UUID, session: SessionDep) -> JobOut:
    """Stop a job; it is cancelled when this answers."""
    job = service.get_job(session, access.project_id, job_id)
    service.cancel(session, job, access.caller.name)
    return JobOut.of(job)


@router.post("/{job_id}/retry")
def retry_job(access: JobController, job_id: uuid.UUID, session: SessionDep) -> JobOut:
    """Start a failed or cancelled job again."""
    job = service.get_job(session, access.project_id, job_id)
    service.retry(session, job, access.caller.name)
    return JobOut.of(job)
