"""Tables of trainings and their epochs."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Float, ForeignKey, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from backend.database import Base, Identified, now


class TrainingRow(Identified, Base):
    """One run: what went in, and what came out. Its state is that of its latest job."""

    __tablename__ = "trainings"
    __table_args__ = (UniqueConstraint("project_id", "number"),)

    project_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("projects.id", ondelete="CASCADE"), index=True)
    number: Mapped[int] = mapped_column(Integer)
    """1, 2, 3 ... within the project."""
    pipeline: Mapped[dict[str, Any]]
    dataset_key: Mapped[str] = mapped_column(String(64))
    """Blob that says which recordings it learns from, with labels and sides as they were at the start."""
    dataset_hash: Mapped[str] = mapped_column(String(64))
    training_samples: Mapped[int] = mapped_column(Integer)
    testing_samples: Mapped[int] = mapped_column(Integer)
    rate_hz: Mapped[float] = mapped_column(Float)
    axes: Mapped[list[Any]]
    info: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    """mote.training_result.TrainingInfo, once it is done."""
    int8_accuracy: Mapped[float | None] = mapped_column(Float)
    float32_accuracy: Mapped[float | None] = mapped_column(Float)
    result_key: Mapped[str | None] = mapped_column(String(64))
    """Blob of TrainingResult.to_zip()."""
    int8_key: Mapped[str | None] = mapped_column(String(64))
    float32_key: Mapped[str | None] = mapped_column(String(64))
    created_by: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    created_at: Mapped[datetime] = mapped_column(default=now)


class TrainingEpoch(Base):
    """One epoch of a training that runs or ran, as it was reported."""

    __tablename__ = "training_epochs"

    training_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("trainings.id", ondelete="CASCADE"), primary_key=True)
    epoch: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    info: Mapped[dict[str, Any]]
