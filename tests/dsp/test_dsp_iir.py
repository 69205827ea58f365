"""The Butterworth filters against scipy.signal in double precision."""

import numpy as np
import pytest
from scipy import signal


def scipy_filter(x, order, turns, kind):
    sections = signal.butter(order, 2 * turns, btype=kind, output="sos")
    at_rest = signal.sosfilt_zi(sections) * x[0]
    return signal.sosfilt(sections, x, zi=at_rest)[0]


@pytest.mark.parametrize("order", range(1, 9))
@pytest.mark.parametrize("turns", [0.001, 0.03, 0.1, 0.25, 0.4, 0.49])
@pytest.mark.parametrize("kind", ["low", "high"])
def test_filter_equals_scipys_butterworth(internals, order, turns, kind):
    x = np.random.default_rng(order).standard_normal(2000).astype(np.float32) + np.float32(9.81)
    expected = scipy_filter(x.astype(np.float64), order, turns, kind)
    got = internals.iir(x, high_pass=kind == "high", order=order, turns=turns)
    assert np.abs(got - expected).max() <= 1e-5 * np.abs(x).max()


@pytest.mark.parametrize("order", range(1, 9))
def test_a_constant_passes_the_low_pass_and_not_the_high_pass(internals, order):
    x = np.full(500, 1013.25, np.float32)
    assert np.abs(internals.iir(x, high_pass=False, order=order, turns=0.01) - x).max() <= 1e-3
    assert np.abs(internals.iir(x, high_pass=True, order=order, turns=0.01)).max() <= 1e-3


@pytest.mark.parametrize("kind", ["low", "high"])
def test_cutoff_is_where_the_power_is_halved(internals, kind):
    n = np.arange(20_000)
    x = np.sin(2 * np.pi * 0.05 * n).astype(np.float32)
    settled = internals.iir(x, high_pass=kind == "high", order=4, turns=0.05)[10_000:]
    assert 20 * np.log10(np.sqrt(2) * settled.std()) == pytest.approx(-3.01, abs=0.02)


def test_precision_lasts_at_cutoffs_far_below_the_rate(internals):
    """3 Hz at 16 kHz, where a direct-form filter in single precision falls apart."""
    x = (np.random.default_rng(5).standard_normal(32_000) + 9.81).astype(np.float32)
    expected = scipy_filter(x.astype(np.float64), 4, 3 / 16_000, "low")
    assert np.abs(internals.iir(x, high_pass=False, order=4, turns=3 / 16_000) - expected).max() <= 1e-3
