"""The memory plan: live buffers never overlap, and no plan is smaller than what must be alive at once."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from mote.compiler import compile_graph, compile_model
from mote.compiler.plan import Buffer, lower_bound, place, plan
from mote.compiler.read import read
from tests.compiler.tflite_writer import Writer

lives = st.tuples(st.integers(0, 12), st.integers(0, 12)).map(sorted)
buffers = st.builds(lambda size, life: Buffer(size, life[0], life[1]), st.integers(1, 5000), lives)


def overlap(a: tuple[int, Buffer], b: tuple[int, Buffer]) -> bool:
    return a[0] < b[0] + b[1].bytes and b[0] < a[0] + a[1].bytes


@given(st.lists(buffers, max_size=14))
def test_live_buffers_never_overlap(chosen: list[Buffer]) -> None:
    placed = list(zip(place(chosen), chosen, strict=True))
    for i, one in enumerate(placed):
        assert one[0] >= 0
        for other in placed[i + 1 :]:
            alive_together = any(
                one[1].first <= t <= one[1].last and other[1].first <= t <= other[1].last for t in range(13)
            )
            assert not (alive_together and overlap(one, other))


@given(st.lists(buffers, min_size=1, max_size=14))
def test_plan_is_never_below_the_lower_bound(chosen: list[Buffer]) -> None:
    busiest = max(sum(b.bytes for b in chosen if b.first <= t <= b.last) for t in range(13))
    assert lower_bound(chosen) == busiest
    assert max(o + b.bytes for o, b in zip(place(chosen), chosen, strict=True)) >= busiest


@given(st.lists(st.integers(1, 5000), min_size=1, max_size=14))
def test_chain_of_layers_reaches_the_lower_bound(sizes: list[int]) -> None:
    chain = [Buffer(size, step, step + 1) for step, size in enumerate(sizes)]
    top = max(o + b.bytes for o, b in zip(place(chain), chain, strict=True))
    assert top == lower_bound(chain)


def test_placement_is_the_same_every_time() -> None:
    chosen = [Buffer(100 + 37 * i % 91, i % 5, i % 5 + i % 4) for i in range(20)]
    assert place(chosen) == place(chosen)


def residual() -> Writer:
    """x -> RELU -> a; a -> RELU6 -> b; a + b -> out: a lives across b."""
    writer = Writer()
    stored = {"scale": 0.1, "zero_point": 0}
    x = writer.input((1, 64), **stored)
    a, b = writer.tensor((1, 64), **stored), writer.tensor((1, 64), **stored)
    writer.operator("RELU", [x], [a])
    writer.operator("RELU6", [a], [b])
    writer.operator("ADD", [a, b], [writer.output((1, 64), **stored)], "AddOptions")
    return writer


def test_elementwise_layer_takes_over_memory_that_nothing_reads_later() -> None:
    memory = plan(read(residual().bytes()))
    assert memory.offsets[1] == memory.offsets[0]  # RELU in place: x is not read again
    assert memory.offsets[2] != memory.offsets[1]  # RELU6 not in place: a is
    assert memory.offsets[3] in (memory.offsets[1], memory.offsets[2])
    assert memory.arena_bytes == memory.lower_bound == 128


def test_reshape_takes_no_memory() -> None:
    writer = Writer()
    stored = {"scale": 0.1, "zero_point": 0}
    x = writer.input((1, 8, 8), **stored)
    shape = writer.tensor((2,), "int32", data=np.array([1, 64], np.int32))
    writer.operator("RESHAPE", [x, shape], [writer.output((1, 64), **stored)])
    compiled = compile_model(writer.bytes())
    assert compiled.arena_bytes == 64
    assert compiled.kernel_files == []


def test_without_sharing_every_tensor_keeps_its_bytes() -> None:
    compiled = compile_graph(read(residual().bytes()), share_memory=False)
    assert compiled.arena_bytes == 4 * 64
