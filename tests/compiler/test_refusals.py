"""What cannot be compiled is refused in words: which operator, where, and what to do."""

from __future__ import annotations

import contextlib

import numpy as np
import pytest

from mote.compiler import compile_model
from mote.compiler.ops import operators
from mote.errors import BadInput, NotSupported
from tests.compiler.tflite_writer import Writer

STORED = {"scale": 0.1, "zero_point": 0}


def refusal(writer: Writer, kind: type[BadInput] | type[NotSupported] = NotSupported) -> BadInput | NotSupported:
    with pytest.raises(kind) as caught:
        compile_model(writer.bytes())
    return caught.value


def one_node(name: str, shape: tuple[int, ...] = (1, 4), dtype: str = "int8", **more: object) -> Writer:
    writer = Writer()
    source = writer.input(shape, dtype, name="x", **STORED)
    writer.operator(name, [source], [writer.output(shape, dtype, name="x/y", **STORED)], **more)
    return writer


def test_unknown_operator_is_named_with_its_place_and_what_is_supported() -> None:
    writer = one_node("RELU")
    last = writer.outputs.pop()
    writer.operator("CONV_3D", [last], [writer.output((1, 4), name="x/y", **STORED)])
    assert refusal(writer).message == (
        f'CONV_3D is not supported (operator 1, "x/y"); supported: {", ".join(sorted(operators()))}'
    )


def test_operators_of_a_free_batch_come_with_the_remedy() -> None:
    assert "batch at 1" in refusal(one_node("SHAPE")).hint


def test_int16_activations_are_refused() -> None:
    writer = Writer()
    source = writer.input((1, 4), **STORED)
    middle = writer.tensor((1, 4), "int16", **STORED)
    writer.operator("RELU", [source], [middle])
    writer.operator("RELU", [middle], [writer.output((1, 4), **STORED)])
    error = refusal(writer)
    assert "int16 activations" in error.message
    assert "16x8" in error.hint


def test_int16_model_is_refused_at_its_input() -> None:
    assert '"x" is int16' in refusal(one_node("RELU", dtype="int16")).message


def test_hybrid_layer_is_refused() -> None:
    writer = Writer()
    source = writer.input((1, 4), "float32")
    weights = writer.tensor((2, 4), data=np.ones((2, 4), np.int8), **STORED)
    writer.operator("FULLY_CONNECTED", [source, weights], [writer.output((1, 2), "float32")], "FullyConnectedOptions")
    error = refusal(writer)
    assert "hybrid" in error.message
    assert "representative_dataset" in error.hint


def test_batch_other_than_one_is_refused() -> None:
    assert "has batch 8; 1 is supported" in refusal(one_node("RELU", (8, 4))).message


def test_weights_computed_at_run_time_are_refused() -> None:
    writer = Writer()
    source, weights = writer.input((1, 4), **STORED), writer.input((1, 4), **STORED)
    writer.operator("FULLY_CONNECTED", [source, weights], [writer.output((1, 1), **STORED)], "FullyConnectedOptions")
    assert "only constants are supported" in refusal(writer).message


def dense(bias: int, weights_scale: float, output_scale: float) -> Writer:
    writer = Writer()
    source = writer.input((1, 4), **STORED)
    weights = writer.tensor((1, 4), scale=weights_scale, data=np.full((1, 4), 127, np.int8))
    offset = writer.tensor((1,), "int32", scale=0.1 * weights_scale, data=np.array([bias], np.int32))
    target = writer.output((1, 1), scale=output_scale)
    writer.operator("FULLY_CONNECTED", [source, weights, offset], [target], "FullyConnectedOptions")
    return writer


@pytest.mark.parametrize(("bias", "weights_scale", "output_scale"), [(2**31 - 1, 0.1, 0.1), (0, 10.0, 1e-6)])
def test_sums_that_could_leave_32_bits_are_refused(bias: int, weights_scale: float, output_scale: float) -> None:
    assert "beyond its 32-bit accumulator" in refusal(dense(bias, weights_scale, output_scale)).message


def test_wrong_output_shape_is_bad_input() -> None:
    writer = Writer()
    source = writer.input((1, 4), **STORED)
    writer.operator("RELU", [source], [writer.output((1, 5), **STORED)])
    assert "gives shape [1, 4], the file says [1, 5]" in refusal(writer, BadInput).message


@pytest.mark.parametrize("name", sorted(operators()))
@pytest.mark.parametrize("shapes", [((), ()), ((1, 4, 4, 2), ()), ((1,), (1, 4, 4, 2))], ids=["scalars", "out", "in"])
def test_tensors_of_unexpected_rank_never_crash_an_operator(name: str, shapes: tuple[tuple[int, ...], ...]) -> None:
    """Every operator, its inputs and options missing or senseless."""
    writer = Writer()
    source = writer.input(shapes[0], **STORED)
    constants = [
        writer.tensor((2, 2, 2, 2), data=np.ones((2, 2, 2, 2), np.int8), **STORED),
        writer.tensor((), "int32", data=np.zeros((), np.int32)),
    ]
    target = writer.output(shapes[1], **STORED)
    for inputs in ([source], [source, constants[0]], [source, constants[1]], [source, *constants], [-1], []):
        writer.operators.clear()
        writer.operator(name, inputs, [target])
        with contextlib.suppress(BadInput, NotSupported):  # anything else fails the test
            compile_model(writer.bytes())


def test_constant_output_is_refused() -> None:
    writer = Writer()
    writer.input((1, 4), **STORED)
    constant = writer.tensor((4,), data=np.ones(4, np.int8), **STORED)
    writer.operator("RESHAPE", [constant], [writer.output((1, 4), **STORED)])
    assert "is a constant" in refusal(writer).message


def test_nodes_out_of_order_are_bad_input() -> None:
    writer = Writer()
    source = writer.input((1, 4), **STORED)
    middle, target = writer.tensor((1, 4), **STORED), writer.output((1, 4), **STORED)
    writer.operator("RELU", [middle], [target])
    writer.operator("RELU", [source], [middle])
    assert "nothing has written" in refusal(writer, BadInput).message


def test_missing_scale_is_bad_input() -> None:
    writer = Writer()
    writer.operator("RELU", [writer.input((1, 4))], [writer.output((1, 4), **STORED)])
    assert "needs a scale" in refusal(writer, BadInput).message


def test_two_subgraphs_are_refused() -> None:
    with pytest.raises(NotSupported, match="2 subgraphs"):
        compile_model(one_node("RELU").bytes(subgraphs=2))


def test_name_must_be_a_c_identifier() -> None:
    with pytest.raises(BadInput, match="cannot name a model"):
        compile_model(one_node("RELU").bytes(), name="int main(")
