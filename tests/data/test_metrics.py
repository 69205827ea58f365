"""Figures of merit, against numbers counted by hand."""

from __future__ import annotations

import numpy as np
import pytest

from mote.metrics import figures

SCORES = np.array([[0.9, 0.1, 0], [0.2, 0.8, 0], [0.1, 0.9, 0], [0.4, 0.35, 0.25], [0.3, 0.6, 0.1]])
TRUTH = np.array([0, 0, 1, 1, 1])
SAMPLES = np.array([0, 0, 1, 2, 2])


def test_counted_by_hand() -> None:
    found = figures(TRUTH, SCORES, SAMPLES, ["a", "b", "c"])
    assert found.confusion == [[1, 1, 0], [1, 2, 0], [0, 0, 0]]
    assert found.accuracy == pytest.approx(3 / 5)
    first, second, third = found.classes
    assert (first.precision, first.recall, first.f1) == (0.5, 0.5, 0.5)
    assert (second.precision, second.recall, second.f1) == pytest.approx((2 / 3, 2 / 3, 2 / 3))
    assert (third.precision, third.recall, third.f1, third.windows) == (0, 0, 0, 0)
    assert found.macro_f1 == pytest.approx((0.5 + 2 / 3) / 2)


def test_recordings_are_judged_by_the_mean_of_their_windows() -> None:
    found = figures(TRUTH, SCORES, SAMPLES, ["a", "b", "c"])
    assert (found.samples, found.sample_accuracy) == (3, 1.0)  # 0: (.55, .45) a; 1: b; 2: (.35, .475) b


def test_no_windows_give_zero_and_no_division() -> None:
    empty = np.empty(0, dtype=np.int64)
    assert figures(empty, np.empty((0, 2)), empty, ["a", "b"]).accuracy == 0
