"""Samples: finding, changing, labelling, deleting, counting."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import quote

from sqlalchemy import ColumnElement, Select, Text, func, select, type_coerce
from sqlalchemy.orm import Session

from backend import events
from backend.database import expect_version, now
from backend.dependencies import Access, Page, require
from backend.errors import Conflict, NotFound
from backend.permissions import Action
from backend.samples import store
from backend.samples.schemas import (
    UNLABELLED,
    Filter,
    SampleChange,
    SampleOut,
    SegmentsChange,
    Sort,
)
from backend.samples.tables import SEPARATOR, SampleRow, SplitSettings
from backend.storage import Storage
from mote.errors import BadInput
from mote.sample import Segment
from mote.split import SplitRule

MAX_KEYS = 200
_SORTS: dict[str, ColumnElement[Any]] = {
    "name": type_coerce(SampleRow.name, Text),
    "label": func.coalesce(SampleRow.label, ""),
    "split": type_coerce(SampleRow.split, Text),
    "duration": SampleRow.duration_s.expression,
    "created": SampleRow.created_at.expression,
}

# --- finding ---------------------------------------------------------------------------------------------------------


def list_samples(
    session: Session, project_id: uuid.UUID, chosen: Filter, sort: Sort, page: Page, deleted: bool = False
) -> tuple[list[SampleOut], int]:
    """One page of the samples that a filter lets through, and how many those are."""
    query = matching(project_id, chosen, deleted)
    total = session.scalar(select(func.count()).select_from(query.subquery())) or 0
    column = _SORTS[sort.removeprefix("-")]
    order = column.desc() if sort.startswith("-") else column.asc()
    rows = session.scalars(query.order_by(order, SampleRow.name, SampleRow.id).offset(page.offset).limit(page.limit))
    return [SampleOut.of(row) for row in rows], total


def matching(project_id: uuid.UUID, chosen: Filter, deleted: bool = False) -> Select[SampleRow]:
    """The samples of a project that a filter lets through."""
    query = select(SampleRow).where(SampleRow.project_id == project_id)
    query = query.where(SampleRow.deleted_at.is_not(None) if deleted else SampleRow.deleted_at.is_(None))
    if chosen.split is not None:
        query = query.where(SampleRow.split == chosen.split)
    if chosen.label is not None:
        query = query.where(_has_label(chosen.label))
    for word in store.clean(chosen.search, 300).lower().split():
        query = query.where(SampleRow.search_text.contains(word, autoescape=True))
    return query


def _has_label(label: str) -> ColumnElement[bool]:
    labels = type_coerce(SampleRow.labels, Text)
    if label == UNLABELLED:
        return labels == ""
    # Not LIKE, which on SQLite takes "Wave" for "wave".
    return func.replace(labels, f"{SEPARATOR}{store.clean(label, 120)}{SEPARATOR}", "") != labels


def get_sample(session: Session, project_id: uuid.UUID, sample_id: uuid.UUID, *, deleted: bool = False) -> SampleRow:
    """A sample of a project.

    Args:
        deleted: whether a deleted one will do.

    Raises:
        NotFound: there is none.
    """
    row = session.get(SampleRow, sample_id)
    if row is None or row.project_id != project_id:
        raise NotFound("There is no such sample.", hint="Was the list loaded a while ago?")
    if row.deleted_at is not None and not deleted:
        raise NotFound(f"The sample {row.name} was deleted.", hint="Restore it first.")
    return row


# --- changing --------------------------------------------------------------------------------------------------------


def change_sample(session: Session, access: Access, sample_id: uuid.UUID, change: SampleChange) -> SampleOut:
    """Change label, name, split or metadata.

    Raises:
        NotAllowed: more than the label is to be changed, by somebody who may only label.
        Conflict: somebody else changed the sample in the meantime.
    """
    if change.edits:
        require(access.role, Action.SAMPLES_EDIT)
    row = get_sample(session, access.project_id, sample_id)
    expect_version(row, change.version, lambda: SampleOut.of(row))
    if change.sets_label:
        store.set_segments(row, store.whole(row, change.label))
    row.name = change.name or row.name
    row.split = change.split or row.split
    row.facts = row.facts if change.metadata is None else change.metadata
    store.set_search_text(row)
    return _changed(session, row)


def set_segments(session: Session, access: Access, sample_id: uuid.UUID, change: SegmentsChange) -> SampleOut:
    """Replace all segments.

    Raises:
        BadInput: a segment reaches beyond the recording.
        Conflict: somebody else changed the sample in the meantime.
    """
    row = get_sample(session, access.project_id, sample_id)
    expect_version(row, change.version, lambda: SampleOut.of(row))
    store.set_segments(row, [_within(row, one.start_s, one.end_s, one.label) for one in change.segments])
    return _changed(session, row)


def _within(row: SampleRow, start_s: float, end_s: float, label: str) -> Segment:
    """A segment of this recording; half a reading beyond its end is a matter of rounding."""
    slack_s = 0.5 / row.rate_hz
    if end_s > row.duration_s + slack_s or end_s <= start_s:
        raise BadInput(
            f"A segment {label!r} runs from {start_s:g} s to {end_s:g} s.",
            hint=f"It must end after it starts, and the recording ends at {row.duration_s:g} s.",
        )
    end_s = min(end_s, row.duration_s)
    if end_s <= start_s:
        raise BadInput(f"A segment {label!r} starts at {start_s:g} s, where the recording ends.", hint="Leave it out.")
    return Segment(start_s=start_s, end_s=end_s, label=label)


def delete_sample(session: Session, access: Access, sample_id: uuid.UUID) -> None:
    """Delete a sample, so that it can be restored.

    Raises:
        NotAllowed: another's sample, by somebody who may not edit.
    """
    row = _own_or_edited(session, access, sample_id)
    if row.deleted_at is not None:
        raise NotFound(f"The sample {row.name} was deleted already.")
    row.deleted_at = now()
    _changed(session, row)


def restore_sample(session: Session, access: Access, sample_id: uuid.UUID) -> SampleOut:
    """Bring a deleted sample back.

    Raises:
        Conflict: it is not deleted, or the same recording was imported again.
    """
    row = _own_or_edited(session, access, sample_id)
    if row.deleted_at is None:
        raise Conflict(f"The sample {row.name} is not deleted.", current=SampleOut.of(row))
    store.lock_project(session, access.project_id)
    twin = store.known(session, access.project_id, [row.content_hash]).get(row.content_hash)
    if twin is not None:
        current = SampleOut.of(session.get_one(SampleRow, twin))
        raise Conflict("The same recording was imported again in the meantime.", hint="Use that one.", current=current)
    row.deleted_at = None
    return _changed(session, row)


def _own_or_edited(session: Session, access: Access, sample_id: uuid.UUID) -> SampleRow:
    """A sample that the caller may delete: any, as an editor; else only what the caller recorded."""
    row = session.get(SampleRow, sample_id)
    own = row is not None and row.project_id == access.project_id and row.created_by == access.user_id
    if not own:
        require(access.role, Action.SAMPLES_EDIT)
    return get_sample(session, access.project_id, sample_id, deleted=True)


def _changed(session: Session, row: SampleRow) -> SampleOut:
    session.flush()
    events.publish(session, row.project_id, "samples", row.id, version=row.version)
    return SampleOut.of(row)


# --- dividing --------------------------------------------------------------------------------------------------------


def split_rule(session: Session, project_id: uuid.UUID) -> SplitRule:
    """How a project divides what comes in."""
    settings = session.get(SplitSettings, project_id)
    return SplitRule(**settings.rule) if settings else SplitRule()


def set_split_rule(session: Session, project_id: uuid.UUID, rule: SplitRule) -> None:
    """Divide by this rule from now on."""
    session.merge(SplitSettings(project_id=project_id, rule=rule.model_dump(mode="json")))


# --- files -----------------------------------------------------------------------------------------------------------


def original_file(storage: Storage, row: SampleRow) -> tuple[str, Iterator[bytes], int]:
    """Name, content and size of the file that a sample came from.

    Raises:
        NotFound: it did not come from a file.
    """
    if row.file_key is None or row.file_name is None:
        raise NotFound(f"{row.name} did not come from a file.", hint="It was recorded live or simulated.")
    chunks = storage.stream(row.file_key, row.file_offset, row.file_offset + row.file_bytes)
    return PurePosixPath(row.file_name).name, chunks, row.file_bytes


def attachment(name: str) -> str:
    """A Content-Disposition that saves under `name`, whatever characters it has (RFC 6266)."""
    plain = re.sub(r"[^A-Za-z0-9._ -]", "_", name).strip(". ") or "file"
    return f"attachment; filename=\"{plain[:100]}\"; filename*=UTF-8''{quote(name[:200], safe='')}"
