"""One file = one TFLite operator: what it demands, what it computes, which kernel does it. Found by scan."""

from __future__ import annotations

import sys
from functools import cache

from mote import plugins
from mote.compiler.ops._operator import Operator


@cache
def operators() -> dict[str, Operator]:
    """All operators that can be compiled, by TFLite's name."""
    return plugins.scan(sys.modules[__name__])
