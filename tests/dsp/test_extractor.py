"""mote.dsp: planning a pipeline, its refusals, and its facts for the firmware build."""

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from mote import dsp, native, native_build
from mote.errors import BadInput
from mote.pipeline import BlockSpec, Pipeline, Window
from mote.sample import Axis

XYZ = (Axis(name="x", unit="m/s2"), Axis(name="y", unit="m/s2"), Axis(name="z", unit="m/s2"))


def pipeline(*blocks, length_ms=1000.0):
    return Pipeline(window=Window(length_ms=length_ms), blocks=blocks)


def refusal(*blocks, rate_hz=100.0, axes=XYZ, length_ms=1000.0):
    with pytest.raises(BadInput) as caught:
        dsp.Extractor(pipeline(*blocks, length_ms=length_ms), rate_hz, axes)
    return f"{caught.value.message} | {caught.value.hint}"


def test_there_is_a_block_for_every_file_and_it_describes_itself():
    blocks = dsp.blocks()
    assert list(blocks) == list(native_build.block_files())
    assert {"raw", "statistics", "spectral", "mfe", "mfcc"} <= set(blocks)
    for info in blocks.values():
        assert info.title
        assert info.help.endswith(".")
        assert info.version >= 1
        for param in info.params:
            assert param.title, f"{info.name}.{param.name}"
            assert param.help.endswith("."), f"{info.name}.{param.name}"
            if param.kind == "choice":
                assert param.default in param.choices
            if param.kind in ("int", "float"):
                assert param.minimum <= param.default <= param.maximum


def test_defaults_of_every_block_work_on_sound():
    for name in dsp.blocks():
        made = dsp.Extractor(pipeline(BlockSpec(block=name)), 16_000, ["audio"])
        assert np.isfinite(made.extract(np.random.default_rng(0).standard_normal((2, 16_000, 1)))).all()


def test_features_of_blocks_follow_each_other():
    first = BlockSpec(block="statistics", axes=("z", "x"))
    second = BlockSpec(block="raw", params={"average": 10})
    both = dsp.Extractor(pipeline(first, second), 100, XYZ)
    windows = np.random.default_rng(1).standard_normal((5, 100, 3)).astype(np.float32)
    parts = [dsp.Extractor(pipeline(spec), 100, XYZ).extract(windows) for spec in (first, second)]
    assert both.shape == [(1, 14), (10, 3)]
    assert both.features == 44
    assert np.array_equal(both.extract(windows), np.concatenate(parts, axis=1))
    assert both.feature_names[0] == "z mean"
    assert both.feature_names[14] == "x [0]"
    assert len(both.feature_names) == 44


def test_a_block_sees_only_its_axes_in_the_order_it_names_them():
    windows = np.random.default_rng(2).standard_normal((3, 100, 3)).astype(np.float32)
    made = dsp.Extractor(pipeline(BlockSpec(block="raw", axes=("z", "x"))), 100, XYZ)
    assert np.array_equal(made.extract(windows).reshape(3, 100, 2), windows[:, :, [2, 0]])
    assert made.blocks[0].axis_indices == (2, 0)
    assert not made.blocks[0].all_axes


def test_shape_of_the_network_is_a_sequence_only_for_a_single_block_with_rows():
    assert dsp.Extractor(pipeline(BlockSpec(block="mfcc")), 16_000, ["audio"]).network_shape == (49, 13)
    assert dsp.Extractor(pipeline(BlockSpec(block="statistics")), 100, XYZ).network_shape == (21,)
    two = dsp.Extractor(pipeline(BlockSpec(block="raw"), BlockSpec(block="statistics")), 100, XYZ)
    assert two.network_shape == (321,)
    assert two.standardise_cols == 321
    assert dsp.Extractor(pipeline(BlockSpec(block="raw")), 100, XYZ).standardise_cols == 3


