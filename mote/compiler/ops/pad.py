"""PAD with the output's zero point, which stands for the real number 0."""

from __future__ import annotations

from mote.compiler.graph import View
from mote.compiler.ops._operator import Call, Input, Operator, Output, Struct
from mote.compiler.ops._types import constant, expect_inputs, expect_shape, quantized, same_quantization
from mote.compiler.ops._walk import MAX_DIMENSIONS, strides, walk


class Pad(Operator):
    name = "PAD"

    def check(self, view: View) -> None:
        expect_inputs(view, 2)
        same_quantization(view, view.input(0), view.output())
        shape = view.input(0).shape
        expect_shape(view, tuple(extent + sum(pads) for extent, pads in zip(shape, _pads(view), strict=True)))

    def lower(self, view: View) -> tuple[Call, ...]:
        target = view.output()
        steps = strides(target.shape)
        offset = sum(before * step for (before, _), step in zip(_pads(view), steps, strict=True))
        place = Struct("place", "nn_walk", [walk(view.input(0).shape, steps)])
        arguments = (Output(), Input(0), target.count, offset, place, quantized(view, target).zero_point)
        return (Call("nn_pad_s8", "pad_s8.c", arguments),)


def _pads(view: View) -> list[tuple[int, int]]:
    """(before, after) of each dimension."""
    rank = len(view.input(0).shape)
    tensor = constant(view, 1, "padding")
    if not 0 < rank <= MAX_DIMENSIONS:
        raise view.unsupported(f"has {rank} dimensions, 1 to {MAX_DIMENSIONS} are supported")
    if tensor.dtype not in ("int32", "int64") or tensor.shape != (rank, 2):
        raise view.bad(f"has {tensor.dtype} padding of shape {list(tensor.shape)} for {rank} dimensions")
    assert tensor.data is not None
    pads = [(int(before), int(after)) for before, after in tensor.data]
    if not all(0 <= amount < 1 << 24 for pair in pads for amount in pair):
        raise view.bad(f"pads by {pads}")
    return pads


PLUGIN = Pad()
