"""The DCT against scipy.fft."""

import numpy as np
import pytest
from scipy import fft


@pytest.mark.parametrize(("n", "count"), [(1, 1), (2, 2), (20, 13), (32, 13), (40, 40), (128, 128)])
def test_dct_equals_scipys_orthonormal_one(internals, n, count):
    x = np.random.default_rng(n).standard_normal(n).astype(np.float32) * 20 - 60
    expected = fft.dct(x.astype(np.float64), type=2, norm="ortho")[:count]
    assert np.abs(internals.dct(x, count) - expected).max() <= 2e-6 * np.abs(x).sum()
