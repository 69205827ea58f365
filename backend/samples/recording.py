"""Live recordings: readings that a page or a program took from a board."""

from __future__ import annotations

import base64
import binascii
from dataclasses import replace

import numpy as np

from backend.database import Database
from backend.dependencies import Access
from backend.errors import Conflict
from backend.samples import service, store
from backend.samples.schemas import NewRecording, SampleOut
from backend.samples.store import Pack
from backend.samples.tables import SampleRow
from backend.storage import Storage
from mote.errors import BadInput
from mote.formats._base import as_floats, check_rate, check_size
from mote.sample import Floats, Sample, Split
from mote.split import SplitRule, assign


def add_recording(database: Database, storage: Storage, access: Access, new: NewRecording) -> SampleOut:
    """Store one recording; its label becomes one segment, its side follows the project's rule.

    Raises:
        BadInput: no readings, rows of different length, or a reading that is not finite.
        Conflict: the project has the very same recording.
    """
    recording = _sample(new)
    with database.transaction(write=False) as session:
        rule = service.split_rule(session, access.project_id)
    divided = replace(recording, split=new.split or side_of(recording, rule))
    pack = Pack()
    row = store.new_row(divided, pack.add_values(divided), format="live", created_by=access.user_id)
    key = pack.store(storage)
    with database.transaction() as session:
        there = store.insert(session, access, [row], key)
        if there:
            current = SampleOut.of(session.get_one(SampleRow, there[row.content_hash]))
            raise Conflict("The project has this very recording already.", current=current)
        return SampleOut.of(row)


def side_of(sample: Sample, rule: SplitRule) -> Split:
    """The side of a recording that comes in by itself; by hash of its content where the rule cannot tell."""
    try:
        return assign([sample], rule)[0]
    except BadInput:
        return assign([sample], SplitRule(kind="hash", testing_percent=rule.testing_percent))[0]


def _sample(new: NewRecording) -> Sample:
    names = [axis.name for axis in new.axes]
    if len(set(names)) < len(names):
        raise BadInput(f"{new.name}: two axes have the same name.", hint="Give each axis a name of its own.")
    values = _from_base64(new) if new.values_f32 is not None else _from_rows(new)
    check_size(len(values), len(new.axes), new.name)
    sample = Sample(
        name=new.name,
        values=as_floats(values, new.name),
        rate_hz=check_rate(new.rate_hz, new.name),
        axes=tuple(new.axes),
        metadata=dict(new.metadata),
    )
    return replace(sample, segments=sample.with_label(new.label)) if new.label else sample


def _from_rows(new: NewRecording) -> Floats:
    rows, width = new.values or [], len(new.axes)
    wrong = next((index for index, row in enumerate(rows) if len(row) != width), None)
    if wrong is not None:
        raise BadInput(
            f"{new.name}: reading {wrong + 1} has {len(rows[wrong])} values, there are {width} axes.",
            hint="Send one row a reading, with one value an axis.",
        )
    with np.errstate(over="ignore"):
        return np.array(rows, dtype=np.float32).reshape(-1, width)


def _from_base64(new: NewRecording) -> Floats:
    width = len(new.axes)
    try:
        data = base64.b64decode(new.values_f32 or "", validate=True)
    except (binascii.Error, ValueError):
        raise BadInput(f"{new.name}: values_f32 is not base64.", hint="Little-endian float32, row by row.") from None
    if len(data) % (4 * width):
        raise BadInput(f"{new.name}: {len(data)} bytes are not whole readings of {width} axes.")
    return np.frombuffer(data, dtype="<f4").reshape(-1, width)
