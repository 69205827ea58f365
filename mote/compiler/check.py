"""The pass that refuses: after it, every node is known, int8, of batch 1, and fits its neighbours."""

from __future__ import annotations

from mote.compiler.graph import ITEM_BYTES, Graph, Node, View
from mote.compiler.ops import operators
from mote.errors import BadInput, NotSupported

_DYNAMIC = {"SHAPE", "STRIDED_SLICE", "PACK"}


def check(graph: Graph) -> Graph:
    """The graph itself, when it can be compiled.

    Raises:
        BadInput: the file contradicts itself.
        NotSupported: it is valid, and outside what Mote compiles; the message says which operator and what to do.
    """
    _check_ends(graph)
    written = {index for index, tensor in enumerate(graph.tensors) if tensor.data is not None} | set(graph.inputs)
    for node in graph.nodes:
        _check_node(graph, node, written)
        written |= set(node.outputs)
    for index in graph.outputs:
        if index not in written or graph.tensors[index].data is not None:
            raise BadInput(f'Nothing computes the output "{graph.tensors[index].name}".')
    return graph


def _check_ends(graph: Graph) -> None:
    if not graph.nodes or not graph.inputs or not graph.outputs:
        raise BadInput("The model has no operators, no inputs or no outputs.")
    for index in (*graph.inputs, *graph.outputs):
        tensor = graph.tensors[index]
        if tensor.dtype not in ("int8", "float32"):
            raise NotSupported(
                f'"{tensor.name}" is {tensor.dtype}; int8 and float32 are supported as inputs and outputs.',
                hint="Set converter.inference_input_type and inference_output_type to tf.int8.",
            )
        if index in graph.inputs and len(tensor.shape) > 1 and tensor.shape[0] != 1:
            raise NotSupported(
                f'"{tensor.name}" has batch {tensor.shape[0]}; 1 is supported.', hint="Convert with batch 1."
            )
    if any(graph.tensors[index].data is not None for index in graph.inputs) or len(set(graph.inputs)) < len(
        graph.inputs
    ):
        raise BadInput("An input of the model is a constant, or is listed twice.")


def _check_node(graph: Graph, node: Node, written: set[int]) -> None:
    view = View(graph, node)
    plugin = operators().get(node.operator)
    if plugin is None:
        hint = (
            "Fix the batch at 1 before converting: it makes these operators disappear."
            if node.operator in _DYNAMIC
            else ""
        )
        supported = ", ".join(sorted(operators()))
        raise NotSupported(f"{node.operator} is not supported ({graph.place(node)}); supported: {supported}", hint=hint)
    if len(node.outputs) != 1:
        raise view.bad(f"has {len(node.outputs)} outputs")
    if not written.issuperset(index for index in node.inputs if index >= 0):
        raise view.bad("reads a tensor that nothing has written")
    if written.intersection(node.outputs):
        raise view.bad("writes a tensor that is already written")
    _check_sizes(view)
    plugin.check_types(view)
    plugin.check(view)


def _check_sizes(view: View) -> None:
    for index in (*view.node.inputs, *view.node.outputs):
        if index >= 0 and view.graph.tensors[index].dtype not in ITEM_BYTES:
            tensor = view.graph.tensors[index]
            raise view.unsupported(f'works on {tensor.dtype} ("{tensor.name}"); int8 is supported')
