"""What every format shares: the options a person may answer with, the result, the limits and the plain checks."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal, Protocol

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field

from mote.errors import BadInput
from mote.sample import Axis, Floats, Sample, printable

MAX_BYTES = 256 * 1024 * 1024
"""One file. A longer recording must be cut: everything is held in memory while it is read."""
MAX_VALUES = 64 * 1024 * 1024
"""Readings times axes of one file."""
MAX_AXES = 128
MAX_SAMPLES = 1000
"""Recordings that one file may hold."""
MAX_NAME = 300
"""Characters of a sample's name."""
MIN_RATE_HZ = 1e-6
MAX_RATE_HZ = 10e6


class ReadOptions(BaseModel):
    """What a person says about a file where the file itself does not.

    Every field answers one question that a format may ask; None = not said.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    rate_hz: float | None = Field(default=None, gt=0, le=MAX_RATE_HZ)
    """Readings a second, for files without a time column; the target when `resample` is true."""
    axes: tuple[str, ...] | None = Field(default=None, max_length=MAX_AXES)
    """Names for the columns of a file without header; with a header, the columns to keep."""
    time_unit: Literal["s", "ms", "us", "ns"] | None = None
    decimal: Literal[".", ","] | None = None
    date_order: Literal["dmy", "mdy"] | None = None
    resample: bool | None = None
    """For irregular timestamps: true = interpolate to a constant rate, false = take the readings as equally spaced."""
    sensor: str | None = Field(default=None, max_length=80)
    """Which sensor of a file that interleaves several; "all" = one sample for each."""
    hmac_key: str | None = Field(default=None, max_length=200)
    """Checks the signature of Edge Impulse acquisition files."""


@dataclass
class ReadResult:
    """The recordings of one file, and what a person should know about how they were read."""

    samples: list[Sample]
    warnings: list[str] = field(default_factory=list)


class Format(Protocol):
    """A kind of file. One module of this folder, one `PLUGIN`."""

    name: str
    title: str
    extensions: tuple[str, ...]

    def sniff(self, name: str, head: bytes) -> bool:
        """Whether a file looks like this format; `head` is at most its first 4096 bytes."""
        ...

    def read(self, name: str, data: bytes, options: ReadOptions) -> ReadResult:
        """Read the whole file.

        Raises:
            Question: the file has more than one reading; `options` can settle it.
            BadInput, NotSupported: with the place in the file and how to mend it.
        """
        ...


def stem(name: str) -> str:
    """`a/b/wave.01.csv` -> `a/b/wave.01`: the name of a sample is the path of its file without the extension."""
    folder, slash, last = printable(name.replace("\\", "/"), MAX_NAME).rpartition("/")
    head, dot, _ = last.rpartition(".")
    return f"{folder}{slash}{head if dot and head else last}"


def check_rate(rate_hz: float, name: str) -> float:
    """Refuse a rate that cannot be meant."""
    if not math.isfinite(rate_hz) or not MIN_RATE_HZ <= rate_hz <= MAX_RATE_HZ:
        raise BadInput(
            f"{name}: a rate of {rate_hz:g} readings a second.", hint="Mend the rate or interval in the file."
        )
    return rate_hz


def check_size(readings: int, axes: int, name: str) -> None:
    """Refuse what is empty or larger than Mote holds in memory, before it is allocated."""
    if readings < 1 or axes < 1:
        raise BadInput(f"{name}: no readings in the file.", hint="Record again, or leave the file out.")
    if axes > MAX_AXES:
        raise BadInput(f"{name}: {axes} axes; at most {MAX_AXES} are read.", hint="Keep the columns that matter.")
    if readings * axes > MAX_VALUES:
        raise BadInput(
            f"{name}: {readings} readings of {axes} axes; a file may hold {MAX_VALUES} values.",
            hint="Cut the recording into shorter files.",
        )


def as_floats(values: NDArray[np.generic], name: str) -> Floats:
    """float32 (readings, axes), contiguous; NaN and infinity are refused with their place.

    Args:
        values: (readings, axes) of any real type.
    """
    with np.errstate(over="ignore"):
        floats = np.ascontiguousarray(values, dtype=np.float32)
    bad = ~np.isfinite(floats)
    if bad.any():
        row, column = (int(i) for i in np.argwhere(bad)[0])
        raise BadInput(
            f"{name}: reading {row + 1}, axis {column + 1} is not a finite number.",
            hint="Fill the gap or leave the reading out, then import again.",
        )
    return floats


def axes_of(names: Iterable[str], units: Iterable[str]) -> tuple[Axis, ...]:
    """Axes with unique, non-empty names: a repeated name gets `_2`, `_3`, ..."""
    axes: list[Axis] = []
    taken: set[str] = set()
    for index, (raw, unit) in enumerate(zip(names, units, strict=True)):
        base = printable(raw, 72) or f"axis_{index + 1}"
        name, count = base, 1
        while name in taken:
            count += 1
            name = f"{base}_{count}"
        taken.add(name)
        axes.append(Axis(name=name, unit=printable(unit, 40)))
    return tuple(axes)
