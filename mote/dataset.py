"""From a folder, an archive or an upload to labelled, divided samples.

loaded = mote.dataset.load_folder("recordings", label="{label}_{speaker}_{index}",
                                  split=SplitRule(kind="where", key="index", values=("0", "1")))
loaded.samples, loaded.refused, loaded.warnings
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np

from mote import formats
from mote.archive import Entry, Found, Rejected, files_in, opened
from mote.errors import BadInput, Choice, MoteError, Question
from mote.export_labels import Export, exports_in, labelled_by
from mote.formats import ReadOptions
from mote.label_file import LabelFile, find_label_file
from mote.labels import LabelRule, Said, detect, folder_label, folder_split, from_name, parse_rule
from mote.sample import Sample, Split
from mote.split import SplitRule, assign

_EI_FORMATS = {"ei_json", "ei_cbor"}


@dataclass(frozen=True)
class Imported:
    """One file that was read."""

    file: str
    samples: tuple[Sample, ...]
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True)
class Refused:
    """One file that was not read, and how to mend it."""

    file: str
    message: str
    hint: str = ""
    questions: tuple[Choice, ...] = ()


@dataclass
class Loaded:
    """What came out of a folder. Nothing is left out silently: a file is imported, refused or ignored."""

    imported: list[Imported] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)
    ignored: list[str] = field(default_factory=list)
    """Files of a kind that is not a recording: a licence, a picture."""
    missing: list[str] = field(default_factory=list)
    """Files that a label file lists and that are not there."""
    warnings: list[str] = field(default_factory=list)
    label_rule: LabelRule = field(default_factory=lambda: LabelRule(kind="none"))
    """The rule that was used; what `auto` decided."""

    @property
    def samples(self) -> list[Sample]:
        return [sample for imported in self.imported for sample in imported.samples]

    @property
    def questions(self) -> list[Choice]:
        """What the refused files ask, each question once."""
        found: dict[str, Choice] = {}
        for refused in self.refused:
            for question in refused.questions:
                found.setdefault(question.option, question)
        return list(found.values())


@dataclass(frozen=True)
class Dataset:
    """Samples ready for a pipeline."""

    samples: tuple[Sample, ...]
    warnings: tuple[str, ...] = ()

    @property
    def labels(self) -> tuple[str, ...]:
        """All labels, sorted."""
        return tuple(sorted({segment.label for sample in self.samples for segment in sample.segments}))

    def side(self, split: Split) -> tuple[Sample, ...]:
        return tuple(sample for sample in self.samples if sample.split == split)

    @property
    def content_hash(self) -> str:
        """SHA-256 over every sample's content, labels and split; the order does not matter."""
        return dataset_hash(self.samples)


def dataset_hash(samples: Iterable[Sample]) -> str:
    """See `Dataset.content_hash`."""
    lines = []
    for sample in samples:
        spans = ";".join(f"{s.start_s!r},{s.end_s!r},{s.label}" for s in sample.segments)
        lines.append(f"{sample.content_hash} {sample.split} {spans}")
    return hashlib.sha256("\n".join(sorted(lines)).encode()).hexdigest()


def load(
    source: str | Path,
    *,
    label: str | LabelRule = "auto",
    split: SplitRule | None = None,
    options: ReadOptions | None = None,
) -> Dataset:
    """`load_folder` for a notebook: the dataset, or the first reason why there is none.

    Raises:
        Question, BadInput: a file was refused; the message says how many more.
    """
    loaded = load_folder(source, label=label, split=split, options=options)
    if loaded.refused:
        first, more = loaded.refused[0], len(loaded.refused) - 1
        message = first.message + (f" (and {more} more files)" if more else "")
        if first.questions:
            raise Question(message, hint=first.hint, questions=first.questions)
        raise BadInput(message, hint=first.hint)
    if not loaded.samples:
        raise BadInput(f"{source}: no recordings found.", hint="Mote reads CSV, WAV, and acquisition JSON and CBOR.")
    return Dataset(tuple(loaded.samples), tuple(loaded.warnings))


def load_folder(
    source: str | Path,
    *,
    label: str | LabelRule = "auto",
    split: SplitRule | None = None,
    options: ReadOptions | None = None,
    on_file: Callable[[int, int, str], None] | None = None,
) -> Loaded:
    """Read every recording of a folder or zip archive.

    Args:
        source: folder or archive; archives inside a folder are read as folders.
        label: where labels come from, see `LabelRule`.
        split: how recordings are divided; None = as the files say, the rest by hash.
        options: answers to what files leave open; one answer goes for all files.
        on_file: called with (files done, files in all, name).

    Raises:
        BadInput: no such folder, or a label file that cannot be read. A bad recording is only refused, see `Loaded`.
    """
    return load_entries(files_in(Path(source)), label=label, split=split, options=options, on_file=on_file)


