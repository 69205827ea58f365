"""Refusals of models that are not int8, with what to do about it."""

from __future__ import annotations

from mote.compiler.graph import Quantization, Tensor, View

_CONVERT = (
    "Convert with full integer quantization: converter.optimizations = [tf.lite.Optimize.DEFAULT], a "
    "representative_dataset, and converter.target_spec.supported_ops = [tf.lite.OpsSet.TFLITE_BUILTINS_INT8]."
)


def require_int8(view: View) -> None:
    """Raise NotSupported unless what the node works on is int8; weights, bias and axes are for `Operator.check`."""
    inputs = [view.input(i) for i in range(len(view.node.inputs)) if view.has_input(i)]
    activations = [tensor for tensor in inputs[1:] if tensor.data is None]
    for tensor in [view.input(0), *activations, view.output()]:
        if tensor.dtype == "int8":
            continue
        if tensor.dtype == "float32" and any(constant.dtype == "int8" for constant in inputs):
            raise view.unsupported("is hybrid: int8 weights with float32 activations, not int8 throughout", _CONVERT)
        if tensor.dtype == "float32":
            raise view.unsupported("is float32; int8 is supported", _CONVERT)
        if tensor.dtype == "int16":
            raise view.unsupported(
                "has int16 activations; int8 is supported", "Convert without the 16x8 mode. " + _CONVERT
            )
        raise view.unsupported(f"works on {tensor.dtype}; int8 is supported", _CONVERT)


def quantized(view: View, tensor: Tensor, per_channel: bool = False) -> Quantization:
    """The tensor's scale and zero point, both usable: zero point within int8, no quotient of scales beyond float32."""
    quantization = tensor.quantization
    if quantization is None:
        raise view.bad(f'needs a scale for "{tensor.name}"')
    if quantization.per_channel and not per_channel:
        raise view.unsupported(f'has several scales for "{tensor.name}", one is supported')
    if not all(2.0**-64 <= scale <= 2.0**60 for scale in quantization.scales):
        raise view.unsupported(f'has a scale of 0, or beyond 2^-64 .. 2^60, for "{tensor.name}"')
    if not all(-128 <= zero_point <= 127 for zero_point in quantization.zero_points):
        raise view.bad(f'has a zero point outside -128 .. 127 for "{tensor.name}"')
    return quantization


def same_quantization(view: View, left: Tensor, right: Tensor) -> None:
    """Demand that two tensors share scale and zero point, as LiteRT's kernels silently assume."""
    a, b = quantized(view, left), quantized(view, right)
    if abs(a.scale - b.scale) > 1e-6 or a.zero_point != b.zero_point:
        raise view.unsupported(f'needs one scale and zero point for "{left.name}" and "{right.name}"')


def expect_shape(view: View, shape: tuple[int, ...]) -> None:
    """Demand that the output has the shape that the operator gives."""
    if view.output().shape != shape:
        raise view.bad(f"gives shape {list(shape)}, the file says {list(view.output().shape)}")


def expect_inputs(view: View, *counts: int) -> None:
    """Demand a number of inputs, and one output."""
    if len(view.node.inputs) not in counts or len(view.node.outputs) != 1:
        raise view.bad(f"has {len(view.node.inputs)} inputs and {len(view.node.outputs)} outputs")


def constant(view: View, position: int, what: str) -> Tensor:
    """An input that must be known at compile time."""
    tensor = view.input(position)
    if tensor.data is None:
        raise view.unsupported(f"computes its {what} at run time; only constants are supported")
    return tensor
