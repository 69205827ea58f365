"""Between recordings in memory and their rows and blobs: the only place that knows how readings lie in storage.

All recordings of one import go into one blob, a "pack": original files and readings one after another. The pack is
written before the rows and never changed, so a row always points at whole data; what an aborted import leaves is an
unused blob.
"""

from __future__ import annotations

import tempfile
import uuid
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from typing import BinaryIO, TypeVar, cast

import numpy as np
from pydantic import BaseModel
from sqlalchemy import select
from sqlalchemy.orm import Session

from backend import events
from backend.database import now
from backend.dependencies import Access
from backend.errors import NotFound
from backend.projects.tables import Project
from backend.samples.tables import SampleRow
from backend.storage import Storage
from mote.sample import Axis, Floats, Sample, Segment, Split

IN_MEMORY_BYTES = 16 * 1024 * 1024
"""A pack up to this size never touches a temporary file."""
IN_CLAUSE = 500
"""Values in one IN (...); SQLite takes 32766, PostgreSQL more, both are fastest with few."""
VALUE_BYTES = 4
T = TypeVar("T")


@dataclass(frozen=True)
class Place:
    """A piece of a pack."""

    offset: int
    bytes: int


class Pack:
    """A blob being filled."""

    def __init__(self) -> None:
        self._file = cast(BinaryIO, tempfile.SpooledTemporaryFile(max_size=IN_MEMORY_BYTES))  # noqa: SIM115
        self.size = 0

    def add(self, data: bytes | memoryview) -> Place:
        """Append bytes, aligned so that the readings can be mapped."""
        padding = -self.size % VALUE_BYTES
        self._file.write(b"\0" * padding)
        place = Place(self.size + padding, len(data))
        self._file.write(data)
        self.size = place.offset + place.bytes
        return place

    def add_values(self, sample: Sample) -> Place:
        """Append a recording's readings."""
        return self.add(np.ascontiguousarray(sample.values, dtype="<f4").tobytes())

    def store(self, storage: Storage) -> str:
        """Write the blob; returns its key."""
        with self._file:
            return storage.put_file(self._file)[0]


def new_row(sample: Sample, values: Place, *, format: str, created_by: uuid.UUID | None) -> SampleRow:
    """A row for a recording that has a side; `project_id` and keys are filled in by `insert`."""
    assert sample.split is not None
    row = SampleRow(
        id=uuid.uuid4(),
        name=clean(sample.name, 300) or "recording",
        content_hash=sample.content_hash,
        rate_hz=sample.rate_hz,
        readings=sample.readings,
        duration_s=sample.duration_s,
        axes=[{"name": clean(axis.name, 80) or "axis", "unit": clean(axis.unit, 40)} for axis in sample.axes],
        split=sample.split,
        said_split=None,
        facts=clean_metadata(sample.metadata),
        format=format,
        warnings=[],
        file_name=None,
        file_key=None,
        file_offset=0,
        file_bytes=0,
        values_offset=values.offset,
        created_by=created_by,
        created_at=now(),
        deleted_at=None,
    )
    set_segments(row, sample.segments)
    set_search_text(row)
    return row


def insert(session: Session, access: Access, rows: Sequence[SampleRow], pack_key: str) -> dict[str, uuid.UUID]:
    """Add rows to a project, except those whose recording came in from elsewhere in the meantime.

    Returns:
        Content hash -> id of the sample that was there already.
    """
    lock_project(session, access.project_id)
    there = known(session, access.project_id, [row.content_hash for row in rows])
    fresh = [row for row in rows if row.content_hash not in there]
    for row in fresh:
        row.project_id, row.values_key = access.project_id, pack_key
        row.file_key = pack_key if row.file_name is not None else None
    session.add_all(fresh)
    session.flush()
    if fresh:
        events.publish(session, access.project_id, "samples", added=len(fresh))
    return there


def lock_project(session: Session, project_id: uuid.UUID) -> None:
    """Let one transaction at a time change which samples a project has (SQLite lets only one write anyway).

    Raises:
        NotFound: the project was deleted in the meantime.
    """
    if session.scalar(select(Project.id).where(Project.id == project_id).with_for_update()) is None:
        raise NotFound("There is no such project.", hint="Was it deleted in the meantime?")


def known(session: Session, project_id: uuid.UUID, hashes: Sequence[str]) -> dict[str, uuid.UUID]:
    """Which of these recordings a project has: content hash -> sample."""
    found: dict[str, uuid.UUID] = {}
    for part in parts_of(hashes):
        query = select(SampleRow.content_hash, SampleRow.id).where(
            SampleRow.project_id == project_id, SampleRow.deleted_at.is_(None), SampleRow.content_hash.in_(part)
        )
        found.update({row.content_hash: row.id for row in session.execute(query)})
    return found


