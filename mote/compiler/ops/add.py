"""ADD of two int8 tensors; either may broadcast or be constant."""

from __future__ import annotations

from mote.compiler.graph import Quantization, Tensor, View
from mote.compiler.ops._fixed_point import Multiplier, activation_range, multiplier
from mote.compiler.ops._operator import Call, Input, Operator, Option, Output, Struct
from mote.compiler.ops._types import expect_inputs, expect_shape, quantized
from mote.compiler.ops._walk import MAX_DIMENSIONS, strides, walk

_LEFT_SHIFT = 20  # headroom of the common scale, bits


class Add(Operator):
    name = "ADD"
    options = (Option("activation", "int8"),)

    def check(self, view: View) -> None:
        expect_inputs(view, 2)
        for position in (0, 1):
            if view.input(position).dtype != "int8":
                raise view.unsupported(f"has a {view.input(position).dtype} addend; int8 is supported")
        expect_shape(view, _broadcast(view))
        if _real_output_scale(view) >= 1:
            raise view.unsupported("has an output scale so small that LiteRT refuses it")
        activation_range(view, view.option("activation"), quantized(view, view.output()))

    def lower(self, view: View) -> tuple[Call, ...]:
        struct = Struct("add", "nn_add", [_fields(view)])
        left, right, shape = view.input(0), view.input(1), view.output().shape
        if left.count == right.count == view.output().count:
            return (Call("nn_add_s8", "add_s8.c", (Output(), Input(0), Input(1), view.output().count, struct)),)
        walks = (
            Struct("left", "nn_walk", [_broadcast_walk(left, shape)]),
            Struct("right", "nn_walk", [_broadcast_walk(right, shape)]),
        )
        arguments = (Output(), Input(0), Input(1), *walks, struct)
        return (Call("nn_add_broadcast_s8", "add_broadcast_s8.c", arguments),)

    def in_place(self, view: View) -> tuple[int, ...]:
        sizes = {view.input(0).count, view.input(1).count, view.output().count}
        return (0, 1) if len(sizes) == 1 else ()


def _broadcast(view: View) -> tuple[int, ...]:
    """The shape of the sum: dimensions match from the last on, 1 stretches."""
    left, right = view.input(0).shape, view.input(1).shape
    rank = max(len(left), len(right))
    if rank > MAX_DIMENSIONS:
        raise view.unsupported(f"has {rank} dimensions, {MAX_DIMENSIONS} are supported")
    left, right = (1,) * (rank - len(left)) + left, (1,) * (rank - len(right)) + right
    if any(a != b and 1 not in (a, b) for a, b in zip(left, right, strict=True)):
        raise view.bad(f"adds shapes {list(left)} and {list(right)}")
    return tuple(max(a, b) for a, b in zip(left, right, strict=True))


def _broadcast_walk(tensor: Tensor, shape: tuple[int, ...]) -> dict[str, object]:
    padded = (1,) * (len(shape) - len(tensor.shape)) + tensor.shape
    steps = [0 if extent == 1 else step for extent, step in zip(padded, strides(padded), strict=True)]
    return walk(shape, steps)


def _twice_largest(view: View) -> float:
    """The scale in which both addends are below 1/2."""
    return 2 * max(quantized(view, view.input(0)).scale, quantized(view, view.input(1)).scale)


def _real_output_scale(view: View) -> float:
    return _twice_largest(view) / ((1 << _LEFT_SHIFT) * quantized(view, view.output()).scale)


def _fields(view: View) -> dict[str, object]:
    target = quantized(view, view.output())
    low, high = activation_range(view, view.option("activation"), target)
    sources = [quantized(view, view.input(position)) for position in (0, 1)]
    scales = [multiplier(source.scale / _twice_largest(view)) for source in sources]
    return {
        "left": _addend(sources[0], scales[0]),
        "right": _addend(sources[1], scales[1]),
        "output": _addend(target, multiplier(_real_output_scale(view))),
        "output_min": low,
        "output_max": high,
    }


def _addend(quantization: Quantization, scale: Multiplier) -> dict[str, object]:
    return {"zero_point": quantization.zero_point, "multiplier": scale.mantissa, "shift": scale.shift}


PLUGIN = Add()
