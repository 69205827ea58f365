"""What the compiler gives: C files and the facts about them that reports show."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class TensorInfo:
    """An input or output of the model."""

    name: str
    shape: tuple[int, ...]
    dtype: str  # "int8" or "float32"
    scale: float  # 1 for float32
    zero_point: int  # 0 for float32


@dataclass(frozen=True)
class Layer:
    """One operator as it was compiled."""

    index: int  # position in the .tflite file
    operator: str
    name: str  # of the tensor that it writes
    input_shapes: tuple[tuple[int, ...], ...]
    output_shape: tuple[int, ...]
    kernels: tuple[str, ...]  # C functions; none for a reshape
    macs: int
    weights_bytes: int  # weights and bias
    arena_offset: int  # of its output
    output_tensor: int  # number of its output in the .tflite file


@dataclass(frozen=True)
class Compiled:
    """A model as C. `files` needs `firmware/lib` (or the folder written by `write_project`) on the include path."""

    name: str
    files: dict[str, str]  # "<name>.h", "<name>.c"
    kernel_files: list[Path]  # the nn sources that the model calls; compile these and no others
    arena_bytes: int
    arena_lower_bound: int  # bytes alive at the busiest layer; no plan is smaller
    inputs: list[TensorInfo]
    outputs: list[TensorInfo]
    macs: int
    weights_bytes: int  # weights and biases as in the .tflite file
    constants_bytes: int  # everything constant in the C file: weights, biases, multipliers, tables, structs
    layers: list[Layer]
    warnings: list[str]
