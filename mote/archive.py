"""Files out of folders and zip archives, with hostile archives in mind.

An archive is never unpacked to disk; a member is read when it is asked for, and at most as far as its declared length.
"""

from __future__ import annotations

import io
import stat
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from mote.errors import BadInput, MoteError, NotSupported
from mote.formats._base import MAX_BYTES

MAX_FILES = 100_000
MAX_TOTAL_BYTES = 4 * 1024**3
"""All members of one archive, unpacked."""
MAX_RATIO = 250
"""Unpacked to packed, for members above 1 MiB; text of a sensor reaches 20, a bomb 1000."""
MAX_DEPTH = 2
"""An archive in a folder or in one archive, no deeper."""


@dataclass(frozen=True)
class Entry:
    """One file that can be read.

    `path` is relative, with forward slashes; inside an archive it begins with the archive's own path
    (`export.zip/training/a.json`).
    """

    path: str
    size: int
    read: Callable[[], bytes]


@dataclass(frozen=True)
class Rejected:
    """One file that is left out, and why."""

    path: str
    error: MoteError


Found = Entry | Rejected


def is_zip(name: str, head: bytes) -> bool:
    """By content, or by name where the content is damaged (so that it is reported as an archive)."""
    return head[:4] in (b"PK\x03\x04", b"PK\x05\x06") or name.lower().endswith(".zip")


def files_in(source: Path) -> Iterator[Found]:
    """All files of a folder or a zip archive, in the order of their paths.

    Hidden files and system files of other machines are passed over; links that lead out of the folder are rejected.

    Raises:
        BadInput: there is no such file or folder.
    """
    if source.is_dir():
        yield from _folder(source)
    elif source.is_file():
        yield from opened(source.name, source.stat().st_size, source.read_bytes, depth=0, keep_name=False)
    else:
        raise BadInput(f"{source}: no such file or folder.", hint="Check the path.")


def _folder(root: Path) -> Iterator[Found]:
    resolved = root.resolve()
    count = 0
    for path in sorted(root.rglob("*")):
        name = path.relative_to(root).as_posix()
        if _passed_over(name) or path.is_dir():
            continue
        if not path.resolve().is_relative_to(resolved):
            yield Rejected(
                name, BadInput(f"{name}: a link that leads out of the folder.", hint="Copy the file itself.")
            )
            continue
        if not path.is_file():
            continue
        count += 1
        if count > MAX_FILES:
            raise BadInput(f"{root}: more than {MAX_FILES} files.", hint="Import it in parts.")
        yield from opened(name, path.stat().st_size, path.read_bytes, depth=0)


def opened(
    name: str, size: int, read: Callable[[], bytes], *, depth: int = 0, keep_name: bool = True
) -> Iterator[Found]:
    """The file itself or, if it is an archive, its members.

    Args:
        name: path of the file.
        size: bytes.
        read: gives the content.
        depth: how many archives lie around it.
        keep_name: whether members' paths begin with the archive's name.
    """
    if not name.lower().endswith(".zip"):
        yield Entry(name, size, read)
        return
    if depth >= MAX_DEPTH:
        yield Rejected(
            name, NotSupported(f"{name}: an archive inside an archive inside an archive.", hint="Unpack it.")
        )
        return
    try:
        yield from members(name if keep_name else "", read(), depth=depth + 1, title=name)
    except MoteError as error:
        yield Rejected(name, error)


def members(prefix: str, data: bytes, *, depth: int = 1, title: str = "") -> Iterator[Found]:
    """The members of a zip archive.

    Raises:
        BadInput: damaged, or larger than allowed when unpacked.
    """
    title = title or prefix or "archive"
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
        infos = archive.infolist()
    except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError, EOFError, UnicodeDecodeError) as error:
        raise BadInput(f"{title}: a damaged zip archive ({error}).", hint="Copy or download it again.") from error
    if len(infos) > MAX_FILES:
        raise BadInput(f"{title}: {len(infos)} files; at most {MAX_FILES} are read.", hint="Import it in parts.")
    total = sum(info.file_size for info in infos)
    if total > MAX_TOTAL_BYTES:
        raise BadInput(
            f"{title}: {total} bytes unpacked; at most {MAX_TOTAL_BYTES} are read.", hint="Import it in parts."
        )
    for info in sorted(infos, key=lambda info: info.filename):
        name = f"{prefix}/{info.filename}" if prefix else info.filename
        if info.is_dir() or _passed_over(info.filename):
            continue
        try:
            _check(name, info)
        except MoteError as error:
            yield Rejected(name[:300], error)
            continue
        yield from opened(name, info.file_size, _reader(name, archive, info), depth=depth)


def _passed_over(name: str) -> bool:
    parts = PurePosixPath(name.replace("\\", "/")).parts
    hidden = any(part.startswith(".") and part not in (".", "..") for part in parts)
    return hidden or "__MACOSX" in parts or (bool(parts) and parts[-1] in {"Thumbs.db", "desktop.ini"})


def _check(name: str, info: zipfile.ZipInfo) -> None:
    path = info.filename.replace("\\", "/")
    if path.startswith("/") or ".." in path.split("/") or ":" in path.split("/")[0] or "\0" in path:
        raise BadInput(
            f"{name[:200]}: the name leads out of the archive.", hint="Pack the archive again with plain names."
        )
    if info.flag_bits & 0x1:
        raise NotSupported(f"{name}: encrypted.", hint="Unpack it with its password and import the files.")
    if stat.S_ISLNK(info.external_attr >> 16):
        raise NotSupported(f"{name}: a symbolic link.", hint="Pack the file itself.")
    if info.file_size > MAX_BYTES:
        raise BadInput(
            f"{name}: {info.file_size} bytes; at most {MAX_BYTES} are read.", hint="Cut it into shorter files."
        )
    if info.file_size > 1024**2 and info.file_size > MAX_RATIO * max(1, info.compress_size):
        raise BadInput(
            f"{name}: unpacks to {info.file_size // max(1, info.compress_size)} times its size.",
            hint="This looks like a zip bomb; recordings shrink far less.",
        )


def _reader(name: str, archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> Callable[[], bytes]:
    def read() -> bytes:
        try:
            with archive.open(info) as member:
                data = member.read(info.file_size + 1)  # the declared length is a claim: never read beyond it
        except (
            zipfile.BadZipFile,
            zlib.error,
            EOFError,
            OSError,
            NotImplementedError,
            RuntimeError,
            ValueError,
        ) as error:
            raise BadInput(f"{name}: damaged inside the archive ({error}).", hint="Pack the archive again.") from error
        if len(data) != info.file_size:
            raise BadInput(f"{name}: not as long as the archive says.", hint="The archive is damaged: pack it again.")
        return data

    return read
