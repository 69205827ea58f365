"""A pipeline to start from, chosen by what the recordings are: their rate, length and axes; never by their labels."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from mote.dataset import check_together
from mote.pipeline import BlockSpec, LearnSpec, Pipeline, Window
from mote.sample import Sample

Doubles = NDArray[np.float64]
MAX_WINDOW_S = 600.0

SOUND_RATE_HZ = 4000.0
"""At this rate or above it is sound, or vibration that is best treated like sound."""
VIBRATION_RATE_HZ = 200.0
"""At this rate or above a motion sensor listens to a machine: what counts is the spectrum, not the course."""
SLOW_RATE_HZ = 5.0
"""At this rate or below, readings are states (temperature, gas), not motion."""
LONGEST_EVENT_S = 2.0
"""Recordings up to this length are one event each, and one window takes the whole of it."""


def suggest(samples: Sequence[Sample]) -> Pipeline:
    """A sensible pipeline for these recordings.

    Sound: MFCC and a convolution along time. Motion: the readings themselves and a convolution along time, which sees
    the course of a gesture. Vibration: spectrum and statistics; slow sensors: statistics; and a dense network.

    Raises:
        BadInput: no samples, or samples that do not go together.
    """
    check_together(samples)
    rate_hz = float(np.median([sample.rate_hz for sample in samples]))
    durations_s = np.array([sample.duration_s for sample in samples])
    if rate_hz >= SOUND_RATE_HZ and len(samples[0].axes) == 1:
        return _sound(durations_s)
    if rate_hz >= VIBRATION_RATE_HZ:
        return _spectrum(rate_hz, durations_s)
    if rate_hz <= SLOW_RATE_HZ:
        return _statistics(rate_hz, durations_s)
    return _course(rate_hz, durations_s)


def _sound(durations_s: Doubles) -> Pipeline:
    """A window that holds nearly every utterance, 0.5 to 1 s; longer recordings give several windows."""
    length_s = float(np.clip(np.ceil(np.percentile(durations_s, 99) * 10) / 10, 0.5, 1.0))
    return Pipeline(
        window=_window(length_s, length_s / 2),
        blocks=(BlockSpec(block="mfcc"),),
        learn=LearnSpec(params={"preset": "conv1d"}),
    )


def _course(rate_hz: float, durations_s: Doubles) -> Pipeline:
    return Pipeline(
        window=_motion_window(rate_hz, durations_s),
        blocks=(BlockSpec(block="raw"),),
        learn=LearnSpec(params={"preset": "conv1d"}),
    )


def _spectrum(rate_hz: float, durations_s: Doubles) -> Pipeline:
    return Pipeline(
        window=_motion_window(rate_hz, durations_s),
        blocks=(BlockSpec(block="spectral"), BlockSpec(block="statistics")),
        learn=LearnSpec(params={"preset": "dense"}),
    )


def _statistics(rate_hz: float, durations_s: Doubles) -> Pipeline:
    """Windows of at most 20 readings: slow sensors give few."""
    length_s = min(float(np.median(durations_s)), 20 / rate_hz, MAX_WINDOW_S)
    return Pipeline(
        window=_window(length_s, length_s / 2),
        blocks=(BlockSpec(block="statistics"),),
        learn=LearnSpec(params={"preset": "dense"}),
    )


def _motion_window(rate_hz: float, durations_s: Doubles) -> Window:
    """The whole of a short recording; 2 s of a longer one, overlapping by half; at most 1024 readings."""
    typical_s = float(np.median(durations_s))
    longest_s = min(LONGEST_EVENT_S, 1024 / rate_hz)
    if typical_s <= longest_s:
        return _window(typical_s, typical_s)
    return _window(longest_s, longest_s / 2)


def _window(length_s: float, stride_s: float) -> Window:
    """Rounded to whole milliseconds."""
    return Window(length_ms=max(1.0, round(length_s * 1000)), stride_ms=max(1.0, round(stride_s * 1000)), pad="zero")
