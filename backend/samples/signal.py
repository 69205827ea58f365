"""Looking at and listening to a recording: decimated readings for a plot, and WAV."""

from __future__ import annotations

import struct
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from backend.samples import store
from backend.samples.schemas import SignalOut
from backend.samples.tables import SampleRow
from backend.storage import Storage
from mote.errors import BadInput
from mote.sample import Axis, Floats

CHUNK_VALUES = 4 * 1024 * 1024
"""Readings times axes that are in memory at once: 16 MiB."""
MAX_NUMBERS = 200_000
"""In one answer."""
MIN_AUDIO_HZ = 4000.0
MAX_AUDIO_HZ = 384_000.0
PCM_MAX = 32767
WAV_HEADER_BYTES = 44


def signal_of(storage: Storage, row: SampleRow, start_s: float, end_s: float | None, points: int) -> SignalOut:
    """Readings from `start_s` to `end_s` for a plot of `points` columns.

    Raises:
        BadInput: the stretch is empty.
    """
    points = min(points, max(2, MAX_NUMBERS // (2 * len(row.axes))))
    first = round(min(start_s, row.duration_s) * row.rate_hz)
    end = row.readings if end_s is None else round(min(end_s, row.duration_s) * row.rate_hz)
    if end_s is not None and end_s <= start_s:
        raise BadInput(f"From {start_s:g} s to {end_s:g} s there is nothing.", hint="end_s must be after start_s.")
    first = min(first, row.readings - 1)
    end = min(max(end, first + 1), row.readings)
    about = SignalOut(
        rate_hz=row.rate_hz,
        axes=[Axis(**axis) for axis in row.axes],
        t0=first / row.rate_hz,
        dt=1 / row.rate_hz,
        duration_s=row.duration_s,
    )
    if end - first <= 2 * points:  # two numbers a group would say no less with no fewer numbers
        return about.model_copy(update={"values": _columns(store.read_values(storage, row, first, end))})
    edges = group_edges(end - first, points)
    low, high = decimate(_chunks(storage, row, first, edges), edges, len(row.axes))
    dt = (end - first) / points / row.rate_hz
    return about.model_copy(update={"dt": dt, "min": _columns(low), "max": _columns(high)})


def group_edges(readings: int, points: int) -> NDArray[np.int64]:
    """Where `points` groups of nearly equal size begin and end: (points + 1,), from 0 to `readings`.

    >>> group_edges(10, 4).tolist()
    [0, 2, 5, 7, 10]
    """
    return (np.arange(points + 1, dtype=np.int64) * readings) // points


def decimate(chunks: Iterator[tuple[int, int, Floats]], edges: NDArray[np.int64], axes: int) -> tuple[Floats, Floats]:
    """Lowest and highest reading of every group.

    Args:
        chunks: (first group, end group, the readings of these groups (readings, axes)).
        edges: of all groups, in readings.

    Returns:
        Two float32 (groups, axes).
    """
    low = np.empty((len(edges) - 1, axes), dtype=np.float32)
    high = np.empty_like(low)
    for first, end, values in chunks:
        starts = edges[first:end] - edges[first]
        low[first:end] = np.minimum.reduceat(values, starts, axis=0)
        high[first:end] = np.maximum.reduceat(values, starts, axis=0)
    return low, high


def _chunks(
    storage: Storage, row: SampleRow, offset: int, edges: NDArray[np.int64]
) -> Iterator[tuple[int, int, Floats]]:
    """Readings in pieces of whole groups, so that an hour of sound is never in memory at once."""
    limit = max(1, CHUNK_VALUES // len(row.axes))
    first = 0
    while first < len(edges) - 1:
        end = int(np.searchsorted(edges, edges[first] + limit, side="right")) - 1
        end = min(max(end, first + 1), len(edges) - 1)
        start, stop = offset + int(edges[first]), offset + int(edges[end])
        yield first, end, store.read_values(storage, row, start, stop)
        first = end


def _columns(values: Floats) -> list[list[float]]:
    """[axis][point], rounded to what float32 holds: shorter JSON."""
    digits = np.vectorize(lambda value: float(f"{value:.7g}"), otypes=[float])
    return [digits(column).tolist() if len(column) else [] for column in values.T]


def audio_of(storage: Storage, row: SampleRow, axis: int) -> Iterator[bytes]:
    """One axis as WAV: mono, 16 bit, at the recording's rate.

    An axis named "audio" is -1 .. 1 by definition and stays as loud as it is; anything else is freed of its mean and
    scaled to its largest reading.

    Raises:
        BadInput: no such axis, or a rate that is no sound.
    """
    if axis >= len(row.axes):
        raise BadInput(f"{row.name} has {len(row.axes)} axes; there is no axis {axis}.", hint="Count from 0.")
    if not MIN_AUDIO_HZ <= row.rate_hz <= MAX_AUDIO_HZ:
        raise BadInput(
            f"{row.name} has {row.rate_hz:g} readings a second, which cannot be heard.",
            hint=f"From {MIN_AUDIO_HZ:g} readings a second up it can.",
        )
    return _wav(storage, row, axis)


def audio_bytes(row: SampleRow) -> int:
    """Size of what `audio_of` gives."""
    return WAV_HEADER_BYTES + 2 * row.readings


def _wav(storage: Storage, row: SampleRow, axis: int) -> Iterator[bytes]:
    yield wav_header(row.readings, round(row.rate_hz))
    sound = row.axes[axis]["name"] == "audio"
    mean, peak = (0.0, 1.0) if sound else _mean_and_peak(storage, row, axis)
    for values in _pieces(storage, row, axis):
        scaled = np.clip(np.rint((values - mean) * (PCM_MAX / peak)), -PCM_MAX - 1, PCM_MAX)
        yield scaled.astype("<i2").tobytes()


def _mean_and_peak(storage: Storage, row: SampleRow, axis: int) -> tuple[float, float]:
    total, low, high = 0.0, np.inf, -np.inf
    for values in _pieces(storage, row, axis):
        total += float(values.sum())
        low, high = min(low, float(values.min())), max(high, float(values.max()))
    mean = total / row.readings
    return mean, max(high - mean, mean - low) or 1.0


def _pieces(storage: Storage, row: SampleRow, axis: int) -> Iterator[NDArray[np.float64]]:
    step = max(1, CHUNK_VALUES // len(row.axes))
    for first in range(0, row.readings, step):
        values = store.read_values(storage, row, first, min(first + step, row.readings))
        yield values[:, axis].astype(np.float64)


def wav_header(readings: int, rate_hz: int) -> bytes:
    """RIFF header of mono 16-bit PCM. Source: Multimedia Programming Interface and Data Specifications 1.0, 1991."""
    size = 2 * readings
    body = struct.pack("<4sIHHIIHH", b"fmt ", 16, 1, 1, rate_hz, 2 * rate_hz, 2, 16)
    return struct.pack("<4sI4s", b"RIFF", 36 + size, b"WAVE") + body + struct.pack("<4sI", b"data", size)
