"""Writes a graph as C99: constants, and one kernel call after the other."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

import numpy as np

from mote.compiler.compiled import Compiled, Layer, TensorInfo
from mote.compiler.ctext import LICENCE, array, real, shape, struct, struct_words, wrap
from mote.compiler.graph import Graph, Node, Tensor, View
from mote.compiler.header import header
from mote.compiler.ops import operators
from mote.compiler.ops._operator import Argument, Call, Constant, Input, Output, Struct
from mote.compiler.plan import MemoryPlan
from mote.errors import BadInput
from mote.paths import FIRMWARE

KERNELS = FIRMWARE / "lib" / "nn"

_SOURCE = """\
{licence}
/*
 * {macs} multiply-accumulates, {constants_bytes} bytes of constants, {arena_bytes} bytes of arena
 * (the busiest layer alone needs {lower_bound}).
 */

#include "{name}.h"

#include "nn/kernels.h"

{constants}

void *{name}_input(void *arena, unsigned index) {{
    static const uint32_t offsets[] = {{{inputs}}};
    return index < {upper}_INPUT_COUNT ? (int8_t *)arena + offsets[index] : 0;
}}

const void *{name}_output(void *arena, unsigned index) {{
    static const uint32_t offsets[] = {{{outputs}}};
    return index < {upper}_OUTPUT_COUNT ? (int8_t *)arena + offsets[index] : 0;
}}

