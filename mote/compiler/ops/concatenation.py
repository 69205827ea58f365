"""CONCATENATION along any axis: one copy of rows per input."""

from __future__ import annotations

import math

from mote.compiler.graph import View
from mote.compiler.ops._operator import Call, Input, Operator, Option, Output
from mote.compiler.ops._types import expect_shape, quantized


class Concatenation(Operator):
    name = "CONCATENATION"
    options = (Option("axis", "int32"), Option("activation", "int8"))

    def check(self, view: View) -> None:
        if not view.node.inputs or view.option("activation"):
            raise view.unsupported("has no inputs, or a fused activation")
        target = quantized(view, view.output())
        axis = _axis(view)
        shape = list(view.input(0).shape)
        shape[axis] = 0
        for position in range(len(view.node.inputs)):
            part = view.input(position)
            if part.dtype != "int8" or quantized(view, part) != target:
                raise view.unsupported(f'must give "{part.name}" the output\'s scale and zero point')
            if len(part.shape) != len(shape) or any(
                a != b for d, (a, b) in enumerate(zip(part.shape, shape, strict=True)) if d != axis
            ):
                raise view.bad(f"joins shapes {list(view.input(0).shape)} and {list(part.shape)} along {axis}")
            shape[axis] += part.shape[axis]
        expect_shape(view, tuple(shape))

    def lower(self, view: View) -> tuple[Call, ...]:
        axis, shape = _axis(view), view.output().shape
        rows, step = math.prod(shape[:axis]), math.prod(shape[axis:])
        calls, offset = [], 0
        for position in range(len(view.node.inputs)):
            length = math.prod(view.input(position).shape[axis:])
            calls.append(
                Call("nn_copy_rows_s8", "copy_rows_s8.c", (Output(offset), Input(position), rows, length, step))
            )
            offset += length
        return tuple(calls)


def _axis(view: View) -> int:
    axis, rank = view.option("axis"), len(view.input(0).shape)
    if not -rank <= axis < rank:
        raise view.bad(f"joins along axis {axis} of {rank}")
    return axis % rank


PLUGIN = Concatenation()
