"""What CONV_2D and DEPTHWISE_CONV_2D share: bias, per-channel scales, the window."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from mote.compiler.graph import Tensor, View
from mote.compiler.ops._fixed_point import activation_range, check_accumulator, multiplier
from mote.compiler.ops._operator import Argument, Constant, Input, Output, Struct
from mote.compiler.ops._types import constant, expect_inputs, quantized
from mote.compiler.ops._window import Axis, axis, fields, image_shape


def weights(view: View) -> Tensor:
    """The filter: int8, constant, 4-D."""
    tensor = constant(view, 1, "weights")
    if tensor.dtype != "int8" or len(tensor.shape) != 4:
        raise view.unsupported(
            f"has {tensor.dtype} weights of shape {list(tensor.shape)}; int8 of 4 dimensions is supported"
        )
    return tensor


def bias(view: View, channels: int) -> NDArray[np.int32] | None:
    """One int32 per output channel, or None."""
    if not view.has_input(2):
        return None
    tensor = constant(view, 2, "bias")
    if tensor.dtype != "int32" or tensor.count != channels:
        raise view.bad(f"has a bias of {tensor.count} {tensor.dtype} for {channels} channels")
    assert tensor.data is not None
    return tensor.data.reshape(-1).astype(np.int32)


def effective_scales(view: View, channels: int) -> list[float]:
    """input scale * weight scale / output scale of each output channel, in double as LiteRT does."""
    source, target = quantized(view, view.input(0)), quantized(view, view.output())
    filters = quantized(view, view.input(1), per_channel=True)
    if filters.per_channel and len(filters.scales) != channels:
        raise view.bad(f"has {len(filters.scales)} weight scales for {channels} channels")
    per_channel = filters.scales if filters.per_channel else filters.scales * channels
    return [source.scale * scale / target.scale for scale in per_channel]


def check(view: View, magnitudes: NDArray[np.int64], kernel: tuple[int, int]) -> None:
    """Everything that both convolutions demand.

    Args:
        magnitudes: (channels,) sum of |weight| of each output channel.
        kernel: height and width of the filter.
    """
    expect_inputs(view, 2, 3)
    channels = view.output().shape[-1]
    offsets = bias(view, channels)
    largest = 255 * magnitudes + (0 if offsets is None else np.abs(offsets.astype(np.int64)))
    for channel, scale in enumerate(effective_scales(view, channels)):
        check_accumulator(view, int(largest[channel]), scale)
    if any(view.input(1).quantization.zero_points):  # type: ignore[union-attr]  # quantized() above
        raise view.unsupported("has weights with a zero point; symmetric weights are supported")
    window(view, kernel)


def window(view: View, kernel: tuple[int, int]) -> dict[str, object]:
    """The `nn_window` of a convolution without `filter_channels`."""
    height, width, _ = image_shape(view)
    rows: Axis = axis(view, "h", height, kernel[0], view.option("dilation_h"))
    columns: Axis = axis(view, "w", width, kernel[1], view.option("dilation_w"))
    source, target = quantized(view, view.input(0)), quantized(view, view.output())
    return fields(
        view,
        rows,
        columns,
        activation_range(view, view.option("activation"), target),
        input_zero_point=source.zero_point,
        output_zero_point=target.zero_point,
    )


def arguments(view: View, walk: dict[str, object]) -> tuple[Argument, ...]:
    """The arguments of either kernel."""
    channels = view.output().shape[-1]
    scales = [multiplier(scale) for scale in effective_scales(view, channels)]
    offsets = bias(view, channels)
    return (
        Output(),
        Input(0),
        Input(1),
        None if offsets is None else Input(2),
        Constant("multiplier", np.array([scale.mantissa for scale in scales], np.int32)),
        Constant("shift", np.array([scale.shift for scale in scales], np.int8)),
        Struct("window", "nn_window", [walk]),
    )
