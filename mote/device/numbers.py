"""Lines of numbers, as any sketch prints them: one reading a line. The rules are in docs/protocol.md."""

from __future__ import annotations

import math
import re
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from statistics import median
from typing import Literal

from mote.sample import Axis

MAX_LINE = 4096
"""Longest line, in bytes: a port that never ends its line must not fill the memory."""
MAX_COLUMNS = 256
MAX_MISSING = 1_000_000
"""A larger jump of the first column is a restart or nonsense, not loss."""
LINES_TO_DECIDE = 12
"""Lines that are looked at before the first column is called a time or a sequence number."""
NEW_LAYOUT_LINES = 3
"""One line with another number of columns is a damaged line; so many in a row are another layout."""

Leading = Literal["none", "time_s", "time_ms", "time_us", "sequence"]

_NUMBER = re.compile(r"[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?", re.ASCII)
_SEPARATOR = re.compile(r"\s*[,;\t]\s*|\s+")
_AXIS = re.compile(r"([^\W\d][\w .#-]{0,63}?)\s*(?:[\[(]([^\[\]()]*)[\])]|/\s*([^/]*))?")
_SECONDS: dict[Leading, float] = {"none": 0.0, "sequence": 0.0, "time_s": 1.0, "time_ms": 1e-3, "time_us": 1e-6}
_LEADING_NAMES: dict[str, Leading] = {
    **dict.fromkeys(("t", "time", "t_s", "time_s", "seconds"), "time_s"),
    **dict.fromkeys(("t_ms", "time_ms", "timestamp", "timestamp_ms", "ms", "millis"), "time_ms"),
    **dict.fromkeys(("t_us", "time_us", "timestamp_us", "us", "micros"), "time_us"),
    **dict.fromkeys(("seq", "sequence", "index", "counter"), "sequence"),
}
_LEADING_UNITS: dict[str, Leading] = {"s": "time_s", "ms": "time_ms", "us": "time_us", "µs": "time_us"}


@dataclass(frozen=True, slots=True)
class Reading:
    """One reading with its place in the stream."""

    index: int
    """Counts lost readings too, so index / rate is its time."""
    values: tuple[float, ...]
    board_s: float | None = None
    """When the board took it, by its own clock; None without a time column."""


@dataclass
class Batch:
    """What a piece of the stream held."""

    readings: list[Reading] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    """Lines that begin with ERR: the sketch's own words."""


class NumberStream:
    """Turns bytes into readings and counts what was lost or damaged on the way.

    Args:
        leading: what the first column is, when a person knows; None: from a header, else from the first lines.
    """

    def __init__(self, leading: Leading | None = None) -> None:
        self.axes: tuple[Axis, ...] = ()
        """Empty until the layout is settled."""
        self.leading: Leading = "none"
        self.lost = 0
        self.damaged = 0
        self.lines = 0
        """Lines of numbers seen, those that wait for a decision included."""
        self._given = leading
        self._tail = b""
        self._columns = 0
        self._odd = (0, 0)  # columns of the last lines that do not fit, how many there were
        self._header: tuple[Axis, ...] = ()
        self._settled = False
        self._waiting: list[tuple[float, ...]] = []
        self._waiting_since = 0.0
        self._cut = True  # the port may have been opened in the middle of a line
        self._gaps = _Gaps()
        self._next = 0

    def feed(self, data: bytes, now: float) -> Batch:
        """Bytes as they came, `now` in seconds of any steady clock."""
        batch = Batch()
        *lines, self._tail = re.split(rb"\r\n|\n|\r(?!\Z)", self._tail + data)
        if len(self._tail) > MAX_LINE:
            self._tail = b""
            self.damaged += 1
        for line in lines:
            self._line(line, now, batch)
        return batch

    def _line(self, line: bytes, now: float, batch: Batch) -> None:
        was_cut, self._cut = self._cut, False
        text = line.decode("utf-8", "replace").strip()
        if not text:
            return
        if text.startswith("ERR"):
            batch.errors.append(text)
        elif len(line) <= MAX_LINE and (values := parse_values(text)) is not None:
            if not was_cut:  # what is left of a cut number is another number
                self._values(values, now, batch)
        elif len(line) <= MAX_LINE and (named := parse_named(text)) is not None:
            self._named(*named, now, batch)
        elif len(line) <= MAX_LINE and (axes := parse_header(text)) is not None:
            self._header, self._columns = axes, 0
        elif not was_cut:
            self.damaged += 1

    def _named(self, names: tuple[str, ...], values: tuple[float, ...], now: float, batch: Batch) -> None:
        if len(self._header) != len(names):
            self._header, self._columns = tuple(Axis(name=name) for name in names), 0
        self._values(values, now, batch)

    def _values(self, values: tuple[float, ...], now: float, batch: Batch) -> None:
        self.lines += 1
        if len(values) != self._columns and not self._begin(len(values), now):
            self.damaged += 1
            return
        self._odd = (0, 0)
        if self._settled:
            self._emit(values, batch)
            return
        self._waiting.append(values)
        if len(self._waiting) >= LINES_TO_DECIDE or self._columns < 2:
            rows, self._waiting = self._waiting, []
            self._settle(rows, now - self._waiting_since)
            for row in rows:
                self._emit(row, batch)

    def _begin(self, columns: int, now: float) -> bool:
        """Whether a line with another number of columns begins a new layout."""
        count = self._odd[1] + 1 if self._odd[0] == columns else 1
        self._odd = (columns, count)
        if self._columns and count < NEW_LAYOUT_LINES:
            return False
        self._columns, self._waiting, self._waiting_since = columns, [], now
        self._settled = False
        if len(self._header) != columns:
            self._header = ()
        if self._given is not None or self._header:
            self._settle([], 0.0)
        return True

    def _settle(self, rows: Sequence[tuple[float, ...]], seconds: float) -> None:
        """Decides what the first column is and what the axes are called."""
        if self._columns < 2:
            self.leading = "none"
        elif self._given is not None:
            self.leading = self._given
        elif self._header:
            self.leading = leading_of(self._header[0])
        else:
            self.leading = guess_leading(rows, seconds)
        skip = 0 if self.leading == "none" else 1
        names = self._header or tuple(Axis(name=f"value{at + 1 - skip}") for at in range(self._columns))
        self.axes = names[skip:]
        self._gaps = _Gaps()
        self._settled = True

    def _emit(self, row: tuple[float, ...], batch: Batch) -> None:
        if self.leading == "none":
            batch.readings.append(Reading(self._next, row))
        else:
            by_sequence = self.leading == "sequence"
            missing = self._gaps.by_sequence(row[0]) if by_sequence else self._gaps.by_time(row[0])
            self.lost += missing
            self._next += missing
            time_s = None if by_sequence else row[0] * _SECONDS[self.leading]
            batch.readings.append(Reading(self._next, row[1:], time_s))
        self._next += 1


