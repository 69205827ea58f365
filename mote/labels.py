"""Where labels come from: folders, file names, label files; and the one place that turns indices into seconds."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Literal

import numpy as np
from pydantic import BaseModel, ConfigDict, Field

from mote.errors import BadInput
from mote.sample import MAX_LABEL, Sample, Segment, Split, printable

SPLIT_WORDS: dict[str, Split] = {
    "training": "training", "train": "training", "validation": "training", "val": "training",
    "testing": "testing", "test": "testing",
}  # fmt: skip
"""Folder and category names that say which side a file is on. Validation is taken from training at training time."""

AUTO_PATTERNS = ("{label}.*", "{label}_{speaker}_{index}", "{label}_{index}", "{label}-{index}")
"""Name patterns that `auto` tries, in this order, when folders say nothing."""


class LabelRule(BaseModel):
    """How files get their labels.

    - `auto`: a label file, else folders, else one of `AUTO_PATTERNS` if it fits every file; what was found is said.
    - `folder`: the name of the folder that the file lies in (folders such as `train` are passed over).
    - `name`: `pattern` with named fields, matched against the path's end: `{label}_{speaker}_{index}`, `{label}.*`,
      `{label}/{person}/*`. `*` is anything. Fields other than `label` and `split` become metadata.
    - `file`: a CSV named by `pattern` with the columns file, label and perhaps split; other columns become metadata.
    - `none`: no labels.

    Labels that the recording itself carries (a label column) or that an export lists (info.labels) come first, except
    where `kind` is `name` or `file`: then the person has said otherwise.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: Literal["auto", "folder", "name", "file", "none"] = "auto"
    pattern: str = Field(default="", max_length=300)


class Said(BaseModel, frozen=True):
    """What a rule says about one file."""

    label: str | None = None
    split: Split | None = None
    metadata: dict[str, str] = {}


def parse_rule(text: str | LabelRule) -> LabelRule:
    """A rule as people write it: "auto", "folder", "none", a pattern with `{label}`, or the name of a CSV file."""
    if isinstance(text, LabelRule):
        return text
    if text in ("auto", "folder", "none"):
        return LabelRule(kind=text)
    if "{label}" in text:
        return LabelRule(kind="name", pattern=text)
    if text.lower().endswith((".csv", ".tsv", ".txt")):
        return LabelRule(kind="file", pattern=text)
    raise BadInput(
        f"{text!r} is not a label rule.",
        hint='Write "auto", "folder", "none", a pattern such as "{label}_{speaker}_{index}", or a label file\'s name.',
    )


MAX_NAME = 255
"""What file systems allow; a longer name fits no pattern."""
MAX_STARS = 2
"""In one name of a pattern; each is tried at every place."""


@lru_cache(maxsize=64)
def compiled(pattern: str) -> re.Pattern[str]:
    """The regular expression of a name pattern.

    Raises:
        BadInput: no `{label}`, a field twice, or a name that is not a word.
    """
    parts = [part for part in re.split(r"(\{[^}]*\}|\*+)", pattern) if part]
    if any(piece.count("*") > MAX_STARS for piece in re.sub(r"\*+", "*", pattern).split("/")):
        raise BadInput(f"Name pattern {pattern!r} has more than {MAX_STARS} * in one name.", hint="Name the parts.")
    expression, fields = "", []
    for at, part in enumerate(parts):
        if part.startswith("*"):
            expression += "[^/]*"
        elif part.startswith("{"):
            name = part[1:-1]
            if not re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]{0,39}", name) or name in fields:
                raise BadInput(f"Name pattern {pattern!r}: the field {part} is not a word, or comes twice.")
            fields.append(name)
            expression += f"(?P<{name}>[^/]+?)" if at >= len(parts) - 2 else _atomic(name, parts[at + 1])
        elif at == 0 or at == len(parts) - 1 or not parts[at - 1].startswith("{"):
            expression += re.escape(part)
    if not fields:
        raise BadInput(f"Name pattern {pattern!r} has no field.", hint="Write, for example, {label}_{speaker}_{index}.")
    return re.compile(expression)


def _atomic(name: str, following: str) -> str:
    """A field and the text after it, never tried again in another way.

    The first place where the text follows is as good as any later one (what comes next only gains room), and without
    trying again a hostile pattern cannot take ages (Python's `re` backtracks).
    """
    text = "" if following.startswith(("{", "*")) else re.escape(following)
    return f"(?>(?P<{name}>[^/]+?){text})"


def from_name(path: str, pattern: str) -> Said | None:
    """What a pattern reads in a file's path; None if it does not fit.

    The pattern is held against as many of the path's last parts as it has itself, with and without the extension.
    """
    expression = compiled(pattern)
    pieces = path.split("/")[-1 - pattern.count("/") :]
    if any(len(piece) > MAX_NAME for piece in pieces):
        return None
    tail = "/".join(pieces)
    bare = tail.rpartition(".")[0] or tail
    match = expression.fullmatch(bare) or expression.fullmatch(tail)
    if match is None:
        return None
    fields = match.groupdict()
    label, split = fields.pop("label", None), fields.pop("split", None)
    return Said(label=label, split=SPLIT_WORDS.get((split or "").lower()), metadata=fields)


