"""The whole way in a notebook, in about ten lines; `mote` itself exports these names.

import mote

recordings = mote.load("recordings", label="{label}_{speaker}_{index}")
model = mote.train(recordings, mote.suggest_pipeline(recordings))
image = mote.build(model, board="mps2_an386")
report = mote.verify(image, recordings)
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from mote.dataset import Dataset, load
from mote.pipeline import Pipeline
from mote.sample import Sample
from mote.suggest import suggest

if TYPE_CHECKING:
    from mote.deploy.build import Image
    from mote.deploy.report import Report
    from mote.learn.epoch import EpochInfo
    from mote.training_result import TrainingResult

__all__ = ["build", "example", "load", "suggest_pipeline", "train", "verify"]


def example() -> Dataset:
    """The built-in dataset of simulated motions, see `mote.example`."""
    from mote.example import samples

    return Dataset(tuple(samples()), ("These motions are simulated, not recorded.",))


def suggest_pipeline(dataset: Dataset | Sequence[Sample]) -> Pipeline:
    """A pipeline that suits these recordings."""
    return suggest(_samples(dataset))


def train(
    dataset: Dataset | Sequence[Sample],
    pipeline: Pipeline | None = None,
    *,
    on_epoch: Callable[[EpochInfo], None] | None = None,
    log: Callable[[str], None] | None = None,
) -> TrainingResult:
    """Train, quantise and measure; without a pipeline, the suggested one.

    Raises:
        BadInput, TrainingFailed: in words.
    """
    from mote.training import run_training

    return run_training(_samples(dataset), pipeline or suggest_pipeline(dataset), on_epoch=on_epoch, log=log)


def build(model: TrainingResult, board: str = "mps2_an386", **options: Any) -> Image:
    """Firmware for a board, from a trained model. `options` go to `mote.deploy.build.build`."""
    from mote.deploy import build as building
    from mote.deploy import spec

    return building.build(spec.from_training(model, board), **options)


def verify(image: Image, dataset: Dataset | Sequence[Sample], *, windows: int = 100) -> Report:
    """Boot the image in the emulator and compare it with the host on windows of the testing split.

    Args:
        image: from `build`.
        dataset: its testing recordings are used.
        windows: at most so many, spread evenly.
    """
    from mote.deploy import verify as verifying
    from mote.windows import labelled_windows

    pipeline = image.spec.pipeline or Pipeline()
    testing = [sample for sample in _samples(dataset) if sample.split == "testing"]
    values, labels = labelled_windows(testing, pipeline, rate_hz=image.spec.rate_hz, limit=windows)
    return verifying.verify(image, values, labels)


def _samples(dataset: Dataset | Sequence[Sample]) -> Sequence[Sample]:
    return dataset.samples if isinstance(dataset, Dataset) else dataset
