"""The label files of an Edge Impulse export folder.

    info.labels               {"version": 1, "files": [{"path", "category", "label": {...}, "metadata"}]},
                              or, where it is very large, one such entry a line
    structured_labels.labels  {"structuredLabels": {file: [{"startIndex", "endIndex", "label"}]}}

Indices count readings, and the end is inclusive.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from mote.archive import Entry
from mote.errors import BadInput, MoteError
from mote.labels import SPLIT_WORDS, clean_path, from_indices
from mote.sample import Sample, Segment, printable

INFO, STRUCTURED = "info.labels", "structured_labels.labels"
_MAX_BYTES = 256 * 1024 * 1024


@dataclass
class Export:
    """One info.labels or structured_labels.labels: what it says of the files below its folder."""

    path: str
    folder: str
    entries: dict[str, dict[str, Any]]
    seen: set[str] = field(default_factory=set)

    def find(self, file: str) -> dict[str, Any] | None:
        """The entry of a file: by its path below this folder (archives count as transparent), else by its name."""
        if self.folder and not file.startswith(self.folder + "/"):
            return None
        inside = file[len(self.folder) + 1 :] if self.folder else file
        parts = [part for part in inside.split("/") if not part.lower().endswith(".zip")]
        for start in range(len(parts)):
            key = "/".join(parts[start:])
            if key in self.entries:
                self.seen.add(key)
                return self.entries[key]
        return None


def exports_in(entries: Sequence[Entry]) -> tuple[list[Export], list[tuple[str, MoteError]]]:
    """The label files among entries, the innermost first, and those that cannot be read."""
    exports: list[Export] = []
    bad: list[tuple[str, MoteError]] = []
    for entry in entries:
        name = entry.path.rpartition("/")[2]
        if name not in (INFO, STRUCTURED):
            continue
        try:
            exports.append(_export(entry, name))
        except MoteError as error:
            bad.append((entry.path, error))
    return sorted(exports, key=lambda export: -len(export.folder)), bad


def _export(entry: Entry, name: str) -> Export:
    if entry.size > _MAX_BYTES:
        raise BadInput(f"{entry.path}: {entry.size} bytes of labels.", hint="Export in parts.")
    text = entry.read().decode("utf-8-sig", errors="replace")
    try:
        items = _ndjson(text) if text.lstrip().startswith('{"__ndjson"') else _json_entries(text, name)
    except (ValueError, RecursionError, AttributeError, TypeError, KeyError) as error:
        raise BadInput(
            f"{entry.path}: the label file cannot be read ({str(error)[:100]}).", hint="Export the dataset again."
        ) from error
    return Export(entry.path, entry.path.rpartition("/")[0], items)


def _json_entries(text: str, name: str) -> dict[str, dict[str, Any]]:
    document = json.loads(text)
    if name == STRUCTURED:
        spans = document["structuredLabels"]
        return {
            clean_path(file): {"label": {"type": "multi-label", "labels": labels}} for file, labels in spans.items()
        }
    return {clean_path(item["path"]): dict(item) for item in document["files"]}


def _ndjson(text: str) -> dict[str, dict[str, Any]]:
    """The form of very large exports: a header line, then one {"__key": "files", "__item": {...}} a line."""
    items = (json.loads(line) for line in text.splitlines()[1:] if line.strip())
    return {clean_path(item["__item"]["path"]): dict(item["__item"]) for item in items if item.get("__key") == "files"}


def labelled_by(file: str, samples: tuple[Sample, ...], exports: list[Export]) -> tuple[Sample, ...] | None:
    """Samples with the labels, split and metadata of the export that lists the file; None if none does."""
    result = None
    for export in exports:
        item = export.find(file)
        if item is None:
            continue
        result = tuple(_with_item(export.path, item, sample) for sample in result or samples)
    return result


def _with_item(source: str, item: dict[str, Any], sample: Sample) -> Sample:
    category = str(item.get("category", ""))
    metadata = item.get("metadata")
    pairs = metadata.items() if isinstance(metadata, dict) else ()
    extra = {printable(str(key), 80): printable(str(value), 400) for key, value in pairs}
    return replace(
        sample,
        segments=_item_segments(source, item.get("label"), sample),
        split=SPLIT_WORDS.get(category, sample.split),
        metadata={**sample.metadata, **extra},
    )


def _item_segments(source: str, label: object, sample: Sample) -> tuple[Segment, ...]:
    if not isinstance(label, dict):
        return sample.segments
    kind = label.get("type")
    if kind == "label" and isinstance(label.get("label"), str) and label["label"]:
        return sample.with_label(label["label"])
    if kind == "multi-label" and isinstance(label.get("labels"), list):
        try:
            spans = [(int(x["startIndex"]), int(x["endIndex"]), str(x["label"])) for x in label["labels"]]
        except (KeyError, TypeError, ValueError, OverflowError) as error:
            raise BadInput(f"{source}: the labels of {sample.name} cannot be read.", hint="Export again.") from error
        return from_indices(source, spans, sample)
    return () if kind == "unlabeled" else sample.segments
