"""Table of deployments."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Float, ForeignKey, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from backend.database import Base, Identified, now


class DeploymentRow(Identified, Base):
    """One artefact for a board or for a person's own project. Its state is that of its latest job."""

    __tablename__ = "deployments"
    __table_args__ = (UniqueConstraint("project_id", "number"),)

    project_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("projects.id", ondelete="CASCADE"), index=True)
    number: Mapped[int] = mapped_column(Integer)
    """1, 2, 3 ... within the project."""
    training_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("trainings.id", ondelete="SET NULL"), index=True)
    training_number: Mapped[int | None] = mapped_column(Integer)
    result_key: Mapped[str | None] = mapped_column(String(64))
    """The training's result and, below, its dataset: a deployment outlives its training."""
    dataset_key: Mapped[str | None] = mapped_column(String(64))
    target: Mapped[str] = mapped_column(String(64))
    board: Mapped[str | None] = mapped_column(String(64))
    sensor: Mapped[str] = mapped_column(String(64), default="")
    windows: Mapped[int] = mapped_column(Integer)
    """At most so many are verified."""
    rate_hz: Mapped[float | None] = mapped_column(Float)
    axes: Mapped[list[Any]]
    provable: Mapped[bool] = mapped_column(default=False)
    """It classifies, so it is not handed out before it was verified."""
    verdict: Mapped[str | None] = mapped_column(String(8))
    """"pass" or "fail"."""
    report: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    """mote.deploy.report.Report"""
    notes: Mapped[list[str]]
    files: Mapped[list[Any]]
    """[{"name", "key", "bytes"}]; the key is the SHA-256."""
    created_by: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    created_at: Mapped[datetime] = mapped_column(default=now)
