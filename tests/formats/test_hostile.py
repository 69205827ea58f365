"""Two hundred broken files: each is refused in words, and nothing else happens."""

from __future__ import annotations

import contextlib
import io
import json
import random
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path

import cbor2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mote import formats
from mote.dataset import load_files, load_folder
from mote.errors import MoteError
from mote.formats import ReadOptions, wav

HEAD = {"protected": {"ver": "v1", "alg": "none"}, "signature": "0" * 64}
PAYLOAD = {"device_type": "x", "interval_ms": 10, "sensors": [{"name": "a", "units": "g"}]}
GOOD_JSON = json.dumps({**HEAD, "payload": {**PAYLOAD, "values": [[i] for i in range(50)]}}).encode()
GOOD_CBOR = cbor2.dumps(json.loads(GOOD_JSON))
GOOD_CSV = b"t_ms,x,y\n" + b"".join(b"%d,%d,2.5\n" % (i * 10, i) for i in range(40))
GOOD_WAV = wav.write(np.zeros((400, 1)), 8000)


def archive(*members: tuple[str, bytes], **attributes: int) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as opened:
        for name, data in members:
            info = zipfile.ZipInfo(name)
            info.compress_type = zipfile.ZIP_DEFLATED
            for key, value in attributes.items():
                setattr(info, key, value)
            opened.writestr(info, data)
    return buffer.getvalue()


