"""Starting a training: what it learns from is written down first, so that it can be run again and explained later."""

from __future__ import annotations

import gzip
import uuid
from collections import Counter

from pydantic import TypeAdapter
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from backend import events, queue
from backend.database import Database, now
from backend.dependencies import Access
from backend.jobs.schemas import JobOut
from backend.pipelines.service import check_pipeline, require_pipeline
from backend.samples.store import Stored, lock_project, stand_in
from backend.samples.tables import SampleRow
from backend.storage import Storage
from backend.trainings import service
from backend.trainings.schemas import NewTraining, StartedTraining
from backend.trainings.tables import TrainingRow
from mote.dataset import check_together, dataset_hash
from mote.errors import TrainingFailed
from mote.pipeline import Pipeline

_SNAPSHOT = TypeAdapter(list[Stored])


def start_training(database: Database, storage: Storage, access: Access, new: NewTraining) -> StartedTraining:
    """Write down what to learn from and queue the job.

    Raises:
        Conflict: there is no pipeline.
        BadInput, TrainingFailed: there are no samples, or they do not go together or with the pipeline.
    """
    with database.transaction(write=False) as session:
        pipeline = new.pipeline or require_pipeline(session, access.project_id)
        recordings = dataset_of(session, access.project_id)
        row = _row(access, pipeline, recordings)
        check_pipeline(session, access.project_id, pipeline)
    row.dataset_key = storage.put(pack_dataset(recordings))
    with database.transaction() as session:
        lock_project(session, access.project_id)
        latest = select(func.max(TrainingRow.number)).where(TrainingRow.project_id == access.project_id)
        row.number = (session.scalar(latest) or 0) + 1
        session.add(row)
        session.flush()
        subject = ("training", row.id)
        job = queue.enqueue(session, access.project_id, "training", subject, created_by=access.user_id)
        events.publish(session, access.project_id, "training", row.id)
        return StartedTraining(training=service.to_out(row, job), job=JobOut.of(job))


def _row(access: Access, pipeline: Pipeline, recordings: list[Stored]) -> TrainingRow:
    samples = [stand_in(stored) for stored in recordings]
    check_together(samples)
    sides = Counter(sample.split for sample in samples)
    if not sides["training"]:
        raise TrainingFailed("No sample is in the training split.", hint="Move some samples to training.")
    return TrainingRow(
        id=uuid.uuid4(),
        project_id=access.project_id,
        pipeline=pipeline.model_dump(mode="json"),
        dataset_hash=dataset_hash(samples),
        training_samples=sides["training"],
        testing_samples=sides["testing"],
        rate_hz=samples[0].rate_hz,
        axes=[axis.model_dump() for axis in samples[0].axes],
        created_by=access.user_id,
        created_at=now(),
    )


def dataset_of(session: Session, project_id: uuid.UUID) -> list[Stored]:
    """All recordings of a project as they are now, by name (in Python: databases differ in how they sort text)."""
    query = select(SampleRow).where(SampleRow.project_id == project_id, SampleRow.deleted_at.is_(None))
    recordings = [Stored.of(row) for row in session.scalars(query)]
    return sorted(recordings, key=lambda stored: (stored.name, stored.content_hash))


def pack_dataset(recordings: list[Stored]) -> bytes:
    """As a blob; the same recordings give the same bytes."""
    return gzip.compress(_SNAPSHOT.dump_json(recordings), compresslevel=6, mtime=0)


def unpack_dataset(blob: bytes) -> list[Stored]:
    """What `pack_dataset` wrote."""
    return _SNAPSHOT.validate_json(gzip.decompress(blob))
