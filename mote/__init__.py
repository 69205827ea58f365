"""Mote without the web: recordings in, a trained int8 model, firmware proven in an emulator out.

    import mote

    recordings = mote.load("recordings", label="folder")
    model = mote.train(recordings)
    image = mote.deploy(model, board="mps2_an386")
    report = mote.verify(image, recordings)

Importing this package is light; each name is imported when it is first used, TensorFlow only by a training.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mote import deploy
    from mote.dataset import Dataset, load
    from mote.deploy.notebook import verify
    from mote.errors import MoteError
    from mote.formats import ReadOptions
    from mote.labels import LabelRule
    from mote.notebook import example_dataset, suggest_pipeline, train
    from mote.pipeline import BlockSpec, LearnSpec, Pipeline, Window
    from mote.sample import Axis, Sample, Segment
    from mote.split import SplitRule
    from mote.training import run_training
    from mote.training_result import TrainingResult

__version__ = "0.1.0"

__all__ = [
    "Axis",
    "BlockSpec",
    "Dataset",
    "LabelRule",
    "LearnSpec",
    "MoteError",
    "Pipeline",
    "ReadOptions",
    "Sample",
    "Segment",
    "SplitRule",
    "TrainingResult",
    "Window",
    "deploy",
    "example_dataset",
    "load",
    "run_training",
    "suggest_pipeline",
    "train",
    "verify",
]

_HOMES = {
    "mote.dataset": ("Dataset", "load"),
    "mote.errors": ("MoteError",),
    "mote.formats": ("ReadOptions",),
    "mote.labels": ("LabelRule",),
    "mote.deploy.notebook": ("verify",),
    "mote.notebook": ("example_dataset", "suggest_pipeline", "train"),
    "mote.pipeline": ("BlockSpec", "LearnSpec", "Pipeline", "Window"),
    "mote.sample": ("Axis", "Sample", "Segment"),
    "mote.split": ("SplitRule",),
    "mote.training": ("run_training",),
    "mote.training_result": ("TrainingResult",),
}


def __getattr__(name: str) -> Any:
    if name == "deploy":  # a package that can be called, see there
        return importlib.import_module("mote.deploy")
    for module, names in _HOMES.items():
        if name in names:
            return getattr(importlib.import_module(module), name)
    raise AttributeError(f"module 'mote' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
