"""Every operator against LiteRT's reference kernels, bit for bit, on random shapes, scales and zero points.

One example is a file of several nodes that have nothing to do with each other, so that the C compiler starts once.
"""

from __future__ import annotations

import os
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mote.compiler.host import HostModel
from tests.compiler.litert import Reference, random_inputs
from tests.compiler.tflite_writer import Writer

NODES = 8  # nodes in one example
EXAMPLES = int(os.environ.get("MOTE_EXAMPLES", "6"))  # examples for each operator
RUNS = 3  # inputs for each example

AddNode = Callable[[st.DataObject, Writer], None]

extents = st.integers(1, 9)
zero_points = st.one_of(st.sampled_from([-128, 127, 0, -1]), st.integers(-128, 127))
scales = st.one_of(
    st.sampled_from([1 / 256, 1 / 8, 0.5]),  # powers of two make sums that lie exactly between two results
    st.floats(1e-4, 0.9).map(lambda scale: float(np.float32(scale))),
)
ratios = st.one_of(st.sampled_from([0.5, 0.25, 1 / 64, 1.0, 1 / 3]), st.floats(1e-4, 1.9))  # of inputs to outputs
seeds = st.integers(0, 2**32 - 1)


def values(data: st.DataObject, shape: tuple[int, ...], low: int = -127, high: int = 127) -> np.ndarray:
    return np.random.default_rng(data.draw(seeds)).integers(low, high + 1, shape)


def rectified(data: st.DataObject) -> int:
    return data.draw(st.sampled_from([0, 0, 1, 2, 3]), label="activation")


