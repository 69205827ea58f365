"""From a trained Keras model to .tflite files, in a process of its own: the converter can take the process down."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from mote.errors import BadInput, TrainingFailed
from mote.sample import Floats

CALIBRATION_WINDOWS = 500
"""Enough for the range of every tensor; more only takes time."""
_TIMEOUT_S = 900
_COMMAND = (sys.executable, "-m", "mote.learn._convert")


@dataclass(frozen=True)
class Quantised:
    """The two forms of one model."""

    int8: bytes
    """Integer throughout, int8 input and output."""
    float32: bytes


def quantize(model: Any, calibration: Floats) -> Quantised:
    """Convert a trained float model to a float32 and a fully integer int8 .tflite.

    Real value r and stored value q are tied by r = scale * (q - zero_point).

    Args:
        model: Keras model; input (batch, *shape) float32.
        calibration: (n, *shape) standardised features of training windows; they fix each tensor's scale.

    Raises:
        BadInput: no calibration windows, or a NaN among them.
        TrainingFailed: the conversion failed or died; the message carries its last words.

    Source: Jacob et al. 2018, arXiv:1712.05877, eq. 1; TFLite 8-bit quantization specification.
    """
    if len(calibration) == 0 or not bool(np.isfinite(calibration).all()):
        raise BadInput("The calibration windows are empty, or not all of their features are finite numbers.")
    with tempfile.TemporaryDirectory(prefix="mote-convert-") as name:
        folder = Path(name)
        model.save(folder / "model.keras")
        np.savez(folder / "calibration.npz", features=_spread(calibration))
        _run(folder)
        return Quantised((folder / "int8.tflite").read_bytes(), (folder / "float32.tflite").read_bytes())


def _spread(calibration: Floats) -> Floats:
    """Evenly over all windows, so that every class is among them."""
    step = max(1, len(calibration) // CALIBRATION_WINDOWS)
    return np.ascontiguousarray(calibration[::step][:CALIBRATION_WINDOWS], dtype=np.float32)


def _run(folder: Path) -> None:
    try:
        done = subprocess.run([*_COMMAND, str(folder)], capture_output=True, text=True, timeout=_TIMEOUT_S, check=False)
    except subprocess.TimeoutExpired as error:
        raise TrainingFailed(
            f"The conversion to int8 took longer than {_TIMEOUT_S} s.", hint="Use a smaller network."
        ) from error
    if done.returncode != 0 or not (folder / "int8.tflite").is_file():
        how = (
            f"was killed by signal {-done.returncode}" if done.returncode < 0 else f"ended with code {done.returncode}"
        )
        last = " ".join(done.stderr.strip().splitlines()[-1:])[:300]
        raise TrainingFailed(f"The conversion to int8 {how}. {last}", hint="Another network preset may convert.")
