"""How convolutions and pooling walk over an image: padding, output size, the `nn_window` struct."""

from __future__ import annotations

from typing import NamedTuple

from mote.compiler.graph import View
from mote.compiler.ops._types import expect_shape

SAME, VALID = 0, 1  # enum Padding


class Axis(NamedTuple):
    """One of height and width."""

    input: int
    filter: int
    stride: int
    dilation: int
    output: int
    pad: int  # rows or columns before the image


def axis(view: View, suffix: str, size: int, filter_size: int, dilation: int = 1) -> Axis:
    """Output size and padding of one axis, suffix "h" or "w". Source: tensorflow/lite/kernels/padding.h."""
    stride = view.option(f"stride_{suffix}")
    if not (0 < stride < 1 << 15 and 0 < dilation < 1 << 15 and 0 < filter_size < 1 << 15):
        raise view.bad(f"has filter {filter_size}, stride {stride}, dilation {dilation}")
    reach = (filter_size - 1) * dilation + 1
    padding = view.option("padding")
    if padding not in (SAME, VALID):
        raise view.bad(f"has padding {padding}")
    output = (size + stride - 1) // stride if padding == SAME else (size + stride - reach) // stride
    if output < 1:
        raise view.bad(f"has a filter of {reach} over an axis of {size}")
    total = max(0, (output - 1) * stride + reach - size)
    return Axis(size, filter_size, stride, dilation, output, total // 2)


def image_shape(view: View) -> tuple[int, int, int]:
    """(height, width, channels) of the input; input and output have four dimensions, batch 1."""
    shape = view.input(0).shape
    for extents in (shape, view.output().shape):
        if len(extents) != 4 or extents[0] != 1:
            raise view.unsupported(f"has a tensor of shape {list(extents)}; [1, height, width, channels] is supported")
    return shape[1], shape[2], shape[3]


def fields(view: View, height: Axis, width: Axis, activation: tuple[int, int], **more: int) -> dict[str, object]:
    """The values of `nn_window` that convolutions and pooling share."""
    channels = view.output().shape[3]
    expect_shape(view, (1, height.output, width.output, channels))
    return {
        "input_height": height.input,
        "input_width": width.input,
        "input_channels": view.input(0).shape[3],
        "output_height": height.output,
        "output_width": width.output,
        "output_channels": channels,
        "filter_height": height.filter,
        "filter_width": width.filter,
        "filter_channels": more.get("filter_channels", 1),
        "stride_height": height.stride,
        "stride_width": width.stride,
        "dilation_height": height.dilation,
        "dilation_width": width.dilation,
        "pad_top": height.pad,
        "pad_left": width.pad,
        "input_zero_point": more.get("input_zero_point", 0),
        "output_zero_point": more.get("output_zero_point", 0),
        "output_min": activation[0],
        "output_max": activation[1],
    }
