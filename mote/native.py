"""The C library, loaded with ctypes; the only file that knows C structs. `python -m mote.native build` builds it.

Every call releases the GIL while C runs, and no function of the library keeps state, so threads may call it at once.
"""

from __future__ import annotations

import argparse
import ctypes
import json
import threading
from collections.abc import Iterable
from ctypes import POINTER, byref, c_char_p, c_float, c_int, c_size_t, c_ubyte, c_uint8, c_uint16, c_uint32, c_void_p
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from mote import native_build
from mote.errors import MoteError

Floats = NDArray[np.float32]
_FloatPointer = POINTER(c_float)


class _Plan(ctypes.Structure):
    """dsp_plan of firmware/lib/dsp/block.h."""

    _fields_ = (
        ("rows", c_size_t),
        ("cols", c_size_t),
        ("tables", c_size_t),
        ("scratch", c_size_t),
        ("param", c_char_p),
        ("reason", c_char_p),
        ("mend", c_char_p),
    )


_CONFIG = (c_size_t, c_size_t, c_size_t, c_float, _FloatPointer)  # block, readings, axes, rate_hz, params
_FUNCTIONS: dict[str, tuple[Any, tuple[Any, ...]]] = {
    "mote_source_hash": (c_char_p, ()),
    "mote_block_count": (c_size_t, ()),
    "mote_block_describe": (c_size_t, (c_size_t, c_char_p, c_size_t)),
    "mote_block_plan": (c_int, (*_CONFIG, POINTER(_Plan))),
    "mote_block_column": (c_size_t, (*_CONFIG, c_size_t, c_char_p, c_size_t)),
    "mote_block_prepare": (None, (*_CONFIG, _FloatPointer)),
    "mote_block_run": (
        c_size_t,
        (
            *_CONFIG,
            _FloatPointer,  # tables
            _FloatPointer,  # windows
            c_size_t,  # count
            c_size_t,  # window_axes
            POINTER(c_ubyte),  # axis_indices
            _FloatPointer,  # features
            c_size_t,  # feature_stride
            _FloatPointer,  # scratch
        ),
    ),
    "mote_standardise": (None, (_FloatPointer, c_size_t, _FloatPointer, _FloatPointer, c_size_t)),
    "mote_first_not_finite": (c_size_t, (_FloatPointer, c_size_t)),
    "link_crc16": (c_uint16, (c_char_p, c_size_t)),
    "link_frame_encode": (c_size_t, (c_void_p, c_size_t, c_uint8, c_uint8, c_char_p, c_size_t)),
    "link_decoder_size": (c_size_t, ()),
    "link_decoder_reset": (None, (c_void_p,)),
    "link_decoder_push": (c_size_t, (c_void_p, c_void_p, c_size_t)),
    "link_decoder_ready": (c_int, (c_void_p,)),
    "link_decoder_type": (c_uint8, (c_void_p,)),
    "link_decoder_seq": (c_uint8, (c_void_p,)),
    "link_decoder_length": (c_size_t, (c_void_p,)),
    "link_decoder_payload": (c_void_p, (c_void_p,)),
    "link_decoder_good": (c_uint32, (c_void_p,)),
    "link_decoder_bad": (c_uint32, (c_void_p,)),
    "link_decoder_lost": (c_uint32, (c_void_p,)),
}


@dataclass(frozen=True)
class Config:
    """One use of a block: dsp_config, with the block's index."""

    block: int
    readings: int
    axes: int
    rate_hz: float
    params: Floats

    def arguments(self) -> tuple[Any, ...]:
        return self.block, self.readings, self.axes, self.rate_hz, _pointer(self.params)


@dataclass(frozen=True)
class Plan:
    """dsp_plan: sizes in floats. A `reason` means that the block refuses the config; the sizes are 0 then."""

    rows: int
    cols: int
    tables: int
    scratch: int
    param: str = ""
    reason: str = ""
    mend: str = ""


