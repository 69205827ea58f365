"""The parts of a training on their own: validation groups, augmentation, standardisation, quantisation, conversion."""

from __future__ import annotations

import subprocess
import sys
from collections import defaultdict
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mote.errors import BadInput, Cancelled, TrainingFailed
from mote.features import fit_standardise, standardise
from mote.learn import quantize as quantizing
from mote.learn.block import learn_blocks
from mote.learn.evaluate import quantise, run_tflite
from mote.learn.train import augment, hold_out


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 12)), min_size=1, max_size=120), st.floats(0, 50))
def test_a_recording_is_never_in_training_and_validation(windows: list[tuple[int, int]], percent: float) -> None:
    classes = np.array([label for label, _ in windows])
    groups = [f"{label}-{recording}" for label, recording in windows]
    held = hold_out(classes, groups, percent)
    sides = defaultdict(set)
    for group, side in zip(groups, held.tolist(), strict=True):
        sides[group].add(side)
    assert all(len(side) == 1 for side in sides.values())
    assert all((~held[classes == label]).any() for label in set(classes.tolist()))


def test_validation_takes_its_share_of_every_class() -> None:
    classes = np.repeat([0, 1], [20, 100])
    held = hold_out(classes, [str(index) for index in range(120)], 15)
    assert (held[:20].sum(), held[20:].sum()) == (3, 15)
    assert not hold_out(classes, [str(index) for index in range(120)], 0).any()


def test_standardised_columns_have_mean_zero_and_deviation_one() -> None:
    features = np.random.default_rng(0).normal(5, 3, (50, 12)).astype(np.float32)
    features[:, 0::4] = 7.0
    mean, inv_std = fit_standardise(features, 4)
    table = standardise(features, mean, inv_std).reshape(-1, 4)
    assert table.mean(axis=0) == pytest.approx(np.zeros(4), abs=1e-5)
    assert table.std(axis=0) == pytest.approx([0, 1, 1, 1], abs=1e-5)


def test_augmentation_shifts_masks_and_leaves_the_original() -> None:
    batch = np.arange(1, 41, dtype=np.float32).reshape(1, 20, 2).repeat(30, axis=0)
    kept = batch.copy()
    shifted = augment(batch, {"noise": 0.0, "time_shift": 0.25, "mask": 0.0}, np.random.default_rng(1))
    masked = augment(batch, {"noise": 0.0, "time_shift": 0.0, "mask": 0.5}, np.random.default_rng(1))
    assert np.array_equal(batch, kept)
    assert {float(window[10, 0]) for window in shifted} <= {float(2 * row + 1) for row in range(5, 16)}
    assert ((masked == 0) | (masked == kept)).all()
    assert (masked == 0).any()
    assert np.array_equal(
        augment(batch, {"noise": 0.0, "time_shift": 0.0, "mask": 0.0}, np.random.default_rng(1)), kept
    )


def test_quantisation_rounds_halves_away_from_zero_and_clamps() -> None:
    values = np.array([0.5, -0.5, 1.5, -1.5, 0.49999997, 1000, -1000], np.float32)
    assert quantise(values, 1.0, 0).tolist() == [1, -1, 2, -2, 0, 127, -128]
    assert quantise(np.array([1.0], np.float32), 0.5, -3).tolist() == [-1]


@pytest.mark.slow
def test_float_tflite_says_what_keras_says_and_int8_is_close() -> None:
    import keras

    keras.utils.set_random_seed(0)
    block = learn_blocks()["classifier"]
    values = {param.name: param.default for param in block.params}
    model = block.build(values, (40, 3), 4)
    features = np.random.default_rng(0).normal(0, 1, (64, 40, 3)).astype(np.float32)
    expected = model.predict(features, verbose=0)
    models = quantizing.quantize(model, features)
    assert run_tflite(models.float32, features).scores == pytest.approx(expected, abs=1e-5)
    assert run_tflite(models.int8, features).scores == pytest.approx(expected, abs=0.05)
    with pytest.raises(BadInput, match="takes 120 features, and 30"):
        run_tflite(models.int8, features[:, :10])


def test_calibration_with_a_hole_is_refused() -> None:
    for features in (np.empty((0, 3), np.float32), np.array([[np.nan]], np.float32)):
        with pytest.raises(BadInput, match="calibration"):
            quantizing.quantize(None, features)


class NoModel:
    """Stands for a Keras model that was saved damaged."""

    def save(self, path: Path) -> None:
        path.write_bytes(b"no model")


@pytest.mark.slow
def test_converter_that_fails_is_a_failure_in_words() -> None:
    with pytest.raises(TrainingFailed, match="conversion to int8 ended with code 1"):
        quantizing.quantize(NoModel(), np.zeros((1, 3), np.float32))


def test_converter_killed_by_a_signal_is_a_failure_in_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(quantizing, "_COMMAND", (sys.executable, "-c", "import os; os.abort()"))
    with pytest.raises(TrainingFailed, match="was killed by signal 6"):
        quantizing.quantize(NoModel(), np.zeros((1, 3), np.float32))


def test_conversion_stops_on_demand(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(quantizing, "_COMMAND", (sys.executable, "-c", "import time; time.sleep(60)"))
    with pytest.raises(Cancelled):
        quantizing.quantize(NoModel(), np.zeros((1, 3), np.float32), lambda: True)


def test_converter_ends_with_its_parent() -> None:
    code = "import threading, time; from mote.learn._convert import _end_with_parent as end; "
    code += "threading.Thread(target=end, daemon=True).start(); time.sleep(60)"
    child = subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE)
    assert child.stdin is not None
    child.stdin.close()
    assert child.wait(20) == 3
