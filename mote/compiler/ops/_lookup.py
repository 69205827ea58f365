"""Operators from one int8 to one int8: whatever they compute fits a table of 256 values."""

from __future__ import annotations

import numpy as np

from mote.compiler.graph import View
from mote.compiler.ops._operator import Call, Constant, Input, Operator, Output
from mote.compiler.ops._types import expect_inputs, expect_shape


class Lookup(Operator):
    """Base: subclasses say which int8 each int8 becomes."""

    def table(self, view: View) -> list[int]:
        """256 values in -128 .. 127: the outputs for inputs -128 .. 127."""
        raise NotImplementedError

    def check(self, view: View) -> None:
        expect_inputs(view, 1)
        expect_shape(view, view.input(0).shape)
        self.table(view)

    def lower(self, view: View) -> tuple[Call, ...]:
        table = Constant("table", np.array(self.table(view), np.int8))
        return (Call("nn_lookup_s8", "lookup_s8.c", (Output(), Input(0), view.input(0).count, table)),)

    def in_place(self, view: View) -> tuple[int, ...]:
        return (0,)
