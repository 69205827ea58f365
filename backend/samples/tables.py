"""Tables of samples, of how a project divides them, and of what can be undone."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, Dialect, Float, ForeignKey, Index, Integer, String, Text, TypeDecorator, text
from sqlalchemy.orm import Mapped, mapped_column

from backend.database import Base, Identified, Timed, Versioned, now

SEPARATOR = "\x1f"
"""Around every label in `SampleRow.labels`; no label contains a control character."""


class LabelSet(TypeDecorator[tuple[str, ...]]):
    """Labels as one text with a separator around each, so that LIKE finds one on every database."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: tuple[str, ...] | None, dialect: Dialect) -> str:
        return SEPARATOR + "".join(f"{label}{SEPARATOR}" for label in value) if value else ""

    def process_result_value(self, value: str | None, dialect: Dialect) -> tuple[str, ...]:
        return tuple(value.strip(SEPARATOR).split(SEPARATOR)) if value else ()


class SampleRow(Identified, Timed, Versioned, Base):
    """One recording: what it is, what is known of it, and where its readings lie.

    Readings and original files of one import lie behind one another in one blob, so that 1000 small recordings are one
    object to write and to read, not 2000.
    """

    __tablename__ = "samples"
    __table_args__ = (
        # The same recording twice in a project is a mistake, unless the first one was deleted.
        Index(
            "uq_samples_project_id_content_hash",
            "project_id",
            "content_hash",
            unique=True,
            sqlite_where=text("deleted_at IS NULL"),
            postgresql_where=text("deleted_at IS NULL"),
        ),
        Index("ix_samples_project_id_created_at", "project_id", "created_at"),
    )

    project_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("projects.id", ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(String(300))
    content_hash: Mapped[str] = mapped_column(String(64))
    """SHA-256 of rate, axes and readings; labels left out."""
    rate_hz: Mapped[float] = mapped_column(Float)
    readings: Mapped[int] = mapped_column(BigInteger)
    duration_s: Mapped[float] = mapped_column(Float)
    axes: Mapped[list[Any]]
    """[{"name", "unit"}]"""
    split: Mapped[str] = mapped_column(String(16))
    """"training" or "testing"."""
    said_split: Mapped[str | None] = mapped_column(String(16))
    """What the file, its folder or a label file said."""
    segments: Mapped[list[Any]]
    """[{"start_s", "end_s", "label"}], by start."""
    label: Mapped[str | None] = mapped_column(String(120), index=True)
    """The one label of the segments; None when they have none or several."""
    labels: Mapped[tuple[str, ...]] = mapped_column(LabelSet)
    """All labels of the segments, sorted."""
    facts: Mapped[dict[str, Any]] = mapped_column("metadata", JSON)
    """Text by name: speaker, person, device."""
    search_text: Mapped[str] = mapped_column(Text)
    """Name, file and metadata in lower case, for the search."""
    format: Mapped[str] = mapped_column(String(32))
    warnings: Mapped[list[str]]
    file_name: Mapped[str | None] = mapped_column(String(500))
    """Path of the file it came from; None for a live or simulated recording."""
    file_key: Mapped[str | None] = mapped_column(String(64))
    """Blob that holds the file; several samples of one file share it."""
    file_offset: Mapped[int] = mapped_column(BigInteger, default=0)
    file_bytes: Mapped[int] = mapped_column(BigInteger, default=0)
    values_key: Mapped[str] = mapped_column(String(64))
    """Blob that holds the readings: little-endian float32, (readings, axes)."""
    values_offset: Mapped[int] = mapped_column(BigInteger)
    created_by: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    deleted_at: Mapped[datetime | None]


class SplitSettings(Base):
    """How a project divides what comes in; without a row, by `SplitRule()`."""

    __tablename__ = "split_settings"

    project_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("projects.id", ondelete="CASCADE"), primary_key=True)
    rule: Mapped[dict[str, Any]]


class SampleUndo(Identified, Base):
    """What many samples were before they were changed together; its id is the undo token."""

    __tablename__ = "sample_undos"

    project_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("projects.id", ondelete="CASCADE"), index=True)
    action: Mapped[str] = mapped_column(String(16))
    before: Mapped[list[Any]]
    """[{"id", "version" after the change, and the old values of what was changed}]"""
    rule: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    """The project's split rule before, where the change set it."""
    used: Mapped[bool] = mapped_column(default=False)
    created_by: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    created_at: Mapped[datetime] = mapped_column(default=now)
    count: Mapped[int] = mapped_column(Integer, default=0)
