"""The compiler: an int8 .tflite in, C99 out, with the bits of LiteRT's reference kernels.

    mote.compiler.compile_model(tflite).files        # {"model.h": ..., "model.c": ...}
    mote.compiler.project.compile_to_folder("model.tflite", "out")

How to add an operator: docs/compiler.md.
"""

from __future__ import annotations

from mote.compiler.check import check
from mote.compiler.compiled import Compiled, Layer, TensorInfo
from mote.compiler.emit import emit
from mote.compiler.fold import fold
from mote.compiler.graph import Graph
from mote.compiler.plan import plan
from mote.compiler.prune import prune
from mote.compiler.read import read

__all__ = ["Compiled", "Layer", "TensorInfo", "compile_graph", "compile_model"]


def compile_model(tflite: bytes, *, name: str = "model") -> Compiled:
    """Compile a .tflite file to C.

    Args:
        name: prefix of every C name and of the two files.

    Raises:
        BadInput: not a model, damaged, or contradicting itself.
        NotSupported: an operator, type or shape outside what the kernels do; says which and what to do.
    """
    return compile_graph(read(tflite), name=name)


def compile_graph(graph: Graph, *, name: str = "model", share_memory: bool = True) -> Compiled:
    """The passes. `share_memory=False` keeps every layer's output readable after a run."""
    graph = check(graph)
    graph = fold(graph)
    graph = prune(graph)
    memory = plan(graph, share=share_memory)
    return emit(graph, memory, name)