class _Gaps:
    """How many readings are missing before one, told by its first column."""

    def __init__(self) -> None:
        self._last: float | None = None
        self._steps: deque[float] = deque(maxlen=101)

    def by_sequence(self, value: float) -> int:
        """Counters of 8, 16 and 32 bits may wrap; a board may start again."""
        last, self._last = self._last, value
        if last is None:
            return 0
        step = value - last
        if step <= 0:
            size = next((limit for limit in (2**8, 2**16, 2**32) if limit * 0.75 <= last < limit), None)
            if size is None or value > size / 4:
                return 0
            step += size
        return int(step) - 1 if 1 < step < MAX_MISSING else 0

    def by_time(self, value: float) -> int:
        """A step of k usual steps means k - 1 missing readings. A gap must not become the new usual step."""
        last, self._last = self._last, value
        if last is None:
            return 0
        step = value - last
        usual = median(self._steps) if self._steps else None
        if step > 0 and (usual is None or step < usual * 1.5):
            self._steps.append(step)
        if usual is None or len(self._steps) < 8 or step < usual * 1.5:
            return 0
        missing = round(step / usual) - 1
        return missing if missing < MAX_MISSING else 0


def parse_values(text: str) -> tuple[float, ...] | None:
    """The numbers of a line, or None when it holds anything else."""
    fields = _fields(text)
    if not 1 <= len(fields) <= MAX_COLUMNS or not all(_NUMBER.fullmatch(part) for part in fields):
        return None
    values = tuple(float(part) for part in fields)
    return values if all(math.isfinite(value) for value in values) else None


def parse_named(text: str) -> tuple[tuple[str, ...], tuple[float, ...]] | None:
    """`ax:0.12, ay:-0.98`: names and values, or None."""
    names, values = [], []
    for part in _fields(re.sub(r"\s*[:=]\s*", ":", text)):
        name, colon, value = part.rpartition(":")
        if not colon or not name or len(name) > 80 or not _NUMBER.fullmatch(value):
            return None
        names.append(name)
        values.append(float(value))
    return (tuple(names), tuple(values)) if 1 <= len(names) <= MAX_COLUMNS else None


def parse_header(text: str) -> tuple[Axis, ...] | None:
    """`t_ms, ax [g], ay (g), az/g`: the axes, or None when a field is no name."""
    body = re.sub(r"^(#|//|%)\s*", "", text)
    if re.search(r"[,;\t]", body):
        fields = [part.strip() for part in re.split(r"[,;\t]", body)]
    else:
        fields = re.sub(r"\s+(?=[\[(])", "", body).split()
    if len(fields) > MAX_COLUMNS:
        return None
    found = [_AXIS.fullmatch(part.strip("'\"")) for part in fields]
    if not found or any(match is None for match in found):
        return None
    return tuple(
        Axis(name=match[1].strip(), unit=(match[2] or match[3] or "").strip()[:40])
        for match in found
        if match is not None
    )


def leading_of(axis: Axis) -> Leading:
    """What a column called so is; "none" for a sensor's value."""
    named = _LEADING_NAMES.get(axis.name.lower(), "none")
    return named if named in ("none", "sequence") else _LEADING_UNITS.get(axis.unit.lower(), named)


def guess_leading(rows: Sequence[tuple[float, ...]], seconds: float) -> Leading:
    """What the first column of these lines is.

    Only whole numbers that always grow can be a time or a sequence. Steps of exactly one are a sequence; otherwise the
    unit that comes nearest to how long the lines took to arrive (`seconds`; bursts make that vague, but a factor of 10
    still tells).
    """
    if len(rows) < 3 or len(rows[0]) < 2:
        return "none"
    first = [row[0] for row in rows]
    steps = [b - a for a, b in pairwise(first)]
    if not all(value.is_integer() for value in first) or min(steps) <= 0:
        return "none"
    if set(steps) == {1.0}:
        return "sequence"
    for name in ("time_ms", "time_us"):
        leading: Leading = name
        if abs(math.log10((first[-1] - first[0]) * _SECONDS[leading] / max(seconds, 1e-3))) < 1:
            return leading
    return "none"


def _fields(text: str) -> list[str]:
    """The parts of a line; a separator at its end adds none."""
    parts = _SEPARATOR.split(text.strip())
    return parts[:-1] if len(parts) > 1 and parts[-1] == "" else parts
