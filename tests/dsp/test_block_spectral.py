"""The block spectral against scipy.signal."""

from itertools import pairwise

import numpy as np
import pytest
from scipy import signal, stats

RATE = 100.0


def vibration(readings, axes=3, seed=0):
    rng = np.random.default_rng(seed)
    t = np.arange(readings) / RATE
    tones = [np.sin(2 * np.pi * hz * t + axis) for axis, hz in zip(range(axes), (5.0, 12.5, 31.0), strict=False)]
    return (np.stack(tones, axis=1) + 0.3 * rng.standard_normal((readings, axes)) + 9.81).astype(np.float32)


def welch(x, length, overlap=True, average="mean"):
    """Power of every bin; all bins add up to the mean square."""
    centred = x.astype(np.float64) - x.astype(np.float64).mean()
    step = length // 2 if overlap else 0
    if average == "mean":
        _, density = signal.welch(centred, RATE, "hann", length, step, detrend=False, scaling="density")
    else:
        _, _, frames = signal.spectrogram(
            centred, RATE, "hann", length, step, detrend=False, scaling="density", mode="psd"
        )
        density = frames.max(axis=1)
    return density * RATE / length


@pytest.mark.parametrize("length", [8, 16, 64, 128, 256])
@pytest.mark.parametrize("overlap", [True, False])
@pytest.mark.parametrize("combine", ["mean", "max"])
def test_bins_equal_scipys_welch(extractor, length, overlap, combine):
    x = vibration(300)
    made = extractor(
        "spectral", rate_hz=RATE, readings=300, axes=3, fft_length=str(length), overlap=overlap, combine=combine,
        decibel=False, rms=False,
    )  # fmt: skip
    got = made.extract(x[None])[0].reshape(3, -1)
    for axis in range(3):
        expected = welch(x[:, axis], length, overlap, combine)[1:]
        np.testing.assert_allclose(got[axis], expected, rtol=1e-4, atol=1e-6)


def test_decibels_are_ten_log_ten_and_end_at_the_floor(extractor):
    x = vibration(256, axes=1)
    made = extractor("spectral", rate_hz=RATE, readings=256, fft_length="64", rms=False, floor_db=-25.0)
    expected = np.maximum(10 * np.log10(welch(x[:, 0], 64)[1:]), -25.0)
    got = made.extract(x[None])[0]
    np.testing.assert_allclose(got, expected, atol=1e-3)
    assert (got == -25.0).any()


@pytest.mark.parametrize("bands", [1, 3, 7])
def test_bands_add_up_the_bins_between_the_limits(extractor, bands):
    x = vibration(256, axes=1)
    made = extractor(
        "spectral", rate_hz=RATE, readings=256, fft_length="128", rms=False, decibel=False, bands=bands,
        low_hz=4.0, high_hz=40.0,
    )  # fmt: skip
    spacing = RATE / 128
    inside = [k for k in range(1, 65) if 4.0 <= k * spacing <= 40.0]
    edges = [b * len(inside) // bands for b in range(bands + 1)]
    powers = welch(x[:, 0], 128)
    expected = [powers[inside[a:b]].sum() for a, b in pairwise(edges)]
    np.testing.assert_allclose(made.extract(x[None])[0], expected, rtol=1e-4)
    assert made.feature_names[0].startswith(f"{inside[0] * spacing:.2f}".rstrip("0").rstrip(".")[:4])


def test_all_bins_add_up_to_the_mean_square(extractor):
    x = np.random.default_rng(9).standard_normal((1, 40_000, 1)).astype(np.float32)
    made = extractor("spectral", rate_hz=1000.0, readings=40_000, fft_length="256", decibel=False)
    got = made.extract(x)[0]
    assert got[1:].sum() == pytest.approx(got[0] ** 2, rel=0.02)


@pytest.mark.parametrize("kind", ["low", "high"])
def test_figures_are_those_of_the_filtered_signal(extractor, kind):
    x = vibration(400)
    made = extractor(
        "spectral", rate_hz=RATE, readings=400, axes=3, filter=kind, cutoff_hz=8.0, order=6, skewness=True,
        kurtosis=True, fft_length="64", decibel=False,
    )  # fmt: skip
    got = made.extract(x[None])[0].reshape(3, -1)
    sections = signal.butter(6, 8.0, fs=RATE, btype=kind, output="sos")
    for axis in range(3):
        raw = x[:, axis].astype(np.float64)
        clean = signal.sosfilt(sections, raw, zi=signal.sosfilt_zi(sections) * raw[0])[0]
        clean -= clean.mean()
        figures = [np.sqrt(np.mean(clean**2)), stats.skew(clean), stats.kurtosis(clean)]
        np.testing.assert_allclose(got[axis, :3], figures, rtol=1e-3, atol=1e-4)
        np.testing.assert_allclose(got[axis, 3:], welch(clean, 64)[1:], rtol=1e-3, atol=1e-6)


def test_peaks_are_the_highest_local_maxima_in_order(extractor):
    t = np.arange(1024) / RATE
    x = 3 * np.sin(2 * np.pi * 12.5 * t) + 1 * np.sin(2 * np.pi * 25 * t) + 2 * np.sin(2 * np.pi * 37.5 * t)
    made = extractor("spectral", rate_hz=RATE, readings=1024, fft_length="64", peaks=3, rms=False, decibel=False)
    got = made.extract(x.astype(np.float32)[None, :, None])[0]
    assert got[[0, 2, 4]].tolist() == [12.5, 37.5, 25.0]
    powers = welch(x, 64)
    np.testing.assert_allclose(got[[1, 3, 5]], powers[[8, 24, 16]], rtol=1e-4)
    assert made.feature_names[:2] == ["peak 1 frequency", "peak 1 power"]


def test_a_silent_axis_has_no_peaks_and_lies_at_the_floor(extractor):
    made = extractor("spectral", rate_hz=RATE, readings=256, peaks=2, skewness=True, kurtosis=True)
    got = made.extract(np.full((1, 256, 1), 9.81, np.float32))[0]
    assert got[:3].tolist() == [0.0, 0.0, 0.0]
    assert got[3:7].tolist() == [0.0, -120.0, 0.0, -120.0]
    assert set(got[7:].tolist()) == {-120.0}


def test_automatic_length_fits_the_window(extractor):
    for readings, bins in [(8, 4), (100, 32), (127, 32), (128, 64), (5000, 64)]:
        made = extractor("spectral", rate_hz=RATE, readings=readings, rms=False)
        assert made.shape == [(1, bins)]