def truncated() -> Iterator[tuple[str, bytes]]:
    for name, data in (("a.json", GOOD_JSON), ("a.cbor", GOOD_CBOR), ("a.wav", GOOD_WAV)):
        for cut in range(21):
            yield name, data[: cut * (len(data) - 1) // 21]


def wrong_type() -> Iterator[tuple[str, bytes]]:
    contents = {"json": GOOD_JSON, "cbor": GOOD_CBOR, "wav": GOOD_WAV, "png": b"\x89PNG\r\n\x1a\n" + bytes(100)}
    for kind, data in contents.items():
        for name in ("a.csv", "a.wav", "a.json", "a.cbor", "a.zip", "a.tsv"):
            if not name.endswith(kind) and formats.sniff(name, data) is None:
                yield name, data
    for extension in ("csv", "wav", "json", "cbor", "zip"):
        yield f"a.{extension}", b""
        yield f"a.{extension}", b"\0" * 1000
        yield f"a.{extension}", b"\xff" * 1000
        yield f"a.{extension}", b"<html><body>404 not found</body></html>"


def not_numbers() -> Iterator[tuple[str, bytes]]:
    for cell in (b"nan", b"NaN", b"inf", b"-inf", b"", b"null", b"1e999", b"NA"):
        for line in (2, 10, 30):
            lines = GOOD_CSV.split(b"\n")
            lines[line] = lines[line].replace(b"2.5", cell)
            yield "a.csv", b"\n".join(lines)
    for value in (b"NaN", b"Infinity", b"null", b'"1"', b"[]", b"{}", b"1e999"):
        yield "a.json", GOOD_JSON.replace(b"[7]", b"[" + value + b"]")
    for bad in (float("nan"), float("inf")):
        document = json.loads(GOOD_JSON)
        document["payload"]["values"][3] = [bad]
        yield "a.cbor", cbor2.dumps(document)
        yield "a.wav", _float_wav(bad)


def _float_wav(value: float) -> bytes:
    fmt = struct.pack("<HHIIHH", 3, 1, 8000, 32000, 4, 32)
    body = b"WAVEfmt " + struct.pack("<I", 16) + fmt + b"data" + struct.pack("<I", 8) + struct.pack("<2f", 0, value)
    return b"RIFF" + struct.pack("<I", len(body)) + body


def declared_sizes() -> Iterator[tuple[str, bytes]]:
    at = GOOD_WAV.index(b"data") + 4
    for size in (2_000_000_000, 2**31, 0xFFFFFFF0, len(GOOD_WAV) * 2, 10**9):
        yield "a.wav", GOOD_WAV[:at] + struct.pack("<I", size) + GOOD_WAV[at + 4 :]
    for offset, value in ((20, 0), (20, 9), (22, 0), (24, 0), (32, 0), (34, 7), (16, 2), (16, 0xFFFFFFFF)):
        layout = "<I" if offset in (16, 24) else "<H"
        yield "a.wav", GOOD_WAV[:offset] + struct.pack(layout, value) + GOOD_WAV[offset + struct.calcsize(layout) :]
    for head in (b"\x9b", b"\xbb", b"\x5b", b"\x7b"):  # CBOR arrays, maps and strings of 2^40 entries
        yield "a.cbor", b"\xa1gpayload" + head + struct.pack(">Q", 2**40) + b"abc"
    yield "a.cbor", b"\xa1gpayload" + b"\x81" * 100_000
    yield "a.json", b'{"payload":' + b"[" * 100_000
    yield "a.json", b'{"payload":{"interval_ms":' + b"9" * 10_000 + b"}}"


def archives() -> Iterator[tuple[str, bytes]]:
    for name in (
        "../evil.csv",
        "/etc/evil.csv",
        "a/../../evil.csv",
        "C:\\evil.csv",
        "..\\evil.csv",
        "a\\..\\..\\evil.csv",
    ):
        yield "a.zip", archive((name, GOOD_CSV))
    yield "bomb.zip", archive(("bomb.csv", b"0" * 30_000_000))
    yield "bomb.zip", archive(*((f"{i}.csv", b"0,0\n" * 4_000_000) for i in range(3)))
    yield "link.zip", archive(("link.csv", b"/etc/passwd"), external_attr=(stat.S_IFLNK | 0o777) << 16)
    nested = archive(("a.csv", GOOD_CSV))
    for depth in range(3):
        nested = archive((f"{depth}.zip", nested))
    yield "nested.zip", nested
    good = archive(("a.csv", GOOD_CSV), ("b.csv", GOOD_CSV))
    for cut in (4, 40, len(good) // 2, len(good) - 10):
        yield "cut.zip", good[:cut]
    damaged = bytearray(archive(("a.csv", GOOD_CSV)))
    damaged[60:80] = bytes(20)
    yield "damaged.zip", bytes(damaged)
    encrypted = bytearray(archive(("a.csv", GOOD_CSV)))
    encrypted[6] |= 1
    encrypted[encrypted.index(b"PK\1\2") + 8] |= 1
    yield "encrypted.zip", bytes(encrypted)


def flipped() -> Iterator[tuple[str, bytes]]:
    """One byte in the part that matters replaced by one that cannot stand there."""
    source = random.Random(5)
    for _ in range(25):
        at = source.randrange(1, len(GOOD_JSON) - 1)
        yield "a.json", GOOD_JSON[:at] + b"\x01" + GOOD_JSON[at + 1 :]
    for line in range(2, 22):
        lines = GOOD_CSV.split(b"\n")
        lines[line] += b",,9"
        yield "a.csv", b"\n".join(lines)


BROKEN = [*truncated(), *wrong_type(), *not_numbers(), *declared_sizes(), *archives(), *flipped()]


def test_there_are_two_hundred_of_them() -> None:
    assert len(BROKEN) >= 200


@pytest.mark.parametrize("index", range(len(BROKEN)))
def test_broken_file_is_refused_in_words(index: int, tmp_path: Path) -> None:
    name, data = BROKEN[index]
    folder = tmp_path / "upload"
    folder.mkdir()
    loaded = load_files([(name, data)], options=ReadOptions(rate_hz=100))
    assert loaded.samples == []
    assert loaded.refused
    assert all(refused.message and refused.hint for refused in loaded.refused), loaded.refused
    assert list(tmp_path.rglob("*")) == [folder]


def test_good_files_beside_broken_ones_are_imported(tmp_path: Path) -> None:
    for index, (name, data) in enumerate(BROKEN[:40]):
        (tmp_path / f"{index:03}{name}").write_bytes(data)
    (tmp_path / "good.csv").write_bytes(GOOD_CSV)
    assert [sample.name for sample in load_folder(tmp_path).samples] == ["good"]


def test_link_out_of_the_folder_is_refused(tmp_path: Path) -> None:
    outside = tmp_path / "outside.csv"
    outside.write_bytes(GOOD_CSV)
    inside = tmp_path / "folder"
    inside.mkdir()
    (inside / "link.csv").symlink_to(outside)
    loaded = load_folder(inside)
    assert loaded.samples == []
    assert "leads out" in loaded.refused[0].message


def test_member_longer_than_it_says_is_refused() -> None:
    data = archive(("a.csv", GOOD_CSV))
    size = struct.pack("<I", len(GOOD_CSV))
    assert data.count(size) == 2
    loaded = load_files([("a.zip", data.replace(size, struct.pack("<I", 50)))])
    assert loaded.samples == []
    assert loaded.refused


@settings(max_examples=150)
@given(st.binary(max_size=600), st.sampled_from(["a.csv", "a.wav", "a.json", "a.cbor", "a.zip", "a.txt", "a"]))
def test_any_bytes_under_any_name_end_in_words(data: bytes, name: str) -> None:
    load_files([(name, data)], options=ReadOptions(rate_hz=100))
    for prefix in (b"RIFF\0\0\0\0WAVEfmt \x10\0\0\0\1\0\1\0", b"PK\3\4", b'{"payload":', b"1,2\n", b"\xa1gpayload"):
        load_files([(name, prefix + data)], options=ReadOptions(rate_hz=100))


@settings(max_examples=100)
@given(st.text(max_size=300), st.sampled_from([",", ";", "\t"]))
def test_any_text_is_read_asked_about_or_refused(text: str, delimiter: str) -> None:
    for body in (text, f"t_ms{delimiter}x\n{text}", text.replace("0", f"1{delimiter}2\n")):
        with contextlib.suppress(MoteError):
            formats.read("a.csv", body.encode("utf-8", "surrogatepass"), ReadOptions(rate_hz=100))


def test_compressed_bomb_is_not_unpacked() -> None:
    packed = zlib.compress(b"0" * 50_000_000)
    assert len(packed) < 100_000  # what a bomb is
    loaded = load_files([("bomb.zip", archive(("bomb.csv", b"0" * 50_000_000)))])
    assert "zip bomb" in loaded.refused[0].hint
