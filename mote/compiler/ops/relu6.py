"""RELU6: min(max(x, 0), 6)."""

from __future__ import annotations

from mote.compiler.ops._fixed_point import RELU6
from mote.compiler.ops._relu import Rectifier


class Relu6(Rectifier):
    name = "RELU6"
    activation = RELU6


PLUGIN = Relu6()
