"""What a request brings: files, paths and options. Small imports are done at once, large ones are left to a job."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import BinaryIO

from pydantic import ValidationError

from backend import queue
from backend.database import Database
from backend.dependencies import Access
from backend.samples.importing import MAX_PATH, import_entries
from backend.samples.schemas import UploadOptions, UploadReport
from backend.storage import Storage
from mote.archive import Entry, Found, opened
from mote.errors import BadInput

REQUEST_BYTES = 256 * 1024 * 1024
"""Unpacked size that a request imports by itself; above, a job does it."""
ARCHIVE_BYTES = 64 * 1024 * 1024
"""Likewise, of one archive as it is (it is held in memory while it is read)."""
JOB_BYTES = 2 * 1024 * 1024 * 1024
"""Unpacked size that one job imports."""


@dataclass(frozen=True)
class Part:
    """One uploaded file."""

    path: str
    file: BinaryIO
    size: int

    def read(self) -> bytes:
        """The whole content."""
        self.file.seek(0)
        return self.file.read()


def parts_of(files: Sequence[tuple[str, BinaryIO]], paths: str | None) -> list[Part]:
    """Uploaded files with their paths.

    Args:
        files: (file name as sent, open file).
        paths: JSON list of the paths, where clients cannot send a path as a file's name.

    Raises:
        BadInput: another number of paths than of files, or no text.
    """
    names = [name for name, _ in files]
    if paths is not None:
        names = _names_in(paths)
        if len(names) != len(files):
            raise BadInput(f"{len(names)} paths for {len(files)} files.", hint="Give one path for each file.")
    return [Part(_tidy_path(name), file, _size(file)) for name, (_, file) in zip(names, files, strict=True)]


def _names_in(paths: str) -> list[str]:
    try:
        names = json.loads(paths)
    except (ValueError, RecursionError):
        names = None
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        raise BadInput("The field paths is not a JSON list of texts.", hint='For example: ["walk/01.csv"].')
    return names


def _tidy_path(name: str) -> str:
    """A path as it is stored and reported. It never names a file of this machine; `..` would only confuse people."""
    printable = "".join(letter if letter.isprintable() else "_" for letter in name)
    pieces = [piece for piece in printable.replace("\\", "/").split("/") if piece not in ("", ".", "..")]
    return "/".join(pieces)[-MAX_PATH:].lstrip("/") or "unnamed"


def _size(file: BinaryIO) -> int:
    return file.seek(0, 2)


def parse_options(text: str) -> UploadOptions:
    """The form field `options`.

    Raises:
        BadInput: not JSON, or not an UploadOptions; names the field.
    """
    try:
        return UploadOptions.model_validate_json(text or "{}")
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"]) or "the JSON"
        raise BadInput(f"options: {where}: {first['msg']}.", hint="See UploadOptions in the API's document.") from None


def import_parts(
    database: Database, storage: Storage, access: Access, parts: Sequence[Part], options: UploadOptions
) -> UploadReport:
    """Import uploaded files, or leave a large import to a job.

    Raises:
        BadInput: nothing was sent, or the options do not fit what was sent. A bad file is only refused.
    """
    if not parts:
        raise BadInput("No files were sent.", hint="Send them as parts named files.")
    if any(part.path.lower().endswith(".zip") and part.size > ARCHIVE_BYTES for part in parts):
        return _leave_to_job(database, storage, access, parts, options)
    found = list(entries_of((part.path, part.size, part.read) for part in parts))
    if sum(item.size for item in found if isinstance(item, Entry)) > REQUEST_BYTES:
        return _leave_to_job(database, storage, access, parts, options)
    return import_entries(database, storage, access, found, options)


def entries_of(files: Iterable[tuple[str, int, object]]) -> Iterator[Found]:
    """Files with archives opened."""
    for path, size, read in files:
        yield from opened(path, size, read)  # type: ignore[arg-type]


def _leave_to_job(
    database: Database, storage: Storage, access: Access, parts: Sequence[Part], options: UploadOptions
) -> UploadReport:
    files = [{"path": part.path, "key": storage.put_file(part.file)[0], "size": part.size} for part in parts]
    payload = {"files": files, "options": options.model_dump(mode="json")}
    with database.transaction() as session:
        subject = ("import", uuid.uuid4())
        job = queue.enqueue(session, access.project_id, "import", subject, payload, created_by=access.user_id)
        note = "This is large: it is imported in the background. The job's log says what became of each file."
        return UploadReport(imported=[], refused=[], duplicates=[], warnings=[note], job_id=job.id)
