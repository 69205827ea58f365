"""The first half of the way in a notebook; the second is `mote.deploy.notebook`, and `mote` exports both."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from mote.dataset import Dataset, load
from mote.pipeline import Pipeline
from mote.sample import Sample
from mote.suggest import suggest

if TYPE_CHECKING:
    from mote.learn.epoch import EpochInfo
    from mote.training_result import TrainingResult

__all__ = ["example_dataset", "load", "suggest_pipeline", "train"]


def example_dataset() -> Dataset:
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


def _samples(dataset: Dataset | Sequence[Sample]) -> Sequence[Sample]:
    return dataset.samples if isinstance(dataset, Dataset) else dataset
