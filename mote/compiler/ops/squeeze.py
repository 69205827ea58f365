"""SQUEEZE: dimensions of 1 fewer."""

from __future__ import annotations

from mote.compiler.graph import View
from mote.compiler.ops._operator import Call, Operator
from mote.compiler.ops._types import expect_inputs


class Squeeze(Operator):
    name = "SQUEEZE"
    keeps_bytes = True

    def check(self, view: View) -> None:
        expect_inputs(view, 1, 2)
        if view.input(0).count != view.output().count or view.input(0).dtype != view.output().dtype:
            raise view.bad(f"turns {list(view.input(0).shape)} into {list(view.output().shape)}")

    def check_types(self, view: View) -> None:
        """Any type: no value is looked at."""

    def lower(self, view: View) -> tuple[Call, ...]:
        return ()


PLUGIN = Squeeze()
