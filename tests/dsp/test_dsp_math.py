"""dsp_log and the double-precision functions of the tables, against NumPy in double precision."""

import math

import numpy as np
import pytest


def ulps(value, exact):
    """Distance to the exact figure, in units of the last place of the float nearest to it."""
    return np.abs(value.astype(np.float64) - exact) / np.spacing(np.abs(exact).astype(np.float32)).astype(np.float64)


def every_mantissa(exponent):
    bits = (np.arange(1 << 23, dtype=np.uint32)) | np.uint32((exponent + 127) << 23)
    return bits.view(np.float32)


@pytest.mark.parametrize("exponent", [-126, -20, -2, -1, 0, 1, 2, 20, 127])
def test_log_is_within_one_ulp_for_every_float_of_a_binade(loops, exponent):
    x = every_mantissa(exponent)
    got = loops.log(x)
    exact = np.log(x.astype(np.float64))
    nonzero = exact != 0
    assert got[~nonzero].tolist() == [0.0] * int((~nonzero).sum())
    assert ulps(got[nonzero], exact[nonzero]).max() <= 1.0


def test_log_is_within_one_ulp_over_all_positive_floats_and_subnormal_ones(loops):
    x = np.random.default_rng(1).integers(1, 0x7F800000, 4_000_000, dtype=np.uint32).view(np.float32)
    x = np.concatenate([x, np.arange(1, 1 << 16, dtype=np.uint32).view(np.float32)])
    exact = np.log(x.astype(np.float64))
    assert ulps(loops.log(x), exact).max() <= 1.0


def test_log_of_what_has_none(loops):
    x = np.array([0.0, -0.0, -1.0, -1e-40, np.inf, -np.inf, np.nan], np.float32)
    got = loops.log(x)
    assert got[0] == got[1] == -np.inf
    assert np.isnan(got[[2, 3, 5, 6]]).all()
    assert got[4] == np.inf


def test_decibel_is_within_two_ulps(loops):
    x = np.random.default_rng(2).integers(1, 0x7F800000, 1_000_000, dtype=np.uint32).view(np.float32)
    exact = 10.0 * np.log10(x.astype(np.float64))
    assert ulps(loops.decibel(x), exact).max() <= 2.0


def test_table_functions_are_exact_to_1e_15(internals):
    rng = np.random.default_rng(3)
    for turns in [0.0, 0.125, 0.25, 0.5, 0.75, 1.0, -0.25, 1000.125, *rng.uniform(-3, 3, 2000)]:
        angle = 2.0 * math.pi * math.fmod(turns, 1.0)
        assert internals.library.dsp_sin_turns(turns) == pytest.approx(math.sin(angle), abs=2e-15)
        assert internals.library.dsp_cos_turns(turns) == pytest.approx(math.cos(angle), abs=2e-15)
    for x in rng.uniform(-100, 100, 2000):
        assert internals.library.dsp_exp(x) == pytest.approx(math.exp(x), rel=1e-15)
    for x in np.exp(rng.uniform(-300, 300, 2000)):
        assert internals.library.dsp_log_double(x) == pytest.approx(math.log(x), rel=1e-15)
