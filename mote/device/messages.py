"""What frames mean: docs/protocol.md in Python. Payloads come from outside: checked before they are used."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from enum import IntEnum, IntFlag
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from mote.errors import MoteError
from mote.native import Frame, encode_frame
from mote.sample import Axis

PAYLOAD_MAX = 1024
CHUNK_FLOATS = (PAYLOAD_MAX - 4) // 4
CHUNK_BYTES = PAYLOAD_MAX - 4
NO_CLASS = 0xFFFF
HELLO_MAX = 65535


class Type(IntEnum):
    """Message types, as in link_message.h."""

    HELLO_REQUEST = 0x01
    START = 0x02
    STOP = 0x03
    WINDOW_CHUNK = 0x04
    INPUT_CHUNK = 0x05
    RUN = 0x06
    FEED = 0x07
    PING = 0x08
    STATS_REQUEST = 0x09
    WINDOW_CHUNK_I16 = 0x0A
    WINDOW_FILL = 0x0B
    HELLO = 0x81
    READINGS = 0x82
    FEATURES = 0x83
    SCORES = 0x84
    RESULT = 0x85
    STATS = 0x86
    CLASSIFICATION = 0x87
    PONG = 0x88
    ACK = 0x89
    ERROR = 0xFF


class Want(IntFlag):
    """Flags of START."""

    READINGS = 1
    CLASSIFICATION = 2
    SOURCE_HOST = 4


class BadMessage(MoteError):
    """A frame arrived whole and does not hold what its type promises."""

    code = "bad_message"


class _Loose(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)


class Source(_Loose):
    name: str = ""
    synthetic: bool = False
    help: str = ""


class WindowFacts(_Loose):
    readings: int = Field(gt=0)
    stride: int = Field(gt=0)


class TensorFacts(_Loose):
    length: int = Field(gt=0)
    scale: float
    zero_point: int


class Hello(_Loose):
    """How a board introduces itself."""

    mote: int
    firmware: str = ""
    kind: str = ""
    board: str = ""
    source: Source | None = None
    rate_hz: float = Field(default=0.0, ge=0, allow_inf_nan=False)
    max_rate_hz: float = Field(default=0.0, ge=0, allow_inf_nan=False)
    axes: tuple[Axis, ...] = ()
    can: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()
    window: WindowFacts | None = None
    features: int = Field(default=0, ge=0)
    input: TensorFacts | None = None
    output: TensorFacts | None = None
    model: str = ""


@dataclass(frozen=True)
class Readings:
    """Consecutive readings; `index` is that of the first."""

    index: int
    values: NDArray[np.float32]  # (readings, axes)


class Result(NamedTuple):
    """The end of a RUN. Ticks are of the board's clock (`Stats.ticks_hz`)."""

    status: int
    best: int
    dsp_ticks: int
    model_ticks: int


@dataclass(frozen=True)
class Classification:
    """One window of a live stream; `index` is its last reading."""

    index: int
    result: Result
    scores: NDArray[np.int8]


class Stats(NamedTuple):
    """The board about itself; sizes in bytes."""

    uptime_us: int
    ticks_hz: int
    stack_peak: int
    stack_size: int
    readings_lost: int
    frames_bad: int
    bytes_lost: int


class BoardError(NamedTuple):
    code: int
    about: int
    text: str

    def __str__(self) -> str:
        return f"{self.text} (code {self.code}, about message 0x{self.about:02x})"


class HelloAssembler:
    """Puts the pieces of a HELLO together; a piece that does not follow the last one starts again."""

    def __init__(self) -> None:
        self._text = b""

    def push(self, payload: bytes) -> Hello | None:
        """The board's introduction once its last piece is there.

        Raises:
            BadMessage: the text is whole and no valid HELLO.
        """
        total, offset = _unpack("<HH", payload)
        piece = payload[4:]
        if offset == 0:
            self._text = b""
        if offset != len(self._text) or offset + len(piece) > total:
            self._text = b""
            return None
        self._text += piece
        if len(self._text) < total:
            return None
        try:
            return Hello.model_validate_json(self._text)
        except ValidationError as error:
            raise BadMessage(f"The board's HELLO cannot be read: {error.errors()[0]['msg']}.") from error


def readings(payload: bytes) -> Readings:
    index, axes = _unpack("<IB", payload)
    data = payload[5:]
    if axes == 0 or len(data) == 0 or len(data) % (4 * axes):
        raise BadMessage(f"READINGS holds {len(data)} bytes for {axes} axes.")
    return Readings(index, np.frombuffer(data, "<f4").astype(np.float32).reshape(-1, axes))