def parts_of(items: Sequence[T]) -> Iterator[Sequence[T]]:
    """Pieces that fit into one IN (...)."""
    for first in range(0, len(items), IN_CLAUSE):
        yield items[first : first + IN_CLAUSE]


# --- segments and text -----------------------------------------------------------------------------------------------


def set_segments(row: SampleRow, segments: Iterable[Segment]) -> None:
    """Segments, by start, and what is derived from them."""
    tidy = sorted(segments, key=lambda segment: (segment.start_s, segment.end_s))
    row.segments = [
        {"start_s": one.start_s, "end_s": one.end_s, "label": clean(one.label, 120) or "unnamed"} for one in tidy
    ]
    row.labels = tuple(sorted({str(one["label"]) for one in row.segments}))
    row.label = row.labels[0] if len(row.labels) == 1 else None


def whole(row: SampleRow, label: str | None) -> tuple[Segment, ...]:
    """The segments of a sample that has one label, or none."""
    return () if label is None else (Segment(start_s=0.0, end_s=max(row.duration_s, 1e-9), label=label),)


def set_search_text(row: SampleRow) -> None:
    """What the search looks into: name, file and metadata."""
    words = [row.name, row.file_name or "", *(f"{key}={value}" for key, value in row.facts.items())]
    row.search_text = "\n".join(words).lower()


def clean(text: str, limit: int) -> str:
    """Text from a file as it can be stored and shown: no control characters, no lone surrogates, not too long."""
    printable = "".join(letter if letter.isprintable() else " " for letter in text)
    return " ".join(printable.split())[:limit].strip()


def clean_metadata(metadata: dict[str, str]) -> dict[str, str]:
    """Metadata from a file, at most 64 entries."""
    tidy = {clean(key, 80): clean(str(value), 400) for key, value in list(metadata.items())[:64]}
    return {key: value for key, value in tidy.items() if key}


# --- back into memory ------------------------------------------------------------------------------------------------


class Stored(BaseModel, frozen=True):
    """What is needed to have a recording back as it is now, whatever becomes of its row."""

    id: uuid.UUID
    name: str
    content_hash: str
    rate_hz: float
    readings: int
    axes: tuple[Axis, ...]
    split: Split
    segments: tuple[Segment, ...]
    facts: dict[str, str]
    values_key: str
    values_offset: int

    @classmethod
    def of(cls, row: SampleRow) -> Stored:
        """From a row."""
        return cls.model_validate({name: getattr(row, name) for name in cls.model_fields})


def read_values(storage: Storage, row: SampleRow | Stored, first: int = 0, end: int | None = None) -> Floats:
    """Readings [first, end) of a sample: float32 (readings, axes)."""
    with storage.open(row.values_key) as file:
        return _read(cast(BinaryIO, file), row, first, row.readings if end is None else end)


def load(storage: Storage, recordings: Sequence[Stored]) -> Iterator[Sample]:
    """Recordings with their readings; a pack stays open for those that follow one another in it."""
    with ExitStack() as stack:
        key, file = "", None
        for stored in recordings:
            if file is None or key != stored.values_key:
                stack.close()
                key, file = stored.values_key, stack.enter_context(storage.open(stored.values_key))
            yield to_sample(stored, _read(cast(BinaryIO, file), stored, 0, stored.readings))


def to_sample(stored: Stored, values: Floats) -> Sample:
    """A stored recording with its readings as mote knows it."""
    sample = Sample(
        name=stored.name,
        values=values,
        rate_hz=stored.rate_hz,
        axes=stored.axes,
        segments=stored.segments,
        split=stored.split,
        metadata=dict(stored.facts),
    )
    sample.__dict__["content_hash"] = stored.content_hash  # fills the cached property: no need to hash it again
    return sample


def stand_in(row: SampleRow | Stored) -> Sample:
    """A recording whose readings all are 0 and take no memory, for what only asks how long or what it is."""
    stored = row if isinstance(row, Stored) else Stored.of(row)
    return to_sample(stored, np.broadcast_to(np.float32(0), (stored.readings, len(stored.axes))))


def _read(file: BinaryIO, row: SampleRow | Stored, first: int, end: int) -> Floats:
    width = len(row.axes) * VALUE_BYTES
    file.seek(row.values_offset + first * width)
    data = file.read((end - first) * width)
    if len(data) != (end - first) * width:
        raise NotFound(f"The stored readings of {row.name} are incomplete.", hint="Was the storage changed?")
    values: Floats = np.frombuffer(data, dtype="<f4").reshape(-1, len(row.axes))
    return values
