"""Blobs, in a local folder and on a real S3 server."""

from __future__ import annotations

import hashlib
import io
import threading
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest

from backend.errors import NotFound
from backend.settings import Settings
from backend.storage import CHUNK_BYTES, Storage


@pytest.fixture(params=["file", "s3"])
def storage(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Storage]:
    if request.param == "file":
        yield Storage.of(Settings(storage_url=f"file://{tmp_path}/blobs"))
    else:
        endpoint = request.getfixturevalue("s3_server")
        yield Storage.of(Settings(storage_url=f"s3://mote/{uuid.uuid4().hex}", s3_endpoint_url=endpoint))


def test_key_is_the_hash_of_the_content(storage: Storage) -> None:
    key = storage.put(b"readings")
    assert key == hashlib.sha256(b"readings").hexdigest()
    assert storage.get(key) == b"readings"
    assert storage.size(key) == 8
    assert storage.exists(key)
    assert storage.put(b"readings") == key


def test_empty_blob_is_a_blob(storage: Storage) -> None:
    assert storage.get(storage.put(b"")) == b""


def test_file_larger_than_a_chunk_is_stored_and_read_in_parts(storage: Storage) -> None:
    data = bytes(range(256)) * (3 * CHUNK_BYTES // 256) + b"end"
    key, size = storage.put_file(io.BytesIO(data))
    assert (key, size) == (hashlib.sha256(data).hexdigest(), len(data))
    assert b"".join(storage.stream(key)) == data
    assert b"".join(storage.stream(key, 10, CHUNK_BYTES + 20)) == data[10 : CHUNK_BYTES + 20]
    with storage.open(key) as file:
        file.seek(-3, io.SEEK_END)
        assert file.read() == b"end"


def test_missing_blob_is_not_found_at_once(storage: Storage) -> None:
    for read in (storage.get, storage.open, storage.size, storage.stream):
        with pytest.raises(NotFound):
            read("0" * 64)
    assert not storage.exists("0" * 64)


@pytest.mark.parametrize("key", ["", "../../etc/passwd", "0" * 63, "G" * 64, "0" * 64 + "/x"])
def test_key_that_is_no_hash_is_refused(storage: Storage, key: str) -> None:
    with pytest.raises(NotFound):
        storage.get(key)


def test_writers_of_equal_content_do_not_disturb_each_other(storage: Storage) -> None:
    data, keys = b"x" * 1_000_000, []
    threads = [threading.Thread(target=lambda: keys.append(storage.put(data))) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(keys) == 6
    assert storage.get(keys[0]) == data


def test_write_that_breaks_off_leaves_nothing(tmp_path: Path) -> None:
    class Broken(io.BytesIO):
        reads = 0

        def read(self, size: int | None = -1) -> bytes:
            self.reads += 1
            if self.reads > 3:
                raise OSError("the disk is full")
            return super().read(size)

    storage = Storage.of(Settings(storage_url=f"file://{tmp_path}/blobs"))
    with pytest.raises(OSError, match="full"):
        storage.put_file(Broken(b"x" * (CHUNK_BYTES + 1)))
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []
