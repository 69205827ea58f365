"""Figures of merit of a classifier, from true and predicted classes alone."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel

Indices = NDArray[np.int64]


class ClassFigures(BaseModel, frozen=True):
    """One class. A figure without a basis (no window of the class, none predicted) is 0."""

    label: str
    precision: float
    recall: float
    f1: float
    windows: int


class Figures(BaseModel, frozen=True):
    """What a model does on windows that it was not trained on."""

    measured_on: Literal["testing", "validation"]
    accuracy: float
    """Part of the windows that got their label: the main figure."""
    macro_f1: float
    """Mean F1 over the classes that have windows."""
    windows: int
    sample_accuracy: float
    """Part of the recordings that got their label from the mean of their windows' scores."""
    samples: int
    classes: list[ClassFigures]
    confusion: list[list[int]]
    """[true][predicted], in the order of `classes`."""


def figures(
    truth: Indices,
    scores: NDArray[np.floating],
    samples: Indices,
    labels: Sequence[str],
    measured_on: Literal["testing", "validation"] = "testing",
) -> Figures:
    """All figures.

    Args:
        truth: (windows,) class of each window.
        scores: (windows, classes); the highest is the prediction, the first of equals wins.
        samples: (windows,) which recording a window was cut from.
        labels: name of every class.
        measured_on: which part of the dataset this is.
    """
    predicted = np.argmax(scores, axis=1) if len(scores) else np.empty(0, dtype=np.int64)
    matrix = confusion(truth, predicted, len(labels))
    classes = [_of_class(label, index, matrix) for index, label in enumerate(labels)]
    present = [figure.f1 for figure in classes if figure.windows]
    hits, total = _per_sample(truth, np.asarray(scores), samples)
    return Figures(
        measured_on=measured_on,
        accuracy=float(np.trace(matrix) / max(1, len(truth))),
        macro_f1=float(np.mean(present)) if present else 0.0,
        windows=len(truth),
        sample_accuracy=hits / max(1, total),
        samples=total,
        classes=classes,
        confusion=matrix.tolist(),
    )


def confusion(truth: Indices, predicted: Indices, classes: int) -> NDArray[np.int64]:
    """(classes, classes) counts, [true][predicted]."""
    matrix = np.zeros((classes, classes), dtype=np.int64)
    np.add.at(matrix, (truth, predicted), 1)
    return matrix


def _of_class(label: str, index: int, matrix: NDArray[np.int64]) -> ClassFigures:
    hit, predicted, present = int(matrix[index, index]), int(matrix[:, index].sum()), int(matrix[index].sum())
    return ClassFigures(
        label=label,
        precision=hit / predicted if predicted else 0.0,
        recall=hit / present if present else 0.0,
        f1=2 * hit / (predicted + present) if predicted + present else 0.0,
        windows=present,
    )


def _per_sample(truth: Indices, scores: NDArray[np.floating], samples: Indices) -> tuple[int, int]:
    """(recordings that are right, recordings); one with windows of several labels counts once a label."""
    keys = np.unique(np.stack([samples, truth], axis=1), axis=0) if len(truth) else np.empty((0, 2), dtype=np.int64)
    hits = 0
    for sample, label in keys:
        mean = scores[(samples == sample) & (truth == label)].mean(axis=0)
        hits += int(np.argmax(mean) == label)
    return hits, len(keys)
