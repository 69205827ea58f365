"""From a time column to a rate: units, date-times, jitter, gaps. Asks where the column can be read in two ways."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from mote.errors import BadInput, Choice, Question
from mote.formats._base import ReadOptions

Doubles = NDArray[np.float64]
Unit = Literal["s", "ms", "us", "ns"]

SECONDS: dict[str, float] = {"s": 1.0, "ms": 1e-3, "us": 1e-6, "ns": 1e-9}
_UNIT_WORDS = {
    "s": "s", "sec": "s", "secs": "s", "second": "s", "seconds": "s",
    "ms": "ms", "msec": "ms", "millis": "ms", "millisecond": "ms", "milliseconds": "ms",
    "us": "us", "µs": "us", "usec": "us", "micros": "us", "microsecond": "us", "microseconds": "us",
    "ns": "ns", "nanos": "ns", "nanosecond": "ns", "nanoseconds": "ns",
}  # fmt: skip
_TIME_WORDS = {
    "time",
    "timestamp",
    "timestamps",
    "t",
    "ts",
    "date",
    "datetime",
    "timer",
    "elapsed",
    "epoch",
    "clock",
    "zeit",
    "temps",
}
_REGULAR = 0.02
"""Steps within this part of the median step are regular (a millisecond clock at 62.5 Hz gives 6 %, see `_quantum`)."""
_JITTER = 0.5
"""Steps within this part of the median step are jitter; beyond, readings are missing or doubled."""
_EPOCHS: tuple[tuple[Unit, float, float], ...] = (
    ("s", 9e8, 4.2e9), ("ms", 9e11, 4.2e12), ("us", 9e14, 4.2e15), ("ns", 9e17, 4.2e18)
)  # fmt: skip
"""Counts since 1970 of the years 1998 to 2103, by unit: certain, since the ranges lie far apart."""


@dataclass(frozen=True)
class Clock:
    """What a time column says."""

    rate_hz: float
    resample_to: Doubles | None
    """Times in the column's own seconds at which to interpolate; None = take the readings as they come."""
    seconds: Doubles
    warnings: list[str]


def is_time_name(name: str) -> bool:
    """Whether a column's header says that it holds time: `t_ms`, `time (s)`, `Timestamp`, `date`, `millis`."""
    words = _words(name)
    return (
        bool(words)
        and (words[0] in _TIME_WORDS or (words[0] in _UNIT_WORDS and len(words[0]) > 1))
        and all(
            word in _TIME_WORDS or word in _UNIT_WORDS or word in {"stamp", "since", "start", "unix", "utc", "local"}
            for word in words
        )
    )


def unit_in_name(name: str) -> Unit | None:
    """The unit that a header names: `t_ms` -> ms, `Time(Seconds)` -> s, `timestamp` -> None."""
    found = [_UNIT_WORDS[word] for word in _words(name) if word in _UNIT_WORDS]
    return found[-1] if found else None  # type: ignore[return-value]


def _words(name: str) -> list[str]:
    spaced = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name.strip())
    return [word for word in re.split(r"[^a-zµ]+", spaced.lower()) if word]


def to_seconds(name: str, header: str, column: Doubles, options: ReadOptions) -> tuple[Doubles, list[str]]:
    """A numeric time column in seconds.

    The unit comes from the caller, the header, or the size of the numbers where only one reading is possible;
    else it is asked for.
    """
    unit = options.time_unit or unit_in_name(header)
    warnings = []
    if unit is None:
        unit, reason = _unit_by_size(header, column)
        if unit is not None:
            warnings.append(f"{name}: column {header!r} is read as {unit} ({reason}).")
    if unit is None:
        raise Question(
            f"{name}: the time column {header!r} does not say its unit "
            f"(it starts {', '.join(f'{value:g}' for value in column[:3])}).",
            hint="Say whether it counts seconds, milliseconds or microseconds.",
            questions=(Choice(option="time_unit", text=f"Unit of the column {header!r}", choices=("s", "ms", "us")),),
        )
    return (column - column[0]) * SECONDS[unit], warnings


