"""DEPTHWISE_CONV_2D: weights (1, height, width, output channels)."""

from __future__ import annotations

import math

import numpy as np

from mote.compiler.graph import View
from mote.compiler.ops import _convolution as convolution
from mote.compiler.ops._operator import Call, Operator, Option
from mote.compiler.ops._window import image_shape


class DepthwiseConv2D(Operator):
    name = "DEPTHWISE_CONV_2D"
    options = (
        Option("padding", "int8"),
        Option("stride_w", "int32"),
        Option("stride_h", "int32"),
        Option("depth_multiplier", "int32"),
        Option("activation", "int8"),
        Option("dilation_w", "int32", 1),
        Option("dilation_h", "int32", 1),
    )

    def check(self, view: View) -> None:
        filters = convolution.weights(view)
        batch, _, _, outputs = filters.shape
        _, _, channels = image_shape(view)
        if batch != 1 or view.output().shape[-1] != outputs or outputs % channels:
            raise view.bad(f"has {channels} input channels and weights of shape {list(filters.shape)}")
        assert filters.data is not None
        convolution.check(
            view, np.abs(filters.data.astype(np.int64)).sum(axis=(0, 1, 2)), (filters.shape[1], filters.shape[2])
        )

    def lower(self, view: View) -> tuple[Call, ...]:
        _, height, width, _ = view.input(1).shape
        walk = convolution.window(view, (height, width))
        return (Call("nn_depthwise_conv2d_s8", "depthwise_conv2d_s8.c", convolution.arguments(view, walk)),)

    def macs(self, view: View) -> int:
        return math.prod(view.output().shape) * math.prod(view.input(1).shape[1:3])


PLUGIN = DepthwiseConv2D()
