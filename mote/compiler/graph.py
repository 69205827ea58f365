"""The model as data: tensors, nodes, and the graph that holds them. Nothing here changes after it is made.

A pass is a function from one `Graph` to another; it builds new objects with `dataclasses.replace`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from mote.errors import BadInput, NotSupported

ITEM_BYTES = {"int8": 1, "uint8": 1, "int16": 2, "int32": 4, "int64": 8, "float32": 4, "bool": 1}
"""Bytes of one value of each type that the reader can hold; other types are kept by name only."""

Options = Mapping[str, int | float | bool]


@dataclass(frozen=True)
class Quantization:
    """Real value = scale * (stored value - zero point); one pair, or one per index of dimension `axis`."""

    scales: tuple[float, ...]
    zero_points: tuple[int, ...]
    axis: int = 0

    @property
    def scale(self) -> float:
        return self.scales[0]

    @property
    def zero_point(self) -> int:
        return self.zero_points[0]

    @property
    def per_channel(self) -> bool:
        return len(self.scales) > 1


@dataclass(frozen=True)
class Tensor:
    name: str
    shape: tuple[int, ...]
    dtype: str  # "int8", "float32"; see ITEM_BYTES
    quantization: Quantization | None = None
    data: NDArray[np.generic] | None = field(default=None, compare=False)  # of constants; read only

    @property
    def count(self) -> int:
        count = 1
        for extent in self.shape:
            count *= extent
        return count

    @property
    def bytes(self) -> int:
        return self.count * ITEM_BYTES[self.dtype]


@dataclass(frozen=True)
class Node:
    """One operator of the file. Inputs and outputs are indices of tensors; -1 is an optional input left out."""

    operator: str
    index: int  # position in the file: what messages name
    inputs: tuple[int, ...]
    outputs: tuple[int, ...]
    options: Options = field(default_factory=dict)


@dataclass(frozen=True)
class Graph:
    tensors: tuple[Tensor, ...]
    nodes: tuple[Node, ...]  # each after those that it reads from
    inputs: tuple[int, ...]
    outputs: tuple[int, ...]
    description: str = ""

    def place(self, node: Node) -> str:
        """How messages name a node: `operator 7, "x/y"`, after the tensor that it writes."""
        name = self.tensors[node.outputs[0]].name if node.outputs else ""
        return f'operator {node.index}, "{name}"'


@dataclass(frozen=True)
class View:
    """A node together with its graph: what an operator plug-in looks at."""

    graph: Graph
    node: Node

    @property
    def name(self) -> str:
        return self.node.operator

    def has_input(self, position: int) -> bool:
        return position < len(self.node.inputs) and self.node.inputs[position] >= 0

    def input(self, position: int) -> Tensor:
        if not self.has_input(position):
            raise self.bad(f"has no input {position}")
        return self.graph.tensors[self.node.inputs[position]]

    def output(self, position: int = 0) -> Tensor:
        if position >= len(self.node.outputs):
            raise self.bad(f"has no output {position}")
        return self.graph.tensors[self.node.outputs[position]]

    def option(self, name: str) -> int:
        return int(self.node.options[name])

    def bad(
        self, problem: str, hint: str = "The file is damaged, or was not written by a TFLite converter."
    ) -> BadInput:
        """The error for a node that contradicts itself, to be raised."""
        return BadInput(f"{self.name} {problem} ({self.graph.place(self.node)}).", hint=hint)

    def unsupported(self, problem: str, hint: str = "") -> NotSupported:
        """The error for a node that is valid and outside what the kernels do, to be raised."""
        return NotSupported(f"{self.name} {problem} ({self.graph.place(self.node)}).", hint=hint)
