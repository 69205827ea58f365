"""What RELU and RELU6 share: requantise, then clamp to a real range."""

from __future__ import annotations

import numpy as np

from mote.compiler.graph import View
from mote.compiler.ops._fixed_point import activation_range, check_accumulator, multiplier, requantise
from mote.compiler.ops._lookup import Lookup
from mote.compiler.ops._types import quantized


class Rectifier(Lookup):
    activation: int

    def table(self, view: View) -> list[int]:
        source, target = quantized(view, view.input(0)), quantized(view, view.output())
        ratio = float(np.float32(source.scale) / np.float32(target.scale))  # float32 in LiteRT, unlike elsewhere
        check_accumulator(view, 255, ratio)
        low, high = activation_range(view, self.activation, target)
        scale = multiplier(ratio)
        scaled = (target.zero_point + requantise(q - source.zero_point, scale) for q in range(-128, 128))
        return [min(max(value, low), high) for value in scaled]
