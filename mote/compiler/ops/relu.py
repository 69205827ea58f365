"""RELU: max(x, 0)."""

from __future__ import annotations

from mote.compiler.ops._fixed_point import RELU
from mote.compiler.ops._relu import Rectifier


class Relu(Rectifier):
    name = "RELU"
    activation = RELU


PLUGIN = Relu()
