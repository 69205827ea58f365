"""The pass that computes what is known already: a reshaped constant is a constant."""

from __future__ import annotations

from dataclasses import replace

from mote.compiler.graph import Graph, Node
from mote.compiler.ops import operators
from mote.errors import NotSupported


def fold(graph: Graph) -> Graph:
    """Constants under another shape become constants of their own; their nodes go.

    Raises:
        NotSupported: an output of the model turns out to be a constant.
    """
    tensors = list(graph.tensors)
    nodes: list[Node] = []
    for node in graph.nodes:
        data = tensors[node.inputs[0]].data if node.inputs and node.inputs[0] >= 0 else None
        output = node.outputs[0]
        if operators()[node.operator].keeps_bytes and data is not None:
            if output in graph.outputs:
                raise NotSupported(f'The output "{tensors[output].name}" is a constant.')
            tensors[output] = replace(tensors[output], data=data.reshape(tensors[output].shape))
        else:
            nodes.append(node)
    return replace(graph, tensors=tuple(tensors), nodes=tuple(nodes))
