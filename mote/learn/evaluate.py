"""Running .tflite models with LiteRT's reference kernels: the oracle of every figure and every comparison."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mote.errors import BadInput, Cancelled
from mote.sample import Floats

_STOP_EVERY = 16


@dataclass(frozen=True)
class Scores:
    """What a model says about windows."""

    scores: Floats
    """(windows, classes), real values."""
    raw: NDArray[Any]
    """(windows, classes) as the model stores them: int8, or the same float32."""


def run_tflite(model: bytes, features: Floats, should_stop: Callable[[], bool] | None = None) -> Scores:
    """Scores of every window, one after another, with the reference resolver.

    Args:
        model: .tflite with one input and one output, batch 1, float32 or int8.
        features: (windows, n) or (windows, *shape), standardised.
        should_stop: asked now and then.

    Raises:
        BadInput: the features do not have the length of the model's input.
        Cancelled: `should_stop` said so.
    """
    from ai_edge_litert.interpreter import Interpreter, OpResolverType

    interpreter = Interpreter(
        model_content=model, experimental_op_resolver_type=OpResolverType.BUILTIN_REF, num_threads=1
    )
    interpreter.allocate_tensors()
    given, wanted = interpreter.get_input_details()[0], interpreter.get_output_details()[0]
    shape = tuple(int(size) for size in given["shape"])
    if int(np.prod(shape)) != int(np.prod(features.shape[1:])):
        raise BadInput(
            f"The model takes {int(np.prod(shape))} features, and {int(np.prod(features.shape[1:]))} were given."
        )
    scale, zero_point = wanted["quantization"]
    raw = np.empty((len(features), int(np.prod(wanted["shape"]))), dtype=wanted["dtype"])
    stored = quantise(features, *given["quantization"]) if given["dtype"] == np.int8 else features.astype(np.float32)
    for index in range(len(features)):
        if should_stop is not None and index % _STOP_EVERY == 0 and should_stop():
            raise Cancelled("The evaluation was stopped.")
        interpreter.set_tensor(given["index"], stored[index].reshape(shape))
        interpreter.invoke()
        raw[index] = interpreter.get_tensor(wanted["index"]).reshape(-1)
    real = (raw.astype(np.float32) - np.float32(zero_point)) * np.float32(scale) if raw.dtype == np.int8 else raw
    return Scores(real.astype(np.float32), raw)


def quantise(values: Floats, scale: float, zero_point: int) -> NDArray[np.int8]:
    """int8 of real values as LiteRT and the firmware do it: single-precision division, halves away from zero, clamp."""
    quotient = (np.asarray(values, dtype=np.float32) / np.float32(scale)).astype(np.float64)
    whole = np.copysign(np.floor(np.abs(quotient) + 0.5), quotient)
    stored: NDArray[np.int8] = np.clip(whole + zero_point, -128, 127).astype(np.int8)
    return stored
