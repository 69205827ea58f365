"""CSV and its relatives: any delimiter, comment lines, header or none, time column or rate, labels in a column.

What a file leaves open (the rate, the unit of time, a decimal comma, the order of a date, irregular steps, several
interleaved sensors) is asked for; what was decided from the content is said in a warning.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mote.errors import BadInput, Choice, Question
from mote.formats import _time
from mote.formats._base import MAX_SAMPLES, ReadOptions, ReadResult, as_floats, axes_of, check_rate, check_size, stem
from mote.formats._table import COMMENTS, Table, counts_rows, decode, parse
from mote.sample import MAX_LABEL, Sample, Segment, printable

_LABEL_NAMES = {"label", "labels", "class", "activity", "gesture", "target", "annotation"}
_SENSOR_NAMES = re.compile(r"sensor[ _]?(id|type|name|number)?|channel[ _]?id|device[ _]?id", re.IGNORECASE)
_COUNTER_NAMES = re.compile(r"(sample|seq|sequence|packet|row|reading)[ _]?(no|nr|number|id|index)?\.?", re.IGNORECASE)
_UNIT = re.compile(r"^(?P<name>.*?)\s*[(\[](?P<unit>[^)\]]*)[)\]]\s*$")


class Csv:
    """Delimited text, one reading a line."""

    name = "csv"
    title = "CSV text"
    extensions = (".csv", ".tsv", ".txt", ".data", ".dat")

    def sniff(self, name: str, head: bytes) -> bool:
        if head[:2] in (b"\xff\xfe", b"\xfe\xff"):
            return True
        if b"\0" in head or head[:1] in (b"{", b"[", b"<"):
            return False
        return name.lower().endswith((".csv", ".tsv")) or _has_rows_of_numbers(head)

    def read(self, name: str, data: bytes, options: ReadOptions) -> ReadResult:
        table = parse(name, decode(name, data), options)
        parts = _sensors(name, table, options)
        result = ReadResult([], list(table.warnings))
        for part in parts:
            result.samples.append(_sample(name, part, options, result.warnings))
        return result


@dataclass
class _Part:
    """The rows of one sensor; most files have one part."""

    table: Table
    suffix: str = ""
    metadata: tuple[tuple[str, str], ...] = ()


def _has_rows_of_numbers(head: bytes) -> bool:
    """Two lines with the same number (two or more) of cells, most of them numbers; prose has none."""
    text = head.decode("utf-8", errors="replace").rsplit("\n", 1)[0]
    rows = [
        re.split(r"[;,\t| ]+", line.strip()) for line in text.splitlines() if not line.lstrip().startswith(COMMENTS)
    ]
    numeric = [
        len(row)
        for row in rows
        if sum(bool(re.fullmatch(r'"?[-+.\d][-+.:\deE]*"?', cell)) for cell in row) * 2 > len(row)
    ]
    return len(numeric) >= 2 and len(numeric) * 2 > len(rows) and len(set(numeric)) <= 3


def _sensors(name: str, table: Table, options: ReadOptions) -> list[_Part]:
    """Long format: rows of several sensors in turn, told apart by a sensor column. Asks which one is meant."""
    keys = [
        index
        for index in range(len(table.names))
        if _SENSOR_NAMES.fullmatch(table.names[index].strip()) and len(set(_texts(table.columns[index]))) <= 64
    ]
    if not keys:
        return [_Part(table)]
    rows = list(zip(*(_texts(table.columns[index]) for index in keys), strict=True))
    groups: dict[str, list[int]] = {}
    for row_number, key in enumerate(rows):
        groups.setdefault("/".join(key), []).append(row_number)
    kept = [index for index in range(len(table.columns)) if index not in keys and not _is_counter(table, index)]
    if len(groups) > 1 and options.sensor is None:
        title = "/".join(table.names[index].strip() for index in keys)
        found = ", ".join(f"{key} ({len(rows)} readings)" for key, rows in groups.items())
        raise Question(
            f"{name}: the file interleaves {len(groups)} sensors ({title}): {found}.",
            hint='Choose one (sensor), or "all" to import each as its own sample.',
            questions=(Choice(option="sensor", text=f"Which sensor ({title})?", choices=(*groups, "all")),),
        )
    chosen = list(groups) if options.sensor == "all" or len(groups) == 1 else [options.sensor or ""]
    if len(chosen) > MAX_SAMPLES or chosen[0] not in groups:
        raise BadInput(f"{name}: no sensor {chosen[0]!r}.", hint=f"The file has {', '.join(groups)}.")
    return [
        _Part(
            _rows(table, groups[key], kept), f"#{key.replace('/', '-')}" if len(chosen) > 1 else "", (("sensor", key),)
        )
        for key in chosen
    ]


def _texts(column: NDArray[np.float64] | list[str]) -> list[str]:
    return column if isinstance(column, list) else [f"{value:g}" for value in column]


def _is_counter(table: Table, index: int) -> bool:
    return _COUNTER_NAMES.fullmatch(table.names[index].strip()) is not None


def _rows(table: Table, rows: list[int], columns: list[int]) -> Table:
    picked: list[NDArray[np.float64] | list[str]] = []
    for index in columns:
        column = table.columns[index]
        picked.append([column[row] for row in rows] if isinstance(column, list) else column[rows])
    return Table([table.names[index] for index in columns], picked, table.lines[rows])


def _sample(name: str, part: _Part, options: ReadOptions, warnings: list[str]) -> Sample:
    table = part.table
    clock_columns, seconds, notes = _time_column(name, table, options)
    warnings += notes
    labels = _label_column(table)
    used = {*clock_columns, labels} if labels is not None else set(clock_columns)
    indices = _axis_columns(name, table, used, options, warnings)
    columns = [table.columns[index] for index in indices]
    check_size(table.rows, len(columns), name)
    values = np.stack([column for column in columns if not isinstance(column, list)], axis=1)
    _refuse_holes(name, table, values, indices)
    rate_hz = _time.rate_without_column(name, options) if seconds is None else 0.0
    times: NDArray[np.float64] | None = None
    if seconds is not None:
        clock = _time.clock(name, seconds, table.lines, options)
        warnings += clock.warnings
        rate_hz, times = clock.rate_hz, clock.resample_to
    if times is not None and seconds is not None:
        check_size(len(times), len(columns), name)
        values = np.stack([np.interp(times, seconds, values[:, index]) for index in range(values.shape[1])], axis=1)
    names, units = _names(name, table, indices, options)
    sample = Sample(stem(name) + part.suffix, as_floats(values, name), check_rate(rate_hz, name), axes_of(names, units))
    segments = _segments(table, labels, seconds if times is not None else None, sample)
    return Sample(sample.name, sample.values, sample.rate_hz, sample.axes, segments, metadata=dict(part.metadata))


def _time_column(
    name: str, table: Table, options: ReadOptions
) -> tuple[list[int], NDArray[np.float64] | None, list[str]]:
    """The columns that hold time, and their seconds from the first reading."""
    named = [index for index, header in enumerate(table.names) if _time.is_time_name(header)]
    if not table.names:  # without a header only date-times can be told from readings
        named = [index for index, column in enumerate(table.columns) if isinstance(column, list)][:2]
    texts = [index for index in named if isinstance(table.columns[index], list)]
    if texts:
        cells = [" ".join(parts) for parts in zip(*(table.columns[index] for index in texts[:2]), strict=True)]
        header = " ".join(table.name_of(index) for index in texts[:2])
        seconds = _time.parse_dates(name, header, [str(cell) for cell in cells], options)
        if seconds is None and len(texts) == 2:
            texts = texts[:1]
            first = table.columns[texts[0]]
            seconds = _time.parse_dates(name, header, first if isinstance(first, list) else [], options)
        if seconds is not None:
            return texts[:2], seconds, []
        if table.names:
            raise BadInput(
                f"{name}: the dates in column {header!r} ({cells[0][:40]!r}) are not understood.",
                hint="Write them as 2026-01-31 12:00:00.000, or as a number with its unit in the header.",
            )
    for index in named:
        column = table.columns[index]
        if not isinstance(column, list):
            _refuse_holes(name, table, column[:, None], [index])
            seconds, notes = _time.to_seconds(name, table.name_of(index), column, options)
            return [index], seconds, notes
    return [], None, []


def _label_column(table: Table) -> int | None:
    return next((index for index, header in enumerate(table.names) if header.strip().lower() in _LABEL_NAMES), None)


def _axis_columns(name: str, table: Table, used: set[int], options: ReadOptions, warnings: list[str]) -> list[int]:
    """Columns that hold readings. What is left out is said."""
    rest = [index for index in range(len(table.columns)) if index not in used]
    if options.axes and table.names:
        by_name = {_name_and_unit(table.names[index])[0]: index for index in rest}
        if set(options.axes) <= set(by_name):
            rest = [by_name[axis] for axis in options.axes]
    left_out = [index for index in rest if table.names and counts_rows(table, index)]
    texts = [index for index in rest if isinstance(table.columns[index], list)]
    holes = [index for index in texts if not any(_texts(table.columns[index]))]
    for index in (*left_out, *texts):
        why = "counts the rows" if index in left_out else "is empty" if index in holes else "is text"
        warnings.append(f"{name}: {table.name_of(index)!r} {why}; left out.")
    axes = [index for index in rest if index not in left_out and index not in texts]
    if not axes:
        shown = ", ".join(repr(cell[:30]) for cell in _texts(table.columns[rest[0]])[:2]) if rest else ""
        raise BadInput(
            f"{name}: no column of numbers{f' (the first holds {shown})' if shown else ''}.",
            hint="One line must be one reading: numbers, separated by comma, semicolon, tab or blank.",
        )
    return axes


def _refuse_holes(name: str, table: Table, values: NDArray[np.float64], indices: list[int]) -> None:
    bad = ~np.isfinite(values)
    if bad.any():
        row, column = (int(i) for i in np.argwhere(bad)[0])
        raise BadInput(
            f"{name}, line {int(table.lines[row])}: {table.name_of(indices[column])!r} has no value"
            f" ({int(bad.sum())} such cells in the file).",
            hint="Fill the gaps or remove those lines or that column, then import again.",
        )


def _names(name: str, table: Table, indices: list[int], options: ReadOptions) -> tuple[list[str], list[str]]:
    if options.axes and not table.names:
        if len(options.axes) != len(indices):
            raise BadInput(
                f"{name}: {len(indices)} columns of readings, and {len(options.axes)} names were given for them.",
                hint="Give one name a column.",
            )
        return list(options.axes), [""] * len(indices)
    if not table.names:
        return [f"axis_{index + 1}" for index in range(len(indices))], [""] * len(indices)
    pairs = [_name_and_unit(table.names[index]) for index in indices]
    return [pair[0] for pair in pairs], [pair[1] for pair in pairs]


def _name_and_unit(header: str) -> tuple[str, str]:
    """`acc_x [mg]` -> acc_x, mg."""
    found = _UNIT.match(header.strip())
    return (found["name"].strip(), found["unit"].strip()) if found and found["name"].strip() else (header.strip(), "")


def _segments(
    table: Table, label_column: int | None, seconds: NDArray[np.float64] | None, sample: Sample
) -> tuple[Segment, ...]:
    """Runs of one value in a label column; empty cells are unlabelled. `seconds` only where times were resampled."""
    if label_column is None:
        return ()
    labels = [printable(label, MAX_LABEL) for label in _texts(table.columns[label_column])]
    starts = [0, *(index for index in range(1, len(labels)) if labels[index] != labels[index - 1])]
    segments = []
    for start, end in zip(starts, [*starts[1:], len(labels)], strict=True):
        if not labels[start] or labels[start] == "nan":
            continue
        begin_s = start / sample.rate_hz if seconds is None else float(seconds[start])
        end_s = end / sample.rate_hz if seconds is None or end >= len(labels) else float(seconds[end])
        end_s = min(end_s, sample.duration_s) if seconds is not None else end_s
        if end_s > begin_s:
            segments.append(Segment(start_s=begin_s, end_s=end_s, label=labels[start]))
    return tuple(segments)


PLUGIN = Csv()
