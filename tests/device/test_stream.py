"""Streams: from scripted boards, and from real firmware in the emulator over a pty and over the bridge."""

from __future__ import annotations

import json
import struct
import time
from itertools import count

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mote.deploy.build import Image, build
from mote.deploy.emulator import Emulator
from mote.deploy.spec import BuildSpec
from mote.device import messages
from mote.device.bridge import Bridge
from mote.device.link import Link
from mote.device.messages import BadMessage, HelloAssembler, Type
from mote.device.numbers import Reading
from mote.device.rate import RateMeter
from mote.device.serial import SerialPort, ports
from mote.device.stream import MoteSource, SketchSource, Stream, detect, evenly, rounded_rate
from mote.errors import BadInput, Cancelled
from mote.native import Frame
from tests.deploy.small import AXES, RATE_HZ
from tests.device.lines import Damage, ScriptedBoard, WebSocketLine

HELLO = {
    "mote": 1,
    "kind": "data_collection",
    "rate_hz": 100,
    "axes": [{"name": "x"}, {"name": "y"}],
    "can": ["readings"],
}
SECONDS = 4.0
"""Of the streams from the emulator; long enough to tell 1 % of the rate."""


def say_hello(board: ScriptedBoard, hello: dict[str, object], piece: int = 1020) -> None:
    text = json.dumps(hello).encode()
    for at in range(0, len(text), piece):
        board.say(Type.HELLO, struct.pack("<HH", len(text), at) + text[at : at + piece])


def mote_board(board: ScriptedBoard, frame: Frame) -> None:
    if frame.type == Type.HELLO_REQUEST:
        say_hello(board, HELLO)
    elif frame.type == Type.START:
        board.say(Type.ACK, bytes([frame.type, frame.seq]))


def say_readings(board: ScriptedBoard, index: int, rows: list[list[float]]) -> None:
    values = np.array(rows, "<f4")
    board.say(Type.READINGS, struct.pack("<IB", index, values.shape[1]) + values.tobytes())


def test_mote_firmware_is_recognised_and_started() -> None:
    board = ScriptedBoard(mote_board)
    source = detect(board)
    assert isinstance(source, MoteSource)
    assert [axis.name for axis in source.axes] == ["x", "y"]
    assert board.heard[-1].type == Type.START


def test_a_sketch_that_prints_numbers_is_recognised() -> None:
    board = ScriptedBoard()
    board.print("hello world\nax,ay\n" + "1,2\n" * 5)
    assert isinstance(detect(board), SketchSource)


@pytest.mark.parametrize(("text", "complaint"), [("", "Nothing came"), ("~~~\n" * 50, "Nothing readable came")])
def test_a_port_that_says_nothing_useful_is_refused(text: str, complaint: str) -> None:
    board = ScriptedBoard()
    board.print(text)
    with pytest.raises(BadInput, match=complaint):
        detect(board, timeout_s=0.3)


def test_firmware_without_readings_is_refused() -> None:
    board = ScriptedBoard(lambda board, frame: say_hello(board, {**HELLO, "can": ["run"]}))
    with pytest.raises(BadInput, match="no readings to stream"):
        detect(board)


def test_gaps_between_frames_are_lost_readings_and_a_restart_is_not() -> None:
    board = ScriptedBoard(mote_board)
    source = detect(board)
    for index in (0, 2, 6, 0, 2):
        say_readings(board, index, [[1, 2], [3, 4]])
    places = [reading.index for _ in range(5) for reading in source.poll(0.1)]
    assert places == [0, 1, 2, 3, 6, 7, 8, 9, 10, 11]
    assert source.lost == 2


@pytest.mark.parametrize(
    "payload", [b"", b"\0\0\0\0\2", b"\0\0\0\0\2123", b"\0\0\0\0\0" + bytes(8), b"\0\0\0\0\1" + bytes(8)]
)
def test_readings_that_make_no_sense_are_counted(payload: bytes) -> None:
    board = ScriptedBoard(mote_board)
    source = detect(board)
    board.say(Type.READINGS, payload)
    assert source.poll(0.1) == []
    assert source.damaged == 1


