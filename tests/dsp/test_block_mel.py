"""The blocks mfe and mfcc, computed again in NumPy and SciPy in double precision."""

import numpy as np
import pytest
from scipy import fft


def mel(hz):
    return 1127.0 * np.log(1.0 + hz / 700.0)


def triangles(filters, bins, bin_hz, low_hz, high_hz):
    """(filters, bins) of weights."""
    edges = 700.0 * np.expm1(np.linspace(mel(low_hz), mel(high_hz), filters + 2) / 1127.0)
    hz = np.arange(bins) * bin_hz
    rising = (hz - edges[:-2, None]) / (edges[1:-1] - edges[:-2])[:, None]
    falling = (edges[2:, None] - hz) / (edges[2:] - edges[1:-1])[:, None]
    return np.maximum(0.0, np.minimum(rising, falling))


def reference_mfe(
    x, rate_hz, *, frame, stride, length, filters=40, low_hz=0.0, high_hz=0.0, pre_emphasis=0.97, floor_db=-90.0
):
    """(frames, filters) in dB."""
    x = x.astype(np.float64)
    emphasised = x - np.float32(pre_emphasis) * np.concatenate([x[:1], x[:-1]])
    hann = 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(frame) / frame)
    starts = range(0, len(x) - frame + 1, stride)
    frames = np.stack([emphasised[start : start + frame] * hann for start in starts])
    power = np.abs(np.fft.rfft(frames, length)) ** 2 * 2.0 / (length * np.sum(hann**2))
    power[:, [0, -1]] /= 2.0
    bank = triangles(filters, length // 2 + 1, rate_hz / length, low_hz, high_hz or rate_hz / 2)
    energies = power @ bank.T
    return np.maximum(10 * np.log10(np.maximum(energies, 1e-30)), floor_db)


def sound(readings, rate_hz, seed=0):
    t = np.arange(readings) / rate_hz
    chirp = 0.5 * np.sin(2 * np.pi * (100 + 600 * t) * t)
    return (chirp + 0.02 * np.random.default_rng(seed).standard_normal(readings)).astype(np.float32)


CASES = [
    (16_000, 16_000, {}, {"frame": 512, "stride": 320, "length": 512}),
    (8_000, 8_000, {}, {"frame": 256, "stride": 160, "length": 256}),
    (
        16_000,
        8_000,
        {"frame_length_ms": 25, "frame_stride_ms": 10},
        {"frame": 400, "stride": 160, "length": 512},
    ),
    (
        16_000,
        16_000,
        {"frame_length_ms": 20, "fft_length": "1024", "low_hz": 80.0, "high_hz": 7600.0, "pre_emphasis": 0.0},
        {"frame": 320, "stride": 320, "length": 1024, "low_hz": 80.0, "high_hz": 7600.0, "pre_emphasis": 0.0},
    ),
    (
        11_025,
        6_000,
        {"frame_length_ms": 20, "frame_stride_ms": 20, "filters": 20, "floor_db": -30.0},
        {"frame": 221, "stride": 221, "length": 256, "filters": 20, "floor_db": -30.0},
    ),
]  # fmt: skip


@pytest.mark.parametrize(("rate_hz", "readings", "params", "reference"), CASES)
def test_mfe_equals_its_definition(extractor, rate_hz, readings, params, reference):
    x = sound(readings, rate_hz)
    made = extractor("mfe", rate_hz=rate_hz, readings=readings, **params)
    expected = reference_mfe(x, rate_hz, **reference)
    assert made.shape == [expected.shape]
    np.testing.assert_allclose(made.extract(x[None, :, None])[0].reshape(expected.shape), expected, atol=2e-3)


@pytest.mark.parametrize("subtract_mean", [False, True])
def test_mfcc_is_the_dct_of_the_mel_energies(extractor, subtract_mean):
    x = sound(16_000, 16_000, seed=3)
    made = extractor("mfcc", rate_hz=16_000, readings=16_000, subtract_mean=subtract_mean)
    energies = reference_mfe(x, 16_000, frame=512, stride=320, length=512, filters=32)
    expected = fft.dct(energies, type=2, norm="ortho", axis=1)[:, :13]
    expected -= expected.mean(axis=0) if subtract_mean else 0.0
    got = made.extract(x[None, :, None])[0].reshape(49, 13)
    np.testing.assert_allclose(got, expected, atol=5e-3)


def test_energies_of_noise_add_up_to_the_mean_square_that_the_filters_cover(extractor):
    x = np.random.default_rng(1).standard_normal((1, 160_000, 1)).astype(np.float32)
    made = extractor("mfe", rate_hz=16_000, readings=160_000, pre_emphasis=0.0)
    energies = 10 ** (made.extract(x).reshape(made.shape[0]).astype(np.float64) / 10)
    covered = triangles(40, 257, 31.25, 0.0, 8000.0).sum() / 256
    assert energies.sum(axis=1).mean() == pytest.approx(covered, rel=0.01)


def test_a_tone_is_loudest_in_the_filter_of_its_frequency(extractor):
    made = extractor("mfe", rate_hz=16_000, readings=16_000)
    centres = [float(name.split()[0]) for name in made.blocks[0].names]
    for wanted in (5, 20, 33):
        t = np.arange(16_000) / 16_000
        x = np.sin(2 * np.pi * centres[wanted] * t).astype(np.float32)
        rows = made.extract(x[None, :, None])[0].reshape(made.shape[0])
        assert set(np.argmax(rows, axis=1).tolist()) == {wanted}


def test_several_axes_stand_side_by_side(extractor):
    x = np.stack([sound(4000, 8000, seed) for seed in (1, 2)], axis=1)[None]
    both = extractor("mfcc", rate_hz=8000, readings=4000, axes=2)
    one = extractor("mfcc", rate_hz=8000, readings=4000)
    assert both.shape == [(24, 26)]
    got = both.extract(x).reshape(24, 2, 13)
    for axis in range(2):
        alone = one.extract(np.ascontiguousarray(x[:, :, axis : axis + 1])).reshape(24, 13)
        assert np.array_equal(got[:, axis], alone)


def test_silence_lies_at_the_floor(extractor):
    made = extractor("mfe", rate_hz=16_000, readings=16_000, floor_db=-70.0)
    assert set(made.extract(np.zeros((1, 16_000, 1)))[0].tolist()) == {-70.0}
