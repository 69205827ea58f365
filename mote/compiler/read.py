"""Reads a .tflite file into a `Graph`. The file is hostile: any bytes give a graph or a MoteError.

Source: tensorflow/lite/schema/schema.fbs, version 3. The numbers in calls such as `table.integers(0, ...)` are the
field ids of that schema; the order there never changes.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from mote.compiler.flatbuffer import Table, damaged, root
from mote.compiler.graph import ITEM_BYTES, Graph, Node, Options, Quantization, Tensor
from mote.compiler.operator_names import operator_name
from mote.compiler.ops import operators
from mote.errors import BadInput, NotSupported

# Far beyond what a microcontroller holds. The totals count bytes and scales as often as tensors refer to them: the
# format lets a small file point to one list a thousand times.
MAX_FILE_BYTES = 32 << 20
MAX_CONSTANT_BYTES = MAX_FILE_BYTES
MAX_SCALES = 1 << 20
MAX_TENSORS = 4096
MAX_NODES = 2048
MAX_NODE_INPUTS = 512
MAX_DIMENSIONS = 8
MAX_COUNT = 1 << 26  # values in one tensor
MAX_NAME_BYTES = 1024
_CUSTOM = 32  # code of the operator that a name describes

# enum TensorType, in the order of its codes
_TYPES = (
    "float32",
    "float16",
    "int32",
    "uint8",
    "int64",
    "string",
    "bool",
    "int16",
    "complex64",
    "int8",
    "float64",
    "complex128",
    "uint64",
    "resource",
    "variant",
    "uint32",
    "uint16",
    "int4",
    "bfloat16",
    "int2",
    "uint4",
    "float8",
    "float8",
)


def read(tflite: bytes) -> Graph:
    """The first and only subgraph of a .tflite file.

    Raises:
        BadInput: not a TFLite file, or damaged, or beyond the limits above.
        NotSupported: more than one subgraph, sparse weights, state variables.
    """
    if len(tflite) > MAX_FILE_BYTES:
        raise BadInput(f"The model has {len(tflite)} bytes; the limit is {MAX_FILE_BYTES}.")
    if len(tflite) < 8 or bytes(tflite[4:8]) != b"TFL3":
        raise BadInput("This is not a TFLite model.", hint="Give a .tflite file, as written by the TFLite converter.")
    model = root(tflite)
    subgraphs = model.tables(2, limit=MAX_NODES)
    if len(subgraphs) != 1:
        raise NotSupported(f"The model has {len(subgraphs)} subgraphs; one is supported.", hint="Control flow is not.")
    tensors = _tensors(subgraphs[0], model.tables(4, limit=4 * MAX_TENSORS))
    return Graph(
        tensors=tensors,
        nodes=_nodes(subgraphs[0], _operator_codes(model), len(tensors)),
        inputs=_indices(subgraphs[0].integers(1, "int32", MAX_TENSORS), len(tensors), "an input of the model"),
        outputs=_indices(subgraphs[0].integers(2, "int32", MAX_TENSORS), len(tensors), "an output of the model"),
        description=model.text(3, limit=MAX_NAME_BYTES),
    )


def _indices(indices: tuple[int, ...], count: int, what: str, optional: bool = False) -> tuple[int, ...]:
    lowest = -1 if optional else 0
    for index in indices:
        if not lowest <= index < count:
            raise damaged(f"{what} is tensor {index} of {count}")
    return indices


def _operator_codes(model: Table) -> list[str]:
    """Names of the operators that the file uses; nodes refer to them by position."""
    names = []
    for code in model.tables(1, limit=MAX_NODES):
        number = max(code.integer(0, "int8"), code.integer(3, "int32"))  # old files have only the first field
        custom = code.text(1, limit=MAX_NAME_BYTES)
        names.append(custom or "CUSTOM" if number == _CUSTOM else operator_name(number))
    return names


def _nodes(subgraph: Table, codes: list[str], tensor_count: int) -> tuple[Node, ...]:
    nodes = []
    for index, table in enumerate(subgraph.tables(3, limit=MAX_NODES)):
        code = table.integer(0, "uint32")
        if code >= len(codes):
            raise damaged(f"operator {index} has code {code} of {len(codes)}")
        inputs = _indices(
            table.integers(1, "int32", MAX_NODE_INPUTS), tensor_count, f"an input of operator {index}", True
        )
        outputs = _indices(table.integers(2, "int32", MAX_NODE_INPUTS), tensor_count, f"an output of operator {index}")
        nodes.append(Node(codes[code], index, inputs, outputs, _options(codes[code], table.table(4))))
    return tuple(nodes)


def _options(operator: str, table: Table | None) -> Options:
    """The operator's own settings, as its plug-in lists them in the order of their field ids."""
    plugin = operators().get(operator)
    if plugin is None:
        return {}
    if table is None:
        return {option.name: option.default for option in plugin.options}
    return {
        option.name: table.scalar(field, option.kind, option.default) for field, option in enumerate(plugin.options)
    }


