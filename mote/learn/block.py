"""What a learning block is: one file of `blocks/` that describes its parameters and builds a network."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any, Protocol

from mote import params, plugins
from mote.errors import BadInput
from mote.params import Param, Value
from mote.pipeline import LearnSpec


class LearnBlock(Protocol):
    """A kind of model that can be trained on features."""

    name: str
    title: str
    help: str
    params: list[Param]

    def build(self, values: Mapping[str, Value], shape: tuple[int, ...], classes: int) -> Any:
        """An untrained Keras model: input (batch, *shape) float32, output (batch, classes) that sums to 1."""
        ...


@cache
def learn_blocks() -> dict[str, LearnBlock]:
    """All learning blocks by name."""
    from mote.learn import blocks

    return plugins.scan(blocks)


def resolve(spec: LearnSpec) -> tuple[LearnBlock, dict[str, Value]]:
    """The block of a pipeline and its parameters, defaults filled in.

    Raises:
        BadInput: no such block, or a parameter that it does not take.
    """
    block = learn_blocks().get(spec.block)
    if block is None:
        raise BadInput(f"There is no learning block {spec.block!r}.", hint=f"There are: {', '.join(learn_blocks())}.")
    return block, params.check(block.params, spec.params, owner=block.title)