def _unit_by_size(header: str, column: Doubles) -> tuple[Unit | None, str]:
    first = float(abs(column[0]))
    for unit, low, high in _EPOCHS:
        if low <= first <= high:
            return unit, "a count since 1970"
    step = float(column[-1] - column[0]) / max(1, len(column) - 1)
    whole = bool(np.all(column == np.rint(column)))
    if header.strip().lower() == "timestamp" and whole and step >= 1:
        return "ms", "the convention of data acquisition files"
    if not whole and 0 < step < 0.5:
        return "s", "its steps are fractions below one half"
    return None, ""


def parse_dates(name: str, header: str, cells: list[str], options: ReadOptions) -> Doubles | None:
    """Date-times as seconds from the first one; None when the column holds none.

    Known: ISO 8601 (with `T` or a blank), dd/mm/yyyy and mm/dd/yyyy with `/`, `.` or `-`, times of day alone.
    """
    if not cells or not re.search(r"\d[-/.:]\d", cells[0]):
        return None
    parsed = _iso(cells)
    if parsed is None:
        parsed = _day_first(name, header, cells, options)
    return None if parsed is None else parsed - parsed[0]


def _iso(cells: list[str]) -> Doubles | None:
    if not re.fullmatch(r"\d{4}-\d\d?-\d\d?([T ]\d\d?:\d\d(:\d\d([.,]\d+)?)?)? ?(Z|[+-]\d\d:?\d\d)?", cells[0]):
        return None
    plain = [re.sub(r" ?(Z|[+-]\d\d:?\d\d)$", "", cell).replace(",", ".") if ":" in cell else cell for cell in cells]
    try:
        times = np.array(plain, dtype="datetime64[us]")
    except ValueError:
        return None
    return None if bool(np.isnat(times).any()) else times.astype(np.int64) / 1e6


_DATE = re.compile(
    r"(?:(\d{1,2})[/.-](\d{1,2})[/.-](\d{4}))?[ T,]*(?:(\d{1,2}):(\d{2})(?::(\d{2}(?:[.,]\d+)?))?\s*([AaPp][Mm])?)?"
)


def _day_first(name: str, header: str, cells: list[str], options: ReadOptions) -> Doubles | None:
    """dd/mm/yyyy or mm/dd/yyyy, whichever is possible; asked for when both are."""
    matches = [_DATE.fullmatch(cell.strip()) for cell in cells]
    if not all(match and any(match.groups()) for match in matches):
        return None
    parts = [match.groups() for match in matches if match]
    order = options.date_order
    if order is None and parts[0][0] is not None:
        first = max(int(part[0] or 0) for part in parts)
        second = max(int(part[1] or 0) for part in parts)
        same = all(part[0] == part[1] for part in parts)
        if first > 12 or second > 12 or same:
            order = "mdy" if second > 12 else "dmy"
        else:
            raise Question(
                f"{name}: the dates in {header!r} ({cells[0]}) can be read day first or month first.",
                hint="Say which comes first.",
                questions=(Choice(option="date_order", text="Which comes first in a date?", choices=("dmy", "mdy")),),
            )
    try:
        return np.array([_seconds(part, order or "dmy") for part in parts])
    except ValueError:
        return None


def _seconds(part: tuple[str | None, ...], order: str) -> float:
    one, two, year, hour, minute, second, half = part
    days = 0.0
    if one and two and year:
        day, month = (one, two) if order == "dmy" else (two, one)
        date = np.datetime64(f"{int(year):04}-{int(month):02}-{int(day):02}", "D")
        days = float(date.astype(np.int64))
    hours = int(hour or 0)
    if half:
        hours = hours % 12 + (12 if half.lower() == "pm" else 0)
    return days * 86400 + hours * 3600 + int(minute or 0) * 60 + float((second or "0").replace(",", "."))