def test_an_error_line_of_a_sketch_ends_the_stream_in_its_words() -> None:
    board = ScriptedBoard()
    board.print("\n" + "1,2\n" * 20)
    source = detect(board)
    board.print("ERR sensor lost\n")
    with pytest.raises(BadInput, match="ERR sensor lost"):
        source.poll(0.1)


def test_silence_ends_the_stream() -> None:
    clock = count(0.0, 3.0)
    stream = Stream(detect(ScriptedBoard(mote_board)), lambda: next(clock))
    stream.poll(0)
    with pytest.raises(BadInput, match="sent nothing for 5 s"):
        stream.poll(0)


def test_lost_readings_of_a_recording_lie_between_their_neighbours() -> None:
    board = ScriptedBoard(mote_board)
    stream = Stream(detect(board))
    for index in range(0, 120, 2):
        if index != 50:
            say_readings(board, index, [[index, 1], [index + 1, 1]])
    recording = stream.record(1.0, "wave")
    assert (recording.label, recording.rate_hz, recording.lost) == ("wave", 100.0, 2)
    np.testing.assert_allclose(recording.values, np.stack([np.arange(100), np.ones(100)], 1))


def test_a_recording_can_be_cancelled() -> None:
    with pytest.raises(Cancelled):
        Stream(detect(ScriptedBoard(mote_board))).record(1.0, should_stop=lambda: True)


@settings(deadline=None)
@given(st.sets(st.integers(0, 99), min_size=1))
def test_every_index_of_a_recording_gets_a_value(present: set[int]) -> None:
    rows = [Reading(index, (float(index),)) for index in sorted(present)]
    values, lost = evenly(rows, 50)
    first = rows[0].index
    kept = [row for row in rows if row.index < first + 50]
    assert values.shape == (50, 1)
    assert lost == 50 - len(kept)
    for row in kept:
        assert values[row.index - first, 0] == row.values[0]


@pytest.mark.parametrize(
    ("measured", "rate"), [(99.7, 100.0), (100.4, 100.0), (62.5, 62.5), (0.333, 0.333), (103.4, 103.0)]
)
def test_measured_rates_lose_their_noise(measured: float, rate: float) -> None:
    assert rounded_rate(measured) == rate


def test_rate_and_jitter_come_from_a_line_through_the_times() -> None:
    chance = np.random.default_rng(7)
    meter = RateMeter()
    assert meter.estimate().rate_hz is None
    for index in range(500):
        meter.arrived(index, index / 50 + chance.normal(0, 0.002))
    rate = meter.estimate()
    assert rate.rate_hz == pytest.approx(50, rel=0.002)
    assert rate.jitter_ms == pytest.approx(2, rel=0.2)
    for index in range(100):
        meter.measured(index, index / 49)
    assert meter.estimate() == pytest.approx((49, 0, "board"), abs=1e-6)


@settings(deadline=None)
@given(st.lists(st.binary(max_size=60), max_size=30))
def test_any_hello_pieces_are_survived(pieces: list[bytes]) -> None:
    assembler = HelloAssembler()
    for piece in pieces:
        try:
            assembler.push(piece)
        except BadMessage:
            continue


def test_hello_in_many_pieces_is_put_together_and_a_broken_row_starts_again() -> None:
    text = json.dumps({**HELLO, "labels": ["x" * 50] * 50}).encode()
    pieces = [struct.pack("<HH", len(text), at) + text[at : at + 100] for at in range(0, len(text), 100)]
    assembler = HelloAssembler()
    found = [assembler.push(piece) for piece in (*pieces[:3], *pieces[4:], *pieces)]
    assert [hello is not None for hello in found] == [False] * (len(found) - 1) + [True]


@settings(deadline=None)
@given(st.binary(max_size=40))
def test_any_payload_is_parsed_or_refused(payload: bytes) -> None:
    parsers = (messages.readings, messages.result, messages.classification, messages.stats, messages.board_error)
    for parse in (*parsers, messages.floats_chunk, messages.bytes_chunk):
        try:
            parse(payload)
        except BadMessage:
            continue


