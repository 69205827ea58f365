"""The memory plan: where in the arena each tensor lies.

Tensors whose lifetimes do not meet may share bytes. The sum of what is alive at the busiest node is a lower bound
that no plan can beat; a greedy placement, and a little search over its order, usually reaches it.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass

from mote.compiler.graph import Graph, View
from mote.compiler.ops import operators
from mote.errors import NotSupported

ALIGNMENT = 4  # bytes; of float32, and what word-wise kernels like
MAX_ARENA_BYTES = 1 << 28  # kernels index with int32
_EFFORT = 3_000_000  # pairs of buffers that the search looks at before it settles for what it has


@dataclass(frozen=True)
class Buffer:
    """Bytes that are needed from node `first` to node `last`, both included."""

    bytes: int
    first: int
    last: int

    def meets(self, other: Buffer) -> bool:
        return self.first <= other.last and other.first <= self.last


@dataclass(frozen=True)
class MemoryPlan:
    offsets: dict[int, int]  # tensor -> bytes from the start of the arena
    arena_bytes: int
    lower_bound: int  # bytes; no plan of these lifetimes is smaller


def plan(graph: Graph, *, share: bool = True) -> MemoryPlan:
    """Place every tensor of a checked graph that is not a constant.

    Args:
        share: False gives each tensor bytes of its own, so that all can be read after a run (for debugging).

    Raises:
        NotSupported: the arena would be beyond MAX_ARENA_BYTES.
    """
    storage = _storage(graph, share)
    buffers = _buffers(graph, storage, share)
    offsets = place(list(buffers.values()))
    at = dict(zip(buffers, offsets, strict=True))
    ends = [offset + buffer.bytes for offset, buffer in zip(offsets, buffers.values(), strict=True)]
    if max(ends, default=0) > MAX_ARENA_BYTES:
        raise NotSupported(f"The tensors need {max(ends)} bytes of memory; the limit is {MAX_ARENA_BYTES}.")
    return MemoryPlan(
        offsets={tensor: at[owner] for tensor, owner in storage.items()},
        arena_bytes=max(ends, default=0),
        lower_bound=lower_bound(list(buffers.values())),
    )


def lower_bound(buffers: Sequence[Buffer]) -> int:
    """Bytes alive at the busiest node."""
    return max((sum(b.bytes for b in buffers if b.first <= buffer.first <= b.last) for buffer in buffers), default=0)


def place(buffers: Sequence[Buffer]) -> list[int]:
    """An offset for each buffer such that buffers whose lifetimes meet do not overlap. Deterministic."""
    bound = lower_bound(buffers)
    order = sorted(range(len(buffers)), key=lambda i: (-buffers[i].bytes, buffers[i].first, i))
    best = _place_in_order(buffers, order)
    shuffle = random.Random(0)  # noqa: S311  # a search, not a secret; seeded so that equal models give equal bytes
    for _ in range(_EFFORT // (len(buffers) ** 2 + 1)):
        if _top(buffers, best) <= bound:
            break
        candidate_order = order.copy()
        for _ in range(shuffle.randint(1, 3)):
            i, j = shuffle.randrange(len(order)), shuffle.randrange(len(order))
            candidate_order.insert(j, candidate_order.pop(i))
        candidate = _place_in_order(buffers, candidate_order)
        if _top(buffers, candidate) <= _top(buffers, best):
            best, order = candidate, candidate_order
    return best


def _top(buffers: Sequence[Buffer], offsets: Sequence[int]) -> int:
    return max((offset + buffer.bytes for offset, buffer in zip(offsets, buffers, strict=True)), default=0)


def _place_in_order(buffers: Sequence[Buffer], order: Sequence[int]) -> list[int]:
    """Each buffer in turn at the lowest place that is free during its life."""
    offsets = [0] * len(buffers)
    placed: list[int] = []
    for index in order:
        taken = sorted((offsets[i], offsets[i] + buffers[i].bytes) for i in placed if buffers[i].meets(buffers[index]))
        offset = 0
        for start, end in taken:
            if start - offset >= buffers[index].bytes:
                break
            offset = max(offset, end)
        offsets[index] = offset
        placed.append(index)
    return offsets


def _storage(graph: Graph, share: bool) -> dict[int, int]:
    """tensor -> the tensor whose bytes it uses (itself, most often)."""
    storage = {index: index for index in graph.inputs}
    last = _last_reads(graph)
    for step, node in enumerate(graph.nodes):
        operator, output = operators()[node.operator], node.outputs[0]
        storage[output] = output
        if operator.keeps_bytes:
            storage[output] = storage[node.inputs[0]]
        elif share:
            for position in operator.in_place(View(graph, node)):
                source = node.inputs[position]
                if source not in storage or graph.tensors[source].bytes != graph.tensors[output].bytes:
                    continue
                readers = [
                    last[tensor] for tensor, owner in storage.items() if owner == storage[source] and tensor != output
                ]
                if max(readers) <= step:
                    storage[output] = storage[source]
                    break
    return storage


def _last_reads(graph: Graph) -> dict[int, int]:
    """tensor -> the last node that reads it; outputs of the model are read after the last."""
    last = {index: -1 for node in graph.nodes for index in node.outputs} | dict.fromkeys(graph.inputs, -1)
    for step, node in enumerate(graph.nodes):
        for index in node.inputs:
            last[index] = step
    return last | dict.fromkeys(graph.outputs, len(graph.nodes))


def _buffers(graph: Graph, storage: dict[int, int], share: bool) -> dict[int, Buffer]:
    """Owner -> its bytes and life. Inputs live from before the first node, outputs until after the last."""
    first = dict.fromkeys(graph.inputs, -1)
    for step, node in enumerate(graph.nodes):
        first.update(dict.fromkeys(node.outputs, step))
    last = _last_reads(graph)
    buffers: dict[int, Buffer] = {}
    for tensor, owner in storage.items():
        size = -(-graph.tensors[tensor].bytes // ALIGNMENT) * ALIGNMENT
        begin, end = (first[tensor], max(first[tensor], last[tensor])) if share else (-1, len(graph.nodes))
        known = buffers.get(owner, Buffer(size, begin, end))
        buffers[owner] = Buffer(max(size, known.bytes), min(begin, known.first), max(end, known.last))
    return buffers
