"""Trainings in the API. Figures, history and lineage are mote's own models."""

from __future__ import annotations

import uuid
from datetime import datetime

from pydantic import BaseModel, Field

from backend.jobs.schemas import JobOut
from backend.jobs.tables import JobState
from backend.users.schemas import Body
from mote.dsp import ExtractorReport
from mote.learn.epoch import EpochInfo
from mote.metrics import Figures
from mote.params import Value
from mote.pipeline import Pipeline
from mote.sample import Axis
from mote.training_result import Lineage, Sizes


class NewTraining(Body):
    """What to train; the project's pipeline by default."""

    pipeline: Pipeline | None = None


class TrainingOut(BaseModel):
    """A training, as in the list."""

    id: uuid.UUID
    project_id: uuid.UUID
    number: int = Field(description="1, 2, 3 ... within the project")
    state: JobState
    job: JobOut | None
    pipeline: Pipeline
    dataset_hash: str
    training_samples: int
    testing_samples: int
    rate_hz: float
    axes: list[Axis]
    labels: list[str] = Field(description="Known once it is done")
    int8_accuracy: float | None
    float32_accuracy: float | None
    created_by: uuid.UUID | None
    created_at: datetime
    finished_at: datetime | None


class Metrics(BaseModel):
    """Figures of both models on the same windows."""

    float32: Figures
    int8: Figures


class TrainingDetail(TrainingOut):
    """All of a training; what comes out is null until it is done."""

    history: list[EpochInfo] = Field(description="Grows while it runs")
    best_epoch: int | None = None
    metrics: Metrics | None = None
    sizes: Sizes | None = None
    lineage: Lineage | None = None
    extractor: ExtractorReport | None = None
    network_shape: list[int] | None = None
    learn_params: dict[str, Value] | None = None
    warnings: list[str] = []
    log_tail: list[str] = Field(default=[], description="The last lines of the log")


class TrainingList(BaseModel):
    """Newest first."""

    items: list[TrainingOut]
    total: int


class StartedTraining(BaseModel):
    """A training that waits for a worker, and the job that will run it."""

    training: TrainingOut
    job: JobOut
