"""The blocks raw and statistics against NumPy and SciPy."""

import numpy as np
import pytest
from scipy import stats

FIGURES = ("mean", "minimum", "maximum", "rms", "deviation", "skewness", "kurtosis", "crossings")


def expected_figures(x, rate_hz):
    x = x.astype(np.float64)
    above = x > x.mean()
    return [
        x.mean(),
        x.min(),
        x.max(),
        np.sqrt(np.mean(x**2)),
        x.std(),
        stats.skew(x),
        stats.kurtosis(x),
        np.count_nonzero(above[1:] != above[:-1]) * rate_hz / len(x),
    ]


@pytest.mark.parametrize("readings", [1, 2, 63, 64, 65, 200, 16_000])
@pytest.mark.parametrize("offset", [0.0, 9.81, -300.0])
def test_statistics_equal_scipys(extractor, readings, offset):
    made = extractor("statistics", rate_hz=100.0, readings=readings, axes=3, crossings=True)
    noise = np.random.default_rng(readings).gamma(2.0, size=(2, readings, 3))
    windows = (noise + offset).astype(np.float32)
    got = made.extract(windows)
    for window in range(2):
        for axis in range(3):
            mine = got[window, 8 * axis : 8 * axis + 8]
            if readings == 1:
                value = windows[window, 0, axis]
                assert mine.tolist() == [value, value, value, abs(value), 0, 0, 0, 0]
                continue
            theirs = expected_figures(windows[window, :, axis], 100.0)
            np.testing.assert_allclose(mine, theirs, rtol=2e-5, atol=2e-5)


def test_features_are_named_by_axis_and_figure(extractor):
    made = extractor("statistics", rate_hz=50.0, readings=20, axes=2, crossings=True, mean=False)
    assert made.feature_names == [f"axis {axis} {name}" for axis in range(2) for name in FIGURES[1:]]


def test_a_constant_axis_has_no_deviation_skewness_or_kurtosis(extractor):
    made = extractor("statistics", rate_hz=50.0, readings=333, axes=1)
    got = made.extract(np.full((1, 333, 1), 0.1, np.float32))[0]
    assert got[4:].tolist() == [0.0, 0.0, 0.0]
    assert got[0] == np.float32(0.1)


def test_tiny_readings_keep_their_shape(extractor):
    """Readings of 1e-12, whose cubes are zero in single precision."""
    x = np.random.default_rng(1).gamma(2.0, size=500) * 1e-12
    got = extractor("statistics", rate_hz=50.0, readings=500).extract(x.astype(np.float32)[None, :, None])[0]
    assert got[5] == pytest.approx(stats.skew(x), rel=1e-4)
    assert got[6] == pytest.approx(stats.kurtosis(x), rel=1e-4)


def test_a_long_window_with_a_large_offset_keeps_its_precision(extractor):
    """A pressure in pascal: the sum of 50000 readings needs more digits than a float has."""
    x = (101_325 + np.random.default_rng(2).standard_normal(50_000)).astype(np.float32)
    got = extractor("statistics", rate_hz=100.0, readings=50_000).extract(x[None, :, None])[0]
    exact = x.astype(np.float64)
    assert got[0] == pytest.approx(exact.mean(), abs=0.01)
    assert got[4] == pytest.approx(exact.std(), rel=1e-5)


def test_raw_gives_the_readings_back(extractor):
    windows = np.random.default_rng(3).standard_normal((4, 30, 3)).astype(np.float32)
    made = extractor("raw", rate_hz=10.0, readings=30, axes=3)
    assert made.shape == [(30, 3)]
    assert np.array_equal(made.extract(windows), windows.reshape(4, -1))
    assert made.blocks[0].names == ("axis 0", "axis 1", "axis 2")


def test_raw_averages_groups_and_drops_the_rest(extractor):
    windows = np.random.default_rng(4).standard_normal((2, 32, 2)).astype(np.float32)
    made = extractor("raw", rate_hz=10.0, readings=32, axes=2, average=5)
    expected = windows[:, :30].reshape(2, 6, 5, 2).astype(np.float64).mean(axis=2).reshape(2, 12)
    np.testing.assert_allclose(made.extract(windows), expected, atol=1e-6)
