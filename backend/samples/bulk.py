"""Changing many samples at once, and taking that back."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from backend import events
from backend.database import now
from backend.dependencies import Access, require
from backend.errors import Conflict, NotFound
from backend.permissions import Action
from backend.samples import service, store
from backend.samples.schemas import BulkAnswer, BulkRequest, SplitAnswer
from backend.samples.tables import SampleRow, SampleUndo
from mote.sample import Segment
from mote.split import SplitRule, assign

UNDOS_KEPT = 100
"""Of one project; older ones are forgotten."""
_LABELLER_MAY = ("relabel",)

Old = dict[str, Any]


def change_samples(session: Session, access: Access, request: BulkRequest) -> BulkAnswer:
    """Relabel, move, delete or restore many samples, or undo that.

    Raises:
        NotAllowed: anything but labels, by somebody who may only label.
        BadInput, NotFound, Conflict: the undo token is unknown or was used.
    """
    if request.action == "undo":
        assert request.undo_token is not None
        return _undo(session, access, request.undo_token)
    if request.action not in _LABELLER_MAY:
        require(access.role, Action.SAMPLES_EDIT)
    store.lock_project(session, access.project_id)
    rows = _chosen(session, access.project_id, request)
    if request.action == "restore":
        rows = _restorable(session, access.project_id, rows)
    old = {row.id: _apply(row, request) for row in rows}
    changed = [row for row in rows if old[row.id] is not None]
    return _finish(session, access, request.action, changed, [old[row.id] or {} for row in changed])


def split_samples(session: Session, access: Access, rule: SplitRule) -> SplitAnswer:
    """Divide all samples by a rule; it stays the project's, if it can tell the side of a single recording.

    Raises:
        BadInput: the rule does not fit: a sample lacks the metadata that it asks for.
    """
    store.lock_project(session, access.project_id)
    query = select(SampleRow).where(SampleRow.project_id == access.project_id, SampleRow.deleted_at.is_(None))
    rows = sorted(session.scalars(query), key=lambda row: (row.file_name or row.name, row.name, row.id))
    before = service.split_rule(session, access.project_id)
    changed, old = [], []
    for row, side in zip(rows, assign([_as_said(row) for row in rows], rule), strict=True):
        if row.split != side:
            old.append({"split": row.split})
            changed.append(row)
            row.split = side
    if rule.kind not in ("every", "last"):
        service.set_split_rule(session, access.project_id, rule)
    answer = _finish(session, access, "split", changed, old, before)
    testing = sum(row.split == "testing" for row in rows)
    return SplitAnswer(**answer.model_dump(), training=len(rows) - testing, testing=testing)


def _as_said(row: SampleRow) -> Any:
    """A recording with the side that its file said, which is what the rule `files` asks for."""
    sample = store.stand_in(row)
    object.__setattr__(sample, "split", row.said_split)
    return sample


def _chosen(session: Session, project_id: uuid.UUID, request: BulkRequest) -> list[SampleRow]:
    """The samples that a request means, in no particular order."""
    deleted = request.action == "restore"
    if request.filter is not None:
        return list(session.scalars(service.matching(project_id, request.filter, deleted)))
    rows: list[SampleRow] = []
    for part in store.parts_of(list(dict.fromkeys(request.ids or ()))):
        query = select(SampleRow).where(SampleRow.project_id == project_id, SampleRow.id.in_(part))
        rows += session.scalars(
            query.where(SampleRow.deleted_at.is_not(None) if deleted else SampleRow.deleted_at.is_(None))
        )
    return rows


def _restorable(session: Session, project_id: uuid.UUID, rows: Sequence[SampleRow]) -> list[SampleRow]:
    """Those whose recording is not in the project again, each recording once."""
    taken = set(store.known(session, project_id, [row.content_hash for row in rows]))
    result = []
    for row in rows:
        if row.content_hash not in taken:
            taken.add(row.content_hash)
            result.append(row)
    return result


def _apply(row: SampleRow, request: BulkRequest) -> Old | None:
    """Change a row; returns what it was before, None when it was so already."""
    match request.action:
        case "relabel":
            old = row.segments
            store.set_segments(row, store.whole(row, request.label))
            return {"segments": old} if row.segments != old else None
        case "move":
            assert request.split is not None
            side, row.split = row.split, request.split
            return {"split": side} if side != row.split else None
        case "delete":
            row.deleted_at = now()
            return {"deleted_at": None}
        case _:
            assert row.deleted_at is not None
            at, row.deleted_at = row.deleted_at, None
            return {"deleted_at": at.isoformat()}


def _finish(
    session: Session,
    access: Access,
    action: str,
    changed: Sequence[SampleRow],
    old: Sequence[Old],
    rule: SplitRule | None = None,
) -> BulkAnswer:
    """Write the changes and how to take them back."""
    session.flush()
    if not changed:
        return BulkAnswer(changed=0)
    undo = SampleUndo(
        id=uuid.uuid4(),
        project_id=access.project_id,
        action=action,
        before=[{"id": str(row.id), "version": row.version, **was} for row, was in zip(changed, old, strict=True)],
        rule=rule.model_dump(mode="json") if rule else None,
        created_by=access.user_id,
        count=len(changed),
    )
    session.add(undo)
    session.flush()
    _forget_old(session, access.project_id)
    events.publish(session, access.project_id, "samples", changed=len(changed))
    return BulkAnswer(changed=len(changed), undo_token=undo.id)


def _forget_old(session: Session, project_id: uuid.UUID) -> None:
    kept = select(SampleUndo.id).where(SampleUndo.project_id == project_id)
    newest = list(session.scalars(kept.order_by(SampleUndo.created_at.desc(), SampleUndo.id).limit(UNDOS_KEPT)))
    session.execute(delete(SampleUndo).where(SampleUndo.project_id == project_id, SampleUndo.id.not_in(newest)))


def _undo(session: Session, access: Access, token: uuid.UUID) -> BulkAnswer:
    """Give the samples of one change back what they were, where nobody has changed them since."""
    store.lock_project(session, access.project_id)
    undo = session.get(SampleUndo, token)
    if undo is None or undo.project_id != access.project_id:
        raise NotFound("There is nothing to undo under this token.", hint="It may be too long ago.")
    if undo.action not in _LABELLER_MAY:
        require(access.role, Action.SAMPLES_EDIT)
    if undo.used:
        raise Conflict("This was undone already.", hint="Load the samples again.")
    undo.used = True
    before = {uuid.UUID(old["id"]): old for old in undo.before}
    rows = _unchanged(session, access.project_id, before)
    if undo.action == "delete":
        rows = _restorable(session, access.project_id, rows)
    for row in rows:
        _put_back(row, before[row.id])
    if undo.rule is not None:
        service.set_split_rule(session, access.project_id, SplitRule(**undo.rule))
    session.flush()
    events.publish(session, access.project_id, "samples", changed=len(rows))
    return BulkAnswer(changed=len(rows), skipped=len(before) - len(rows))


def _unchanged(session: Session, project_id: uuid.UUID, before: dict[uuid.UUID, Old]) -> list[SampleRow]:
    rows: list[SampleRow] = []
    for part in store.parts_of(list(before)):
        query = select(SampleRow).where(SampleRow.project_id == project_id, SampleRow.id.in_(part))
        rows += [row for row in session.scalars(query) if row.version == before[row.id]["version"]]
    return rows


def _put_back(row: SampleRow, old: Old) -> None:
    setters: dict[str, Callable[[Any], None]] = {
        "segments": lambda value: store.set_segments(row, [Segment(**one) for one in value]),
        "split": lambda value: setattr(row, "split", value),
        "deleted_at": lambda value: setattr(row, "deleted_at", value and datetime.fromisoformat(value)),
    }
    for name, put in setters.items():
        if name in old:
            put(old[name])
