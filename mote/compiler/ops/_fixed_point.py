"""LiteRT's fixed-point arithmetic, for what is settled at compile time: multipliers, activation ranges, tables.

Scales are float32 in the file; every formula says where LiteRT computes in float32 and where in double.
Source: tensorflow/lite/kernels/internal/quantization_util.cc, kernels/kernel_util.cc.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from mote.compiler.graph import Quantization, View

NONE, RELU, RELU_N1_TO_1, RELU6 = 0, 1, 2, 3  # enum ActivationFunctionType


class Multiplier(NamedTuple):
    """A scale as mantissa * 2^(shift - 31), mantissa in 2^30 .. 2^31 - 1 or 0."""

    mantissa: int
    shift: int


def multiplier(scale: float) -> Multiplier:
    """A double as a Q31 number and an exponent; what is below 2^-32 becomes 0."""
    if scale == 0:
        return Multiplier(0, 0)
    fraction, shift = math.frexp(scale)
    mantissa = round_away(fraction * (1 << 31))
    if mantissa == 1 << 31:
        mantissa, shift = mantissa // 2, shift + 1
    return Multiplier(0, 0) if shift < -31 else Multiplier(mantissa, shift)


def round_away(value: float) -> int:
    """Nearest integer, ties away from zero."""
    whole = math.trunc(value)
    return whole + int(math.copysign(1, value)) if abs(value - whole) >= 0.5 else whole


def requantise(value: int, scale: Multiplier) -> int:
    """value * scale with double rounding: `nn_requantise` of firmware/lib/nn/fixed_point.h."""
    high = ((value << max(scale.shift, 0)) * scale.mantissa + (1 << 30)) >> 31
    right = max(-scale.shift, 0)
    half = (1 << right) >> 1
    return -((-high + half) >> right) if high < 0 else (high + half) >> right


def clamp_int8(value: int) -> int:
    return max(-128, min(127, value))


def activation_range(view: View, activation: int, output: Quantization) -> tuple[int, int]:
    """The int8 range that a fused activation leaves, LiteRT's float32 division included."""

    def stored(real: float) -> int:
        return output.zero_point + round_away(float(np.float32(real) / np.float32(output.scale)))

    if activation == NONE:
        return -128, 127
    if activation == RELU:
        return max(-128, stored(0)), 127
    if activation == RELU6:
        return max(-128, stored(0)), min(127, stored(6))
    if activation == RELU_N1_TO_1:
        return max(-128, stored(-1)), min(127, stored(1))
    raise view.unsupported(f"has fused activation {activation}; supported: none, RELU, RELU6, RELU_N1_TO_1")


def check_accumulator(view: View, largest: int, scale: float) -> None:
    """Refuse a layer whose sums, before or after scaling, may leave int32 for some input.

    Kernels rely on it: with this bound no arithmetic in them can overflow.
    """
    limit = (1 << 31) - 512
    shift = max(0, math.frexp(scale)[1])  # kernels shift left before they scale down; the result is smaller still
    if largest > limit >> shift:
        raise view.unsupported(
            f"may reach {largest}, scaled by {scale:g}: beyond its 32-bit accumulator",
            "Its scales are unusual; quantise the model with a representative dataset.",
        )
