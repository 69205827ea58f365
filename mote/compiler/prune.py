"""The pass that drops what no output needs."""

from __future__ import annotations

from dataclasses import replace

from mote.compiler.graph import Graph


def prune(graph: Graph) -> Graph:
    """Only nodes that lead to an output stay. Tensors keep their numbers."""
    needed = set(graph.outputs)
    kept = []
    for node in reversed(graph.nodes):
        if needed.intersection(node.outputs):
            needed.update(node.inputs)
            kept.append(node)
    return replace(graph, nodes=tuple(reversed(kept)))
