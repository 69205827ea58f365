"""Cutting recordings into windows of one length, and giving each window its label."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mote.dsp import window_readings
from mote.pipeline import Pipeline, Window
from mote.sample import Floats, Sample

MIN_TAIL = 0.5
"""The rest at the end of a recording becomes a padded window if it fills at least this part of one."""


@dataclass(frozen=True)
class WindowCut:
    """One window: where it starts, how many readings are real (the rest is padding), and its label."""

    start: int
    readings: int
    label: str | None


def cut(sample: Sample, window: Window, threshold: float = 0.5, *, rate_hz: float | None = None) -> list[WindowCut]:
    """Where the windows of a recording lie.

    A recording shorter than a window gives one padded window, or none where `window.pad` is "none". The rest at the end
    of a longer one gives a padded window if it fills at least half of it.

    Args:
        sample: the recording.
        window: length and stride; both are rounded to whole readings.
        threshold: the most frequent label must cover this part of the window's real readings; else the label is None.
        rate_hz: the rate that fixes the number of readings, where recordings differ within 1 %; None = the sample's.
    """
    rate = rate_hz or sample.rate_hz
    length = window_readings(window, rate)
    stride = max(1, int(window.stride_ms * rate / 1000.0 + 0.5))
    owners, labels = _owners(sample)
    return [
        WindowCut(start, real, _majority(owners[start : start + real], labels, threshold))
        for start, real in _places(sample.readings, length, stride, pads=window.pad != "none")
    ]


def _places(readings: int, length: int, stride: int, *, pads: bool) -> list[tuple[int, int]]:
    """(start, real readings) of every window."""
    if readings < length:
        return [(0, readings)] if pads and readings else []
    places = [(start, length) for start in range(0, readings - length + 1, stride)]
    tail = places[-1][0] + stride
    covered = places[-1][0] + length
    if pads and covered < readings and readings - tail >= MIN_TAIL * length:
        places.append((tail, readings - tail))
    return places


def _owners(sample: Sample) -> tuple[NDArray[np.int32], list[str]]:
    """For every reading the index of its label, -1 where there is none; later segments win."""
    owners = np.full(sample.readings, -1, dtype=np.int32)
    labels = sorted({segment.label for segment in sample.segments})
    for segment in sample.segments:
        start, end = round(segment.start_s * sample.rate_hz), round(segment.end_s * sample.rate_hz)
        owners[start:end] = labels.index(segment.label)
    return owners, labels


def _majority(owners: NDArray[np.int32], labels: list[str], threshold: float) -> str | None:
    if not labels or len(owners) == 0:
        return None
    counts = np.bincount(owners + 1, minlength=len(labels) + 1)[1:]
    best = int(np.argmax(counts))
    return labels[best] if counts[best] > 0 and counts[best] >= threshold * len(owners) else None


def gather(sample: Sample, cuts: Sequence[WindowCut], window: Window, *, rate_hz: float | None = None) -> Floats:
    """The readings of windows, padded: float32 (windows, readings, axes).

    Padding is zero, or with "repeat" the recording's own last window of readings over and over.
    """
    length = window_readings(window, rate_hz or sample.rate_hz)
    values = np.zeros((len(cuts), length, len(sample.axes)), dtype=np.float32)
    for index, place in enumerate(cuts):
        real = sample.values[place.start : place.start + place.readings]
        if place.readings < length and window.pad == "repeat":
            values[index] = np.resize(real, (length, len(sample.axes)))
        else:
            values[index, : place.readings] = real
    return values


def labelled_windows(
    samples: Sequence[Sample], pipeline: Pipeline, *, rate_hz: float | None = None, limit: int | None = None
) -> tuple[Floats, list[str]]:
    """The windows of recordings and their labels, as a training cuts them: what a firmware is verified on.

    Args:
        samples: recordings of one rate and one set of axes.
        pipeline: its window and label threshold are used.
        rate_hz: the training's rate; None = the first sample's.
        limit: at most so many, spread evenly over all.

    Returns:
        float32 (windows, readings, axes), and the label of each.
    """
    places = [
        (sample, place)
        for sample in samples
        for place in cut(sample, pipeline.window, pipeline.label_threshold, rate_hz=rate_hz or samples[0].rate_hz)
        if place.label is not None
    ]
    if limit is not None and len(places) > limit:
        places = [places[index] for index in np.linspace(0, len(places) - 1, limit).round().astype(int)]
    if not places:
        return np.empty((0, 0, 0), dtype=np.float32), []
    rate = rate_hz or samples[0].rate_hz
    values = np.concatenate([gather(sample, [place], pipeline.window, rate_hz=rate) for sample, place in places])
    return values, [str(place.label) for _, place in places]