def result(payload: bytes) -> Result:
    return Result(*_unpack("<BHII", payload))


def classification(payload: bytes) -> Classification:
    index, *rest = _unpack("<IBHII", payload)
    return Classification(index, Result(*rest), np.frombuffer(payload[15:], np.int8))


def stats(payload: bytes) -> Stats:
    return Stats(*_unpack("<Q6I", payload))


def board_error(payload: bytes) -> BoardError:
    code, about = _unpack("<BB", payload)
    return BoardError(code, about, payload[2:].decode("utf-8", "replace"))


def floats_chunk(payload: bytes) -> tuple[int, NDArray[np.float32]]:
    """(offset, values) of FEATURES."""
    (offset,) = _unpack("<I", payload)
    if len(payload) % 4:
        raise BadMessage(f"FEATURES holds {len(payload)} bytes.")
    return offset, np.frombuffer(payload[4:], "<f4").astype(np.float32)


def bytes_chunk(payload: bytes) -> tuple[int, NDArray[np.int8]]:
    """(offset, values) of SCORES."""
    (offset,) = _unpack("<I", payload)
    return offset, np.frombuffer(payload[4:], np.int8)


class Encoder:
    """Counts and encodes the frames of one sender."""

    def __init__(self) -> None:
        self._seq = 0

    def frame(self, kind: int, payload: bytes = b"") -> bytes:
        """The bytes of one frame on the line."""
        frame = Frame(kind, self._seq, payload)
        self._seq = (self._seq + 1) % 256
        return encode_frame(frame)

    def input(self, values: NDArray[Any]) -> bytes:
        """INPUT_CHUNK frames for all of a model's input."""
        return self._chunks(Type.INPUT_CHUNK, np.ascontiguousarray(values, np.int8).tobytes(), 1)

    def window(self, values: NDArray[np.float32]) -> bytes:
        """The frames for a whole window (readings, axes), as short as they can be without losing a bit."""
        flat = np.ascontiguousarray(values, "<f4").ravel()
        padding = constant_tail(flat)
        head = flat[: flat.size - padding]
        fill = struct.pack("<IIf", head.size, padding, flat[-1])
        return self._values(head) + (self.frame(Type.WINDOW_FILL, fill) if padding else b"")

    def _values(self, values: NDArray[np.float32]) -> bytes:
        """As int16 where that loses no bit, else as float32."""
        scaled = as_int16(values)
        if scaled is None:
            return self._chunks(Type.WINDOW_CHUNK, values.tobytes(), 4)
        whole, scale = scaled
        return self._chunks(Type.WINDOW_CHUNK_I16, whole.astype("<i2").tobytes(), 2, struct.pack("<f", scale))

    def _chunks(self, kind: int, data: bytes, unit: int, head: bytes = b"") -> bytes:
        step = (CHUNK_BYTES - len(head)) // unit * unit
        return b"".join(
            self.frame(kind, struct.pack("<I", start // unit) + head + data[start : start + step])
            for start in range(0, len(data), step)
        )


def constant_tail(values: NDArray[np.float32]) -> int:
    """How many equal values, bit for bit, a flat window ends with; 0 when too few to be worth a message."""
    bits = values.view(np.uint32)
    others = np.flatnonzero(bits != bits[-1])
    count = values.size - (int(others[-1]) + 1 if others.size else 0)
    return count if count >= 16 else 0


def as_int16(values: NDArray[np.float32]) -> tuple[NDArray[np.int16], float] | None:
    """(whole, scale) with scale * whole equal to values in every bit, or None: whole numbers, and audio in -1 .. 1."""
    for scale in (1.0, 1.0 / 32768.0):
        ratio = values / np.float32(scale)
        if np.all(np.abs(ratio) <= 32767) and np.array_equal(np.trunc(ratio), ratio):
            whole = ratio.astype(np.int16)
            if (whole.astype(np.float32) * np.float32(scale)).tobytes() == values.tobytes():  # -0.0 is told apart
                return whole, scale
    return None


def _unpack(layout: str, payload: bytes) -> tuple[int, ...]:
    size = struct.calcsize(layout)
    if len(payload) < size:
        raise BadMessage(f"A message of {len(payload)} bytes is too short.")
    return struct.unpack_from(layout, payload)
