"""Deployments: starting, listing, handing out; and what the worker writes into them."""

from __future__ import annotations

import uuid
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from backend import events, queue
from backend.database import now
from backend.dependencies import Access, Page
from backend.deployments.schemas import (
    DeploymentDetail,
    DeploymentFile,
    DeploymentOut,
    NewDeployment,
    StartedDeployment,
)
from backend.deployments.tables import DeploymentRow
from backend.errors import Conflict, NotFound
from backend.jobs import service as jobs
from backend.jobs.schemas import JobOut
from backend.jobs.tables import Job, JobState
from backend.projects.facts import project_facts
from backend.samples.store import lock_project
from backend.trainings import service as trainings
from backend.trainings.tables import TrainingRow
from mote.deploy import boards, targets
from mote.deploy.report import Report
from mote.deploy.spec import BuildSpec
from mote.errors import BadInput
from mote.sample import Axis


def start_deployment(session: Session, access: Access, new: NewDeployment) -> StartedDeployment:
    """Check what can be checked at once, and queue the job.

    Raises:
        BadInput: no such target, board or sensor, or something that the target needs was not given.
        NotFound, Conflict: no such training, or it has no model.
    """
    lock_project(session, access.project_id)
    row = _new_row(session, access, new)
    latest = select(func.max(DeploymentRow.number)).where(DeploymentRow.project_id == access.project_id)
    row.number = (session.scalar(latest) or 0) + 1
    session.add(row)
    session.flush()
    subject = ("deployment", row.id)
    job = queue.enqueue(session, access.project_id, "deployment", subject, created_by=access.user_id)
    events.publish(session, access.project_id, "deployment", row.id)
    return StartedDeployment(deployment=to_out(row, job), job=JobOut.of(job))


def _new_row(session: Session, access: Access, new: NewDeployment) -> DeploymentRow:
    target = targets.get(new.target)
    if target.needs_board and new.board is None:
        raise BadInput(f"{target.title} is made for a board.", hint=f"Choose one: {', '.join(boards.load())}.")
    if new.board is not None:
        boards.get(new.board)
    training = _training(session, access.project_id, new) if target.needs_model else None
    rate_hz, axes = _readings(session, access.project_id, new, training)
    if target.needs_board and new.board is not None:
        _check_sensor(new.board, new.sensor, axes, rate_hz, must_keep_up=not target.needs_model)
    return DeploymentRow(
        id=uuid.uuid4(),
        project_id=access.project_id,
        training_id=training.id if training else None,
        training_number=training.number if training else None,
        result_key=training.result_key if training else None,
        dataset_key=training.dataset_key if training else None,
        target=new.target,
        board=new.board if target.needs_board else None,
        sensor=new.sensor,
        windows=new.windows,
        rate_hz=rate_hz,
        axes=[axis.model_dump() for axis in axes],
        provable=target.needs_model and target.needs_board,
        notes=[],
        files=[],
        created_by=access.user_id,
        created_at=now(),
    )


def _check_sensor(board: str, name: str, axes: tuple[Axis, ...], rate_hz: float, *, must_keep_up: bool) -> None:
    """Refuse a sensor that the board lacks before anybody waits for a build, or one that is too slow to record with.

    A model's firmware may ask for more than its sensor gives: readings can come over the link as well.
    """
    sensor = BuildSpec(board, "data_collection", axes, rate_hz, sensor=name).chosen_sensor
    if must_keep_up and rate_hz > sensor.max_rate_hz:
        raise BadInput(
            f"The sensor {sensor.name!r} of {board} gives at most {sensor.max_rate_hz:g} readings a second.",
            hint=f"Ask for less than {rate_hz:g}.",
        )


def _training(session: Session, project_id: uuid.UUID, new: NewDeployment) -> TrainingRow:
    if new.training_id is None:
        raise BadInput(f"{targets.get(new.target).title} is made from a training.", hint="Choose a finished one.")
    row = trainings.get_training(session, project_id, new.training_id)
    if row.result_key is None:
        raise Conflict(f"Training {row.number} has no model.", hint="Wait until it is done, or take another.")
    return row


def _readings(
    session: Session, project_id: uuid.UUID, new: NewDeployment, training: TrainingRow | None
) -> tuple[float, tuple[Axis, ...]]:
    """Rate and axes: those of the training, else what was asked for, else those of the project's samples."""
    if training is not None:
        return training.rate_hz, tuple(Axis(**axis) for axis in training.axes)
    facts = project_facts(session, [project_id])[project_id]
    rate_hz, axes = new.rate_hz or facts.rate_hz, tuple(new.axes or facts.axes)
    if rate_hz is None or not axes:
        raise BadInput(
            "The firmware needs to know rate and axes.", hint="Give rate_hz and axes, or add a sample first."
        )
    return rate_hz, axes


