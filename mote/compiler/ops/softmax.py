"""SOFTMAX over the last dimension, in fixed point."""

from __future__ import annotations

import math

import numpy as np

from mote.compiler.graph import View
from mote.compiler.ops._fixed_point import multiplier
from mote.compiler.ops._operator import Call, Input, Operator, Option, Output
from mote.compiler.ops._types import expect_inputs, expect_shape, quantized

_INTEGER_BITS = 5  # differences become Q5.26
_MAX_DEPTH = 511  # 512 equal values sum to 2^28 in Q12.19, beyond LiteRT's own check


class Softmax(Operator):
    name = "SOFTMAX"
    options = (Option("beta", "float32", 0.0),)

    def check(self, view: View) -> None:
        expect_inputs(view, 1)
        shape = view.input(0).shape
        expect_shape(view, shape)
        if not shape or shape[-1] > _MAX_DEPTH:
            raise view.unsupported(f"is over shape {list(shape)}; up to {_MAX_DEPTH} values are supported")
        target = quantized(view, view.output())
        if target.zero_point != -128 or abs(target.scale - 1 / 256) > 0.001 / 256:
            raise view.unsupported("must give scale 1/256 and zero point -128")
        if not 1 < _real_multiplier(view) < math.inf:
            raise view.unsupported(f"has beta {view.node.options['beta']} and input scale {view.input(0).quantization}")

    def lower(self, view: View) -> tuple[Call, ...]:
        depth = view.input(0).shape[-1]
        scale = multiplier(_real_multiplier(view))
        radius = ((1 << _INTEGER_BITS) - 1) * (1 << (31 - _INTEGER_BITS)) >> scale.shift
        rows = view.input(0).count // depth
        arguments = (Output(), Input(0), rows, depth, scale.mantissa, scale.shift, -radius)
        return (Call("nn_softmax_s8", "softmax_s8.c", arguments),)

    def in_place(self, view: View) -> tuple[int, ...]:
        return (0,)


def _real_multiplier(view: View) -> float:
    """beta * input scale in Q5.26, capped as PreprocessSoftmaxScaling does (quantization_util.cc)."""
    beta = float(np.float32(view.node.options["beta"]))
    return min(beta * quantized(view, view.input(0)).scale * (1 << (31 - _INTEGER_BITS)), float((1 << 31) - 1))


PLUGIN = Softmax()
