"""FULLY_CONNECTED: weights (units, depth). LiteRT's reference scales the sums in double precision, rounding once."""

from __future__ import annotations

import math

import numpy as np

from mote.compiler.graph import Tensor, View
from mote.compiler.ops._convolution import bias, effective_scales
from mote.compiler.ops._fixed_point import activation_range, check_accumulator
from mote.compiler.ops._operator import Call, Input, Operator, Option, Output, Struct
from mote.compiler.ops._types import constant, expect_inputs, expect_shape, quantized


class FullyConnected(Operator):
    name = "FULLY_CONNECTED"
    options = (
        Option("activation", "int8"),
        Option("weights_format", "int8"),
        Option("keep_num_dims", "bool", False),
    )

    def check(self, view: View) -> None:
        expect_inputs(view, 2, 3)
        weights = _weights(view)
        units, depth = weights.shape
        shape = view.input(0).shape
        if view.input(0).count % depth or (view.option("keep_num_dims") and shape[-1:] != (depth,)):
            raise view.bad(f"has input shape {list(shape)} and weights {list(weights.shape)}")
        rows = view.input(0).count // depth
        expect_shape(view, (*shape[:-1], units) if view.option("keep_num_dims") else (rows, units))
        activation_range(view, view.option("activation"), quantized(view, view.output()))
        _check_sums(view, weights)

    def lower(self, view: View) -> tuple[Call, ...]:
        units, depth = view.input(1).shape
        source, target = quantized(view, view.input(0)), quantized(view, view.output())
        weights = quantized(view, view.input(1), per_channel=True)
        low, high = activation_range(view, view.option("activation"), target)
        dense = {
            "rows": view.input(0).count // depth,
            "depth": depth,
            "units": units,
            "input_zero_point": source.zero_point,
            "weights_zero_point": 0 if weights.per_channel else weights.zero_point,
            "output_zero_point": target.zero_point,
            "output_min": low,
            "output_max": high,
            "scale_step": int(weights.per_channel),
        }
        scales = effective_scales(view, units)[: units if weights.per_channel else 1]
        arguments = (
            Output(),
            Input(0),
            Input(1),
            Input(2) if view.has_input(2) else None,
            Struct("scale", "nn_scale", [_scale(scale) for scale in scales]),
            Struct("dense", "nn_dense", [dense]),
        )
        return (Call("nn_fully_connected_s8", "fully_connected_s8.c", arguments),)

    def macs(self, view: View) -> int:
        return view.input(0).count * view.input(1).shape[0]


def _weights(view: View) -> Tensor:
    weights = constant(view, 1, "weights")
    if weights.dtype != "int8" or len(weights.shape) != 2 or view.option("weights_format"):
        raise view.unsupported(
            f"has {weights.dtype} weights of shape {list(weights.shape)}; plain int8 of 2 dimensions is supported"
        )
    return weights


def _check_sums(view: View, weights: Tensor) -> None:
    units = weights.shape[0]
    offsets = bias(view, units)
    scales = effective_scales(view, units)
    zero_point = quantized(view, weights, per_channel=True)
    assert weights.data is not None
    centred = weights.data.astype(np.int64) - (0 if zero_point.per_channel else zero_point.zero_point)
    largest = 255 * np.abs(centred).sum(axis=1) + (0 if offsets is None else np.abs(offsets.astype(np.int64)))
    for unit, scale in enumerate(scales):
        check_accumulator(view, int(largest[unit]), scale)
        if scale >= 1 << 16:
            raise view.unsupported(f"scales its sums by {scale:g}; below 65536 is supported")


def _scale(scale: float) -> dict[str, object]:
    """A double as `nn_scale`: 53-bit integer mantissa and shift; what is below 2^-74 rounds every sum to 0."""
    fraction, exponent = math.frexp(scale)
    mantissa, shift = int(fraction * (1 << 53)), 53 - exponent
    if shift > 127:
        mantissa, shift = 0, 127
    return {"low": mantissa & 0xFFFFFFFF, "high": mantissa >> 32, "shift": shift}


PLUGIN = FullyConnected()
