"""CONV_2D: weights (output channels, height, width, input channels of a group)."""

from __future__ import annotations

import math

import numpy as np

from mote.compiler.graph import View
from mote.compiler.ops import _convolution as convolution
from mote.compiler.ops._operator import Call, Operator, Option
from mote.compiler.ops._window import image_shape


class Conv2D(Operator):
    name = "CONV_2D"
    options = (
        Option("padding", "int8"),
        Option("stride_w", "int32"),
        Option("stride_h", "int32"),
        Option("activation", "int8"),
        Option("dilation_w", "int32", 1),
        Option("dilation_h", "int32", 1),
    )

    def check(self, view: View) -> None:
        filters = convolution.weights(view)
        outputs, _, _, depth = filters.shape
        _, _, channels = image_shape(view)
        groups = channels // depth
        if view.output().shape[-1] != outputs or channels % depth or outputs % groups:
            raise view.bad(f"has {channels} input channels, {outputs} outputs and filters of depth {depth}")
        assert filters.data is not None
        convolution.check(
            view, np.abs(filters.data.astype(np.int64)).sum(axis=(1, 2, 3)), (filters.shape[1], filters.shape[2])
        )

    def lower(self, view: View) -> tuple[Call, ...]:
        _, height, width, depth = view.input(1).shape
        walk = convolution.window(view, (height, width)) | {"filter_channels": depth}
        return (Call("nn_conv2d_s8", "conv2d_s8.c", convolution.arguments(view, walk)),)

    def macs(self, view: View) -> int:
        return math.prod(view.output().shape) * math.prod(view.input(1).shape[1:])


PLUGIN = Conv2D()
