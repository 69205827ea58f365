"""Any block with any parameters and any window either refuses in words or gives finite features."""

import math

import numpy as np
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from mote import dsp
from mote.errors import BadInput
from mote.pipeline import BlockSpec, Pipeline, Window


def values_of(param):
    if param.kind == "bool":
        return st.booleans()
    if param.kind == "choice":
        return st.sampled_from(param.choices)
    if param.kind == "int":
        return st.integers(int(param.minimum) - 1, int(param.maximum) + 1)
    return st.floats(param.minimum, param.maximum) | st.just(param.default) | st.floats()


@st.composite
def block_specs(draw):
    info = draw(st.sampled_from(list(dsp.blocks().values())))
    params = draw(st.fixed_dictionaries({}, optional={param.name: values_of(param) for param in info.params}))
    return BlockSpec(block=info.name, params=params)


RATES = st.sampled_from([0.5, 10.0, 62.5, 100.0, 8000.0, 16_000.0]) | st.floats(1e-4, 1e8)
SCALES = st.sampled_from([0.0, 1e-30, 1e-3, 1.0, 9.81, 32768.0, 1e15])


def plan(spec, rate_hz, axes, readings):
    """The extractor, or the refusal."""
    pipeline = Pipeline(window=Window(length_ms=readings / rate_hz * 1000.0), blocks=(spec,))
    try:
        return dsp.Extractor(pipeline, rate_hz, [f"a{index}" for index in range(axes)])
    except BadInput as refusal:
        return refusal


@settings(max_examples=300, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(block_specs(), RATES, st.integers(1, 3), st.integers(1, 1000), st.integers(0, 2**32 - 1), SCALES)
def test_a_block_refuses_in_words_or_gives_finite_features(spec, rate_hz, axes, readings, seed, scale):
    assume(readings / rate_hz <= 600)
    made = plan(spec, rate_hz, axes, readings)
    if isinstance(made, BadInput):
        assert spec.block in made.message
        assert made.hint
        return
    assert len(set(made.blocks[0].names)) == made.blocks[0].cols
    assert made.report().ram_bytes >= 4 * (made.readings * axes + made.features)
    windows = np.random.default_rng(seed).standard_normal((2, made.readings, axes)) * scale
    features = made.extract(windows)
    assert features.shape == (2, math.prod(made.shape[0]))
    assert np.isfinite(features).all()


@settings(max_examples=50, deadline=None)
@given(st.integers(1, 5), st.integers(0, 2**32 - 1))
def test_a_window_gives_the_same_features_alone_and_among_others(count, seed):
    pipeline = Pipeline(
        window=Window(length_ms=125),
        blocks=tuple(BlockSpec(block=name, params={}) for name in dsp.blocks()),
    )
    made = dsp.Extractor(pipeline, 8000.0, ["x", "y"])
    windows = np.random.default_rng(seed).standard_normal((count, 1000, 2)).astype(np.float32)
    together = made.extract(windows)
    alone = np.concatenate([made.extract(windows[index : index + 1]) for index in range(count)])
    assert np.array_equal(together.view(np.uint32), alone.view(np.uint32))
