"""Parameters that describe themselves: one table for the form in the browser, the check on the server and the docs."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import Any, Literal

from pydantic import BaseModel

from mote.errors import BadInput

Value = int | float | bool | str


class Param(BaseModel, frozen=True):
    """One parameter of a plug-in, with its unit, range and help."""

    name: str
    kind: Literal["int", "float", "bool", "choice"]
    default: Value
    title: str = ""
    unit: str = ""
    help: str = ""
    minimum: float | None = None
    maximum: float | None = None
    choices: tuple[str, ...] = ()


def check(params: Iterable[Param], values: Mapping[str, Any], *, owner: str = "") -> dict[str, Value]:
    """Fill in defaults and refuse what is unknown, of the wrong kind or out of range.

    Args:
        params: the table.
        values: what a person or a file gave.
        owner: the plug-in's name, for the message.

    Raises:
        BadInput: names the parameter, the value and the allowed range.
    """
    table = {param.name: param for param in params}
    unknown = sorted(set(values) - set(table))
    if unknown:
        known = ", ".join(table) or "none"
        raise BadInput(f"{_of(owner)}unknown parameter {unknown[0]!r}.", hint=f"Known parameters: {known}.")
    return {name: _check_one(param, values.get(name, param.default), owner) for name, param in table.items()}


def _check_one(param: Param, value: Any, owner: str) -> Value:
    where = f"{_of(owner)}parameter {param.name!r}"
    if param.kind == "choice":
        if value not in param.choices:
            raise BadInput(f"{where} is {value!r}.", hint=f"Choose one of: {', '.join(param.choices)}.")
        return str(value)
    if param.kind == "bool":
        if not isinstance(value, bool):
            raise BadInput(f"{where} is {value!r}.", hint="It must be true or false.")
        return value
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise BadInput(f"{where} is {value!r}.", hint="It must be a number.")
    if param.kind == "int" and value != int(value):
        raise BadInput(f"{where} is {value!r}.", hint="It must be a whole number.")
    low = -math.inf if param.minimum is None else param.minimum
    high = math.inf if param.maximum is None else param.maximum
    if not low <= value <= high:
        unit = f" {param.unit}" if param.unit else ""
        raise BadInput(f"{where} is {value:g}{unit}.", hint=f"It must lie between {low:g} and {high:g}{unit}.")
    return int(value) if param.kind == "int" else float(value)


def _of(owner: str) -> str:
    return f"{owner}: " if owner else ""