def clock(name: str, seconds: Doubles, lines: NDArray[np.int64], options: ReadOptions) -> Clock:
    """The rate that a time column in seconds says, and what is to be done about irregular steps.

    Args:
        seconds: one per reading, from 0.
        lines: each reading's line in the file, for messages.

    Raises:
        BadInput: time runs backwards or stands still.
        Question: the steps are so uneven that a constant rate would be a guess.
    """
    steps = np.diff(seconds)
    if len(steps) == 0:
        return Clock(_ask_rate(name, options, "one reading has no step to take the rate from"), None, seconds, [])
    if bool((steps < 0).any()):
        line = int(lines[int(np.argmax(steps < 0)) + 1])
        raise BadInput(
            f"{name}, line {line}: time runs backwards.",
            hint="If the file holds several recordings, save each as its own file; else sort the lines by time.",
        )
    span = float(seconds[-1] - seconds[0])
    if span <= 0:
        raise BadInput(f"{name}: the time column never moves on.", hint="Remove the column and give the rate instead.")
    mean, median = span / len(steps), float(np.median(steps))
    if median > 0:
        deviation = float(np.max(np.abs(steps - median)))
        if deviation <= max(_REGULAR * median, _quantum(seconds, median)):
            return _said(name, 1.0 / mean, seconds, options, [])
        if deviation <= _JITTER * median:
            note = f"{name}: the steps of time vary by up to {100 * deviation / median:.0f} %; read as equally spaced."
            step = median if abs(mean / median - 1) <= 0.01 else mean
            return _said(name, 1.0 / step, seconds, options, [note])
    return _irregular(name, seconds, steps, lines, options)


def _quantum(seconds: Doubles, median: float) -> float:
    """One tick of the clock that wrote the column: 16 or 17 ms where 16.7 is meant is rounding, not jitter."""
    for tick in (1.0, 1e-3, 1e-6):
        ticks = seconds / tick
        if tick <= median / 4 and bool(np.all(np.abs(ticks - np.rint(ticks)) < 1e-3)):
            return tick * 1.0001
    return 0.0


def _irregular(name: str, seconds: Doubles, steps: Doubles, lines: NDArray[np.int64], options: ReadOptions) -> Clock:
    positive = steps[steps > 0]
    typical, mean = float(np.median(positive)), float(seconds[-1] - seconds[0]) / len(steps)
    if options.resample is False:
        return _said(name, 1.0 / mean, seconds, options, [f"{name}: irregular times are read as equally spaced."])
    if options.resample is True:
        rate_hz = options.rate_hz or _nice(1.0 / mean)
        times = np.arange(int(np.floor((seconds[-1] - seconds[0]) * rate_hz)) + 1) / rate_hz
        return Clock(rate_hz, times, seconds, [f"{name}: irregular times were interpolated to {rate_hz:g} Hz."])
    worst = int(np.argmax(steps))
    still = int((steps == 0).sum())
    where = (
        f"the longest step, {steps[worst]:.4g} s, is at line {int(lines[worst + 1])}; the usual one is {typical:.4g} s"
        + (f"; {still} readings share the time of the one before" if still else "")
    )
    raise Question(
        f"{name}: the times are irregular: {where}.",
        hint="Resample to a constant rate by interpolation, or take the readings as equally spaced.",
        questions=(
            Choice(
                option="resample",
                text="Interpolate to a constant rate? (no: take as equally spaced)",
                choices=("true", "false"),
            ),
        ),
    )


def _nice(rate_hz: float) -> float:
    """Three significant digits: 99.87 -> 99.9."""
    return float(f"{rate_hz:.3g}")


def _said(name: str, rate_hz: float, seconds: Doubles, options: ReadOptions, warnings: list[str]) -> Clock:
    if options.rate_hz is not None and abs(options.rate_hz / rate_hz - 1) > 0.01:
        warnings.append(
            f"{name}: its time column gives {rate_hz:.6g} Hz, not {options.rate_hz:g} Hz; the column is used."
        )
    return Clock(float(f"{rate_hz:.9g}"), None, seconds, warnings)


def _ask_rate(name: str, options: ReadOptions, why: str) -> float:
    if options.rate_hz is not None:
        return options.rate_hz
    raise Question(
        f"{name}: no rate: {why}.",
        hint="Give the number of readings a second (rate_hz).",
        questions=(Choice(option="rate_hz", text="Readings a second (Hz)"),),
    )


def rate_without_column(name: str, options: ReadOptions) -> float:
    """The rate of a file without a time column: the caller's, else a question."""
    return _ask_rate(name, options, "the file has no time column")
