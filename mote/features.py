"""From recordings to labelled features, and their standardisation."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mote.dsp import Extractor
from mote.errors import BadInput
from mote.pipeline import Pipeline
from mote.sample import Floats, Sample
from mote.windows import cut, gather

MAX_FEATURE_VALUES = 512 * 1024 * 1024
"""Windows times features: 2 GiB of float32."""
_EXTRACT_BATCH = 256
_SMALLEST_DEVIATION = 1e-6


@dataclass(frozen=True)
class WindowSet:
    """Labelled windows of several recordings as features."""

    features: Floats
    """(windows, features), not standardised."""
    labels: tuple[str, ...]
    samples: NDArray[np.int64]
    """(windows,) index of the recording."""
    starts: NDArray[np.int64]
    """(windows,) first reading."""
    unlabelled: int = 0
    """Windows that were left out because no label covers enough of them."""


def windows_of(
    samples: Sequence[Sample],
    pipeline: Pipeline,
    extractor: Extractor,
    on_sample: Callable[[int, int], None] | None = None,
) -> WindowSet:
    """Cut, extract and label.

    Args:
        samples: recordings of one rate and one set of axes.
        pipeline: its window and label threshold are used.
        extractor: made for this pipeline, rate and axes.
        on_sample: called with (recordings done, in all); may raise to stop.

    Raises:
        BadInput: more windows than fit in memory.
    """
    features: list[Floats] = []
    labels: list[str] = []
    owners: list[int] = []
    starts: list[int] = []
    unlabelled = 0
    for index, sample in enumerate(samples):
        if on_sample is not None:
            on_sample(index, len(samples))
        cuts = cut(sample, pipeline.window, pipeline.label_threshold, rate_hz=extractor.rate_hz)
        labelled = [place for place in cuts if place.label is not None]
        unlabelled += len(cuts) - len(labelled)
        if (len(labels) + len(labelled)) * extractor.features > MAX_FEATURE_VALUES:
            raise BadInput(
                f"More than {MAX_FEATURE_VALUES // extractor.features} windows of {extractor.features} features.",
                hint="Use a longer stride, a smaller window, or fewer features.",
            )
        for first in range(0, len(labelled), _EXTRACT_BATCH):
            batch = labelled[first : first + _EXTRACT_BATCH]
            features.append(extractor.extract(gather(sample, batch, pipeline.window, rate_hz=extractor.rate_hz)))
            labels += [str(place.label) for place in batch]
            owners += [index] * len(batch)
            starts += [place.start for place in batch]
    stacked = np.concatenate(features) if features else np.empty((0, extractor.features), dtype=np.float32)
    return WindowSet(
        stacked, tuple(labels), np.array(owners, dtype=np.int64), np.array(starts, dtype=np.int64), unlabelled
    )


def fit_standardise(features: Floats, cols: int) -> tuple[Floats, Floats]:
    """Mean and 1 / standard deviation of every column over windows and rows; a constant column becomes 0.

    Args:
        features: (windows, features).
        cols: length of the repeating row of features.
    """
    table = features.reshape(-1, cols).astype(np.float64)
    mean, deviation = table.mean(axis=0), table.std(axis=0)
    steady = deviation < _SMALLEST_DEVIATION * np.maximum(1.0, np.abs(mean))
    inverse = np.where(steady, 1.0, 1.0 / np.where(steady, 1.0, deviation))
    return mean.astype(np.float32), inverse.astype(np.float32)


def standardise(features: Floats, mean: Floats | None, inv_std: Floats | None) -> Floats:
    """`(x - mean[i % cols]) * inv_std[i % cols]` in single precision, as dsp_standardise does it on the board."""
    if mean is None or inv_std is None:
        return features
    shaped = features.reshape(len(features), -1, len(mean))
    result: Floats = ((shaped - mean) * inv_std).reshape(features.shape)
    return result
