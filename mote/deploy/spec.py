"""What is to be built: everything an image depends on, in one value."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from mote.deploy import boards
from mote.deploy.boards import Board, Sensor
from mote.dsp import Extractor
from mote.errors import BadInput
from mote.pipeline import Pipeline
from mote.sample import Axis

Floats = NDArray[np.float32]
Kind = Literal["pipeline", "model", "data_collection", "sketch"]


@dataclass(frozen=True)
class BuildSpec:
    """One image.

    kind "pipeline"         window -> DSP -> model; needs all fields
    kind "model"            a bare int8 model that is fed over the link; needs `tflite`
    kind "data_collection"  streams its sensor; needs `axes` and `rate_hz`
    kind "sketch"           prints its sensor as text and knows nothing of Mote; for tests
    """

    board: str
    kind: Kind = "pipeline"
    axes: tuple[Axis, ...] = ()
    rate_hz: float = 0.0
    pipeline: Pipeline | None = None
    mean: Floats | None = None
    """Of each feature column on the training windows; None when the pipeline does not standardise."""
    inv_std: Floats | None = None
    tflite: bytes = b""
    """int8 model; its input is the features, its first output the scores in the order of `labels`."""
    labels: tuple[str, ...] = ()
    sensor: str = ""
    """One of the board's sensors; empty = its first."""

    def __post_init__(self) -> None:
        if self.kind in ("pipeline", "model") and not self.tflite:
            raise BadInput(f"Firmware of kind {self.kind!r} needs a trained model.", hint="Train one first.")
        if self.kind == "pipeline" and (self.pipeline is None or not self.labels):
            raise BadInput("Firmware needs the model's pipeline and labels.")
        if self.kind != "model" and (not self.axes or self.rate_hz <= 0):
            raise BadInput("Firmware needs axes and a rate.", hint="Record or upload a sample first, or give both.")

    @property
    def target(self) -> Board:
        return boards.get(self.board)

    @property
    def chosen_sensor(self) -> Sensor:
        """The sensor that the image reads.

        Raises:
            BadInput: the board has none of this name, or it is slower than the rate.
        """
        known = {sensor.name: sensor for sensor in self.target.sensors}
        sensor = known.get(self.sensor or self.target.sensors[0].name)
        if sensor is None:
            raise BadInput(f"{self.board} has no sensor {self.sensor!r}.", hint=f"Sensors: {', '.join(known)}.")
        return sensor

    @cached_property
    def extractor(self) -> Extractor:
        """The DSP half of the pipeline, with its tables."""
        if self.pipeline is None:
            raise BadInput(f"Firmware of kind {self.kind!r} has no DSP.")
        return Extractor(self.pipeline, self.rate_hz, self.axes)

    @property
    def standardises(self) -> bool:
        return self.mean is not None and self.inv_std is not None

    @property
    def model_hash(self) -> str:
        """SHA-256 of the .tflite; empty without a model."""
        return hashlib.sha256(self.tflite).hexdigest() if self.tflite else ""


def from_training(result: Any, board: str) -> BuildSpec:
    """The firmware of a finished training.

    Args:
        result: a `mote.training.TrainingResult` (typed loosely here, so that a deployment never imports a trainer).
        board: name of a board.
    """
    return BuildSpec(
        board=board,
        axes=tuple(axis if isinstance(axis, Axis) else Axis(name=str(axis)) for axis in result.axes),
        rate_hz=float(result.rate_hz),
        pipeline=result.pipeline,
        mean=_floats(result.mean),
        inv_std=_floats(result.inv_std),
        tflite=result.model_int8,
        labels=tuple(result.labels),
    )


def _floats(values: Sequence[float] | Floats | None) -> Floats | None:
    return None if values is None else np.asarray(values, np.float32)
