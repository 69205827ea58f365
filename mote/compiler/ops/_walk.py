"""`nn_walk`: a tensor visited place by place, over any subset of its dimensions."""

from __future__ import annotations

from collections.abc import Sequence

MAX_DIMENSIONS = 6  # NN_MAX_DIMENSIONS


def strides(shape: Sequence[int]) -> list[int]:
    """Values between neighbours along each dimension, of a dense tensor."""
    result = [1] * len(shape)
    for d in reversed(range(len(shape) - 1)):
        result[d] = result[d + 1] * shape[d + 1]
    return result


def walk(extents: Sequence[int], steps: Sequence[int]) -> dict[str, object]:
    """The struct's fields; unused leading dimensions have extent 1 and stride 0."""
    missing = MAX_DIMENSIONS - len(extents)
    return {"extent": [1] * missing + list(extents), "stride": [0] * missing + list(steps)}
