"""LOGISTIC: 1 / (1 + exp(-x)), by the table that LiteRT itself computes in float32."""

from __future__ import annotations

import math

import numpy as np

from mote.compiler.graph import View
from mote.compiler.ops._fixed_point import clamp_int8, round_away
from mote.compiler.ops._lookup import Lookup
from mote.compiler.ops._types import quantized


class Logistic(Lookup):
    name = "LOGISTIC"

    def table(self, view: View) -> list[int]:
        source, target = quantized(view, view.input(0)), quantized(view, view.output())
        if target.scale != 1 / 256:
            raise view.unsupported(f"gives scale {target.scale:g}; 1/256 is supported")
        scale = np.float32(source.scale)
        shares = (_sigmoid(scale * np.float32(q - source.zero_point)) for q in range(-128, 128))
        return [clamp_int8(round_away(float(share * np.float32(256))) + target.zero_point) for share in shares]


def _sigmoid(x: np.float32) -> np.float32:
    """In float32, with the exponential rounded correctly, as glibc's expf gives it."""
    exp = np.float32(math.exp(-float(x))) if -float(x) < 88.72 else np.float32(np.inf)
    return np.float32(1) / (np.float32(1) + exp)


PLUGIN = Logistic()