def list_deployments(session: Session, project_id: uuid.UUID, page: Page) -> tuple[list[DeploymentOut], int]:
    """One page, newest first, and how many there are."""
    here = DeploymentRow.project_id == project_id
    total = session.scalar(select(func.count()).select_from(DeploymentRow).where(here)) or 0
    query = select(DeploymentRow).where(here).order_by(DeploymentRow.number.desc())
    rows = session.scalars(query.offset(page.offset).limit(page.limit)).all()
    latest = jobs.latest_jobs(session, "deployment", [row.id for row in rows])
    return [to_out(row, latest.get(row.id)) for row in rows], total


def get_deployment(session: Session, project_id: uuid.UUID, deployment_id: uuid.UUID) -> DeploymentRow:
    """A deployment of a project.

    Raises:
        NotFound: there is none.
    """
    row = session.get(DeploymentRow, deployment_id)
    if row is None or row.project_id != project_id:
        raise NotFound("There is no such deployment.", hint="Was it deleted?")
    return row


def get_detail(session: Session, project_id: uuid.UUID, deployment_id: uuid.UUID) -> DeploymentDetail:
    """All of a deployment."""
    row = get_deployment(session, project_id, deployment_id)
    job = jobs.latest_jobs(session, "deployment", [row.id]).get(row.id)
    report = Report.model_validate(row.report) if row.report else None
    return DeploymentDetail(**to_out(row, job).model_dump(), report=report, log_tail=jobs.log_tail(session, job))


def to_out(row: DeploymentRow, job: Job | None) -> DeploymentOut:
    """A row in the form of the API."""
    derived = {"state", "job", "needs_consent", "files", "finished_at"}
    fields = {name: getattr(row, name) for name in DeploymentOut.model_fields if name not in derived}
    return DeploymentOut(
        **fields,
        state=job.state if job else JobState.CANCELLED,
        job=JobOut.of(job) if job else None,
        needs_consent=row.provable and row.verdict != "pass",
        files=[_file(file) for file in row.files],
        finished_at=job.finished_at if job else None,
    )


def delete_deployment(session: Session, access: Access, deployment_id: uuid.UUID) -> None:
    """Delete a deployment; what runs is cancelled."""
    row = get_deployment(session, access.project_id, deployment_id)
    jobs.cancel_for(session, "deployment", row.id, access.caller.name)
    session.delete(row)
    events.publish(session, access.project_id, "deployment", deployment_id, deleted=True)


def file_of(
    session: Session, project_id: uuid.UUID, deployment_id: uuid.UUID, name: str, *, consent: bool
) -> DeploymentFile:
    """A file that may be handed out.

    Args:
        consent: the caller knows that the firmware did not pass.

    Raises:
        NotFound: no such file.
        Conflict: it did not pass its verification, and nobody consented.
    """
    row = get_deployment(session, project_id, deployment_id)
    found = next((file for file in row.files if file["name"] == name), None)
    if found is None:
        raise NotFound(f"This deployment has no file {name!r}.", hint="Is it finished?")
    if row.provable and row.verdict != "pass" and not consent:
        why = "failed its verification" if row.verdict == "fail" else "was not verified"
        hint = "See the report. To have it all the same, ask with ?unverified=yes-i-know."
        raise Conflict(f"This firmware {why}.", hint=hint)
    return _file(found)


def _file(file: dict[str, Any]) -> DeploymentFile:
    return DeploymentFile(name=file["name"], bytes=file["bytes"], sha256=file["key"])


# --- what the worker writes ------------------------------------------------------------------------------------------


def begin(session: Session, deployment_id: uuid.UUID) -> DeploymentRow:
    """Forget what an earlier try of the same deployment left.

    Raises:
        NotFound: it was deleted.
    """
    row = _of_job(session, deployment_id)
    row.files, row.notes, row.report, row.verdict = [], [], None, None
    events.publish(session, row.project_id, "deployment", row.id)
    return row


def set_files(session: Session, deployment_id: uuid.UUID, files: list[dict[str, Any]]) -> None:
    """What was built; firmware is not handed out before its verdict."""
    row = _of_job(session, deployment_id)
    row.files = files
    events.publish(session, row.project_id, "deployment", row.id)


def set_report(session: Session, deployment_id: uuid.UUID, report: Report | None, notes: list[str]) -> None:
    """What the verification found; None where there is nothing to verify."""
    row = _of_job(session, deployment_id)
    row.report = report.model_dump(mode="json") if report else None
    row.verdict = report.verdict if report else None
    row.notes = notes
    events.publish(session, row.project_id, "deployment", row.id)


def _of_job(session: Session, deployment_id: uuid.UUID) -> DeploymentRow:
    row = session.get(DeploymentRow, deployment_id)
    if row is None:
        raise NotFound("The deployment was deleted.")
    return row
