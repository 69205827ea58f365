"""Trainings: listing, showing, deleting; and what the worker writes into them."""

from __future__ import annotations

import uuid
from typing import Literal

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from backend import events
from backend.dependencies import Access, Page
from backend.errors import Conflict, NotFound
from backend.jobs import service as jobs
from backend.jobs.schemas import JobLog, JobOut
from backend.jobs.tables import Job, JobState
from backend.trainings.schemas import Metrics, TrainingDetail, TrainingOut
from backend.trainings.tables import TrainingEpoch, TrainingRow
from mote.learn.epoch import EpochInfo
from mote.sample import Axis
from mote.training_result import TrainingInfo


def list_trainings(session: Session, project_id: uuid.UUID, page: Page) -> tuple[list[TrainingOut], int]:
    """One page, newest first, and how many there are."""
    here = TrainingRow.project_id == project_id
    total = session.scalar(select(func.count()).select_from(TrainingRow).where(here)) or 0
    query = select(TrainingRow).where(here).order_by(TrainingRow.number.desc()).offset(page.offset).limit(page.limit)
    rows = session.scalars(query).all()
    latest = jobs.latest_jobs(session, "training", [row.id for row in rows])
    return [to_out(row, latest.get(row.id)) for row in rows], total


def get_training(session: Session, project_id: uuid.UUID, training_id: uuid.UUID) -> TrainingRow:
    """A training of a project.

    Raises:
        NotFound: there is none.
    """
    row = session.get(TrainingRow, training_id)
    if row is None or row.project_id != project_id:
        raise NotFound("There is no such training.", hint="Was it deleted?")
    return row


def get_detail(session: Session, project_id: uuid.UUID, training_id: uuid.UUID) -> TrainingDetail:
    """All of a training."""
    row = get_training(session, project_id, training_id)
    job = _job_of(session, row)
    detail = TrainingDetail(
        **to_out(row, job).model_dump(), history=_history(session, row), log_tail=jobs.log_tail(session, job)
    )
    if row.info is not None:
        info = TrainingInfo.model_validate(row.info)
        detail.metrics = Metrics(float32=info.metrics["float32"], int8=info.metrics["int8"])
        detail.sizes, detail.lineage, detail.extractor = info.sizes, info.lineage, info.extractor
        detail.network_shape, detail.learn_params = list(info.network_shape), info.learn_params
        detail.best_epoch, detail.warnings = info.best_epoch, list(info.warnings)
    return detail


def to_out(row: TrainingRow, job: Job | None) -> TrainingOut:
    """A row in the form of the API."""
    derived = {"state", "job", "axes", "labels", "finished_at"}
    fields = {name: getattr(row, name) for name in TrainingOut.model_fields if name not in derived}
    return TrainingOut(
        **fields,
        state=job.state if job else JobState.CANCELLED,
        job=JobOut.of(job) if job else None,
        axes=[Axis(**axis) for axis in row.axes],
        labels=list(row.info["labels"]) if row.info else [],
        finished_at=job.finished_at if job else None,
    )


def delete_training(session: Session, access: Access, training_id: uuid.UUID) -> None:
    """Delete a training; what runs is cancelled."""
    row = get_training(session, access.project_id, training_id)
    jobs.cancel_for(session, "training", row.id, access.caller.name)
    session.delete(row)
    events.publish(session, access.project_id, "training", training_id, deleted=True)


def read_log(session: Session, project_id: uuid.UUID, training_id: uuid.UUID, after: int, limit: int) -> JobLog:
    """Lines of the log of the latest job that follow line `after`."""
    job = _job_of(session, get_training(session, project_id, training_id))
    return jobs.read_log(session, job.id, after, limit) if job else JobLog(lines=[], next=after)


def model_file(
    session: Session, project_id: uuid.UUID, training_id: uuid.UUID, kind: Literal["int8", "float32", "all"]
) -> tuple[str, str]:
    """File name and blob of a model.

    Raises:
        Conflict: the training is not done.
    """
    row = get_training(session, project_id, training_id)
    key = {"int8": row.int8_key, "float32": row.float32_key, "all": row.result_key}[kind]
    if key is None:
        raise Conflict("This training has no model (yet).", hint="Wait until it is done, or look why it failed.")
    return f"training-{row.number}.zip" if kind == "all" else f"training-{row.number}-{kind}.tflite", key


def _job_of(session: Session, row: TrainingRow) -> Job | None:
    return jobs.latest_jobs(session, "training", [row.id]).get(row.id)


def _history(session: Session, row: TrainingRow) -> list[EpochInfo]:
    query = select(TrainingEpoch.info).where(TrainingEpoch.training_id == row.id).order_by(TrainingEpoch.epoch)
    return [EpochInfo.model_validate(info) for info in session.scalars(query)]


# --- what the worker writes ------------------------------------------------------------------------------------------


def begin(session: Session, training_id: uuid.UUID) -> TrainingRow:
    """Forget what an earlier try of the same training left.

    Raises:
        NotFound: the training was deleted.
    """
    row = session.get(TrainingRow, training_id)
    if row is None:
        raise NotFound("The training was deleted.")
    session.execute(delete(TrainingEpoch).where(TrainingEpoch.training_id == training_id))
    row.info = row.int8_accuracy = row.float32_accuracy = None
    row.result_key = row.int8_key = row.float32_key = None
    events.publish(session, row.project_id, "training", row.id)
    return row


def add_epoch(session: Session, project_id: uuid.UUID, training_id: uuid.UUID, info: EpochInfo) -> None:
    """Append an epoch to the history and show it to who is watching."""
    session.add(TrainingEpoch(training_id=training_id, epoch=info.epoch, info=info.model_dump(mode="json")))
    events.publish(session, project_id, "training", training_id, epoch=info.model_dump(mode="json"))


def finish(session: Session, training_id: uuid.UUID, info: TrainingInfo, result: str, int8: str, float32: str) -> None:
    """Write down what came out.

    Args:
        info: all figures.
        result, int8, float32: keys of the blobs.
    """
    row = session.get(TrainingRow, training_id)
    if row is None:
        raise NotFound("The training was deleted.")
    row.info = info.model_dump(mode="json")
    row.int8_accuracy, row.float32_accuracy = info.metrics["int8"].accuracy, info.metrics["float32"].accuracy
    row.result_key, row.int8_key, row.float32_key = result, int8, float32
    events.publish(session, row.project_id, "training", row.id)
