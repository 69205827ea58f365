"""A sample: one recording, its axes, its rate and the labelled spans in it."""

from __future__ import annotations

import hashlib
import struct
import unicodedata
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, Field, model_validator

Floats = NDArray[np.float32]
MAX_LABEL = 120
"""Characters of a label."""
Split = Literal["training", "testing"]


def printable(text: str, limit: int) -> str:
    """Text from a file as it may be stored and shown: one line, no control characters, at most `limit` long."""
    kept = "".join(" " if unicodedata.category(letter) in ("Cc", "Cs", "Zl", "Zp") else letter for letter in text)
    return " ".join(kept.split())[:limit].rstrip()


class Axis(BaseModel, frozen=True):
    """One column of a recording."""

    name: str = Field(min_length=1, max_length=80)
    unit: str = Field(default="", max_length=40)


class Segment(BaseModel, frozen=True):
    """A labelled span; seconds from the start of the recording, end exclusive."""

    start_s: float = Field(ge=0, allow_inf_nan=False)
    end_s: float = Field(gt=0, allow_inf_nan=False)
    label: str = Field(min_length=1, max_length=MAX_LABEL)

    @model_validator(mode="after")
    def _has_length(self) -> Segment:
        if self.end_s <= self.start_s:
            raise ValueError(
                f"a segment must end after it starts, this one runs from {self.start_s} s to {self.end_s} s"
            )
        return self


@dataclass(frozen=True)
class Sample:
    """One recording in memory.

    `values` is float32 (readings, axes), every value finite, in the axes' own units; audio is -1 .. 1.
    """

    name: str
    values: Floats
    rate_hz: float
    axes: tuple[Axis, ...]
    segments: tuple[Segment, ...] = ()
    split: Split | None = None
    metadata: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.values.ndim != 2 or self.values.shape[1] != len(self.axes):
            raise ValueError(f"{self.name}: values are {self.values.shape}, axes are {len(self.axes)}")
        if self.rate_hz <= 0:
            raise ValueError(f"{self.name}: a rate of {self.rate_hz} Hz")

    @property
    def readings(self) -> int:
        return int(self.values.shape[0])

    @property
    def duration_s(self) -> float:
        return self.readings / self.rate_hz

    @property
    def label(self) -> str | None:
        """The one label of this sample; None when it has none or several."""
        labels = {segment.label for segment in self.segments}
        return labels.pop() if len(labels) == 1 else None

    @cached_property
    def content_hash(self) -> str:
        """SHA-256 over rate, axes and values. Labels are left out: the same recording labelled twice is a duplicate."""
        digest = hashlib.sha256(struct.pack("<dQ", self.rate_hz, self.readings))
        for axis in self.axes:
            digest.update(f"{axis.name}\x1f{axis.unit}\x1e".encode())
        digest.update(np.ascontiguousarray(self.values, dtype="<f4").tobytes())
        return digest.hexdigest()

    def with_label(self, label: str) -> tuple[Segment, ...]:
        """The one segment that gives the whole recording this label; none where nothing printable is left of it."""
        label = printable(label, MAX_LABEL)
        if not label:
            return ()
        return (Segment(start_s=0.0, end_s=max(self.duration_s, 1e-9), label=label),)
