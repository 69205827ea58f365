"""Two models of a few kilobytes that together have every operator and every kind of table."""

from __future__ import annotations

import numpy as np

from tests.compiler.tflite_writer import Writer


def small_model() -> bytes:
    """Every kind of table that the reader knows, in about 2 kB."""
    writer = Writer()
    stored = {"scale": 0.1, "zero_point": -3}
    source = writer.input((1, 6, 6, 2), **stored)
    weights = writer.tensor((4, 3, 3, 2), scale=[0.01, 0.02, 0.03, 0.04], data=np.ones((4, 3, 3, 2), np.int8))
    bias = writer.tensor((4,), "int32", scale=[0.001, 0.002, 0.003, 0.004], data=np.arange(4, dtype=np.int32))
    image, pooled, flat = (writer.tensor(shape, **stored) for shape in ((1, 4, 4, 4), (1, 2, 2, 4), (1, 16)))
    writer.operator("CONV_2D", [source, weights, bias], [image], "Conv2DOptions", strideW=1, strideH=1, padding=1)
    pool = {"strideW": 2, "strideH": 2, "filterWidth": 2, "filterHeight": 2, "padding": 1}
    writer.operator("MAX_POOL_2D", [image], [pooled], "Pool2DOptions", **pool)
    shape = writer.tensor((2,), "int32", data=np.array([1, 16], np.int32))
    writer.operator("RESHAPE", [pooled, shape], [flat], "ReshapeOptions", newShape=[1, 16])
    dense = writer.tensor((3, 16), scale=0.02, data=np.ones((3, 16), np.int8))
    logits = writer.tensor((1, 3), **stored)
    writer.operator("FULLY_CONNECTED", [flat, dense, -1], [logits], "FullyConnectedOptions")
    writer.operator(
        "SOFTMAX", [logits], [writer.output((1, 3), scale=1 / 256, zero_point=-128)], "SoftmaxOptions", beta=1.0
    )
    return writer.bytes()


def every_kernel() -> bytes:
    """One node of each operator that SMALL lacks."""
    writer = Writer()
    a = {"scale": 0.1, "zero_point": 0}
    real = writer.input((1, 4, 4, 2), "float32", name="evil */ name\n#include <x>")
    x, y, padded = (writer.tensor(shape, **a) for shape in ((1, 4, 4, 2), (1, 4, 4, 2), (1, 6, 6, 2)))
    writer.operator("QUANTIZE", [real], [x])
    writer.operator("RELU", [x], [y])
    pads = writer.tensor((4, 2), "int32", data=np.array([[0, 0], [1, 1], [1, 1], [0, 0]], np.int32))
    writer.operator("PAD", [y, pads], [padded])
    filters = writer.tensor((1, 3, 3, 2), scale=0.05, data=np.ones((1, 3, 3, 2), np.int8))
    bias = writer.tensor((2,), "int32", scale=0.005, data=np.array([1, -(2**20)], np.int32))
    convolved, averaged, joined = (writer.tensor(shape, **a) for shape in ((1, 4, 4, 2), (1, 4, 4, 2), (1, 4, 4, 4)))
    options = {"strideW": 1, "strideH": 1, "padding": 1, "depthMultiplier": 1}
    writer.operator("DEPTHWISE_CONV_2D", [padded, filters, bias], [convolved], "DepthwiseConv2DOptions", **options)
    pool = {"strideW": 1, "strideH": 1, "filterWidth": 3, "filterHeight": 3, "padding": 0}
    writer.operator("AVERAGE_POOL_2D", [convolved], [averaged], "Pool2DOptions", **pool)
    writer.operator("CONCATENATION", [averaged, x], [joined], "ConcatenationOptions", axis=3)
    mean, shifted = writer.tensor((1, 4), **a), writer.tensor((1, 4), **a)
    writer.operator(
        "MEAN", [joined, writer.tensor((2,), "int32", data=np.array([1, 2], np.int32))], [mean], "ReducerOptions"
    )
    constant = writer.tensor((1,), data=np.array([5], np.int8), **a)
    writer.operator("ADD", [mean, constant], [shifted], "AddOptions")
    doubled, out = writer.tensor((1, 4), **a), writer.output((1, 4), "float32")
    writer.operator("ADD", [shifted, mean], [doubled], "AddOptions")
    writer.operator("DEQUANTIZE", [doubled], [out])
    writer.outputs.append(doubled)
    return writer.bytes()


SMALL = small_model()
EVERY = every_kernel()
