"""The real FFT against NumPy's in double precision."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

LENGTHS = [8, 16, 32, 64, 128, 256, 512, 1024, 2048, 4096]


@pytest.mark.parametrize("n", LENGTHS)
def test_fft_of_noise_equals_numpys(internals, n):
    x = np.random.default_rng(n).standard_normal(n).astype(np.float32)
    expected = np.fft.rfft(x.astype(np.float64))
    assert np.abs(internals.fft(x) - expected).max() <= 3e-7 * np.abs(expected).max()


@pytest.mark.parametrize("n", LENGTHS)
@pytest.mark.parametrize("part", [0, 1, 3, 0.5])
def test_a_tone_falls_into_its_own_bin(internals, n, part):
    k = int(part * n) if isinstance(part, float) else part
    x = np.cos(2 * np.pi * k * np.arange(n) / n).astype(np.float32)
    spectrum = np.abs(internals.fft(x))
    assert int(np.argmax(spectrum)) == k
    others = np.delete(spectrum, k)
    assert others.max() <= 1e-5 * spectrum[k]


@pytest.mark.parametrize("n", LENGTHS)
def test_an_impulse_gives_the_twiddle_factors(internals, n):
    x = np.zeros(n, np.float32)
    x[1] = 1.0
    assert np.abs(internals.fft(x) - np.exp(-2j * np.pi * np.arange(n // 2 + 1) / n)).max() <= 2e-7


@given(hnp.arrays(np.float32, st.sampled_from(LENGTHS[:6]), elements=st.floats(-1e6, 1e6, width=32)))
def test_fft_keeps_the_energy(internals, x):
    spectrum = internals.fft(x)
    two_sided = 2 * np.abs(spectrum) ** 2
    two_sided[[0, -1]] /= 2
    energy = float(np.sum(x.astype(np.float64) ** 2))
    assert np.sum(two_sided) / len(x) == pytest.approx(energy, rel=1e-5, abs=1e-20)


def test_power_is_the_square_of_the_magnitude(internals):
    packed = np.array([3, 4, 1, 2, -5, 6, 0, 0.5], np.float32)
    assert internals.fft_power(packed).tolist() == [9.0, 5.0, 61.0, 0.25, 16.0]
