"""mote.native: the ctypes side of the library."""

import threading
import time

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mote import native
from mote.errors import MoteError

FRAMES = st.builds(native.Frame, st.integers(0, 255), st.integers(0, 255), st.binary(max_size=1024))


def config(block="raw", readings=10, axes=1, rate_hz=10.0, params=(1.0,)):
    names = [each["name"] for each in native.load().descriptions()]
    return native.Config(names.index(block), readings, axes, rate_hz, np.array(params, np.float32))


def test_the_library_is_loaded_once():
    with_threads = []
    threads = [threading.Thread(target=lambda: with_threads.append(native.load())) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {id(each) for each in with_threads} == {id(native.load())}


def test_a_block_that_does_not_exist_is_refused_and_not_followed():
    library = native.load()
    ghost = native.Config(10_000, 10, 1, 10.0, np.zeros(1, np.float32))
    assert library.library.mote_block_describe(10_000, None, 0) == 0
    assert library.library.mote_block_plan(*ghost.arguments(), native.byref(native._Plan())) == 2
    out = np.zeros((1, 10), np.float32)
    plan = native.Plan(1, 10, 0, 0)
    library.prepare(ghost, plan)
    library.run(ghost, plan, np.zeros(0, np.float32), np.ones((1, 10, 1), np.float32), None, out)
    assert not out.any()


def test_a_description_that_does_not_fit_is_cut_and_ended():
    library = native.load().library
    text = native.ctypes.create_string_buffer(b"\xff" * 20)
    length = library.mote_block_describe(0, text, 10)
    assert length > 100
    assert text.raw[:2] == b'{"'
    assert text.raw[9] == 0
    assert text.raw[10:20] == b"\xff" * 10


def test_run_says_which_window_failed():
    library = native.load()
    windows = np.ones((4, 10, 1), np.float32)
    windows[2, 5] = np.inf
    features = np.zeros((4, 10), np.float32)
    it = config()
    assert library.run(it, library.plan(it), np.zeros(0, np.float32), windows, None, features) == 2


def test_arrays_of_another_type_never_reach_c():
    library = native.load()
    it = config()
    with pytest.raises(AssertionError):
        library.run(
            it,
            library.plan(it),
            np.zeros(0, np.float32),
            np.ones((1, 10, 1)),  # type: ignore[arg-type]
            None,
            np.zeros((1, 10), np.float32),
        )


def test_the_first_value_that_is_not_finite_is_found():
    values = np.array([0.0, 1e38, 1e-45, -np.inf, np.nan], np.float32)
    assert native.load().first_not_finite(values) == 3
    assert native.load().first_not_finite(values[:3].copy()) is None
    assert native.load().first_not_finite(np.array([np.nan], np.float32)) == 0


def test_other_threads_run_while_c_works():
    library = native.load()
    it = config("mfcc", 160_000, 1, 16_000.0, (32, 1, 0, 32, 0, 0, 0.97, -90, 13, 0))
    plan = library.plan(it)
    tables = library.prepare(it, plan)
    windows = np.zeros((4, 160_000, 1), np.float32)
    features = np.zeros((4, plan.rows * plan.cols), np.float32)
    ticks = []
    worker = threading.Thread(target=lambda: library.run(it, plan, tables, windows, None, features))
    worker.start()
    while worker.is_alive():
        ticks.append(time.monotonic())
        time.sleep(0.001)
    assert len(ticks) > 3


@given(st.lists(FRAMES, max_size=6), st.integers(1, 100))
def test_frames_survive_the_wire_in_any_pieces(frames, piece):
    wire = b"".join(map(native.encode_frame, frames))
    decoder = native.FrameDecoder()
    got = [frame for start in range(0, len(wire), piece) for frame in decoder.push(wire[start : start + piece])]
    assert got == frames
    assert decoder.good == len(frames)
    assert decoder.bad == 0


@given(st.binary(max_size=3000))
def test_any_bytes_may_come_in(data):
    decoder = native.FrameDecoder()
    decoder.push(data)
    wanted = native.Frame(1, 2, b"after the noise")
    assert decoder.push(b"\0" + native.encode_frame(wanted))[-1:] == [wanted]


def test_damage_and_loss_are_counted():
    frames = [native.encode_frame(native.Frame(1, seq, bytes(20))) for seq in range(5)]
    broken = bytearray(frames[1])
    broken[5] ^= 0x40
    decoder = native.FrameDecoder()
    got = decoder.push(frames[0] + bytes(broken) + frames[2] + frames[4])
    assert [frame.seq for frame in got] == [0, 2, 4]
    assert (decoder.good, decoder.bad, decoder.lost) == (3, 1, 2)


def test_a_payload_too_long_is_refused():
    with pytest.raises(MoteError, match="1025 bytes"):
        native.encode_frame(native.Frame(1, 0, bytes(1025)))
    assert len(native.encode_frame(native.Frame(1, 0, bytes(1024)))) > 1024
