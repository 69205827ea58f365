"""MAX_POOL_2D."""

from __future__ import annotations

from mote.compiler.ops._pool import Pool


class MaxPool2D(Pool):
    name = "MAX_POOL_2D"
    function = "nn_max_pool_s8"
    file = "max_pool_s8.c"


PLUGIN = MaxPool2D()