def load_files(
    files: Iterable[tuple[str, bytes]],
    *,
    label: str | LabelRule = "auto",
    split: SplitRule | None = None,
    options: ReadOptions | None = None,
) -> Loaded:
    """The same for files in memory (an upload): (path, content); archives are opened."""

    def entries() -> Iterator[Found]:
        for name, data in files:
            yield from opened(name.replace("\\", "/").lstrip("/"), len(data), lambda data=data: data)  # type: ignore[misc]

    return load_entries(entries(), label=label, split=split, options=options)


def load_entries(
    found: Iterable[Found],
    *,
    label: str | LabelRule = "auto",
    split: SplitRule | None = None,
    options: ReadOptions | None = None,
    on_file: Callable[[int, int, str], None] | None = None,
    divide: bool = True,
) -> Loaded:
    """The work behind `load_folder` and `load_files`.

    With `divide` False only what files, folders and label files say is kept; the other samples have no side yet.
    """
    loaded = Loaded()
    entries: list[Entry] = []
    for item in found:
        if isinstance(item, Rejected):
            loaded.refused.append(_refusal(item.path, item.error))
        else:
            entries.append(item)
    rule = parse_rule(label)
    exports, unreadable = exports_in(entries)
    loaded.refused += [_refusal(path, error) for path, error in unreadable]
    table = find_label_file(entries, rule)
    if table is not None and rule.kind == "auto":
        loaded.warnings.append(f"Labels were taken from {table.path}.")
        rule = LabelRule(kind="file", pattern=table.path)
    recordings = [entry for entry in entries if not _is_label_file(entry, table)]
    formats_used = _read_all(recordings, options or ReadOptions(), loaded, on_file)
    _label_all(loaded, rule, exports, table, formats_used)
    _split_all(loaded, split or SplitRule(kind="files"), divide)
    _summarise(loaded)
    return loaded


def _refusal(file: str, error: MoteError) -> Refused:
    return Refused(file, error.message, error.hint, error.questions if isinstance(error, Question) else ())


def _is_label_file(entry: Entry, table: LabelFile | None) -> bool:
    return entry.path.lower().endswith(".labels") or (table is not None and entry.path == table.path)


def _read_all(
    entries: Sequence[Entry], options: ReadOptions, loaded: Loaded, on_file: Callable[[int, int, str], None] | None
) -> dict[str, str]:
    """Read what is a recording; returns the format of each file."""
    used: dict[str, str] = {}
    for index, entry in enumerate(entries):
        if on_file:
            on_file(index, len(entries), entry.path)
        try:
            known = entry.path.lower().endswith(_extensions())
            data = _content(entry)
            kind = formats.sniff(entry.path, data[:4096])
            if kind is None and (not known or entry.path.lower().endswith((".txt", ".dat", ".data"))):
                loaded.ignored.append(entry.path)
                continue
            result = formats.read(entry.path, data, options)
            used[entry.path] = kind.name if kind else ""
            loaded.imported.append(Imported(entry.path, tuple(result.samples), tuple(result.warnings)))
        except MoteError as error:
            loaded.refused.append(_refusal(entry.path, error))
    return used


def _content(entry: Entry) -> bytes:
    if entry.size > formats.MAX_BYTES:
        raise BadInput(
            f"{entry.path}: {entry.size} bytes; at most {formats.MAX_BYTES} are read.",
            hint="Cut it into shorter files.",
        )
    try:
        return entry.read()
    except OSError as error:
        raise BadInput(
            f"{entry.path}: cannot be read ({error.strerror}).", hint="Check the file's permissions."
        ) from error


def _extensions() -> tuple[str, ...]:
    return tuple(extension for kind in formats.formats().values() for extension in kind.extensions)


# --- labels ----------------------------------------------------------------------------------------------------------


def _label_all(
    loaded: Loaded, rule: LabelRule, exports: list[Export], table: LabelFile | None, formats_used: dict[str, str]
) -> None:
    open_files: list[int] = []
    kept: list[Imported] = []
    for item in loaded.imported:
        try:
            listed = labelled_by(item.file, item.samples, exports)
        except MoteError as error:
            loaded.refused.append(_refusal(item.file, error))
            continue
        said = rule.kind in ("name", "file") or (listed is None and not any(s.segments for s in item.samples))
        kept.append(replace(item, samples=listed) if listed is not None else item)
        if said:
            open_files.append(len(kept) - 1)
    loaded.imported = kept
    if rule.kind == "auto":
        rule, notes = _detect(loaded, open_files, formats_used)
        loaded.warnings += notes
    for index in open_files:
        kept[index] = _by_rule(kept[index], rule, table)
    for export in exports:
        loaded.missing += [path for path in export.entries if path not in export.seen]
    if table is not None:
        loaded.missing += [path for path in table.rows if path not in table.seen]
    loaded.label_rule = rule


