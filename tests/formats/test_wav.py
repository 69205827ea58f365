"""WAV: every encoding that is read, against values worked out by hand; everything else refused."""

from __future__ import annotations

import struct
import wave
from io import BytesIO

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mote import formats
from mote.errors import BadInput, NotSupported
from mote.formats import wav
from mote.sample import Sample


def make(
    audio: bytes, *, code: int = 1, channels: int = 1, rate: int = 8000, bits: int = 16, size: int | None = None,
    extra: bytes = b"", extensible: bool = False,
) -> bytes:  # fmt: skip
    frame = channels * bits // 8
    fmt = struct.pack("<HHIIHH", 0xFFFE if extensible else code, channels, rate, rate * frame, frame, bits)
    if extensible:
        fmt += struct.pack("<HHIH", 22, bits, 0, code) + b"\x00\x00\x00\x00\x10\x00\x80\x00\x00\xaa\x00\x38\x9b\x71"
    body = b"fmt " + struct.pack("<I", len(fmt)) + fmt + extra
    body += b"data" + struct.pack("<I", len(audio) if size is None else size) + audio
    return b"RIFF" + struct.pack("<I", 4 + len(body)) + b"WAVE" + body


def read(data: bytes) -> Sample:
    return formats.read("a.wav", data).samples[0]


@pytest.mark.parametrize(
    ("bits", "audio", "expected"),
    [
        (8, bytes([0, 128, 192]), [-1.0, 0.0, 0.5]),
        (16, struct.pack("<3h", -32768, 0, 16384), [-1.0, 0.0, 0.5]),
        (24, b"\x00\x00\x80\x00\x00\x00\x00\x00\x40", [-1.0, 0.0, 0.5]),
        (32, struct.pack("<3i", -(2**31), 0, 2**30), [-1.0, 0.0, 0.5]),
    ],
)
@pytest.mark.parametrize("extensible", [False, True])
def test_integer_encodings(bits: int, audio: bytes, expected: list[float], extensible: bool) -> None:
    assert read(make(audio, bits=bits, extensible=extensible)).values[:, 0].tolist() == expected


@pytest.mark.parametrize(("bits", "letter"), [(32, "f"), (64, "d")])
def test_float_encodings(bits: int, letter: str) -> None:
    assert read(make(struct.pack(f"<2{letter}", -0.25, 0.75), code=3, bits=bits)).values[:, 0].tolist() == [-0.25, 0.75]


def test_one_channel_is_the_axis_audio_and_two_are_numbered() -> None:
    assert [axis.name for axis in read(make(b"\0\0")).axes] == ["audio"]
    stereo = read(make(struct.pack("<4h", 1, -1, 2, -2), channels=2))
    assert [axis.name for axis in stereo.axes] == ["audio_1", "audio_2"]
    assert (stereo.values * 32768).tolist() == [[1, -1], [2, -2]]


def test_other_chunks_of_odd_length_are_passed_over() -> None:
    extra = b"LIST" + struct.pack("<I", 3) + b"abc\0"
    assert read(make(b"\1\0", extra=extra)).readings == 1


def test_length_that_recorders_leave_open_takes_what_is_there() -> None:
    result = formats.read("a.wav", make(b"\1\0\2\0", size=0xFFFFFFFF))
    assert result.samples[0].readings == 2
    assert "does not say its length" in result.warnings[0]


def test_declared_two_gigabytes_are_refused() -> None:
    with pytest.raises(BadInput, match="holds 4"):
        read(make(b"\1\0\2\0", size=2_000_000_000))


def test_half_a_frame_at_the_end_is_dropped() -> None:
    assert read(make(b"\1\0\2\0\3")).readings == 2


@pytest.mark.parametrize(
    ("code", "bits", "name"), [(6, 8, "A-law"), (7, 8, "µ-law"), (2, 4, "ADPCM"), (1, 12, "PCM"), (3, 16, "16-bit")]
)
def test_other_encodings_are_refused_by_name(code: int, bits: int, name: str) -> None:
    with pytest.raises(NotSupported, match=name):
        read(make(b"\0" * 8, code=code, bits=bits))


@pytest.mark.parametrize("change", [{"channels": 0}, {"rate": 0}])
def test_header_that_makes_no_sense_is_refused(change: dict[str, int]) -> None:
    with pytest.raises((BadInput, NotSupported)):
        read(make(b"\0\0", **change))  # type: ignore[arg-type]


def test_not_a_number_in_float_audio_is_refused_with_its_place() -> None:
    with pytest.raises(BadInput, match="reading 2"):
        read(make(struct.pack("<2f", 0.0, float("nan")), code=3, bits=32))


@given(st.lists(st.integers(-32768, 32767), min_size=1, max_size=200), st.integers(1, 192_000))
def test_written_audio_is_read_back_by_us_and_by_the_standard_library(levels: list[int], rate: int) -> None:
    values = np.array(levels, dtype=np.float32)[:, None] / 32768
    data = wav.write(values, rate)
    assert np.array_equal(read(data).values, values)
    with wave.open(BytesIO(data)) as opened:
        assert (opened.getframerate(), opened.getnframes()) == (rate, len(levels))