class Native:
    """The functions of firmware/lib/binding.h with arrays for pointers."""

    def __init__(self, path: Path) -> None:
        self.library = ctypes.CDLL(str(path))
        for name, (result, arguments) in _FUNCTIONS.items():
            function = getattr(self.library, name)
            function.restype = result
            function.argtypes = arguments

    def descriptions(self) -> list[dict[str, Any]]:
        """Every block as it describes itself in C; the position in the list is its index."""
        return [self._describe(index) for index in range(self.library.mote_block_count())]

    def plan(self, config: Config) -> Plan:
        plan = _Plan()
        status = self.library.mote_block_plan(*config.arguments(), byref(plan))
        if status != 0:
            return Plan(0, 0, 0, 0, _text(plan.param), _text(plan.reason), _text(plan.mend))
        return Plan(plan.rows, plan.cols, plan.tables, plan.scratch)

    def column(self, config: Config, col: int) -> tuple[int, str]:
        """(index of the axis among the block's axes, name) of a feature column."""
        text = ctypes.create_string_buffer(120)
        axis = self.library.mote_block_column(*config.arguments(), col, text, len(text))
        return int(axis), text.value.decode()

    def prepare(self, config: Config, plan: Plan) -> Floats:
        """The constant tables of a planned config."""
        tables = np.zeros(plan.tables, np.float32)
        self.library.mote_block_prepare(*config.arguments(), _pointer(tables))
        return tables

    def run(
        self,
        config: Config,
        plan: Plan,
        tables: Floats,
        windows: Floats,
        axis_indices: NDArray[np.uint8] | None,
        features: Floats,
    ) -> int:
        """Fill features (n, rows * cols), rows contiguous, from windows (n, readings, all axes), C order.

        Returns:
            How many windows were done: n, or the number of the first one whose features are not finite.
        """
        count, readings, window_axes = windows.shape
        _assert_floats(windows, (count, config.readings, window_axes))
        assert features.dtype == np.float32
        assert features.shape == (count, plan.rows * plan.cols)
        assert features.strides[1] == 4
        chosen = None if axis_indices is None else axis_indices.ctypes.data_as(POINTER(c_ubyte))
        scratch = np.empty(plan.scratch + (0 if chosen is None else readings * config.axes), np.float32)
        done = self.library.mote_block_run(
            *config.arguments(),
            _pointer(tables),
            _pointer(windows),
            count,
            window_axes,
            chosen,
            _pointer(features),
            features.strides[0] // 4,
            _pointer(scratch),
        )
        return int(done)

    def standardise(self, features: Floats, mean: Floats, inv_std: Floats) -> Floats:
        """(features - mean) * inv_std per column of mean, as the board does it; a new array of the same shape."""
        result = np.array(features, np.float32, order="C")
        mean = np.ascontiguousarray(mean, np.float32)
        inv_std = np.ascontiguousarray(inv_std, np.float32)
        assert mean.shape == inv_std.shape == (mean.size,)
        assert result.size % mean.size == 0
        self.library.mote_standardise(_pointer(result), result.size, _pointer(mean), _pointer(inv_std), mean.size)
        return result

    def first_not_finite(self, values: Floats) -> int | None:
        """Flat index of the first NaN or infinity in a C-contiguous float32 array."""
        _assert_floats(values, values.shape)
        found = int(self.library.mote_first_not_finite(_pointer(values), values.size))
        return None if found == values.size else found

    def _describe(self, index: int) -> dict[str, Any]:
        size = self.library.mote_block_describe(index, None, 0) + 1
        text = ctypes.create_string_buffer(size)
        self.library.mote_block_describe(index, text, size)
        description: dict[str, Any] = json.loads(text.value)
        return description


class Frame(NamedTuple):
    """One frame of the serial link; `type` is one of docs/protocol.md."""

    type: int
    seq: int
    payload: bytes


def encode_frame(frame: Frame) -> bytes:
    """The bytes of a frame on the wire, delimiter included. Payload: at most 1024 bytes."""
    out = ctypes.create_string_buffer(len(frame.payload) + len(frame.payload) // 254 + 16)
    used = load().library.link_frame_encode(out, len(out), frame.type, frame.seq, frame.payload, len(frame.payload))
    if used == 0:
        raise MoteError(f"A payload of {len(frame.payload)} bytes does not fit into one frame of the serial link.")
    return out.raw[:used]


class FrameDecoder:
    """Finds frames in a stream of bytes; any bytes may come in, what is damaged is counted and skipped."""

    def __init__(self) -> None:
        self._library = load().library
        self._state = ctypes.create_string_buffer(self._library.link_decoder_size() + 8)
        self._library.link_decoder_reset(self._state)

    def push(self, data: bytes) -> list[Frame]:
        """The frames that these bytes complete."""
        frames = []
        buffer = ctypes.create_string_buffer(data, len(data))
        used = 0
        while used < len(data):
            used += self._library.link_decoder_push(self._state, byref(buffer, used), len(data) - used)
            if self._library.link_decoder_ready(self._state):
                frames.append(self._frame())
        return frames

    def _frame(self) -> Frame:
        library, state = self._library, self._state
        payload = ctypes.string_at(library.link_decoder_payload(state), library.link_decoder_length(state))
        return Frame(library.link_decoder_type(state), library.link_decoder_seq(state), payload)

    @property
    def good(self) -> int:
        """Whole frames so far."""
        return int(self._library.link_decoder_good(self._state))

    @property
    def bad(self) -> int:
        """Damaged pieces between two delimiters so far."""
        return int(self._library.link_decoder_bad(self._state))

    @property
    def lost(self) -> int:
        """Frames that the sequence numbers say are missing, damaged ones included."""
        return int(self._library.link_decoder_lost(self._state))


_loading = threading.Lock()


def load() -> Native:
    """The library of this process, built first when it is missing or older than its sources.

    Raises:
        MissingTool: it must be built and there is no C compiler.
        BuildFailed: the compiler refused it.
    """
    with _loading:
        return _load()


@cache
def _load() -> Native:
    return Native(native_build.build_host())


def _assert_floats(values: Floats, shape: tuple[int, ...]) -> None:
    """What C reads through a bare address; callers convert what people gave before they come here."""
    assert values.dtype == np.float32
    assert values.flags.c_contiguous
    assert values.shape == shape


def _pointer(values: Floats) -> Any:
    return values.ctypes.data_as(_FloatPointer)


def _text(value: bytes | None) -> str:
    return "" if value is None else value.decode()


def main(arguments: Iterable[str] | None = None) -> None:
    """`python -m mote.native build [--host] [--wasm]`: both when none is named."""
    parser = argparse.ArgumentParser(prog="python -m mote.native")
    parser.add_argument("command", choices=["build"])
    parser.add_argument("--host", action="store_true", help="the shared library of this machine")
    parser.add_argument("--wasm", action="store_true", help="the WebAssembly module of the browser")
    options = parser.parse_args(None if arguments is None else list(arguments))
    both = not (options.host or options.wasm)
    try:
        if options.host or both:
            print(native_build.build_host())
        if options.wasm or both:
            print(native_build.build_wasm())
    except MoteError as error:
        raise SystemExit(str(error)) from error


if __name__ == "__main__":
    main()
