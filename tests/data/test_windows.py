"""Cutting: where windows lie, how they are padded, what label they get."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mote.pipeline import Pipeline, Window
from mote.sample import Axis, Sample, Segment
from mote.windows import WindowCut, cut, gather, labelled_windows


def sample(readings: int, *segments: tuple[float, float, str]) -> Sample:
    values = np.arange(1, readings + 1, dtype=np.float32)[:, None]
    made = tuple(Segment(start_s=start, end_s=end, label=label) for start, end, label in segments)
    return Sample("s", values, 10.0, (Axis(name="x"),), made)


def places(readings: int, length_ms: float, stride_ms: float, pad: str) -> list[tuple[int, int]]:
    window = Window.model_validate({"length_ms": length_ms, "stride_ms": stride_ms, "pad": pad})
    return [(place.start, place.readings) for place in cut(sample(readings), window)]


@pytest.mark.parametrize(
    ("readings", "pad", "expected"),
    [
        (10, "none", [(0, 10)]),
        (20, "none", [(0, 10), (5, 10), (10, 10)]),
        (19, "none", [(0, 10), (5, 10)]),
        (19, "zero", [(0, 10), (5, 10), (10, 9)]),
        (13, "zero", [(0, 10), (5, 8)]),
        (4, "none", []),
        (4, "zero", [(0, 4)]),
        (4, "repeat", [(0, 4)]),
    ],
)
def test_places(readings: int, pad: str, expected: list[tuple[int, int]]) -> None:
    assert places(readings, 1000, 500, pad) == expected


def test_rest_that_fills_less_than_half_a_window_is_left() -> None:
    assert places(14, 1000, 1000, "zero") == [(0, 10)]
    assert places(15, 1000, 1000, "zero") == [(0, 10), (10, 5)]


@given(st.integers(1, 200), st.integers(1, 50), st.integers(1, 50), st.sampled_from(["none", "zero", "repeat"]))
def test_windows_lie_inside_and_full_ones_are_a_stride_apart(readings: int, length: int, stride: int, pad: str) -> None:
    found = places(readings, length * 100, stride * 100, pad)
    assert all(start >= 0 and 0 < real <= length and start + real <= readings for start, real in found)
    assert [start for start, _ in found] == [stride * index for index in range(len(found))]
    assert all(real == length for _, real in found[:-1])


def test_zero_and_repeat_padding() -> None:
    short = sample(3)
    place = [WindowCut(0, 3, None)]
    assert gather(short, place, Window(length_ms=700, pad="zero"))[0, :, 0].tolist() == [1, 2, 3, 0, 0, 0, 0]
    assert gather(short, place, Window(length_ms=700, pad="repeat"))[0, :, 0].tolist() == [1, 2, 3, 1, 2, 3, 1]


@pytest.mark.parametrize(("threshold", "label"), [(0.5, "a"), (0.6, "a"), (0.61, None)])
def test_label_is_the_majority_above_the_threshold(threshold: float, label: str | None) -> None:
    mixed = sample(10, (0.0, 0.6, "a"), (0.6, 1.0, "b"))
    assert cut(mixed, Window(), threshold)[0].label == label


def test_unlabelled_window_has_no_label() -> None:
    assert cut(sample(10, (0.0, 0.2, "a")), Window(), 0.5)[0].label is None


def test_short_recording_takes_its_label_from_its_real_readings() -> None:
    assert cut(sample(3, (0.0, 0.3, "a")), Window(), 0.9)[0].label == "a"


def test_labelled_windows_are_spread_evenly() -> None:
    long = sample(100, (0.0, 10.0, "a"))
    pipeline = Pipeline(window=Window(length_ms=1000, stride_ms=100))
    values, labels = labelled_windows([long, replace(long, segments=())], pipeline, limit=4)
    assert values[:, 0, 0].tolist() == [1, 31, 61, 91]
    assert labels == ["a"] * 4
