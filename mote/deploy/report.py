"""What a verification found. Every figure is a measurement on the emulated board; see `verify`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import numpy as np
from pydantic import BaseModel

TOLERANCE = 1e-4
"""How far a feature of the board may be from the host's. Mote's own blocks give equal bits."""


class FeatureReport(BaseModel):
    """Standardised features of the board against the host's."""

    max_abs_difference: float
    tolerance: float = TOLERANCE
    equal_bits: bool


class CountReport(BaseModel):
    equal: int
    different: int


class RamReport(BaseModel):
    """RAM in bytes. total = data + bss + stack_peak; the arena is part of bss."""

    data: int
    bss: int
    stack_peak: int
    stack_size: int
    arena: int
    total: int


class Spread(BaseModel):
    """Smallest, median and largest of the windows."""

    min: int
    median: int
    max: int

    @staticmethod
    def of(values: Sequence[int]) -> Spread:
        return Spread(min=min(values), median=int(np.median(values)), max=max(values))


class InstructionReport(BaseModel):
    """Instructions per window, counted by the emulator's clock (1 instruction = 1 ns)."""

    dsp: Spread
    model: Spread
    total: Spread


class Report(BaseModel):
    """The verdict on one image, with everything it rests on."""

    board: str
    kind: str
    verdict: Literal["pass", "fail"]
    reasons: list[str]
    """Why it failed, in words; empty when it passed."""
    windows: int
    features: FeatureReport | None
    """None for a bare model, which has none."""
    scores: CountReport
    """Single int8 scores, against LiteRT's reference kernels on the features that the board sent."""
    classes: CountReport
    accuracy: float | None
    """Of the board on these windows; None when their labels were not given."""
    flash_bytes: int
    flash_available_bytes: int
    ram_bytes: RamReport
    ram_available_bytes: int
    instructions: InstructionReport
    clock_hz: int
    latency_ms: float
    """An estimate: the median window at one instruction per clock cycle. Real cores take somewhat longer."""
    model_hash: str
    image_hash: str
    versions: dict[str, str]
