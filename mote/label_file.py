"""A table that says which file has which label: a CSV with the columns file, label and perhaps split."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from mote.archive import Entry
from mote.errors import BadInput
from mote.labels import SPLIT_WORDS, LabelRule, Said, clean_path
from mote.sample import printable

_NAMES = {"labels.csv", "label.csv", "metadata.csv", "annotations.csv"}
_FILE_COLUMNS = ("file", "file_name", "filename", "path", "name")
_LABEL_COLUMNS = ("label", "class", "category")


@dataclass
class LabelFile:
    """A label file: path or name of a recording -> what it says."""

    path: str
    rows: dict[str, Said]
    seen: set[str] = field(default_factory=set)

    def find(self, file: str) -> Said | None:
        folder = self.path.rpartition("/")[0]
        inside = file[len(folder) + 1 :] if folder and file.startswith(folder + "/") else file
        name = inside.rpartition("/")[2]
        for key in (inside, name, name.rpartition(".")[0]):
            if key in self.rows:
                self.seen.add(key)
                return self.rows[key]
        return None


def find_label_file(entries: Sequence[Entry], rule: LabelRule) -> LabelFile | None:
    """The label file that the rule names, or that lies in the folder where the rule is `auto`.

    Raises:
        BadInput: the rule names a file that is not there, or lacks the columns.
    """
    if rule.kind == "file":
        entry = next((e for e in entries if e.path == rule.pattern or e.path.endswith("/" + rule.pattern)), None)
        outside = Path(rule.pattern)
        if entry is None and outside.is_file():
            entry = Entry(rule.pattern, outside.stat().st_size, outside.read_bytes)
        if entry is None:
            raise BadInput(f"No label file {rule.pattern!r}.", hint="Give its path, or its name inside the folder.")
        table = _read_table(entry)
        if table is None:
            raise BadInput(
                f"{entry.path}: a label file needs the columns file and label.", hint="For example: file,label,split"
            )
        return table
    if rule.kind == "auto":
        for entry in entries:
            if entry.path.rpartition("/")[2].lower() in _NAMES:
                table = _read_table(entry)
                if table is not None:
                    return table
    return None


def _read_table(entry: Entry) -> LabelFile | None:
    """None when the file has no such columns (then it is a recording like any other)."""
    text = entry.read().decode("utf-8-sig", errors="replace")
    delimiter = next((d for d in ";\t," if d in text.partition("\n")[0]), ",")
    try:
        rows = list(csv.DictReader(io.StringIO(text), delimiter=delimiter))
    except csv.Error:
        return None
    columns = {str(column).strip().lower(): column for column in (rows[0] if rows else {}) if column}
    file_column = next((columns[c] for c in _FILE_COLUMNS if c in columns), None)
    label_column = next((columns[c] for c in _LABEL_COLUMNS if c in columns), None)
    if file_column is None or label_column is None:
        return None
    table = LabelFile(entry.path, {})
    for row in rows:
        file = clean_path((row[file_column] or "").strip())
        rest = {k.strip(): v.strip() for k, v in row.items() if isinstance(k, str) and isinstance(v, str)}
        label, split = rest.pop(label_column.strip(), ""), rest.pop(columns.get("split", "split").strip(), "")
        rest.pop(file_column.strip(), None)
        if file:
            table.rows[file] = Said(
                label=label or None,
                split=SPLIT_WORDS.get(split.lower()),
                metadata={printable(k, 80): printable(v, 400) for k, v in rest.items() if v},
            )
    return table
