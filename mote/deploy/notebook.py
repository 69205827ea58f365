"""Deploy and verify in one call each: what `mote.deploy(...)` and `mote.verify(...)` are in a notebook."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mote.dataset import Dataset
from mote.deploy.build import Image, Progress, build
from mote.deploy.report import Report
from mote.deploy.spec import from_training
from mote.deploy.verify import verify as verify_windows
from mote.errors import BadInput
from mote.sample import Sample
from mote.windows import labelled_windows

WINDOWS = 100


def deploy(result: Any, board: str, *, folder: str | Path | None = None) -> Image:
    """Firmware of a training for a board.

    Args:
        result: a `mote.training.TrainingResult`.
        board: name of a board, see `mote.deploy.boards.load()`.
        folder: where to write .elf, .bin, .hex and .map; None: nowhere (`image.save(folder)` does it later).

    Raises:
        BadInput, MissingTool, BuildFailed, NotSupported: see `mote.deploy.build.build`.
    """
    return build(from_training(result, board), None if folder is None else Path(folder))


def verify(
    image: Image,
    data: Dataset | Sequence[Sample] | NDArray[Any],
    *,
    limit: int | None = WINDOWS,
    progress: Progress = lambda fraction, message: None,
) -> Report:
    """Prove a firmware in the emulator.

    Args:
        image: from `deploy`.
        data: a dataset (its testing side is used), recordings, or windows (n, readings, axes).
        limit: at most so many windows, spread evenly over all; None = all.

    Raises:
        BadInput: no window to verify with.
        VerificationFailed, MissingTool: see `mote.deploy.verify.verify`.
    """
    if isinstance(data, np.ndarray):
        return verify_windows(image, data[:limit], progress=progress)
    samples = data.side("testing") if isinstance(data, Dataset) else data
    windows, labels = cut(image, samples, limit)
    return verify_windows(image, windows, labels, progress)


def cut(image: Image, samples: Sequence[Sample], limit: int | None = WINDOWS) -> tuple[NDArray[np.float32], list[str]]:
    """Labelled windows (n, readings, axes) of recordings, cut as the image's pipeline cuts them.

    Raises:
        BadInput: there is none.
    """
    spec = image.spec
    if spec.pipeline is None:
        raise BadInput("This image has no pipeline: there is nothing to verify.")
    windows, labels = labelled_windows(samples, spec.pipeline, rate_hz=spec.rate_hz, limit=limit)
    if not labels:
        raise BadInput(
            "There is no labelled window to verify with.", hint="Put some recordings into the testing split."
        )
    return windows, labels
