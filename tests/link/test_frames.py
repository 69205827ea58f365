"""The frame codec against an independent COBS and Python's own CRC, and against any bytes at all."""

from __future__ import annotations

import binascii
import random
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mote.errors import MoteError
from mote.native import Frame, FrameDecoder, encode_frame, load

# Runs of 254 bytes without a zero are where COBS is hard; plain random bytes hardly ever have one.
PAYLOADS = st.one_of(
    st.binary(max_size=1024),
    st.lists(st.tuples(st.sampled_from([b"\0", b"\1", b"\xff", b"A"]), st.integers(0, 300)), max_size=5).map(
        lambda runs: b"".join(byte * count for byte, count in runs)[:1024]
    ),
)
relaxed = settings(deadline=None)  # the machine may be busy
FRAMES = st.builds(Frame, st.integers(0, 255), st.integers(0, 255), PAYLOADS)


def unstuffed(encoded: bytes) -> bytes:
    """COBS decoding from its description: code n = n - 1 bytes, then a zero unless n is 255 or it is the end."""
    out = b""
    while encoded:
        code, run, encoded = encoded[0], encoded[1 : encoded[0]], encoded[encoded[0] :]
        assert len(run) == code - 1
        out += run + (b"\0" if code < 255 and encoded else b"")
    return out


@relaxed
@given(FRAMES)
def test_frame_is_cobs_with_a_crc_and_ends_in_the_only_zero(frame: Frame) -> None:
    encoded = encode_frame(frame)
    assert encoded.endswith(b"\0")
    assert b"\0" not in encoded[:-1]
    body = unstuffed(encoded[:-1])
    assert body[:-2] == bytes([frame.type, frame.seq]) + frame.payload
    assert int.from_bytes(body[-2:], "little") == binascii.crc_hqx(body[:-2], 0xFFFF)


@relaxed
@given(st.lists(FRAMES, max_size=6), st.data())
def test_frames_come_back_however_the_bytes_are_cut(frames: list[Frame], data: st.DataObject) -> None:
    stream = b"\0\0".join(map(encode_frame, frames))
    cuts = sorted(data.draw(st.lists(st.integers(0, len(stream)), max_size=8)))
    decoder = FrameDecoder()
    pieces = [stream[a:b] for a, b in pairwise([0, *cuts, len(stream)])]
    assert [frame for piece in pieces for frame in decoder.push(piece)] == frames
    assert (decoder.good, decoder.bad) == (len(frames), 0)


@relaxed
@given(st.binary(max_size=5000), FRAMES)
def test_any_noise_before_a_delimiter_is_survived_and_the_next_frame_is_read(noise: bytes, frame: Frame) -> None:
    decoder = FrameDecoder()
    decoder.push(noise + b"\0")
    assert decoder.push(encode_frame(frame)) == [frame]


@relaxed
@given(FRAMES, st.data())
def test_a_damaged_frame_is_dropped_and_counted(frame: Frame, data: st.DataObject) -> None:
    encoded = bytearray(encode_frame(frame))
    place = data.draw(st.integers(0, len(encoded) - 2))
    other = data.draw(st.integers(1, 255).filter(lambda byte: byte != encoded[place]))
    encoded[place] = other
    decoder = FrameDecoder()
    assert decoder.push(bytes(encoded)) == []
    assert decoder.bad == 1


def test_a_payload_of_1025_bytes_is_refused() -> None:
    encode_frame(Frame(1, 0, bytes(1024)))
    with pytest.raises(MoteError, match="1025 bytes"):
        encode_frame(Frame(1, 0, bytes(1025)))


def test_gaps_in_the_sequence_are_lost_frames_also_over_its_wrap() -> None:
    decoder = FrameDecoder()
    for seq in (254, 255, 0, 3, 4):
        decoder.push(encode_frame(Frame(0x82, seq, b"x")))
    assert decoder.lost == 2


def test_crc_is_the_documented_one() -> None:
    assert load().library.link_crc16(b"123456789", 9) == 0x29B1


@pytest.mark.slow
@settings(max_examples=20, deadline=None)
@given(st.integers(0, 2**32))
def test_with_one_percent_of_bytes_damaged_no_frame_comes_out_wrong(seed: int) -> None:
    chance = random.Random(seed)
    sent = [Frame(0x82, n % 256, chance.randbytes(33)) for n in range(500)]
    stream = bytearray(b"".join(map(encode_frame, sent)))
    for place in range(len(stream)):
        if chance.random() < 0.01:
            stream[place] = chance.randrange(256)
    decoder = FrameDecoder()
    received = decoder.push(bytes(stream))
    assert set(received) <= set(sent)
    assert len(received) > 250
    assert decoder.bad > 0