def _detect(loaded: Loaded, open_files: list[int], formats_used: dict[str, str]) -> tuple[LabelRule, list[str]]:
    paths = [loaded.imported[index].file for index in open_files]
    if not paths:
        return LabelRule(kind="none"), []
    if all(formats_used.get(path) in _EI_FORMATS for path in paths):
        note = (
            f"{len(paths)} acquisition files are not listed; labels were taken from their names, up to the first dot."
        )
        return LabelRule(kind="name", pattern="{label}.*"), [note]
    rule, notes = detect(paths)
    if rule.kind == "none":
        notes = [f"{len(paths)} files have no label; give a label rule, or label them by hand."]
    return rule, notes


def _by_rule(item: Imported, rule: LabelRule, table: LabelFile | None) -> Imported:
    found: Said | None = None
    if rule.kind == "folder":
        found = Said(label=folder_label(item.file))
    elif rule.kind == "name":
        found = from_name(item.file, rule.pattern)
        if found is None and rule.pattern == "{label}.*":  # a name without a second dot is all label
            found = from_name(item.file, "{label}")
    elif rule.kind == "file" and table is not None:
        found = table.find(item.file)
    if found is None:
        note = () if rule.kind == "none" else (f"{item.file}: the label rule does not fit; imported without a label.",)
        return replace(item, warnings=(*item.warnings, *note))
    return replace(item, samples=tuple(_labelled(sample, found) for sample in item.samples))


def _labelled(sample: Sample, found: Said) -> Sample:
    return replace(
        sample,
        segments=sample.with_label(found.label) if found.label else sample.segments,
        split=found.split or sample.split,
        metadata={**sample.metadata, **found.metadata},
    )


# --- split and summary ------------------------------------------------------------------------------------------------


def _split_all(loaded: Loaded, rule: SplitRule, divide: bool) -> None:
    sided = [
        replace(sample, split=sample.split or folder_split(item.file))
        for item in loaded.imported
        for sample in item.samples
    ]
    if divide and rule.kind == "files" and sided and not any(sample.split for sample in sided):
        loaded.warnings.append(
            f"The files do not say what is for testing: {rule.testing_percent:g} % were taken, by hash of content."
        )
    assigned = assign(sided, rule) if divide else [sample.split for sample in sided]
    sides = iter(zip(sided, assigned, strict=True))
    loaded.imported = [
        replace(
            item,
            samples=tuple(replace(sample, split=side) for _, (sample, side) in zip(item.samples, sides, strict=False)),
        )
        for item in loaded.imported
    ]


def _summarise(loaded: Loaded) -> None:
    if loaded.missing:
        shown = ", ".join(loaded.missing[:3])
        loaded.warnings.append(f"{len(loaded.missing)} files are listed with labels and are not there: {shown} ...")
    if loaded.ignored:
        kinds = Counter("." + path.rpartition(".")[2].lower() if "." in path else path for path in loaded.ignored)
        listed = ", ".join(f"{count} x {kind}" for kind, count in kinds.most_common(8))
        loaded.warnings.append(f"{len(loaded.ignored)} files are not recordings and were left out: {listed}.")
    notes = Counter(warning.split(": ", 1)[-1] for item in loaded.imported for warning in item.warnings)
    loaded.warnings += [f"{count} files: {note}" for note, count in notes.most_common(20)]


def check_together(samples: Sequence[Sample]) -> None:
    """Refuse samples that one pipeline cannot take together.

    Raises:
        BadInput: names the first sample whose axes or rate (beyond 1 %) differ from the usual ones, and the remedy.
    """
    if not samples:
        raise BadInput("There are no samples.", hint="Import or record some first.")
    usual_axes = Counter(tuple(axis.name for axis in sample.axes) for sample in samples).most_common(1)[0][0]
    usual_rate = float(np.median([sample.rate_hz for sample in samples]))
    for sample in samples:
        names = tuple(axis.name for axis in sample.axes)
        if names != usual_axes:
            raise BadInput(
                f"{sample.name} has the axes {', '.join(names)}; most samples have {', '.join(usual_axes)}.",
                hint="Delete it, or import it again with the columns named alike.",
            )
        if abs(sample.rate_hz / usual_rate - 1) > 0.01:
            raise BadInput(
                f"{sample.name} was recorded at {sample.rate_hz:g} Hz; the others at {usual_rate:g} Hz.",
                hint="Delete it, or import it again with resample and rate_hz set.",
            )
