"""The QEMU child: real, always ended, and driven over its UART."""

from __future__ import annotations

import os
import signal
import struct
import subprocess
import sys
import time
from collections.abc import Callable

import numpy as np
import psutil
import pytest

from mote.deploy.boards import get
from mote.deploy.build import Image, build
from mote.deploy.emulator import Emulator
from mote.deploy.spec import BuildSpec
from mote.device import messages
from mote.device.link import Link, NoAnswer, Refused
from mote.device.messages import Type, Want
from mote.errors import NotSupported, VerificationFailed
from tests.deploy.small import AXES, RATE_HZ, windows

pytestmark = pytest.mark.slow


def children() -> set[int]:
    """All processes below this one; by number, since QEMU begins under the name of what starts it."""
    return {child.pid for child in psutil.Process().children(recursive=True)}


def wait_until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 10
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_no_emulator_outlives_its_block_whatever_happens_in_it(mps2_image: Image) -> None:
    before = children()

    def fail() -> None:
        with Emulator(get("mps2_an386"), mps2_image.elf):
            assert children() - before
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert not children() - before


def test_no_emulator_outlives_a_killed_parent(mps2_image: Image, tmp_path: os.PathLike[str]) -> None:
    path = os.fspath(tmp_path) + "/image.elf"
    with open(path, "wb") as file:  # noqa: PTH123
        file.write(mps2_image.elf)
    code = (
        "import sys, time, pathlib; from mote.deploy.boards import get; from mote.deploy.emulator import Emulator\n"
        f"with Emulator(get('mps2_an386'), pathlib.Path({path!r}).read_bytes()) as e:\n"
        "    print(e._child.pid, flush=True); time.sleep(60)"
    )
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        emulator = int(parent.stdout.readline())
        wait_until(lambda: "qemu" in psutil.Process(emulator).name())  # before, it is still setpriv getting ready
        os.kill(parent.pid, signal.SIGKILL)
        parent.wait()
    wait_until(lambda: not psutil.pid_exists(emulator))


def test_a_board_without_an_emulator_is_refused(mps2_image: Image) -> None:
    board = get("mps2_an386").model_copy(update={"emulator": None})
    with pytest.raises(NotSupported, match="cannot be emulated"):
        Emulator(board, mps2_image.elf)


def test_a_terminal_cannot_be_read_as_a_socket(mps2_image: Image) -> None:
    with Emulator(get("mps2_an386"), mps2_image.elf, serial="pty") as emulator:
        assert emulator.pty.startswith("/dev/")
        with pytest.raises(VerificationFailed, match="open its pty"):
            emulator.read(0.1)


@pytest.fixture(params=["mps2_an386", "netduino_plus_2"])
def collector(request: pytest.FixtureRequest) -> Image:
    return build(BuildSpec(board=request.param, kind="data_collection", axes=AXES, rate_hz=RATE_HZ))


def test_board_answers_every_request_and_refuses_what_it_cannot_do(collector: Image) -> None:
    with Emulator(collector.spec.target, collector.elf) as emulator:
        link = Link(emulator)
        assert link.hello(10).kind == "data_collection"
        link.send(Type.PING, struct.pack("<I", 77))
        token, _uptime = struct.unpack("<IQ", link.wait_for(Type.PONG, 5).payload)
        assert token == 77
        for kind, payload, code in (
            (Type.RUN, b"\3", 1),
            (Type.WINDOW_CHUNK, bytes(8), 1),
            (0x3F, b"", 1),
            (Type.PING, b"", 2),
            (Type.START, b"\1", 2),
            (Type.START, struct.pack("<Bf", 1, float("nan")), 3),
            (Type.START, struct.pack("<Bf", 1, 1e9), 3),
            (Type.START, struct.pack("<Bf", 2, 0), 1),
            (Type.FEED, bytes(17), 2),
        ):
            link.send(kind, payload)
            frame = link.receive(5)
            assert frame is not None
            error = messages.board_error(frame.payload)
            assert (frame.type, error.code, error.about) == (Type.ERROR, code, kind), error
        assert link.stats().frames_bad == 0


def test_board_survives_noise_and_counts_it(collector: Image) -> None:
    chance = np.random.default_rng(6)
    with Emulator(collector.spec.target, collector.elf) as emulator:
        link = Link(emulator)
        link.hello(10)
        for _ in range(20):
            emulator.write(chance.integers(0, 256, 700).astype(np.uint8).tobytes() + b"\0")
        while link.receive(0.5) is not None:
            pass  # refusals of frames that happened to be whole, if any
        assert link.stats().frames_bad > 20
        assert link.hello(5).board == collector.spec.board