def test_a_port_that_is_not_there_is_refused_with_a_hint() -> None:
    with pytest.raises(BadInput, match="cannot be opened"):
        SerialPort("/dev/there-is-no-such-port")
    assert isinstance(ports(), list)


@pytest.fixture(scope="module")
def collector() -> Image:
    return build(BuildSpec(board="netduino_plus_2", kind="data_collection", axes=AXES, rate_hz=RATE_HZ))


@pytest.fixture(scope="module", params=["mps2_an386", "netduino_plus_2"])
def collectors(request: pytest.FixtureRequest) -> Image:
    return build(BuildSpec(board=request.param, kind="data_collection", axes=AXES, rate_hz=RATE_HZ))


@pytest.fixture(scope="module", params=["mps2_an386", "netduino_plus_2"])
def sketches(request: pytest.FixtureRequest) -> Image:
    return build(BuildSpec(board=request.param, kind="sketch", axes=AXES, rate_hz=RATE_HZ))


@pytest.mark.slow
def test_firmware_streams_over_a_terminal_without_a_loss_at_its_rate(collectors: Image) -> None:
    with (
        Emulator(collectors.spec.target, collectors.elf, clock="real_time", serial="pty") as emulator,
        SerialPort(emulator.pty) as port,
    ):
        stream = Stream(detect(port))
        stream.poll()
        began = time.monotonic()
        recording = stream.record(SECONDS)
        seconds = time.monotonic() - began
    assert (recording.lost, stream.status.lost, stream.status.damaged) == (0, 0, 0)
    assert recording.values.shape == (int(SECONDS * RATE_HZ), 3)
    assert recording.axes == AXES
    assert len(recording.values) / seconds == pytest.approx(RATE_HZ, rel=0.04)


@pytest.mark.slow
def test_a_sketch_in_the_emulator_is_recorded_over_a_terminal(sketches: Image) -> None:
    with (
        Emulator(sketches.spec.target, sketches.elf, clock="real_time", serial="pty") as emulator,
        SerialPort(emulator.pty) as port,
    ):
        stream = Stream(detect(port))
        recording = stream.record(2.0, "wave")
    assert stream.source.kind == "numbers"
    assert not stream.status.counts_losses
    assert recording.rate_hz == pytest.approx(100, rel=0.04)
    assert recording.values.shape == (round(2 * recording.rate_hz), 3)
    assert np.abs(recording.values).max() < 9


@pytest.mark.slow
def test_firmware_streams_over_the_bridge_and_damage_is_counted(collector: Image) -> None:
    damage = Damage(0.01)
    with (
        Emulator(collector.spec.target, collector.elf, clock="real_time") as emulator,
        Bridge(emulator, damage=damage) as bridge,
    ):
        line = WebSocketLine(bridge.url)
        stream = Stream(detect(line))
        clean = stream.record(SECONDS)
        assert (clean.lost, stream.status.damaged) == (0, 0)
        damage.on = True
        noisy = stream.record(SECONDS)
        line.close()
    assert damage.damaged > 50
    assert noisy.lost > 20
    assert noisy.values.shape == clean.values.shape
    assert stream.status.damaged > 20
    assert stream.status.lost >= noisy.lost


@pytest.mark.slow
def test_bridge_serves_one_page_and_after_it_the_next(collector: Image) -> None:
    with Emulator(collector.spec.target, collector.elf) as emulator, Bridge(emulator) as bridge:
        first = WebSocketLine(bridge.url)
        assert Link(first).hello(10).board == "netduino_plus_2"
        second = WebSocketLine(bridge.url)
        with pytest.raises(Exception, match="another page has the board"):
            second.read(5)
        first.close()
        time.sleep(0.2)
        third = WebSocketLine(bridge.url)
        assert Link(third).hello(10).board == "netduino_plus_2"
        third.close()
