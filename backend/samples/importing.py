"""Importing files: what mote reads out of them becomes rows and one pack, and everything is reported.

    entries -> mote.dataset (read, label) -> without duplicates -> sides -> pack -> rows

Until the pack is written nothing is stored; the rows come in one transaction. A file is stored whole, or it is refused
with a reason.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from backend.database import Database
from backend.dependencies import Access
from backend.samples import service, store
from backend.samples.schemas import DuplicateFile, ImportedFile, RefusedFile, UploadOptions, UploadReport
from backend.samples.store import Pack, Place
from backend.samples.tables import SampleRow
from backend.storage import Storage
from mote import formats
from mote.archive import Entry, Found, Rejected
from mote.dataset import Imported, Loaded, Refused, load_entries
from mote.errors import BadInput, MoteError
from mote.labels import LabelRule
from mote.sample import Sample, Split
from mote.split import SplitRule, assign

MAX_LISTED = 1000
"""Names of ignored files in the report."""
MAX_MISSING = 100_000
MAX_PATH = 500


@dataclass
class _Import:
    """One import as it grows."""

    access: Access
    options: UploadOptions
    rule: SplitRule
    """By which recordings are divided that have no side by the options."""
    known: dict[str, uuid.UUID]
    """Content hash -> sample that the project has, or that this import adds."""
    pack: Pack = field(default_factory=Pack)
    rows: list[SampleRow] = field(default_factory=list)
    imported: list[ImportedFile] = field(default_factory=list)
    refused: list[RefusedFile] = field(default_factory=list)
    duplicates: list[DuplicateFile] = field(default_factory=list)


def import_entries(
    database: Database,
    storage: Storage,
    access: Access,
    found: Sequence[Found],
    options: UploadOptions,
    on_file: Callable[[int, int, str], None] | None = None,
) -> UploadReport:
    """Import files whose content can be read.

    Args:
        on_file: called with (files read, files in all, name); may raise to stop before anything is stored.
    """
    found = list(_once(found))
    entries = {item.path: item for item in found if isinstance(item, Entry)}
    _check_rules(entries, options)
    rule = _label_rule(options)
    loaded = load_entries(found, label=rule, options=options.read_options, divide=False, on_file=on_file)
    with database.transaction(write=False) as session:
        split = options.split_rule or service.split_rule(session, access.project_id)
        known = store.known(session, access.project_id, [sample.content_hash for sample in loaded.samples])
    work = _Import(access, options, split, known, refused=[_refused(item) for item in loaded.refused])
    for item in loaded.imported:
        _add_file(work, item, entries[item.file])
    _store(database, storage, work)
    return _report(work, loaded)


def _check_rules(entries: dict[str, Entry], options: UploadOptions) -> None:
    """Refuse rules that do not fit an upload.

    Raises:
        BadInput: a label file that is not among the files (mote would look for it on this machine), or a split rule
            that counts recordings and so needs all of them.
    """
    rule, split = options.label_rule, options.split_rule
    if rule.kind == "file" and not any(path == rule.pattern or path.endswith("/" + rule.pattern) for path in entries):
        raise BadInput(f"The label file {rule.pattern!r} was not sent.", hint="Send it along with the recordings.")
    if split is not None and split.kind in ("every", "last"):
        hint = "Upload first, then divide all samples of the project by this rule."
        raise BadInput(f"The split rule {split.kind!r} counts recordings; an upload may be one of several.", hint=hint)
    if split is not None and split.kind in ("group", "where") and not split.key:
        raise BadInput(f"The split rule {split.kind!r} needs a key.", hint='For example {"key": "speaker"}.')


def _label_rule(options: UploadOptions) -> LabelRule:
    return LabelRule(kind="none") if options.label else options.label_rule


def _once(found: Sequence[Found]) -> Iterator[Found]:
    """Every path once; a second file of the same path is rejected instead of hiding the first."""
    seen: set[str] = set()
    for item in found:
        if isinstance(item, Entry) and item.path in seen:
            yield Rejected(item.path, BadInput(f"{item.path}: sent twice.", hint="Send each file once."))
        else:
            seen.add(item.path)
            yield item


def _add_file(work: _Import, item: Imported, entry: Entry) -> None:
    """Add the new recordings of one file, or refuse it whole."""
    try:
        samples = [_with_options(work, sample) for sample in item.samples]
        warnings = list(item.warnings)
        divided = [_divided(work, sample, warnings) for sample in samples]
    except MoteError as error:
        work.refused.append(RefusedFile(file=item.file, message=error.message, hint=error.hint))
        return
    fresh = [(sample, said) for sample, said in divided if sample.content_hash not in work.known]
    for sample, _ in divided:
        if sample.content_hash in work.known:
            work.duplicates.append(DuplicateFile(file=item.file, sample_id=work.known[sample.content_hash]))
    if not fresh:
        return
    data = entry.read()
    place, kind = work.pack.add(data), formats.sniff(item.file, data[:4096])
    ids = []
    for sample, said in fresh:
        if sample.content_hash in work.known:  # twice in one file
            work.duplicates.append(DuplicateFile(file=item.file, sample_id=work.known[sample.content_hash]))
            continue
        row = _row(work, sample, said, item, place, kind.name if kind else "")
        work.known[sample.content_hash] = row.id
        work.rows.append(row)
        ids.append(row.id)
    work.imported.append(ImportedFile(file=item.file, sample_ids=ids, warnings=warnings))


def _with_options(work: _Import, sample: Sample) -> Sample:
    options = work.options
    segments = sample.with_label(options.label) if options.label else sample.segments
    return replace(sample, segments=segments, metadata={**sample.metadata, **options.metadata})


def _divided(work: _Import, sample: Sample, warnings: list[str]) -> tuple[Sample, Split | None]:
    """A recording with its side, and what side its file said.

    Raises:
        BadInput: the rule of this upload asks for metadata that the recording lacks. Where the rule is the project's,
            the side is taken by the hash of the content instead, and that is said.
    """
    said = sample.split
    if work.options.split:
        return replace(sample, split=work.options.split), said
    try:
        (side,) = assign([sample], work.rule)
    except BadInput as error:
        if work.options.split_rule is not None:
            raise
        warnings.append(f"{error.message} Its side was taken by the hash of its content.")
        (side,) = assign([sample], SplitRule(kind="hash", testing_percent=work.rule.testing_percent))
    return replace(sample, split=side), said


def _row(work: _Import, sample: Sample, said: Split | None, item: Imported, place: Place, format: str) -> SampleRow:
    values = work.pack.add_values(sample)
    row = store.new_row(sample, values, format=format, created_by=work.access.user_id)
    row.said_split = said
    row.warnings = [store.clean(warning, 400) for warning in item.warnings][:20]
    row.file_name, row.file_offset, row.file_bytes = store.clean(item.file, MAX_PATH), place.offset, place.bytes
    store.set_search_text(row)
    return row


def _store(database: Database, storage: Storage, work: _Import) -> None:
    """Write the pack, then all rows at once."""
    key = work.pack.store(storage) if work.rows else ""
    with database.transaction() as session:
        rule = work.options.split_rule
        if rule is not None and rule.kind in ("hash", "group", "where", "files"):
            service.set_split_rule(session, work.access.project_id, rule)
        if work.rows:
            _move_to_duplicates(work, store.insert(session, work.access, work.rows, key))


def _move_to_duplicates(work: _Import, there: dict[str, uuid.UUID]) -> None:
    """Report what another import was faster with."""
    if not there:
        return
    lost = {row.id: there[row.content_hash] for row in work.rows if row.content_hash in there}
    for item in work.imported:
        work.duplicates += [
            DuplicateFile(file=item.file, sample_id=lost[one]) for one in item.sample_ids if one in lost
        ]
        item.sample_ids = [one for one in item.sample_ids if one not in lost]
    work.imported = [item for item in work.imported if item.sample_ids]


def _report(work: _Import, loaded: Loaded) -> UploadReport:
    listed = f"{len(loaded.missing)} files are listed"  # said by `missing`; a request may be one part of an export
    warnings = [warning for warning in loaded.warnings if not loaded.missing or not warning.startswith(listed)]
    return UploadReport(
        imported=work.imported,
        refused=work.refused,
        duplicates=work.duplicates,
        ignored=loaded.ignored[:MAX_LISTED],
        missing=loaded.missing[:MAX_MISSING],
        warnings=warnings,
        questions=loaded.questions,
        label_rule=loaded.label_rule,
    )


def _refused(item: Refused) -> RefusedFile:
    return RefusedFile(
        file=item.file, message=item.message, hint=item.hint, questions=list(item.questions) if item.questions else None
    )
