"""Sending a folder to a project, in requests of a size that a server likes; for `mote demo` and `mote upload`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from mote.client import Client, Json
from mote.errors import BadInput
from mote.labels import rule_for_upload

BATCH_FILES = 100
BATCH_BYTES = 25_000_000
LABEL_LISTS = ("info.labels", "structured_labels.labels", "labels.csv", "label.csv", "metadata.csv", "annotations.csv")

FINISHED = ("done", "failed", "cancelled")

File = tuple[str, Path]
"""Path inside the dropped folder, with forward slashes, and where it is."""


@dataclass
class Uploaded:
    """What became of a folder."""

    samples: int = 0
    duplicates: int = 0
    refused: list[Json] = field(default_factory=list)
    missing: set[str] | None = None
    """Listed in a label file and in none of the requests."""
    notes: list[str] = field(default_factory=list)

    def add(self, report: Json, companions: set[str], first: bool) -> None:
        """Add the report of one request; what travels along with each is counted once."""
        kept = {kind: [i for i in report[kind] if first or i["file"] not in companions] for kind in _KINDS}
        self.samples += sum(len(item["sample_ids"]) for item in kept["imported"])
        self.duplicates += len(kept["duplicates"])
        self.refused += kept["refused"]
        missing = set(report["missing"])
        self.missing = missing if self.missing is None else self.missing & missing
        self.notes += [note for note in report["warnings"] if note not in self.notes]


_KINDS = ("imported", "duplicates", "refused")


def upload_folder(
    client: Client,
    project_id: str,
    folder: Path,
    label_rule: Json,
    read_options: Json,
    on_batch: Callable[[int, int], None] = lambda done, total: None,
) -> Uploaded:
    """Send everything in a folder, or one file or archive.

    Label lists go along with every request, since each request is labelled on its own; for the same reason the rule
    `auto` is decided here, over all names.

    Args:
        label_rule: as the API takes it; the `pattern` of kind `file` may be a file anywhere on this machine.
        on_batch: told (files sent, in all).

    Raises:
        BadInput: nothing to send, or not one recording was taken.
        ServerError: the server refused a whole request.
    """
    files = files_below(folder)
    lists, recordings = _apart(files, label_rule)
    result = Uploaded()
    rule, notes = _decided(label_rule, [name for name, _ in recordings], bool(lists))
    result.notes += notes
    companions = {name for name, _ in lists}
    done = 0
    for number, batch in enumerate(batches(recordings)):
        options = {"label_rule": rule, "read_options": read_options}
        report = client.upload(project_id, [*lists, *batch], options)
        result.add(report, companions, first=number == 0)
        if report["job_id"]:
            _wait_for_import(client, project_id, report["job_id"], result)
        done += len(batch)
        on_batch(done, len(recordings))
    if not result.samples and not result.duplicates:
        reasons = "; ".join(f"{item['file']}: {item['message']} {item.get('hint', '')}" for item in result.refused[:3])
        raise BadInput(f"No recording of {folder} could be imported. {reasons}".strip())
    return result


def _wait_for_import(client: Client, project_id: str, job_id: str, result: Uploaded) -> None:
    """A large archive is imported in the background; its log says what became of each file."""
    path = f"/projects/{project_id}"
    before = client.get(path)["counts"]["samples"]
    job = client.follow(f"{path}/jobs/{job_id}", lambda job: job["state"] in FINISHED, lambda job: None)
    if job["state"] != "done":
        error = job["error"] or {}
        raise BadInput(error.get("message") or f"The import is {job['state']}.", hint=error.get("hint") or "")
    result.samples += client.get(path)["counts"]["samples"] - before
    result.notes += [line["text"] for line in client.get(f"{path}/jobs/{job_id}/log")["lines"]]


def _apart(files: list[File], label_rule: Json) -> tuple[list[File], list[File]]:
    """(label lists, the rest)."""
    listed = [file for file in files if PurePosixPath(file[0]).name in LABEL_LISTS]
    if label_rule.get("kind") == "file":
        path = Path(label_rule["pattern"])
        listed += [(path.name, path)] if path.name not in {PurePosixPath(name).name for name, _ in listed} else []
    names = {name for name, _ in listed}
    return listed, [file for file in files if file[0] not in names]


def _decided(label_rule: Json, names: list[str], has_lists: bool) -> tuple[Json, list[str]]:
    if label_rule.get("kind") == "file":
        return {**label_rule, "pattern": Path(label_rule["pattern"]).name}, []
    if label_rule.get("kind") != "auto" or has_lists:
        return label_rule, []
    rule, notes = rule_for_upload(names)
    return rule.model_dump(), notes


def files_below(folder: Path) -> list[File]:
    """Everything in a folder that is not hidden, sorted by name; or the one file that `folder` is.

    Raises:
        BadInput: no such folder, or nothing in it.
    """
    if folder.is_file():
        return [(folder.name, folder)]
    if not folder.is_dir():
        raise BadInput(f"There is no folder {folder}.", hint="Name a folder of recordings, or a zip.")
    found = [
        (str(PurePosixPath(*path.relative_to(folder).parts)), path)
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not any(part.startswith(".") for part in path.relative_to(folder).parts)
    ]
    if not found:
        raise BadInput(f"{folder} holds no files.")
    return found


def batches(files: Iterable[File]) -> Iterator[list[File]]:
    """Pieces of at most 100 files or 25 MB (one larger file travels alone)."""
    batch: list[File] = []
    size = 0
    for name, path in files:
        length = path.stat().st_size
        if batch and (len(batch) >= BATCH_FILES or size + length > BATCH_BYTES):
            yield batch
            batch, size = [], 0
        batch.append((name, path))
        size += length
    if batch:
        yield batch
