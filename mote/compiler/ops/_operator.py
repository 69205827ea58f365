"""What an operator plug-in is, and the pieces of C that it may ask for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from mote.compiler.graph import View
from mote.compiler.ops._types import require_int8


class Option(NamedTuple):
    """A field of the operator's options table; its place in `Operator.options` is its field id in the schema."""

    name: str
    kind: str  # "int8", "int32", "bool", "float32"
    default: int | float | bool = 0


@dataclass(frozen=True)
class Input:
    """Argument: where input `position` of the node lies, whether in the arena or among the constants."""

    position: int


@dataclass(frozen=True)
class Output:
    """Argument: where the node's output lies, `offset` values further on."""

    offset: int = 0


@dataclass(frozen=True)
class Constant:
    """Argument: a constant array of int8, int32 ..., emitted as `layer3_<name>`."""

    name: str
    values: NDArray[np.generic]


@dataclass(frozen=True)
class Struct:
    """Argument: the address of a constant struct `layer3_<name>`; a sequence of rows is an array of structs."""

    name: str
    type: str
    rows: Sequence[Mapping[str, object]]


Argument = Input | Output | Constant | Struct | int | np.float32 | None  # None is a null pointer


@dataclass(frozen=True)
class Call:
    """One call of a kernel."""

    function: str
    file: str  # in firmware/lib/nn
    arguments: tuple[Argument, ...]


class Operator:
    """Base of the plug-ins: subclasses give `name`, `check` and `lower`, and what else differs from the defaults."""

    name: str
    options: tuple[Option, ...] = ()
    keeps_bytes = False
    """The output is the first input's bytes under another shape: no code, no memory."""

    def check(self, view: View) -> None:
        """Raise BadInput for a node that contradicts itself, NotSupported for one that no kernel does.

        Types, batch and the order of nodes were checked before (see `mote.compiler.check`).
        """
        raise NotImplementedError

    def check_types(self, view: View) -> None:
        """Raise NotSupported unless the node works on int8."""
        require_int8(view)

    def lower(self, view: View) -> tuple[Call, ...]:
        """The kernel calls that do the node's work. `check` passed."""
        raise NotImplementedError

    def in_place(self, view: View) -> tuple[int, ...]:
        """Inputs whose memory the output may take over, value by value, when nothing reads them later."""
        return ()

    def macs(self, view: View) -> int:
        """Multiply-accumulates of one run."""
        return 0