def test_streamed_readings_are_the_documented_signal_in_every_bit(collector: Image) -> None:
    with Emulator(collector.spec.target, collector.elf) as emulator:
        link = Link(emulator)
        link.hello(10)
        link.start(Want.READINGS)
        values = []
        while sum(map(len, values)) < 900:
            frame = link.receive(10)
            assert frame is not None
            if frame.type == Type.READINGS:
                readings = messages.readings(frame.payload)
                assert readings.index == sum(map(len, values))
                values.append(readings.values)
    np.testing.assert_array_equal(np.concatenate(values)[:900], synthetic(900, 3, RATE_HZ))


def synthetic(count: int, axes: int, rate_hz: float) -> np.ndarray:
    """firmware/drivers/synthetic.c from its own description, in NumPy."""
    f = np.float32
    step = int(f(4294967296.0) / f(rate_hz))
    span = int(f(4.0) * f(rate_hz)) + 1
    index, axis = np.meshgrid(np.arange(count, dtype=np.uint64), np.arange(axes, dtype=np.uint64), indexing="ij")
    phase = (index * (step * (axis + 1) % 2**32)) % 2**32
    fold = np.where(phase < 0x80000000, phase, 0xFFFFFFFF - phase)
    triangle = (fold >> 8).astype(f) * f(1 / 4194304) - f(1)
    x = index * axes + axis
    for shift, factor in ((16, 0x7FEB352D), (15, 0x846CA68B)):
        x = ((x ^ (x >> shift)) * factor) % 2**32
    x ^= x >> 16
    noise = ((x >> 8).astype(f) * f(1 / 8388608) - f(1)) * f(0.05)
    loud = np.where(index // span % 2 == 1, f(8), f(1))
    return triangle * loud + noise


def test_fed_readings_are_classified_like_the_windows_they_make(image: Image) -> None:
    """Live classification: window by window with the stride, the same scores as RUN on the same window."""
    spec = image.spec
    length, stride = spec.extractor.readings, spec.extractor.readings // 2
    readings = windows(spec, 4).reshape(-1, 3)
    with Emulator(spec.target, image.elf) as emulator:
        link = Link(emulator)
        link.hello(10)
        link.start(Want.READINGS | Want.CLASSIFICATION | Want.SOURCE_HOST)
        for at in range(0, len(readings), 20):
            part = readings[at : at + 20].astype("<f4")
            link.send(Type.FEED, struct.pack("<IB", at, 3) + part.tobytes())
        frames = list(iter(lambda: link.receive(2), None))
        live = [messages.classification(frame.payload) for frame in frames if frame.type == Type.CLASSIFICATION]
        echoed = [messages.readings(frame.payload) for frame in frames if frame.type == Type.READINGS]
        link.stop()
        asked = []
        for start in range(0, len(readings) - length + 1, stride):
            link.transport.write(link.encoder.window(readings[start : start + length]))
            link.send(Type.RUN, b"\2")
            asked.append(messages.bytes_chunk(link.wait_for(Type.SCORES, 5).payload)[1])
    assert [found.index for found in live] == list(range(length - 1, len(readings), stride))
    assert [found.scores.tobytes() for found in live] == [scores.tobytes() for scores in asked]
    sent = np.concatenate([found.values for found in echoed])
    np.testing.assert_array_equal(sent, readings[: len(sent)])
    assert len(sent) > len(readings) - 20  # the last frame waits to be filled


def test_run_without_the_whole_window_is_refused(mps2_image: Image) -> None:
    with Emulator(get("mps2_an386"), mps2_image.elf) as emulator:
        link = Link(emulator)
        link.hello(10)
        link.send(Type.WINDOW_CHUNK, struct.pack("<I10f", 0, *range(10)))
        link.send(Type.RUN, b"\3")
        with pytest.raises(Refused, match="not all values have arrived"):
            link.wait_for(Type.RESULT, 5)


def test_a_window_with_infinity_gets_a_result_that_says_so(mps2_image: Image) -> None:
    window = windows(mps2_image.spec, 1)[0]
    window[7, 1] = np.inf
    with Emulator(get("mps2_an386"), mps2_image.elf) as emulator:
        link = Link(emulator)
        link.hello(10)
        link.transport.write(link.encoder.window(window))
        link.send(Type.RUN, b"\3")
        result = messages.result(link.wait_for(Type.RESULT, 5).payload)
    assert (result.status, result.best) == (5, messages.NO_CLASS)


def test_silence_is_told(mps2_image: Image) -> None:
    with Emulator(get("mps2_an386"), mps2_image.elf) as emulator:
        link = Link(emulator)
        link.hello(10)
        with pytest.raises(NoAnswer, match=r"SCORES within 0\.5 s"):
            link.wait_for(Type.SCORES, 0.5)
