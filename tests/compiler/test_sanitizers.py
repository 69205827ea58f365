"""Kernels and generated code under ASan and UBSan: no byte read or written outside, no overflow, the same bits."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mote.errors import MoteError
from tests.compiler.conftest import INT8_MODELS, read_model
from tests.compiler.litert import Reference, random_inputs
from tests.compiler.sanitized import SanitizedModel
from tests.compiler.small_models import SMALL
from tests.compiler.test_operators import NODE_BUILDERS
from tests.compiler.tflite_writer import Writer

pytestmark = pytest.mark.slow


@pytest.mark.real_data
@pytest.mark.parametrize("name", INT8_MODELS)
def test_real_model_is_clean_and_gives_the_bits_of_litert(models: Path, name: str, tmp_path: Path) -> None:
    model = SanitizedModel(read_model(models, name), tmp_path)
    stored = np.load(models / name / f"{name}.litert.io.npz")
    for run in (0, 5):
        inputs = [stored[f"in{index}_run{run}"] for index in range(len(model.compiled.inputs))]
        for index, got in enumerate(model.run(inputs)):
            np.testing.assert_array_equal(got, stored[f"out{index}_run{run}"])


@settings(
    max_examples=5,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.function_scoped_fixture],
)
@given(data=st.data())
def test_every_operator_is_clean(data: st.DataObject, tmp_path: Path) -> None:
    writer = Writer()
    for add_node in NODE_BUILDERS:
        add_node(data, writer)
    tflite = writer.bytes()
    inputs = random_inputs(tflite, np.random.default_rng(0))
    for got, wanted in zip(SanitizedModel(tflite, tmp_path).run(inputs), Reference(tflite).run(inputs), strict=True):
        np.testing.assert_array_equal(got, wanted)


def test_damaged_models_that_still_compile_are_clean(tmp_path: Path) -> None:
    """What the reader lets through must not make the kernels leave their memory, whatever it says."""
    generator = np.random.default_rng(11)
    built = 0
    while built < 12:
        damaged = bytearray(SMALL)
        for position in generator.integers(8, len(SMALL), generator.integers(1, 4)):
            damaged[position] = generator.choice([0, 1, 2, 3, 7, 127, 128, 255, generator.integers(0, 256)])
        try:
            model = SanitizedModel(bytes(damaged), tmp_path)
        except MoteError:
            continue
        built += 1
        model.run([generator.integers(-128, 128, info.shape).astype(np.int8) for info in model.compiled.inputs])