def _tensors(subgraph: Table, buffers: list[Table]) -> tuple[Tensor, ...]:
    tensors = []
    constant_bytes = scales = 0
    data = [buffer.octets(0, limit=MAX_FILE_BYTES) for buffer in buffers]
    for index, table in enumerate(subgraph.tables(0, limit=MAX_TENSORS)):
        buffer = table.integer(2, "uint32")
        if buffer and buffer >= len(data):
            raise damaged(f"tensor {index} has buffer {buffer} of {len(data)}")
        tensor = _tensor(table, index, data[buffer] if buffer else memoryview(b""))
        tensors.append(tensor)
        constant_bytes += 0 if tensor.data is None else tensor.data.nbytes
        scales += len(tensor.quantization.scales) if tensor.quantization else 0
        if constant_bytes > MAX_CONSTANT_BYTES or scales > MAX_SCALES:
            raise BadInput(f"The constants have more than {MAX_CONSTANT_BYTES} bytes or {MAX_SCALES} scales.")
    return tuple(tensors)


def _tensor(table: Table, index: int, data: memoryview) -> Tensor:
    name = table.text(3, limit=MAX_NAME_BYTES)
    code = table.integer(1, "int8")
    if not 0 <= code < len(_TYPES):
        raise damaged(f"tensor {index} has type {code}")
    if table.scalar(5, "bool", False):
        raise NotSupported(f'The model keeps state in "{name}" (tensor {index}); only stateless models are supported.')
    if table.table(6) is not None:
        raise NotSupported(f'"{name}" (tensor {index}) is stored sparse.', hint="Convert without sparsity.")
    shape = table.integers(0, "int32", MAX_DIMENSIONS)
    if any(extent < 1 for extent in shape) or math.prod(shape) > MAX_COUNT:
        raise damaged(f"tensor {index} has shape {list(shape)}")
    tensor = Tensor(name, shape, _TYPES[code], _quantization(table.table(4), index, shape))
    if not data:
        return tensor
    return Tensor(tensor.name, shape, tensor.dtype, tensor.quantization, _values(tensor, index, data))


def _values(tensor: Tensor, index: int, data: memoryview) -> NDArray[np.generic]:
    """The constant's values; bytes of types that no kernel reads stay bytes."""
    if tensor.dtype not in ITEM_BYTES:
        return np.frombuffer(data, np.uint8)
    if len(data) != tensor.bytes:
        raise damaged(f"tensor {index} of shape {list(tensor.shape)} has {len(data)} bytes, not {tensor.bytes}")
    values = np.frombuffer(data, np.dtype(tensor.dtype).newbyteorder("<")).reshape(tensor.shape)
    if tensor.dtype == "float32" and not np.isfinite(values).all():
        raise damaged(f"constant {index} is infinite or not a number")
    return values


def _quantization(table: Table | None, index: int, shape: tuple[int, ...]) -> Quantization | None:
    if table is None:
        return None
    scales = tuple(float(scale) for scale in table.numbers(2, "float32", MAX_SCALES))
    zero_points = table.integers(3, "int64", MAX_SCALES)
    if not scales:
        return None
    if not all(math.isfinite(scale) and scale >= 0 for scale in scales):
        raise damaged(f"tensor {index} has a scale that is negative or not a number")
    if len(zero_points) not in (0, 1, len(scales)):
        raise damaged(f"tensor {index} has {len(scales)} scales and {len(zero_points)} zero points")
    if not all(-(1 << 31) <= zero_point < 1 << 31 for zero_point in zero_points):
        raise damaged(f"tensor {index} has a zero point beyond 32 bits")
    zero_points = zero_points or (0,)
    return Quantization(
        scales,
        zero_points if len(zero_points) == len(scales) else zero_points * len(scales),
        table.integer(6, "int32"),
    )