def test_report_counts_the_memory_of_a_board():
    spec = BlockSpec(block="mfcc", axes=("x",), params={"coefficients": 10})
    made = dsp.Extractor(pipeline(spec), 8000, XYZ)
    report = made.report()
    frame, length, filters = 256, 256, 32
    twiddles = made.blocks[0].plan.tables - frame - (filters + 2 + length // 2 + 1) - 10 * filters
    assert 0 < twiddles < 2 * length
    assert report.window_bytes == 4 * 8000 * 3
    assert report.features_bytes == 4 * 49 * 10
    assert report.scratch_bytes == 4 * (8000 + length + filters)
    assert report.ram_bytes == report.window_bytes + report.features_bytes + report.scratch_bytes == made.ram_bytes
    assert report.tables_bytes == 4 * len(made.tables[0]) == made.tables_bytes
    assert report.blocks[0].rows == 49


def test_params_and_tables_are_what_the_firmware_needs():
    made = dsp.Extractor(pipeline(BlockSpec(block="spectral", params={"filter": "high", "order": 2})), 100, XYZ)
    block = made.blocks[0]
    names = [param.name for param in dsp.blocks()["spectral"].params]
    assert block.params.dtype == np.float32
    assert block.params[names.index("filter")] == 2.0
    assert block.params[names.index("order")] == 2.0
    assert block.values["filter"] == "high"
    assert len(block.tables) == block.plan.tables
    assert np.isfinite(block.tables).all()
    assert made.block_configs[0].readings == 100


@pytest.mark.parametrize(
    ("blocks", "options", "words"),
    [
        ([BlockSpec(block="fourier")], {}, ["'fourier'", "spectral"]),
        ([BlockSpec(block="raw", axes=("w",))], {}, ["raw", "'w'", "x, y, z"]),
        ([BlockSpec(block="raw", axes=("x", "x"))], {}, ["twice"]),
        ([BlockSpec(block="raw", params={"averag": 2})], {}, ["'averag'", "average"]),
        ([BlockSpec(block="raw", params={"average": 0})], {}, ["average", "between 1 and 1000"]),
        ([BlockSpec(block="raw", params={"average": 101})], {}, ["average", "100 readings", "Lower"]),
        ([BlockSpec(block="raw"), BlockSpec(block="mfe")], {}, ["DSP block 2 (mfe)", "fewer than 4 readings"]),
        ([BlockSpec(block="mfcc")], {"rate_hz": 8000.0, "length_ms": 20.0}, ["longer than the window"]),
        (
            [BlockSpec(block="mfcc", params={"coefficients": 40})],
            {"rate_hz": 8000.0},
            ["coefficients", "more coefficients than filters"],
        ),
        ([BlockSpec(block="mfe", params={"high_hz": 5000.0})], {"rate_hz": 8000.0}, ["high_hz", "half the sampling"]),
        ([BlockSpec(block="mfe", params={"low_hz": 4000.0})], {"rate_hz": 8000.0}, ["low_hz", "not below"]),
        ([BlockSpec(block="mfe", params={"filters": 100})], {"rate_hz": 8000.0}, ["filters", "no bin"]),
        ([BlockSpec(block="mfe", params={"fft_length": "128"})], {"rate_hz": 8000.0}, ["fft_length", "auto"]),
        ([BlockSpec(block="mfe", params={"frame_length_ms": 900.0})], {"rate_hz": 8000.0}, ["4096", "shorter"]),
        ([BlockSpec(block="mfe", params={"frame_stride_ms": 0.1})], {"rate_hz": 4000.0}, ["stride"]),
        ([BlockSpec(block="spectral", params={"fft_length": "128"})], {}, ["longer than the window", "fft_length"]),
        ([BlockSpec(block="spectral")], {"length_ms": 70.0}, ["fewer than 8 readings"]),
        ([BlockSpec(block="spectral", params={"filter": "low", "cutoff_hz": 50.0})], {}, ["cutoff_hz", "half"]),
        ([BlockSpec(block="spectral", params={"filter": "low", "cutoff_hz": 0.0005})], {}, ["cutoff_hz", "Raise"]),
        ([BlockSpec(block="spectral", params={"low_hz": 30.0, "high_hz": 30.5})], {}, ["low_hz", "no bin"]),
        ([BlockSpec(block="spectral", params={"bands": 33})], {}, ["bands", "more bands than bins"]),
        ([BlockSpec(block="statistics", params=dict.fromkeys(
            ("mean", "minimum", "maximum", "rms", "deviation", "skewness", "kurtosis"), False))], {}, ["no figure"]),
        ([BlockSpec(block="raw")], {"rate_hz": 1e6, "length_ms": 600_000.0}, ["too large"]),
        ([BlockSpec(block="raw")], {"rate_hz": 1e5, "length_ms": 10_000.0}, ["262144 features"]),
        ([BlockSpec(block="raw")], {"rate_hz": float("nan")}, ["sampling rate"]),
        ([BlockSpec(block="raw")], {"rate_hz": 1e8, "length_ms": 0.001}, ["sampling rate"]),
        ([BlockSpec(block="raw")], {"axes": ()}, ["no axes"]),
        ([BlockSpec(block="raw")], {"axes": [f"a{n}" for n in range(65)]}, ["64 axes"]),
    ],
)  # fmt: skip
def test_refusals_say_which_block_what_and_how_to_mend_it(blocks, options, words):
    said = refusal(*blocks, **options)
    for word in words:
        assert word in said, said


def test_a_value_that_is_not_finite_is_named_by_window_reading_and_axis():
    made = dsp.Extractor(pipeline(BlockSpec(block="statistics")), 100, XYZ)
    windows = np.zeros((4, 100, 3), np.float32)
    windows[2, 17, 1] = np.nan
    with pytest.raises(BadInput, match=r"Window 2: reading 17 of axis 'y' is nan"):
        made.extract(windows)


def test_readings_too_large_for_single_precision_are_refused():
    made = dsp.Extractor(pipeline(BlockSpec(block="statistics")), 100, XYZ)
    windows = np.zeros((3, 100, 3), np.float32)
    windows[1, 3, 0] = 3e38
    with pytest.raises(BadInput, match=r"statistics.*window 1"):
        made.extract(windows)
    with pytest.raises(BadInput, match="inf"):
        made.extract(np.full((1, 100, 3), 1e300))


def test_windows_of_another_shape_are_refused():
    made = dsp.Extractor(pipeline(BlockSpec(block="statistics")), 100, XYZ)
    for shape in [(1, 99, 3), (1, 100, 2), (100, 3)]:
        with pytest.raises(BadInput, match="shape"):
            made.extract(np.zeros(shape))


def test_no_windows_give_no_features():
    made = dsp.Extractor(pipeline(BlockSpec(block="statistics")), 100, XYZ)
    assert made.extract(np.zeros((0, 100, 3))).shape == (0, 21)


def test_windows_of_any_layout_and_number_type_are_taken():
    made = dsp.Extractor(pipeline(BlockSpec(block="raw")), 100, XYZ)
    values = np.arange(600).reshape(2, 100, 3)
    expected = values.reshape(2, 300).astype(np.float32)
    for given in (values, values.astype(np.float64), np.asfortranarray(values), values.astype(np.int16)):
        assert np.array_equal(made.extract(given), expected)


def test_threads_share_an_extractor():
    made = dsp.Extractor(pipeline(BlockSpec(block="mfcc")), 8000, ["audio"])
    windows = np.random.default_rng(5).standard_normal((16, 8000, 1)).astype(np.float32)
    expected = made.extract(windows)
    with ThreadPoolExecutor(4) as pool:
        for got in pool.map(lambda _: made.extract(windows), range(12)):
            assert np.array_equal(got, expected)


def test_standardise_is_per_column():
    rng = np.random.default_rng(6)
    features = rng.standard_normal((7, 30)).astype(np.float32)
    mean, inv_std = rng.standard_normal((2, 10)).astype(np.float32)
    got = native.load().standardise(features, mean, inv_std)
    expected = (features.reshape(7, 3, 10) - mean) * inv_std
    assert np.array_equal(got, expected.reshape(7, 30))
    assert got is not features


def test_window_readings_round_half_up():
    assert dsp.window_readings(Window(length_ms=1000), 62.5) == 63
    assert dsp.window_readings(Window(length_ms=1000), 99.97) == 100
    assert dsp.window_readings(Window(length_ms=0.1), 10) == 1
