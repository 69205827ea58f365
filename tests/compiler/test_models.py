"""Real models, compiled and run on this machine: the bits of LiteRT, layer by layer."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from mote.compiler import compile_model
from mote.compiler.host import HostModel
from mote.errors import NotSupported
from tests.compiler.conftest import INT8_MODELS, read_model
from tests.compiler.litert import Reference, random_inputs

pytestmark = pytest.mark.real_data

# The busiest layer's live tensors, bytes, and the multiply-accumulates: counted independently by the makers of the
# benchmark table in the project's notes (TFLM's and CMSIS-NN's own figures).
KNOWN = {
    "mlperf_kws_dscnn": (16_000, 2_656_768, 24_368),
    "mlperf_vww_mobilenet": (55_296, 7_489_664, 219_064),
    "mlperf_ic_resnet8": (49_152, 12_501_632, 78_744),
    "mlperf_ad_toycar": (768, 264_192, 270_880),
}


def reproduced(model: HostModel, vectors: Path) -> int:
    """How many stored runs the model answers bit for bit; a run that differs fails."""
    stored = np.load(vectors)
    runs = 0
    while f"in0_run{runs}" in stored:
        inputs = [stored[f"in{index}_run{runs}"] for index in range(len(model.compiled.inputs))]
        for index, got in enumerate(model.run(inputs)):
            np.testing.assert_array_equal(got, stored[f"out{index}_run{runs}"], err_msg=f"run {runs}, output {index}")
        runs += 1
    return runs


@pytest.mark.parametrize("name", INT8_MODELS)
def test_model_reproduces_litert_vectors(models: Path, name: str) -> None:
    assert reproduced(HostModel(read_model(models, name)), models / name / f"{name}.litert.io.npz") == 8


def test_person_detect_reproduces_tflm_vectors(models: Path) -> None:
    """LiteRT refuses this file (a quantized_dimension out of range), TFLM runs it; it has no fully connected layer,
    the only one in which the two differ."""
    name = "tflm_person_detect"
    assert reproduced(HostModel(read_model(models, name)), models / name / f"{name}.tflm.io.npz") == 8


@pytest.mark.parametrize("name", INT8_MODELS)
def test_every_layer_gives_the_bits_of_litert(models: Path, name: str) -> None:
    tflite = read_model(models, name)
    model, reference = HostModel(tflite), Reference(tflite, layers=True)
    generator = np.random.default_rng(7)
    for _ in range(3):
        inputs = random_inputs(tflite, generator)
        reference.run(inputs)
        layers = model.run_layers(inputs)
        assert len(layers) == len(model.compiled.layers)
        for layer in model.compiled.layers:
            np.testing.assert_array_equal(
                layers[layer.output_tensor],
                reference.tensor(layer.output_tensor),
                err_msg=f"{layer.index} {layer.operator}",
            )


@pytest.mark.parametrize("name", KNOWN)
def test_arena_reaches_its_lower_bound_and_work_is_counted(models: Path, name: str) -> None:
    compiled = compile_model(read_model(models, name))
    assert (compiled.arena_bytes, compiled.macs, compiled.weights_bytes) == KNOWN[name]
    assert compiled.arena_bytes == compiled.arena_lower_bound


def test_float_model_is_refused_with_what_to_do(models: Path) -> None:
    with pytest.raises(NotSupported, match="is float32; int8 is supported") as refusal:
        compile_model(read_model(models, "tflm_hello_world_float"))
    assert "TFLITE_BUILTINS_INT8" in refusal.value.hint
