"""From the text of a delimited file to columns: comments, delimiter, decimal comma, header, numbers."""

from __future__ import annotations

import csv
import re
from collections import Counter
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from mote.errors import BadInput, Choice, Question
from mote.formats._base import MAX_AXES, MAX_VALUES, ReadOptions

COMMENTS = ("#", "%", "//")
_DELIMITERS = (";", "\t", "|", ",")
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?|[+-]?(nan|inf|infinity)", re.IGNORECASE)
_COMMA_NUMBER = re.compile(r"[+-]?(\d+,\d*|,\d+|\d+)([eE][+-]?\d+)?")
_THOUSANDS = re.compile(r"[+-]?[1-9]\d{0,2}(,\d{3})+")
_MISSING = {"", "na", "n/a", "nan", "null", "none", "-", "?"}
_PROBE = 50


@dataclass
class Table:
    """Columns as they stand in the file. A column is numbers (float64) or text (list of str)."""

    names: list[str]
    """Empty where the file has no header."""
    columns: list[NDArray[np.float64] | list[str]]
    lines: NDArray[np.int64]
    """Each row's line in the file, from 1."""
    warnings: list[str] = field(default_factory=list)

    @property
    def rows(self) -> int:
        return len(self.lines)

    def name_of(self, index: int) -> str:
        return self.names[index] if index < len(self.names) and self.names[index] else f"column {index + 1}"


def decode(name: str, data: bytes) -> str:
    """Text of a file: UTF-8, UTF-16 with its mark, else Latin-1; bytes that no text holds are refused."""
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        try:
            return data.decode("utf-16")
        except UnicodeDecodeError as error:
            raise BadInput(f"{name}: damaged UTF-16 text.", hint="Save it as UTF-8.") from error
    if b"\0" in data:
        at = data.index(b"\0")
        raise BadInput(f"{name}: byte {at + 1} is zero: not a text file.", hint="Export it as CSV text.")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("latin-1")


def parse(name: str, text: str, options: ReadOptions) -> Table:
    """Split a text into columns.

    Raises:
        BadInput: rows of different lengths, no rows, too many columns.
        Question: a comma that may be decimal or not.
    """
    lines, numbers, comment = _data_lines(text)
    if not lines:
        raise BadInput(f"{name}: no readings in the file.", hint="It holds only comments or blank lines.")
    delimiter = _delimiter(name, lines, options)
    first, second = _split(lines[0], delimiter), _split(lines[min(1, len(lines) - 1)], delimiter)
    decimal = _decimal(name, lines[1:_PROBE] or lines, delimiter, options)
    names: list[str] = []
    if _is_header(first, second, decimal) and len(lines) > 1:
        names, lines, numbers = first, lines[1:], numbers[1:]
    elif comment is not None:
        candidate = _split(comment, delimiter)
        if (
            _trimmed(candidate)
            and len(_trimmed(candidate)) == len(_trimmed(first)) > 1
            and not any(map(_is_number, candidate))
        ):
            names = candidate
    if len(_split(lines[0], delimiter)) > MAX_AXES * 4:
        raise BadInput(f"{name}: {len(first)} columns.", hint=f"At most {MAX_AXES} axes are read, one a column.")
    table = _numbers(lines, numbers, delimiter, decimal) or _cells(name, lines, numbers, delimiter, decimal)
    return _fit_names(name, table, names)


def _data_lines(text: str) -> tuple[list[str], list[int], str | None]:
    """Lines that hold data, their numbers, and the last comment right before them (it may be the header)."""
    lines: list[str] = []
    numbers: list[int] = []
    comment: str | None = None
    for number, line in enumerate(text.splitlines(), start=1):
        if not line or line.isspace():
            continue
        if line.lstrip().startswith(COMMENTS):
            if not lines:
                comment = line.strip().lstrip("#%/").strip()
            continue
        lines.append(line)
        numbers.append(number)
    return lines, numbers, comment


def _delimiter(name: str, lines: list[str], options: ReadOptions) -> str | None:
    """The delimiter that splits the first lines into the same number of parts; None = blanks or one column."""
    probe = lines[:_PROBE]
    best: tuple[float, str] | None = None
    for candidate in _DELIMITERS:
        counts = [len(_split(line, candidate)) - 1 for line in probe]
        usual, times = Counter(counts).most_common(1)[0]
        if usual == 0:
            continue
        score = times / len(probe) + (0.5 if candidate != "," else 0.0)
        if best is None or score > best[0]:
            best = (score, candidate)
    if best is not None and best[1] == "," and _one_column_of_commas(probe):
        if options.decimal == ",":
            return None
        if options.decimal is None:
            raise _decimal_question(name, probe[-1])
    return best[1] if best else None


def _one_column_of_commas(probe: list[str]) -> bool:
    """`1,25` a line: one column with decimal commas, or two columns? With a header of one name: ask."""
    head, body = probe[0], probe[1:]
    return (
        "," not in head
        and not _is_number(head)
        and bool(body)
        and all(_COMMA_NUMBER.fullmatch(x.strip()) for x in body)
    )


def _decimal(name: str, lines: list[str], delimiter: str | None, options: ReadOptions) -> str:
    if options.decimal is not None:
        return options.decimal if delimiter != "," else "."
    if delimiter == ",":
        return "."
    cells = [cell for line in lines for cell in _split(line, delimiter) if "," in cell]
    numeric = [cell for cell in cells if _COMMA_NUMBER.fullmatch(cell)]
    if not numeric:
        return "."
    if all(_THOUSANDS.fullmatch(cell) for cell in numeric):
        raise _decimal_question(name, numeric[0])
    return ","