def windowed(size: int, filter_size: int, stride: int, dilation: int, padding: int) -> int:
    reach = (filter_size - 1) * dilation + 1
    return -(-size // stride) if padding == 0 else (size - reach) // stride + 1


def weight_scales(data: st.DataObject, channels: int) -> list[float]:
    count = channels if data.draw(st.booleans(), label="per channel") else 1
    return [float(np.float32(data.draw(scales))) for _ in range(count)]


def add_bias(data: st.DataObject, writer: Writer, channels: int, source_scale: float, scale: list[float]) -> list[int]:
    bias = values(data, (channels,), -20000, 20000).astype(np.int32)
    return [writer.tensor((channels,), "int32", scale=[source_scale * s for s in scale], data=bias)]


def add_convolution(data: st.DataObject, writer: Writer, depthwise: bool) -> None:
    height, width = data.draw(extents), data.draw(extents)
    dilation_h, dilation_w = data.draw(st.integers(1, 3)), data.draw(st.integers(1, 3))
    filter_h = data.draw(st.integers(1, (height - 1) // dilation_h + 1))
    filter_w = data.draw(st.integers(1, (width - 1) // dilation_w + 1))
    stride_h, stride_w = data.draw(st.integers(1, 3)), data.draw(st.integers(1, 3))
    padding = data.draw(st.sampled_from([0, 1]))
    groups = 1 if depthwise else data.draw(st.sampled_from([1, 1, 1, 2]))
    depth = data.draw(st.integers(1, 5))
    multiplier = data.draw(st.integers(1, 3)) if depthwise else 1
    channels = depth * multiplier if depthwise else groups * data.draw(st.integers(1, 4))
    shape = (1, filter_h, filter_w, channels) if depthwise else (channels, filter_h, filter_w, depth)
    axis = 3 if depthwise else 0
    scale, filters = data.draw(scales), weight_scales(data, channels)
    source = writer.input((1, height, width, depth * groups), scale=scale, zero_point=data.draw(zero_points))
    weights = writer.tensor(shape, scale=filters, axis=axis, data=values(data, shape).astype(np.int8))
    bias = add_bias(data, writer, channels, scale, filters)
    target = writer.output(
        (
            1,
            windowed(height, filter_h, stride_h, dilation_h, padding),
            windowed(width, filter_w, stride_w, dilation_w, padding),
            channels,
        ),
        scale=scale * max(filters) / data.draw(ratios),
        zero_point=data.draw(zero_points),
    )
    options = {
        "padding": padding,
        "strideH": stride_h,
        "strideW": stride_w,
        "dilationHFactor": dilation_h,
        "dilationWFactor": dilation_w,
        "fusedActivationFunction": rectified(data),
    }
    if depthwise:
        options["depthMultiplier"] = multiplier
        writer.operator("DEPTHWISE_CONV_2D", [source, weights, *bias], [target], "DepthwiseConv2DOptions", **options)
    else:
        writer.operator("CONV_2D", [source, weights, *bias], [target], "Conv2DOptions", **options)


def add_conv_2d(data: st.DataObject, writer: Writer) -> None:
    add_convolution(data, writer, depthwise=False)


def add_depthwise_conv_2d(data: st.DataObject, writer: Writer) -> None:
    add_convolution(data, writer, depthwise=True)


def add_fully_connected(data: st.DataObject, writer: Writer) -> None:
    rows, depth, units = data.draw(st.integers(1, 4)), data.draw(st.integers(1, 70)), data.draw(st.integers(1, 12))
    keep = data.draw(st.booleans(), label="keep_num_dims")
    scale, weights_scale = data.draw(scales), weight_scales(data, units)
    weights_zero_point = data.draw(zero_points) if len(weights_scale) == 1 else 0
    source = writer.input((1, rows, depth), scale=scale, zero_point=data.draw(zero_points))
    weights = writer.tensor(
        (units, depth),
        scale=weights_scale,
        zero_point=weights_zero_point,
        data=values(data, (units, depth), -128).astype(np.int8),
    )
    bias = add_bias(data, writer, units, scale, weights_scale) if data.draw(st.booleans(), label="bias") else [-1]
    target = writer.output(
        (1, rows, units) if keep else (rows, units),
        scale=scale * max(weights_scale) / data.draw(ratios),
        zero_point=data.draw(zero_points),
    )
    options = {"fusedActivationFunction": rectified(data), "keepNumDims": keep}
    writer.operator("FULLY_CONNECTED", [source, weights, *bias], [target], "FullyConnectedOptions", **options)


def add_pool(data: st.DataObject, writer: Writer, name: str) -> None:
    height, width, channels = data.draw(extents), data.draw(extents), data.draw(st.integers(1, 5))
    filter_h, filter_w = data.draw(st.integers(1, height)), data.draw(st.integers(1, width))
    stride_h, stride_w = data.draw(st.integers(1, 3)), data.draw(st.integers(1, 3))
    padding = data.draw(st.sampled_from([0, 1]))
    stored = {"scale": data.draw(scales), "zero_point": data.draw(zero_points)}
    source = writer.input((1, height, width, channels), **stored)
    rows, columns = windowed(height, filter_h, stride_h, 1, padding), windowed(width, filter_w, stride_w, 1, padding)
    target = writer.output((1, rows, columns, channels), **stored)
    options = {
        "padding": padding,
        "strideH": stride_h,
        "strideW": stride_w,
        "filterHeight": filter_h,
        "filterWidth": filter_w,
        "fusedActivationFunction": rectified(data),
    }
    writer.operator(name, [source], [target], "Pool2DOptions", **options)


def add_max_pool_2d(data: st.DataObject, writer: Writer) -> None:
    add_pool(data, writer, "MAX_POOL_2D")


def add_average_pool_2d(data: st.DataObject, writer: Writer) -> None:
    add_pool(data, writer, "AVERAGE_POOL_2D")


def add_mean(data: st.DataObject, writer: Writer) -> None:
    shape = (1, *data.draw(st.lists(st.integers(1, 7), min_size=1, max_size=3)))
    rank = len(shape)
    axes = data.draw(st.lists(st.integers(-rank, rank - 1), min_size=1, max_size=3))
    reduced = {axis % rank for axis in axes}
    keep = data.draw(st.booleans()) or len(reduced) == rank
    kept = tuple(1 if d in reduced else extent for d, extent in enumerate(shape))
    scale = data.draw(scales)
    source = writer.input(shape, scale=scale, zero_point=data.draw(zero_points))
    axis = writer.tensor((len(axes),), "int32", data=np.array(axes, np.int32))
    target = writer.output(
        kept if keep else tuple(extent for d, extent in enumerate(shape) if d not in reduced),
        scale=scale / data.draw(ratios),
        zero_point=data.draw(zero_points),
    )
    writer.operator("MEAN", [source, axis], [target], "ReducerOptions", keepDims=keep)


def add_add(data: st.DataObject, writer: Writer) -> None:
    shape = (1, *data.draw(st.lists(st.integers(1, 6), min_size=1, max_size=3)))
    kind = data.draw(st.sampled_from(["same", "stretch", "constant"]))
    other = shape
    if kind == "stretch":
        other = tuple(1 if data.draw(st.booleans()) else extent for extent in shape)
    if kind == "constant":
        other = shape[data.draw(st.integers(0, len(shape) - 1)) :]
    left_scale, right_scale = data.draw(scales), data.draw(scales)
    left = writer.input(shape, scale=left_scale, zero_point=data.draw(zero_points))
    stored = {"scale": right_scale, "zero_point": data.draw(zero_points)}
    if kind == "constant":
        right = writer.tensor(other, data=values(data, other, -128).astype(np.int8), **stored)
    else:
        right = writer.input(other, **stored)
    target = writer.output(
        shape, scale=max(left_scale, right_scale) / data.draw(ratios), zero_point=data.draw(zero_points)
    )
    inputs = [left, right] if data.draw(st.booleans()) else [right, left]
    writer.operator("ADD", inputs, [target], "AddOptions", fusedActivationFunction=rectified(data))


def add_concatenation(data: st.DataObject, writer: Writer) -> None:
    shape = [1, *data.draw(st.lists(st.integers(1, 5), min_size=1, max_size=3))]
    axis = data.draw(st.integers(1, len(shape) - 1))
    stored = {"scale": data.draw(scales), "zero_point": data.draw(zero_points)}
    parts, total = [], 0
    for _ in range(data.draw(st.integers(1, 4))):
        extent = data.draw(st.integers(1, 4))
        parts.append(writer.input((*shape[:axis], extent, *shape[axis + 1 :]), **stored))
        total += extent
    target = writer.output((*shape[:axis], total, *shape[axis + 1 :]), **stored)
    signed = axis - len(shape) if data.draw(st.booleans()) else axis
    writer.operator("CONCATENATION", parts, [target], "ConcatenationOptions", axis=signed)


def add_pad(data: st.DataObject, writer: Writer) -> None:
    shape = (1, *data.draw(st.lists(st.integers(1, 5), min_size=1, max_size=3)))
    pads = [(0, 0)] + [(data.draw(st.integers(0, 3)), data.draw(st.integers(0, 3))) for _ in shape[1:]]
    stored = {"scale": data.draw(scales), "zero_point": data.draw(zero_points)}
    source = writer.input(shape, **stored)
    dtype = data.draw(st.sampled_from(["int32", "int64"]))
    padding = writer.tensor((len(shape), 2), dtype, data=np.array(pads, dtype))
    target = writer.output(tuple(n + a + b for n, (a, b) in zip(shape, pads, strict=True)), **stored)
    writer.operator("PAD", [source, padding], [target], "PadOptions")


def add_softmax(data: st.DataObject, writer: Writer) -> None:
    shape = (1, *data.draw(st.lists(st.integers(1, 20), min_size=1, max_size=2)))
    source = writer.input(shape, scale=data.draw(st.floats(1e-4, 2)), zero_point=data.draw(zero_points))
    target = writer.output(shape, scale=1 / 256, zero_point=-128)
    writer.operator("SOFTMAX", [source], [target], "SoftmaxOptions", beta=data.draw(st.sampled_from([1.0, 0.5, 2.5])))


def add_elementwise(
    data: st.DataObject, writer: Writer, name: str, target_scale: float, target_zero_point: int
) -> None:
    shape = (1, 256)  # every int8, since inputs are many
    source = writer.input(shape, scale=data.draw(scales), zero_point=data.draw(zero_points))
    writer.operator(name, [source], [writer.output(shape, scale=target_scale, zero_point=target_zero_point)])


def add_logistic(data: st.DataObject, writer: Writer) -> None:
    add_elementwise(data, writer, "LOGISTIC", 1 / 256, data.draw(st.sampled_from([-128, -128, 0, 5])))


def add_relu(data: st.DataObject, writer: Writer) -> None:
    add_elementwise(data, writer, "RELU", data.draw(scales), data.draw(zero_points))


def add_relu6(data: st.DataObject, writer: Writer) -> None:
    add_elementwise(data, writer, "RELU6", data.draw(scales), data.draw(zero_points))


def add_requantise(data: st.DataObject, writer: Writer) -> None:
    add_elementwise(data, writer, "QUANTIZE", data.draw(scales), data.draw(zero_points))


def add_quantize(data: st.DataObject, writer: Writer) -> None:
    source = writer.input((1, 300), "float32")
    target = writer.output((1, 300), scale=data.draw(scales), zero_point=data.draw(zero_points))
    writer.operator("QUANTIZE", [source], [target])


def add_dequantize(data: st.DataObject, writer: Writer) -> None:
    source = writer.input((1, 300), scale=data.draw(scales), zero_point=data.draw(zero_points))
    writer.operator("DEQUANTIZE", [source], [writer.output((1, 300), "float32")])


def add_reshapes(data: st.DataObject, writer: Writer) -> None:
    """RESHAPE, EXPAND_DIMS and SQUEEZE in a row, as older converters leave around a 1-D convolution."""
    a, b = data.draw(extents), data.draw(extents)
    stored = {"scale": 0.5, "zero_point": 3}
    source = writer.input((1, a, b), **stored)
    flat, tall = writer.tensor((1, a * b), **stored), writer.tensor((1, 1, a * b), **stored)
    writer.operator("RESHAPE", [source, writer.tensor((2,), "int32", data=np.array([1, a * b], np.int32))], [flat])
    writer.operator("EXPAND_DIMS", [flat, writer.tensor((1,), "int32", data=np.array([1], np.int32))], [tall])
    writer.operator("SQUEEZE", [tall], [writer.output((1, a * b), **stored)], "SqueezeOptions", squeezeDims=[1])


NODE_BUILDERS = [
    add_conv_2d,
    add_depthwise_conv_2d,
    add_fully_connected,
    add_max_pool_2d,
    add_average_pool_2d,
    add_mean,
    add_add,
    add_concatenation,
    add_pad,
    add_softmax,
    add_logistic,
    add_relu,
    add_relu6,
    add_requantise,
    add_quantize,
    add_dequantize,
    add_reshapes,
]


@pytest.mark.slow
@pytest.mark.parametrize("add_node", NODE_BUILDERS, ids=lambda builder: builder.__name__.removeprefix("add_"))
@settings(
    max_examples=EXAMPLES,
    deadline=None,
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(data=st.data())
def test_operator_gives_the_bits_of_litert(add_node: AddNode, data: st.DataObject) -> None:
    writer = Writer()
    for _ in range(NODES):
        add_node(data, writer)
    check_against_litert(writer.bytes(), data.draw(seeds))


def check_against_litert(tflite: bytes, seed: int) -> None:
    reference, compiled = Reference(tflite), HostModel(tflite)
    generator = np.random.default_rng(seed)
    for _ in range(RUNS):
        inputs = random_inputs(tflite, generator)
        expected = reference.run(inputs)
        for position, (got, wanted) in enumerate(zip(compiled.run(inputs), expected, strict=True)):
            np.testing.assert_array_equal(got, wanted, err_msg=f"output {position}")


def test_every_operator_plugin_has_a_case_here() -> None:
    from mote.compiler.ops import operators

    covered = {builder.__name__.removeprefix("add_").upper() for builder in NODE_BUILDERS}
    assert set(operators()) <= covered | {"RESHAPE", "EXPAND_DIMS", "SQUEEZE"}
