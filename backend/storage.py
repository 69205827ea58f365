"""Blobs by content: recordings, models and firmware, in a local folder or an S3 bucket.

A blob's key is the SHA-256 of its bytes, so equal content is stored once, a key never changes its meaning and a
download can be checked. Deleting a row leaves the blob, since others may point to it.
"""

from __future__ import annotations

import hashlib
import os
import re
import uuid
from collections.abc import Iterator
from typing import IO, Annotated, Any, BinaryIO

import fsspec
from fastapi import Depends, Request
from fsspec.implementations.local import LocalFileSystem

from backend.errors import NotFound
from backend.settings import Settings

CHUNK_BYTES = 1024 * 1024
_KEY = re.compile(r"[0-9a-f]{64}")


class Storage:
    """Content-addressed blobs below an fsspec URL."""

    def __init__(self, url: str, options: dict[str, Any] | None = None) -> None:
        self.files, self.root = fsspec.core.url_to_fs(url, **(options or {}))
        self._local = isinstance(self.files, LocalFileSystem)

    @classmethod
    def of(cls, settings: Settings) -> Storage:
        """The storage that the settings name."""
        options: dict[str, Any] = {}
        if settings.storage.startswith("s3://"):
            # Listings would go stale: other processes write as well.
            options["use_listings_cache"] = False
            if settings.s3_endpoint_url:
                options["client_kwargs"] = {"endpoint_url": settings.s3_endpoint_url}
        return cls(settings.storage, options)

    def put(self, data: bytes) -> str:
        """Store bytes; returns their key."""
        key = hashlib.sha256(data).hexdigest()
        if not self.exists(key):
            self._write(key, iter((data,)))
        return key

    def put_file(self, file: BinaryIO) -> tuple[str, int]:
        """Store an open, seekable file from its beginning, piece by piece; returns key and size in bytes."""
        file.seek(0)
        digest, size = hashlib.sha256(), 0
        for chunk in iter(lambda: file.read(CHUNK_BYTES), b""):
            digest.update(chunk)
            size += len(chunk)
        key = digest.hexdigest()
        if not self.exists(key):
            file.seek(0)
            self._write(key, iter(lambda: file.read(CHUNK_BYTES), b""))
        return key, size

    def get(self, key: str) -> bytes:
        """A whole blob.

        Raises:
            NotFound: there is none with this key.
        """
        with self.open(key) as file:
            return file.read()

    def open(self, key: str) -> IO[bytes]:
        """A blob as a seekable file, to be closed by the caller.

        Raises:
            NotFound: there is none with this key.
        """
        try:
            opened: IO[bytes] = self.files.open(self._path(key), "rb")
        except FileNotFoundError:
            raise NotFound("The stored file is missing.", hint="Was the storage folder or bucket changed?") from None
        return opened

    def stream(self, key: str, start: int = 0, end: int | None = None) -> Iterator[bytes]:
        """The bytes [start, end) of a blob in chunks, for a response.

        Raises:
            NotFound: at once, not on the first chunk.
        """
        file = self.open(key)
        return _chunks(file, start, end)

    def size(self, key: str) -> int:
        """Size in bytes.

        Raises:
            NotFound: there is none with this key.
        """
        try:
            return int(self.files.size(self._path(key)))
        except FileNotFoundError:
            raise NotFound("The stored file is missing.", hint="Was the storage folder or bucket changed?") from None

    def exists(self, key: str) -> bool:
        """Whether there is a blob with this key."""
        return bool(self.files.exists(self._path(key)))

    def _path(self, key: str) -> str:
        if not _KEY.fullmatch(key):
            raise NotFound(f"{key!r} is not the key of a stored file.")
        return f"{self.root}/{key[:2]}/{key}"

    def _write(self, key: str, chunks: Iterator[bytes]) -> None:
        """A blob appears whole or not at all: S3 does so by itself, a local file is written aside and renamed."""
        path = self._path(key)
        aside = f"{path}.{uuid.uuid4().hex}.part" if self._local else path
        self.files.makedirs(path.rsplit("/", 1)[0], exist_ok=True)
        try:
            with self.files.open(aside, "wb") as file:
                for chunk in chunks:
                    file.write(chunk)
                if self._local:
                    file.flush()
                    os.fsync(file.fileno())
            if self._local:
                os.replace(aside, path)  # noqa: PTH105
        except BaseException:
            if self._local and self.files.exists(aside):
                self.files.rm(aside)
            raise


def _chunks(file: IO[bytes], start: int, end: int | None) -> Iterator[bytes]:
    with file:
        file.seek(start)
        left = None if end is None else end - start
        while left is None or left > 0:
            chunk = file.read(CHUNK_BYTES if left is None else min(CHUNK_BYTES, left))
            if not chunk:
                return
            left = None if left is None else left - len(chunk)
            yield chunk


def _storage(request: Request) -> Storage:
    storage: Storage = request.app.state.storage
    return storage


StorageDep = Annotated[Storage, Depends(_storage)]
