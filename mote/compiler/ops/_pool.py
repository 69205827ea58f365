"""What MAX_POOL_2D and AVERAGE_POOL_2D share."""

from __future__ import annotations

from mote.compiler.graph import View
from mote.compiler.ops._fixed_point import activation_range, check_accumulator
from mote.compiler.ops._operator import Call, Input, Operator, Option, Output, Struct
from mote.compiler.ops._types import expect_inputs, quantized, same_quantization
from mote.compiler.ops._window import axis, fields, image_shape


class Pool(Operator):
    function: str
    file: str
    options = (
        Option("padding", "int8"),
        Option("stride_w", "int32"),
        Option("stride_h", "int32"),
        Option("filter_w", "int32"),
        Option("filter_h", "int32"),
        Option("activation", "int8"),
    )

    def check(self, view: View) -> None:
        expect_inputs(view, 1)
        same_quantization(view, view.input(0), view.output())
        height, width, channels = image_shape(view)
        if view.output().shape[-1:] != (channels,):
            raise view.bad(f"gives shape {list(view.output().shape)} for {channels} channels")
        _window(view)
        places = min(height, view.option("filter_h")) * min(width, view.option("filter_w"))
        check_accumulator(view, 256 * places, scale=0.5)

    def lower(self, view: View) -> tuple[Call, ...]:
        return (Call(self.function, self.file, (Output(), Input(0), Struct("window", "nn_window", [_window(view)]))),)


def _window(view: View) -> dict[str, object]:
    height, width, _ = image_shape(view)
    rows = axis(view, "h", height, view.option("filter_h"))
    columns = axis(view, "w", width, view.option("filter_w"))
    target = quantized(view, view.output())
    return fields(view, rows, columns, activation_range(view, view.option("activation"), target))
