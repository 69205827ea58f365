"""A whole small pipeline without TensorFlow: three axes at 100 Hz, DSP, one dense int8 layer with fixed weights."""

from __future__ import annotations

import numpy as np

from mote.deploy.spec import BuildSpec
from mote.dsp import Extractor
from mote.pipeline import BlockSpec, Pipeline, Window
from mote.sample import Axis
from tests.compiler.tflite_writer import Writer

AXES = tuple(Axis(name=name, unit="m/s2") for name in "xyz")
LABELS = ("idle", 'wave "big"', "schütteln")
"""With what must be escaped in C."""
RATE_HZ = 100.0
STATISTICS = (BlockSpec(block="statistics"),)
TWO_BLOCKS = (BlockSpec(block="raw", axes=("z",)), BlockSpec(block="statistics", axes=("y", "x")))


def dense_model(features: int, labels: int, seed: int = 1) -> bytes:
    """features -> dense -> softmax, int8."""
    chance = np.random.default_rng(seed)
    writer = Writer()
    source = writer.input((1, features), scale=0.05, zero_point=-3)
    weights = chance.integers(-127, 128, (labels, features)).astype(np.int8)
    bias = chance.integers(-500, 500, labels).astype(np.int32)
    dense = writer.tensor((labels, features), scale=0.01, data=weights)
    offsets = writer.tensor((labels,), "int32", scale=0.0005, data=bias)
    logits = writer.tensor((1, labels), scale=0.2, zero_point=5)
    writer.operator("FULLY_CONNECTED", [source, dense, offsets], [logits], "FullyConnectedOptions")
    scores = writer.output((1, labels), scale=1 / 256, zero_point=-128)
    writer.operator("SOFTMAX", [logits], [scores], "SoftmaxOptions", beta=1.0)
    return writer.bytes()


def small_spec(
    board: str, blocks: tuple[BlockSpec, ...] = STATISTICS, *, length_ms: float = 500, standardise: bool = True
) -> BuildSpec:
    """A pipeline of these blocks for a board."""
    pipeline = Pipeline(window=Window(length_ms=length_ms, stride_ms=length_ms / 2), blocks=blocks)
    extractor = Extractor(pipeline, RATE_HZ, AXES)
    chance = np.random.default_rng(2)
    cols = extractor.standardise_cols
    return BuildSpec(
        board=board,
        axes=AXES,
        rate_hz=RATE_HZ,
        pipeline=pipeline,
        mean=chance.normal(0, 1, cols).astype(np.float32) if standardise else None,
        inv_std=chance.uniform(0.3, 2, cols).astype(np.float32) if standardise else None,
        tflite=dense_model(extractor.features, len(LABELS)),
        labels=LABELS,
    )


def windows(spec: BuildSpec, count: int, seed: int = 3) -> np.ndarray:
    """Readings of many sizes: (count, readings, axes)."""
    chance = np.random.default_rng(seed)
    loud = 10.0 ** chance.uniform(-3, 2, (count, 1, 1))
    return (loud * chance.normal(0, 1, (count, spec.extractor.readings, len(spec.axes)))).astype(np.float32)
