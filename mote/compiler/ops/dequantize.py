"""DEQUANTIZE: int8 to float32."""

from __future__ import annotations

import numpy as np

from mote.compiler.graph import View
from mote.compiler.ops._operator import Call, Input, Operator, Output
from mote.compiler.ops._types import expect_inputs, expect_shape, quantized


class Dequantize(Operator):
    name = "DEQUANTIZE"

    def check_types(self, view: View) -> None:
        if view.input(0).dtype != "int8" or view.output().dtype != "float32":
            raise view.unsupported(
                f"turns {view.input(0).dtype} into {view.output().dtype}; int8 to float32 is supported",
                "Set converter.inference_input_type and inference_output_type to tf.int8.",
            )

    def check(self, view: View) -> None:
        expect_inputs(view, 1)
        expect_shape(view, view.input(0).shape)
        quantized(view, view.input(0))

    def lower(self, view: View) -> tuple[Call, ...]:
        source = quantized(view, view.input(0))
        arguments = (Output(), Input(0), view.input(0).count, np.float32(source.scale), source.zero_point)
        return (Call("nn_dequantize_s8_f32", "dequantize_s8_f32.c", arguments),)


PLUGIN = Dequantize()
