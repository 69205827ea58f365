"""MEAN over any axes: the sum, scaled once by input scale / output scale / count."""

from __future__ import annotations

import math

from mote.compiler.graph import View
from mote.compiler.ops._fixed_point import Multiplier, check_accumulator, multiplier
from mote.compiler.ops._operator import Call, Input, Operator, Option, Output, Struct
from mote.compiler.ops._types import constant, expect_inputs, expect_shape, quantized
from mote.compiler.ops._walk import MAX_DIMENSIONS, strides, walk


class Mean(Operator):
    name = "MEAN"
    options = (Option("keep_dims", "bool", False),)

    def check(self, view: View) -> None:
        expect_inputs(view, 2)
        shape, axes = view.input(0).shape, _axes(view)
        if 0 in axes and shape[0] != 1:
            raise view.unsupported("averages over the batch")
        if view.option("keep_dims"):
            expect_shape(view, tuple(1 if d in axes else extent for d, extent in enumerate(shape)))
        else:
            expect_shape(view, tuple(extent for d, extent in enumerate(shape) if d not in axes))
        count = math.prod(shape[d] for d in axes)
        scale = _scale(view, count)
        check_accumulator(view, 255 * count, scale.mantissa * 2.0 ** (scale.shift - 31))

    def lower(self, view: View) -> tuple[Call, ...]:
        shape, axes = view.input(0).shape, _axes(view)
        steps = strides(shape)
        kept = [d for d in range(len(shape)) if d not in axes]
        count = math.prod(shape[d] for d in axes)
        scale = _scale(view, count)
        mean = {
            "kept": walk([shape[d] for d in kept], [steps[d] for d in kept]),
            "reduced": walk([shape[d] for d in axes], [steps[d] for d in axes]),
            "input_zero_point": quantized(view, view.input(0)).zero_point,
            "output_zero_point": quantized(view, view.output()).zero_point,
            "count": count,
            "multiplier": scale.mantissa,
            "shift": scale.shift,
        }
        return (Call("nn_mean_s8", "mean_s8.c", (Output(), Input(0), Struct("mean", "nn_mean", [mean]))),)


def _axes(view: View) -> list[int]:
    """The averaged dimensions, ascending, each once."""
    rank = len(view.input(0).shape)
    tensor = constant(view, 1, "axes")
    if rank > MAX_DIMENSIONS:
        raise view.unsupported(f"has {rank} dimensions, {MAX_DIMENSIONS} are supported")
    if tensor.dtype != "int32" or tensor.count > MAX_DIMENSIONS:
        raise view.bad(f"has axes of {tensor.count} {tensor.dtype}")
    assert tensor.data is not None
    axes = [int(value) for value in tensor.data.reshape(-1)]
    if not all(-rank <= value < rank for value in axes):
        raise view.bad(f"averages over {axes} of {rank} dimensions")
    return sorted({value % rank for value in axes})


def _scale(view: View, count: int) -> Multiplier:
    """input scale / output scale / count. Source: QuantizedMeanOrSum, kernels/internal/reference/reduce.h."""
    source, target = quantized(view, view.input(0)), quantized(view, view.output())
    scale = multiplier(source.scale / target.scale)
    shift = min(count.bit_length() - 1, 32, 31 + scale.shift)
    return Multiplier((scale.mantissa << shift) // count, scale.shift - shift)


PLUGIN = Mean()
