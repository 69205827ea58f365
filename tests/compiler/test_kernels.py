"""Corners of the arithmetic that random models seldom reach."""

from __future__ import annotations

import numpy as np
import pytest

from mote.compiler.host import HostModel
from tests.compiler.litert import Reference
from tests.compiler.tflite_writer import Writer


def dense_of_sums(sums: np.ndarray, scales: list[float], output_scale: float) -> bytes:
    """A layer whose sums are what the bias says (weights are 0), scaled by scales[unit] / output_scale."""
    writer = Writer()
    units = len(sums)
    source = writer.input((1, 1), scale=1.0)
    weights = writer.tensor((units, 1), scale=scales, data=np.zeros((units, 1), np.int8))
    bias = writer.tensor((units,), "int32", scale=scales, data=sums.astype(np.int32))
    target = writer.output((1, units), scale=output_scale)
    writer.operator("FULLY_CONNECTED", [source, weights, bias], [target], "FullyConnectedOptions")
    return writer.bytes()


def agree(tflite: bytes, inputs: list[np.ndarray]) -> np.ndarray:
    (got,), (wanted,) = HostModel(tflite).run(inputs), Reference(tflite).run(inputs)
    np.testing.assert_array_equal(got, wanted)
    return got


@pytest.mark.parametrize("divisor", [2.0, 3.0, 6.0, 7.0, 10.0, 12.0, 14.0, 22.0, 34.0, 49.0, 98.0, 126.0])
def test_fully_connected_rounds_the_product_to_a_double_first(divisor: float) -> None:
    """sum / 6 as a double: 3 * (1/6) is below one half, and becomes one half when it is rounded to 53 bits."""
    sums = np.arange(-1000, 1001)
    agree(dense_of_sums(sums, [1.0], divisor), [np.zeros((1, 1), np.int8)])


def test_fully_connected_with_scales_at_both_ends() -> None:
    """Per unit: from scales that round everything to 0 to those that saturate everything."""
    scales = [float(2.0**exponent * mantissa) for exponent in range(-60, 8) for mantissa in (1.0, 1.1, 1.999)]
    generator = np.random.default_rng(5)
    for _ in range(3):
        sums = generator.integers(-(2**20), 2**20, len(scales))
        agree(dense_of_sums(sums, scales, 1.0), [np.zeros((1, 1), np.int8)])


def quantizer(scale: float, zero_point: int, count: int) -> bytes:
    writer = Writer()
    source = writer.input((1, count), "float32")
    writer.operator("QUANTIZE", [source], [writer.output((1, count), scale=scale, zero_point=zero_point)])
    return writer.bytes()


@pytest.mark.parametrize(("scale", "zero_point"), [(1.0, 0), (0.5, -128), (0.1, 127), (1 / 3, -1), (0.0235, 5)])
def test_quantize_agrees_at_ties_and_next_to_them(scale: float, zero_point: int) -> None:
    ties = (np.arange(-300, 300) + 0.5).astype(np.float32) * np.float32(scale)
    values = np.concatenate([ties, np.nextafter(ties, np.float32(np.inf)), np.nextafter(ties, np.float32(-np.inf))])
    values = np.concatenate([values, np.float32([0, -0.0, 1e-40, -1e-40, 0.49999997, -0.49999997, 1e6, -1e6])])
    agree(quantizer(scale, zero_point, values.size), [values.reshape(1, -1)])


def test_quantize_saturates_infinities_and_takes_nan_for_zero() -> None:
    """LiteRT's cast is undefined there, so this is Mote's own rule."""
    values = np.float32([[np.inf, -np.inf, np.nan, 1e38, -1e38]])
    (got,) = HostModel(quantizer(0.1, -3, 5)).run([values])
    assert got.tolist() == [[127, -128, -3, 127, -128]]


def test_softmax_agrees_on_every_difference_of_two_values() -> None:
    for scale in (0.003, 0.05, 0.3, 1.7):
        writer = Writer()
        source = writer.input((1, 256, 2), scale=scale)
        target = writer.output((1, 256, 2), scale=1 / 256, zero_point=-128)
        writer.operator("SOFTMAX", [source], [target], "SoftmaxOptions", beta=1.0)
        pairs = np.stack([np.full(256, 127), np.arange(-128, 128)], axis=1).astype(np.int8)
        agree(writer.bytes(), [pairs[None]])


def test_softmax_of_its_largest_size_agrees() -> None:
    writer = Writer()
    source = writer.input((1, 511), scale=0.01)
    target = writer.output((1, 511), scale=1 / 256, zero_point=-128)
    writer.operator("SOFTMAX", [source], [target], "SoftmaxOptions", beta=1.0)
    agree(writer.bytes(), [np.zeros((1, 511), np.int8)])


def test_mean_of_many_values_agrees() -> None:
    writer = Writer()
    source = writer.input((1, 96, 96, 3), scale=0.02, zero_point=-128)
    axes = writer.tensor((2,), "int32", data=np.array([1, 2], np.int32))
    writer.operator("MEAN", [source, axes], [writer.output((1, 3), scale=0.021, zero_point=-127)], "ReducerOptions")
    agree(writer.bytes(), [np.full((1, 96, 96, 3), 127, np.int8)])


def test_model_takes_its_inputs_in_order_and_gives_every_output() -> None:
    writer = Writer()
    stored = {"scale": 0.5, "zero_point": 0}
    a, b = writer.input((1, 3), **stored), writer.input((1, 3), **stored)
    total, clipped = writer.output((1, 3), **stored), writer.output((1, 3), **stored)
    writer.operator("ADD", [a, b], [total], "AddOptions")
    writer.operator("RELU", [b], [clipped])
    inputs = [np.int8([[1, 2, 3]]), np.int8([[-5, 0, 5]])]
    outputs = HostModel(writer.bytes()).run(inputs)
    assert [output.tolist() for output in outputs] == [[[-4, 2, 8]], [[0, 0, 5]]]
