"""From a trained Keras model to .tflite files, in a process of its own: the converter can take the process down."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from mote.errors import BadInput, Cancelled, TrainingFailed
from mote.sample import Floats

CALIBRATION_WINDOWS = 500
"""Enough for the range of every tensor; more only takes time."""
_TIMEOUT_S = 900
_POLL_S = 0.2
_COMMAND = (sys.executable, "-m", "mote.learn._convert")


@dataclass(frozen=True)
class Quantised:
    """The two forms of one model."""

    int8: bytes
    """Integer throughout, int8 input and output."""
    float32: bytes


def quantize(model: Any, calibration: Floats, should_stop: Callable[[], bool] | None = None) -> Quantised:
    """Convert a trained float model to a float32 and a fully integer int8 .tflite.

    Real value r and stored value q are tied by r = scale * (q - zero_point).

    Args:
        model: Keras model; input (batch, *shape) float32.
        calibration: (n, *shape) standardised features of training windows; they fix each tensor's scale.
        should_stop: asked a few times a second.

    Raises:
        BadInput: no calibration windows, or a NaN among them.
        TrainingFailed: the conversion failed or died; the message carries its last words.
        Cancelled: `should_stop` said so.

    Source: Jacob et al. 2018, arXiv:1712.05877, eq. 1; TFLite 8-bit quantization specification.
    """
    if len(calibration) == 0 or not bool(np.isfinite(calibration).all()):
        raise BadInput("The calibration windows are empty, or not all of their features are finite numbers.")
    with tempfile.TemporaryDirectory(prefix="mote-convert-") as name:
        folder = Path(name)
        model.save(folder / "model.keras")
        np.savez(folder / "calibration.npz", features=_spread(calibration))
        _run(folder, should_stop)
        return Quantised((folder / "int8.tflite").read_bytes(), (folder / "float32.tflite").read_bytes())


def _spread(calibration: Floats) -> Floats:
    """Evenly over all windows, so that every class is among them."""
    step = max(1, len(calibration) // CALIBRATION_WINDOWS)
    return np.ascontiguousarray(calibration[::step][:CALIBRATION_WINDOWS], dtype=np.float32)


def _run(folder: Path, should_stop: Callable[[], bool] | None) -> None:
    """Run the child and wait. Its standard input is open as long as this process lives; when it closes, it ends too."""
    with (folder / "said.txt").open("w+", encoding="utf-8", errors="replace") as said:
        child = subprocess.Popen(
            [*_COMMAND, str(folder)], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=said
        )
        try:
            code = _wait(child, should_stop)
        finally:
            child.kill()
            child.communicate()
        said.seek(0)
        last = " ".join(said.read().strip().splitlines()[-1:])[:300]
    if code != 0 or not (folder / "int8.tflite").is_file():
        how = f"was killed by signal {-code}" if code < 0 else f"ended with code {code}"
        raise TrainingFailed(f"The conversion to int8 {how}. {last}", hint="Another network preset may convert.")


def _wait(child: subprocess.Popen[bytes], should_stop: Callable[[], bool] | None) -> int:
    """The child's exit code, asking now and then whether to stop."""
    deadline = time.monotonic() + _TIMEOUT_S
    while time.monotonic() < deadline:
        try:
            return child.wait(_POLL_S)
        except subprocess.TimeoutExpired:
            if should_stop is not None and should_stop():
                raise Cancelled("The training was stopped.") from None
    raise TrainingFailed(f"The conversion to int8 took longer than {_TIMEOUT_S} s.", hint="Use a smaller network.")
