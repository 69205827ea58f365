"""The oracle: LiteRT's reference kernels."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from ai_edge_litert.interpreter import Interpreter, OpResolverType


class Reference:
    """A model in LiteRT with the reference resolver; `layers=True` keeps every tensor readable."""

    def __init__(self, tflite: bytes, layers: bool = False) -> None:
        self.interpreter = Interpreter(
            model_content=tflite,
            experimental_op_resolver_type=OpResolverType.BUILTIN_REF,
            experimental_preserve_all_tensors=layers,
        )
        self.interpreter.allocate_tensors()

    def run(self, inputs: Sequence[np.ndarray]) -> list[np.ndarray]:
        for detail, values in zip(self.interpreter.get_input_details(), inputs, strict=True):
            self.interpreter.set_tensor(detail["index"], values.reshape(detail["shape"]))
        self.interpreter.invoke()
        return [self.interpreter.get_tensor(detail["index"]) for detail in self.interpreter.get_output_details()]

    def tensor(self, index: int) -> np.ndarray:
        return self.interpreter.get_tensor(index)


def random_inputs(tflite: bytes, generator: np.random.Generator) -> list[np.ndarray]:
    """White noise over the whole range of int8, with the ends often; floats around zero."""
    inputs = []
    for detail in Reference(tflite).interpreter.get_input_details():
        if detail["dtype"] == np.float32:
            inputs.append(generator.normal(0, 2, detail["shape"]).astype(np.float32))
        else:
            noise = generator.integers(-128, 128, detail["shape"])
            ends = generator.choice([-128, 127], detail["shape"])
            inputs.append(np.where(generator.random(detail["shape"]) < 0.2, ends, noise).astype(np.int8))
    return inputs
