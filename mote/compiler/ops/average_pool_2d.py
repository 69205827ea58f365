"""AVERAGE_POOL_2D."""

from __future__ import annotations

from mote.compiler.ops._pool import Pool


class AveragePool2D(Pool):
    name = "AVERAGE_POOL_2D"
    function = "nn_average_pool_s8"
    file = "average_pool_s8.c"


PLUGIN = AveragePool2D()
