"""The reader takes hostile bytes: damaged, truncated or invented files give a MoteError, never another exception."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mote.compiler import compile_model
from mote.compiler.read import read
from mote.errors import BadInput, MoteError
from tests.compiler.conftest import INT8_MODELS, read_model
from tests.compiler.small_models import EVERY, SMALL


def compile_or_refuse(tflite: bytes) -> None:
    """Whatever is not a MoteError escapes and fails the test; so does a refusal without words."""
    words = "compiled"
    try:
        compile_model(tflite)
    except MoteError as error:
        words = error.message
    assert words


def test_small_model_is_read_as_it_was_written() -> None:
    graph = read(SMALL)
    assert [node.operator for node in graph.nodes] == [
        "CONV_2D",
        "MAX_POOL_2D",
        "RESHAPE",
        "FULLY_CONNECTED",
        "SOFTMAX",
    ]
    weights = graph.tensors[graph.nodes[0].inputs[1]]
    assert weights.shape == (4, 3, 3, 2)
    assert weights.quantization is not None
    assert weights.quantization.scales == tuple(np.float32([0.01, 0.02, 0.03, 0.04]).astype(float))
    assert graph.nodes[1].options == {
        "padding": 1,
        "stride_w": 2,
        "stride_h": 2,
        "filter_w": 2,
        "filter_h": 2,
        "activation": 0,
    }
    assert graph.description == "made by a test"


@pytest.mark.parametrize("tflite", [b"", b"TFL3", b"\x1c\0\0\0TFL3", b"PK\x03\x04" * 20, bytes(100)])
def test_what_is_no_model_is_bad_input(tflite: bytes) -> None:
    with pytest.raises(BadInput):
        compile_model(tflite)


small_models = st.sampled_from([SMALL, EVERY])
words = st.one_of(
    st.sampled_from([0, 1, 2, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF, 0xFFFFFFFC, 0x40000000, 0x7FC00000, 0xFF800000]),
    st.integers(0, 4000),
)


@pytest.mark.parametrize("tflite", [SMALL, EVERY], ids=["small", "every"])
def test_every_truncation_is_refused_or_compiles(tflite: bytes) -> None:
    for length in range(0, len(tflite), 3):
        compile_or_refuse(tflite[:length])


@settings(max_examples=500, deadline=None)
@given(small_models, st.lists(st.tuples(st.integers(0, 1 << 16), st.integers(0, 255)), min_size=1, max_size=6))
def test_changed_bytes_are_refused_or_compile(tflite: bytes, changes: list[tuple[int, int]]) -> None:
    damaged = bytearray(tflite)
    for position, value in changes:
        damaged[position % len(damaged)] = value
    compile_or_refuse(bytes(damaged))


@settings(max_examples=500, deadline=None)
@given(small_models, st.lists(st.tuples(st.integers(0, 1 << 16), words), min_size=1, max_size=3))
def test_extreme_words_are_refused_or_compile(tflite: bytes, changes: list[tuple[int, int]]) -> None:
    damaged = bytearray(tflite)
    for position, value in changes:
        start = 4 * (position % (len(damaged) // 4))
        damaged[start : start + 4] = value.to_bytes(4, "little")
    compile_or_refuse(bytes(damaged))


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=300))
def test_invented_bytes_are_refused(tail: bytes) -> None:
    with pytest.raises(MoteError):
        compile_model(b"\x10\0\0\0TFL3" + tail)


@pytest.mark.real_data
@pytest.mark.slow
@pytest.mark.parametrize("name", INT8_MODELS)
def test_damaged_real_models_are_refused_or_compile(models: Path, name: str) -> None:
    tflite = read_model(models, name)
    generator = np.random.default_rng(3)
    tables = len(tflite) - 12_000  # tables lie at the end of files that the converter writes; weights before them
    for round_number in range(40):
        damaged = bytearray(tflite)
        for position in generator.integers(max(0, tables) if round_number % 2 else 0, len(tflite), 8):
            damaged[position] = generator.integers(0, 256)
        compile_or_refuse(bytes(damaged[: generator.integers(1, len(damaged)) if round_number % 5 == 0 else None]))