def clean_path(path: object) -> str:
    """A path as label files write it, in the form that entries have: forward slashes, relative."""
    return str(path).replace("\\", "/").removeprefix("./").lstrip("/")


def folder_label(path: str) -> str | None:
    """The innermost folder that is neither an archive nor a word for a split."""
    folders = path.split("/")[:-1]
    named = [f for f in folders if f.lower() not in SPLIT_WORDS and not f.lower().endswith(".zip")]
    return named[-1] if named else None


def folder_split(path: str) -> Split | None:
    """`dataset/train/idle/a.csv` -> training; the outermost word counts."""
    return next(
        (SPLIT_WORDS[f] for f in (p.lower().removesuffix(".zip") for p in path.split("/")[:-1]) if f in SPLIT_WORDS),
        None,
    )


def detect(paths: Sequence[str]) -> tuple[LabelRule, list[str]]:
    """The rule that fits every file, and how it was found; `none` if nothing does."""
    folders = Counter(folder_label(path) for path in paths)
    if None not in folders and len(folders) >= 2:
        notes = [f"Labels were taken from the folders: {_listed(folders)}."]
        other = _pattern_that_fits(paths)
        if other and len(_labels_by(paths, other) - set(folders)) > len(folders):
            notes.append(f"The file names would give other labels; if those are meant, use the pattern {other!r}.")
        return LabelRule(kind="folder"), notes
    pattern = _pattern_that_fits(paths)
    if pattern:
        found = Counter(found.label for path in paths if (found := from_name(path, pattern)) and found.label)
        return LabelRule(kind="name", pattern=pattern), [
            f"Labels were taken from the file names as {pattern}: {_listed(found)}."
        ]
    return LabelRule(kind="none"), []


def rule_for_upload(paths: Sequence[str]) -> tuple[LabelRule, list[str]]:
    """What `auto` decides over all files by their names, for an upload in pieces of which each sees only some.

    Where a label list or an archive must be looked into, or the files are acquisitions that name themselves, it stays
    `auto`.
    """
    lists = {"labels.csv", "label.csv", "metadata.csv", "annotations.csv"}
    if any(path.lower().endswith((".zip", ".labels")) or path.lower().rpartition("/")[2] in lists for path in paths):
        return LabelRule(kind="auto"), []
    recordings = [path for path in paths if path.lower().endswith((".csv", ".tsv", ".wav", ".wave"))]
    if not recordings:
        return LabelRule(kind="auto"), []
    return detect(recordings)


def _pattern_that_fits(paths: Sequence[str]) -> str | None:
    for pattern in AUTO_PATTERNS:
        labels = _labels_by(paths, pattern)
        if not 2 <= len(labels) <= max(2, len(paths) // 2) or len(labels) > 200:
            continue
        return pattern
    return None


def _labels_by(paths: Sequence[str], pattern: str) -> set[str]:
    """Labels by a pattern; empty unless it fits every path in the way it is meant (an index is a number)."""
    labels = set()
    for path in paths:
        found = from_name(path, pattern)
        if found is None or found.label is None or not re.fullmatch(r"[\w \-+@]{1,60}", found.label):
            return set()
        if not found.metadata.get("index", "0").isdigit() or ("." in path.rpartition("/")[2].rpartition(".")[0]) != (
            ".*" in pattern
        ):
            return set()
        labels.add(found.label)
    return labels


def _listed(counts: Counter[str] | Counter[str | None]) -> str:
    shown = [f"{label} ({count})" for label, count in sorted(counts.items(), key=lambda item: str(item[0]))]
    return ", ".join(shown[:20]) + (f" and {len(shown) - 20} more" if len(shown) > 20 else "")


def from_indices(name: str, entries: Iterable[tuple[int, int, str]], sample: Sample) -> tuple[Segment, ...]:
    """Labelled spans in sample indices, end inclusive, as segments in seconds, end exclusive.

    Where two overlap the later one wins. This is the only place that knows about indices.

    Raises:
        BadInput: an index outside the recording, or an end before its start.
    """
    owner = np.full(sample.readings, -1, dtype=np.int32)
    labels: list[str] = []
    for start, end, label in entries:
        if not 0 <= start <= end < sample.readings:
            raise BadInput(
                f"{name}: the label {label!r} covers readings {start} to {end} of {sample.readings}.",
                hint="Mend the label file: indices start at 0 and the end is inclusive.",
            )
        owner[start : end + 1] = len(labels)
        labels.append(printable(label, MAX_LABEL))
    edges = np.flatnonzero(np.diff(owner)) + 1
    bounds = [0, *(int(edge) for edge in edges), sample.readings]
    return tuple(
        Segment(start_s=start / sample.rate_hz, end_s=end / sample.rate_hz, label=labels[owner[start]])
        for start, end in itertools.pairwise(bounds)
        if owner[start] >= 0 and labels[owner[start]]
    )