void {name}_run(void *memory) {{
    int8_t *arena = memory;
    (void)arena;
    /* Number in the .tflite, operator, shapes and their offsets in the arena, work. */
{calls}
}}
"""


def emit(graph: Graph, memory: MemoryPlan, name: str) -> Compiled:
    """C files of a checked graph.

    Args:
        name: prefix of the C names and of the file names; a C identifier in small letters.
    """
    if not re.fullmatch(r"[a-z][a-z0-9_]{0,62}", name):
        raise BadInput(f"{name!r} cannot name a model.", hint="Use small letters, digits and _, a letter first.")
    writer = _Writer(graph, memory)
    for node in graph.nodes:
        writer.add(node)
    inputs = [_info(graph.tensors[index]) for index in graph.inputs]
    outputs = [_info(graph.tensors[index]) for index in graph.outputs]
    return Compiled(
        name=name,
        files={
            f"{name}.h": header(name, memory.arena_bytes, inputs, outputs),
            f"{name}.c": _source(name, writer),
        },
        kernel_files=[KERNELS / file for file in sorted(writer.kernel_files)],
        arena_bytes=memory.arena_bytes,
        arena_lower_bound=memory.lower_bound,
        inputs=inputs,
        outputs=outputs,
        macs=sum(layer.macs for layer in writer.layers),
        weights_bytes=sum(layer.weights_bytes for layer in writer.layers),
        constants_bytes=writer.constants_bytes,
        layers=writer.layers,
        warnings=_warnings(memory),
    )


def _info(tensor: Tensor) -> TensorInfo:
    stored = tensor.quantization
    if tensor.dtype == "float32" or stored is None:
        return TensorInfo(tensor.name, tensor.shape, tensor.dtype, 1.0, 0)
    return TensorInfo(tensor.name, tensor.shape, tensor.dtype, stored.scale, stored.zero_point)


def _warnings(memory: MemoryPlan) -> list[str]:
    excess = memory.arena_bytes - memory.lower_bound
    return [f"The arena is {excess} bytes above its lower bound of {memory.lower_bound}."] if excess else []


def _source(name: str, writer: _Writer) -> str:
    graph, memory = writer.graph, writer.memory
    return _SOURCE.format(
        licence=LICENCE,
        name=name,
        upper=name.upper(),
        macs=sum(layer.macs for layer in writer.layers),
        constants_bytes=writer.constants_bytes,
        arena_bytes=memory.arena_bytes,
        lower_bound=memory.lower_bound,
        constants="\n\n".join(writer.constants),
        inputs=", ".join(f"{memory.offsets[index]}u" for index in graph.inputs),
        outputs=", ".join(f"{memory.offsets[index]}u" for index in graph.outputs),
        calls="\n".join(writer.calls),
    )


@dataclass
class _Writer:
    """Collects constants and calls while the nodes go by."""

    graph: Graph
    memory: MemoryPlan
    constants: list[str] = field(default_factory=list)
    calls: list[str] = field(default_factory=list)
    layers: list[Layer] = field(default_factory=list)
    kernel_files: set[str] = field(default_factory=set)
    written: set[int] = field(default_factory=set)  # constant tensors that have their array
    constants_bytes: int = 0

    def add(self, node: Node) -> None:
        view, operator = View(self.graph, node), operators()[node.operator]
        known = self.written.copy()
        calls = operator.lower(view)
        texts = [self._call(view, call) for call in calls]
        layer = Layer(
            index=node.index,
            operator=node.operator,
            name=view.output().name,
            input_shapes=tuple(view.input(i).shape for i in range(len(node.inputs)) if view.has_input(i)),
            output_shape=view.output().shape,
            kernels=tuple(dict.fromkeys(call.function for call in calls)),
            macs=operator.macs(view),
            weights_bytes=sum(self.graph.tensors[index].bytes for index in self.written - known),
            arena_offset=self.memory.offsets[node.outputs[0]],
            output_tensor=node.outputs[0],
        )
        self.layers.append(layer)
        self.kernel_files.update(call.file for call in calls)
        self.calls += [self._comment(view, layer), *texts]

    def _comment(self, view: View, layer: Layer) -> str:
        """One layer in words: operator, shapes, where its tensors lie, work."""
        sources = [
            f"{shape(view.input(position).shape)} at {self.memory.offsets[index]}"
            for position, index in enumerate(view.node.inputs)
            if index in self.memory.offsets
        ]
        target = f"{shape(layer.output_shape)} at {layer.arena_offset}"
        work = f", {layer.macs} MACs" if layer.macs else ""
        return f"    /* {layer.index}: {layer.operator} {' + '.join(sources)} -> {target}{work} */"

    def _call(self, view: View, call: Call) -> str:
        arguments = [self._argument(view, argument) for argument in call.arguments]
        return wrap(f"    {call.function}(", arguments, ");")

    def _argument(self, view: View, argument: Argument) -> str:
        prefix = f"layer{view.node.index}"
        if isinstance(argument, Input):
            return self._tensor(view.node.inputs[argument.position])
        if isinstance(argument, Output):
            return self._place(view.node.outputs[0], argument.offset)
        if isinstance(argument, Constant):
            return self._array(f"{prefix}_{argument.name}", argument)
        if isinstance(argument, Struct):
            return self._struct(f"{prefix}_{argument.name}", argument)
        if isinstance(argument, np.float32):
            return real(float(argument))
        return "0" if argument is None else str(argument)

    def _place(self, tensor: int, offset: int = 0) -> str:
        """A tensor in the arena; `offset` counts values of int8."""
        at = self.memory.offsets[tensor] + offset
        place = f"arena + {at}" if at else "arena"
        return place if self.graph.tensors[tensor].dtype == "int8" else f"(float *)(void *)({place})"

    def _tensor(self, index: int) -> str:
        tensor = self.graph.tensors[index]
        if tensor.data is None:
            return self._place(index)
        if index not in self.written:
            self.written.add(index)
            self._array(f"tensor{index}", Constant(tensor.name, tensor.data), comment=tensor.name)
        return f"tensor{index}"

    def _array(self, name: str, constant: Constant, comment: str = "") -> str:
        self.constants_bytes += constant.values.nbytes
        self.constants.append(array(name, constant.values, comment))
        return name

    def _struct(self, name: str, argument: Struct) -> str:
        self.constants_bytes += 4 * sum(struct_words(row) for row in argument.rows)
        self.constants.append(struct(name, argument.type, argument.rows))
        return f"&{name}" if len(argument.rows) == 1 else name
