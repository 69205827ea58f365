"""QUANTIZE: float32 to int8, or int8 to int8 of another scale."""

from __future__ import annotations

import numpy as np

from mote.compiler.graph import View
from mote.compiler.ops._fixed_point import check_accumulator, clamp_int8, multiplier, requantise
from mote.compiler.ops._lookup import Lookup
from mote.compiler.ops._operator import Call, Input, Output
from mote.compiler.ops._types import quantized


class Quantize(Lookup):
    name = "QUANTIZE"

    def check_types(self, view: View) -> None:
        if view.input(0).dtype not in ("float32", "int8") or view.output().dtype != "int8":
            raise view.unsupported(
                f"turns {view.input(0).dtype} into {view.output().dtype}; float32 or int8 to int8 is supported",
                "Set converter.inference_input_type and inference_output_type to tf.int8.",
            )

    def table(self, view: View) -> list[int]:
        target = quantized(view, view.output())
        if view.input(0).dtype == "float32":
            return []  # a kernel's work, not a table's; the output's scale was checked
        source = quantized(view, view.input(0))
        ratio = source.scale / target.scale
        check_accumulator(view, 255, ratio)
        scale = multiplier(ratio)
        return [clamp_int8(requantise(q - source.zero_point, scale) + target.zero_point) for q in range(-128, 128)]

    def lower(self, view: View) -> tuple[Call, ...]:
        if view.input(0).dtype == "int8":
            return super().lower(view)
        target = quantized(view, view.output())
        arguments = (Output(), Input(0), view.input(0).count, np.float32(target.scale), target.zero_point)
        return (Call("nn_quantize_f32_s8", "quantize_f32_s8.c", arguments),)


PLUGIN = Quantize()
