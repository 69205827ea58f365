"""Writes small .tflite files with the schema code that LiteRT ships: models for tests, independent of Mote's reader."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import flatbuffers
import numpy as np
from ai_edge_litert import schema_py_generated as schema

# The first version of each operator that takes int8.
VERSIONS = {
    "CONV_2D": 3,
    "DEPTHWISE_CONV_2D": 3,
    "FULLY_CONNECTED": 4,
    "MAX_POOL_2D": 2,
    "AVERAGE_POOL_2D": 2,
    "MEAN": 2,
    "ADD": 2,
    "CONCATENATION": 2,
    "PAD": 2,
    "SOFTMAX": 2,
    "LOGISTIC": 2,
    "RELU": 2,
    "RELU6": 2,
    "DEQUANTIZE": 2,
}


@dataclass
class Writer:
    """Add tensors, then operators; inputs and outputs are lists of tensor numbers."""

    tensors: list[Any] = field(default_factory=list)
    buffers: list[Any] = field(default_factory=lambda: [schema.BufferT()])
    operators: list[Any] = field(default_factory=list)
    codes: dict[str, int] = field(default_factory=dict)
    inputs: list[int] = field(default_factory=list)
    outputs: list[int] = field(default_factory=list)

    def tensor(
        self,
        shape: tuple[int, ...],
        dtype: str = "int8",
        *,
        scale: float | list[float] | None = None,
        zero_point: int | list[int] = 0,
        axis: int = 0,
        data: np.ndarray | None = None,
        name: str = "",
    ) -> int:
        tensor = schema.TensorT()
        tensor.shape = list(shape)
        tensor.type = getattr(schema.TensorType, dtype.upper())
        tensor.name = name or f"tensor/{len(self.tensors)}"
        if scale is not None:
            scales = np.atleast_1d(np.array(scale, np.float32))
            quantization = schema.QuantizationParametersT()
            quantization.scale = scales
            quantization.zeroPoint = np.broadcast_to(np.array(zero_point, np.int64), scales.shape).copy()
            quantization.quantizedDimension = axis
            tensor.quantization = quantization
        if data is not None:
            buffer = schema.BufferT()
            buffer.data = np.frombuffer(np.ascontiguousarray(data).tobytes(), np.uint8)
            tensor.buffer = len(self.buffers)
            self.buffers.append(buffer)
        self.tensors.append(tensor)
        return len(self.tensors) - 1

    def input(self, shape: tuple[int, ...], dtype: str = "int8", **more: Any) -> int:
        self.inputs.append(self.tensor(shape, dtype, **more))
        return self.inputs[-1]

    def output(self, shape: tuple[int, ...], dtype: str = "int8", **more: Any) -> int:
        self.outputs.append(self.tensor(shape, dtype, **more))
        return self.outputs[-1]

    def operator(self, name: str, inputs: list[int], outputs: list[int], kind: str = "", **options: Any) -> None:
        """kind is the name of the options table, "Conv2DOptions"; options are its fields."""
        operator = schema.OperatorT()
        operator.opcodeIndex = self.codes.setdefault(name, len(self.codes))
        operator.inputs, operator.outputs = inputs, outputs
        if kind:
            table = getattr(schema, f"{kind}T")()
            for field_name, value in options.items():
                assert hasattr(table, field_name), field_name
                setattr(table, field_name, value)
            operator.builtinOptionsType = getattr(schema.BuiltinOptions, kind)
            operator.builtinOptions = table
        self.operators.append(operator)

    def bytes(self, subgraphs: int = 1) -> bytes:
        graph = schema.SubGraphT()
        graph.tensors, graph.operators = self.tensors, self.operators
        graph.inputs, graph.outputs = self.inputs, self.outputs
        model = schema.ModelT()
        model.version = 3
        model.description = "made by a test"
        model.subgraphs = [graph] * subgraphs
        model.buffers = self.buffers
        model.operatorCodes = [_code(name) for name in self.codes]
        builder = flatbuffers.Builder(1024)
        builder.Finish(model.Pack(builder), b"TFL3")
        return bytes(builder.Output())


def _code(name: str) -> Any:
    code = schema.OperatorCodeT()
    number = getattr(schema.BuiltinOperator, name)
    code.builtinCode, code.deprecatedBuiltinCode = number, min(number, 127)
    code.version = VERSIONS.get(name, 1)
    return code