def _decimal_question(name: str, cell: str) -> Question:
    return Question(
        f"{name}: the comma in {cell.strip()[:40]!r} may be a decimal comma, or not.",
        hint='Say which character marks decimals: "," or ".".',
        questions=(Choice(option="decimal", text="Which character marks decimals?", choices=(",", ".")),),
    )


def _split(line: str, delimiter: str | None) -> list[str]:
    if delimiter is None:
        return line.split()
    if '"' in line:
        try:
            return [cell.strip() for cell in next(csv.reader([line], delimiter=delimiter, skipinitialspace=True))]
        except (csv.Error, StopIteration):
            return [line]
    return [cell.strip() for cell in line.split(delimiter)]


def _trimmed(cells: list[str]) -> list[str]:
    """Without the empty cell that a delimiter at the end of the line leaves."""
    return cells[:-1] if cells and not cells[-1] else cells


def _is_number(cell: str) -> bool:
    return _NUMBER.fullmatch(cell) is not None


def _is_header(first: list[str], second: list[str], decimal: str) -> bool:
    """No number in the first row, or text where the second row has numbers."""

    def number(cell: str) -> bool:
        return _is_number(cell.replace(",", ".") if decimal == "," else cell) and cell.lower() != "nan"

    if not any(number(cell) or re.match(r"\d+[-/.:]\d+", cell) for cell in first):
        return any(cell.strip() for cell in first) and not all(cell.lower() in _MISSING for cell in first)
    numeric = [index for index, cell in enumerate(second) if number(cell)]
    text = [index for index in numeric if index < len(first) and first[index] and not number(first[index])]
    return len(text) * 2 > len(numeric)


def _numbers(lines: list[str], numbers: list[int], delimiter: str | None, decimal: str) -> Table | None:
    """The fast way: every cell a number. None when it is not so; `_cells` then finds out where."""
    if any('"' in line for line in lines[:3]):
        return None
    source = (line.replace(",", ".") for line in lines) if decimal == "," and delimiter != "," else lines
    try:
        values = np.loadtxt(source, delimiter=delimiter, ndmin=2, comments=None)
    except (ValueError, OverflowError):
        return None
    if values.shape[0] != len(lines) or not bool(np.isfinite(values).all()):
        return None
    return Table([], [values[:, index] for index in range(values.shape[1])], np.asarray(numbers))


def _cells(name: str, lines: list[str], numbers: list[int], delimiter: str | None, decimal: str) -> Table:
    """Cell by cell: text columns stay text; a hole in a column of numbers is refused with its place."""
    rows = [_split(line, delimiter) for line in lines]
    width = _width(name, rows, numbers)
    if width * len(rows) > MAX_VALUES:
        raise BadInput(f"{name}: {len(rows)} rows of {width} columns.", hint="Cut the recording into shorter files.")
    columns: list[NDArray[np.float64] | list[str]] = []
    for index in range(width):
        cells = [row[index] if index < len(row) else "" for row in rows]
        columns.append(_column(cells, decimal))
    return Table([], columns, np.asarray(numbers))


def _width(name: str, rows: list[list[str]], numbers: list[int]) -> int:
    for row in rows:
        if len(row) > 1 and not row[-1]:
            row.pop()
    width = Counter(map(len, rows)).most_common(1)[0][0]
    for row, number in zip(rows, numbers, strict=True):
        if len(row) == width - 1:
            row.append("")  # the last cell is empty: said with its column where that matters
        if len(row) != width:
            raise BadInput(
                f"{name}, line {number}: {len(row)} columns where the others have {width}.",
                hint="Mend or remove the line; a decimal comma in a file separated by commas looks like this too.",
            )
    return width


def _column(cells: list[str], decimal: str) -> NDArray[np.float64] | list[str]:
    """Numbers if every cell but missing ones is one (missing = NaN), else the cells."""
    if decimal == ",":
        cells = [cell.replace(",", ".") if _COMMA_NUMBER.fullmatch(cell) else cell for cell in cells]
    values = np.empty(len(cells))
    seen = False
    for index, cell in enumerate(cells):
        if cell.lower() in _MISSING:
            values[index] = np.nan
        elif _is_number(cell):
            values[index], seen = float(cell), True
        else:
            return cells
    return values if seen else cells


def _fit_names(name: str, table: Table, names: list[str]) -> Table:
    """Give the columns their names; a first column that the header leaves out is a row number, as R writes it."""
    width = len(table.columns)
    if not names:
        return table
    if len(names) > width and not any(names[width:]):
        names = names[:width]
    if len(names) == width - 1 and _counts_rows(table.columns[0]):
        table.warnings.append(f"{name}: the first column has no name and counts the rows; left out.")
        table.columns = table.columns[1:]
    elif len(names) != width:
        raise BadInput(
            f"{name}: the header names {len(names)} columns, the rows have {width}.",
            hint="Mend the header; a decimal comma in a file separated by commas looks like this too.",
        )
    table.names = names
    return table


def _counts_rows(column: NDArray[np.float64] | list[str]) -> bool:
    if isinstance(column, list):
        if not all(re.fullmatch(r"\d{1,9}", cell) for cell in column):
            return False
        column = np.array([float(cell) for cell in column])
    return len(column) < 2 or bool(np.all(np.diff(column) == 1))


def counts_rows(table: Table, index: int) -> bool:
    """Whether a column is the row number that pandas or a spreadsheet adds."""
    header = table.names[index].lower() if table.names else "x"
    return header in {"", "index", "unnamed: 0", "row", "row_id", "row_number"} and _counts_rows(table.columns[index])
