"""From windows of readings to features, with the C blocks that the board runs too."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel

from mote import native
from mote.errors import BadInput
from mote.params import Param, Value, check
from mote.pipeline import BlockSpec, Pipeline, Window
from mote.sample import Axis

Floats = NDArray[np.float32]
FLOAT_BYTES = 4


class BlockInfo(BaseModel, frozen=True):
    """A DSP block as its C file describes it."""

    name: str
    title: str
    help: str
    version: int
    params: list[Param]


class BlockReport(BaseModel, frozen=True):
    """What one block gives and takes on a board."""

    block: str
    version: int
    rows: int
    cols: int
    tables_bytes: int
    scratch_bytes: int


class ExtractorReport(BaseModel, frozen=True):
    """What a whole pipeline's DSP takes on a board: tables in flash, the rest in RAM (window + features + scratch)."""

    readings: int
    axes: int
    features: int
    blocks: list[BlockReport]
    window_bytes: int
    features_bytes: int
    scratch_bytes: int
    ram_bytes: int
    tables_bytes: int


@dataclass(frozen=True)
class PlannedBlock:
    """A block with everything fixed: what `Extractor` runs, and what a firmware build writes down as C."""

    info: BlockInfo
    values: dict[str, Value]
    """Every parameter by name, defaults filled in."""
    config: native.Config
    plan: native.Plan
    tables: Floats
    axis_indices: tuple[int, ...]
    """Columns of the window that the block takes, in this order."""
    all_axes: bool
    """The block takes the window as it is; otherwise its axes are gathered first (`dsp_select_axes`)."""
    names: tuple[str, ...]
    """One per column: "x rms"."""

    @property
    def name(self) -> str:
        return self.info.name

    @property
    def params(self) -> Floats:
        """The parameter vector of dsp_config, in the order of the block's table."""
        return self.config.params

    @property
    def rows(self) -> int:
        return self.plan.rows

    @property
    def cols(self) -> int:
        return self.plan.cols

    @property
    def features(self) -> int:
        return self.plan.rows * self.plan.cols

    @property
    def scratch(self) -> int:
        """Floats of scratch on a board, the gathered axes included; these come first."""
        gathered = 0 if self.all_axes else self.config.readings * self.config.axes
        return self.plan.scratch + gathered


def blocks() -> dict[str, BlockInfo]:
    """Every DSP block of the C library, by name."""
    return dict(_blocks())


def window_readings(window: Window, rate_hz: float) -> int:
    """How many readings a window holds: its length at this rate, rounded half up, at least one."""
    return max(1, int(window.length_ms * rate_hz / 1000.0 + 0.5))


class Extractor:
    """The DSP part of a pipeline for recordings of one rate and one set of axes. Threads may share it.

    Args:
        pipeline: its window and blocks are used.
        rate_hz: readings per second.
        axes: the recordings' columns, as `Axis` or names.

    Raises:
        BadInput: an unknown block, axis or parameter, or a block that cannot work with this window and rate; says which
            and how to mend it.
    """

    def __init__(self, pipeline: Pipeline, rate_hz: float, axes: Sequence[Axis | str]) -> None:
        self.rate_hz = _checked_rate(rate_hz)
        self.axes = tuple(axis if isinstance(axis, str) else axis.name for axis in axes)
        self.readings = window_readings(pipeline.window, self.rate_hz)
        self.blocks = tuple(
            _plan_block(spec, f"DSP block {number} ({spec.block})", self.readings, self.rate_hz, self.axes)
            for number, spec in enumerate(pipeline.blocks, start=1)
        )

    @property
    def shape(self) -> list[tuple[int, int]]:
        """(rows, cols) of every block."""
        return [(block.rows, block.cols) for block in self.blocks]

    @property
    def network_shape(self) -> tuple[int, ...]:
        """What the network sees: (rows, cols) of a single block that gives a sequence, else (features,)."""
        if len(self.blocks) == 1 and self.blocks[0].rows > 1:
            return self.shape[0]
        return (self.features,)

    @property
    def features(self) -> int:
        return sum(block.features for block in self.blocks)

    @property
    def standardise_cols(self) -> int:
        """Length of `mean` and `inv_std`: the columns of a single block, else every feature on its own."""
        return self.blocks[0].cols if len(self.blocks) == 1 else self.features

    @property
    def block_configs(self) -> list[native.Config]:
        return [block.config for block in self.blocks]

    @property
    def tables(self) -> list[Floats]:
        """The constant tables of every block, as a firmware build writes them."""
        return [block.tables for block in self.blocks]

    @cached_property
    def feature_names(self) -> list[str]:
        """One per feature, in order; the row (frame) is named when there are several: "mel 1 [12]"."""
        return [
            f"{name} [{row}]" if block.rows > 1 else name
            for block in self.blocks
            for row in range(block.rows)
            for name in block.names
        ]

    @property
    def tables_bytes(self) -> int:
        """Flash for constant tables."""
        return FLOAT_BYTES * sum(block.plan.tables for block in self.blocks)

    @property
    def scratch_bytes(self) -> int:
        """RAM that the blocks share while they run: what the hungriest takes."""
        return FLOAT_BYTES * max(block.scratch for block in self.blocks)

    @property
    def ram_bytes(self) -> int:
        """Window, features and scratch."""
        return FLOAT_BYTES * (self.readings * len(self.axes) + self.features) + self.scratch_bytes

    def extract(self, windows: NDArray[Any]) -> Floats:
        """Features (n, features) of windows (n, readings, axes) in the axes' own units.

        Raises:
            BadInput: another shape, a NaN or infinity (says in which window, reading and axis), or readings so large
                that a feature is beyond single precision.
        """
        with np.errstate(over="ignore"):  # becomes an infinity, which is refused below in words
            windows = np.ascontiguousarray(windows, np.float32)
        self._check(windows)
        features = np.empty((len(windows), self.features), np.float32)
        start = 0
        for block in self.blocks:
            self._run(block, windows, features[:, start : start + block.features])
            start += block.features
        return features

    def report(self) -> ExtractorReport:
        """Sizes per block and in total, in bytes of a board."""
        return ExtractorReport(
            readings=self.readings,
            axes=len(self.axes),
            features=self.features,
            blocks=[_report_block(block) for block in self.blocks],
            window_bytes=FLOAT_BYTES * self.readings * len(self.axes),
            features_bytes=FLOAT_BYTES * self.features,
            scratch_bytes=self.scratch_bytes,
            ram_bytes=self.ram_bytes,
            tables_bytes=self.tables_bytes,
        )

    def _check(self, windows: Floats) -> None:
        expected = (self.readings, len(self.axes))
        if windows.ndim != 3 or windows.shape[1:] != expected:
            raise BadInput(
                f"Windows of shape {windows.shape} were given.",
                hint=f"This pipeline takes (n, {expected[0]} readings, {expected[1]} axes).",
            )
        bad = native.load().first_not_finite(windows)
        if bad is not None:
            window, reading, axis = np.unravel_index(bad, windows.shape)
            raise BadInput(
                f"Window {window}: reading {reading} of axis {self.axes[axis]!r} is {windows.flat[bad]}.",
                hint="Repair or remove it: features need finite numbers.",
            )

    def _run(self, block: PlannedBlock, windows: Floats, features: Floats) -> None:
        if len(windows) == 0:
            return
        chosen = None if block.all_axes else np.array(block.axis_indices, np.uint8)
        done = native.load().run(block.config, block.plan, block.tables, windows, chosen, features)
        if done < len(windows):
            raise BadInput(
                f"DSP block {block.name!r}: window {done} gives a feature that is not finite.",
                hint="Its readings are too large for single precision: scale them down (to mV instead of nV, say).",
            )


@cache
def _blocks() -> dict[str, BlockInfo]:
    return {description["name"]: _block_info(description) for description in native.load().descriptions()}


@cache
def _block_index(name: str) -> int:
    return list(_blocks()).index(name)


def _block_info(description: dict[str, Any]) -> BlockInfo:
    params = [_param(param) for param in description["params"]]
    return BlockInfo(**{**description, "params": params})


def _param(param: dict[str, Any]) -> Param:
    """C says everything in floats; a bool's default becomes a bool, a choice's default its text."""
    kind, choices, default = param["kind"], tuple(param["choices"]), param["default"]
    if kind in ("bool", "choice"):
        value: Value = bool(default) if kind == "bool" else choices[int(default)]
        return Param(**{**param, "default": value, "choices": choices, "minimum": None, "maximum": None})
    return Param(**{**param, "default": int(default) if kind == "int" else float(default), "choices": ()})


def _checked_rate(rate_hz: float) -> float:
    if not (math.isfinite(rate_hz) and rate_hz > 0):
        raise BadInput(f"The sampling rate is {rate_hz} Hz.", hint="It must be a positive number.")
    return float(rate_hz)


def _plan_block(spec: BlockSpec, where: str, readings: int, rate_hz: float, axes: tuple[str, ...]) -> PlannedBlock:
    info = _blocks().get(spec.block)
    if info is None:
        raise BadInput(f"There is no DSP block {spec.block!r}.", hint=f"There are: {', '.join(_blocks())}.")
    values = check(info.params, spec.params, owner=where)
    indices = _axis_indices(spec, where, axes)
    config = native.Config(_block_index(info.name), readings, len(indices), rate_hz, _vector(info, values))
    plan = native.load().plan(config)
    if plan.reason:
        culprit = f" (parameter {plan.param!r})" if plan.param else ""
        raise BadInput(
            f"{where}: {plan.reason}{culprit}; the window has {readings} readings at {rate_hz:g} Hz.", hint=plan.mend
        )
    return PlannedBlock(
        info=info,
        values=values,
        config=config,
        plan=plan,
        tables=native.load().prepare(config, plan),
        axis_indices=indices,
        all_axes=indices == tuple(range(len(axes))),
        names=_column_names(config, plan, [axes[index] for index in indices]),
    )


def _axis_indices(spec: BlockSpec, where: str, axes: tuple[str, ...]) -> tuple[int, ...]:
    for name in spec.axes:
        if name not in axes:
            raise BadInput(f"{where}: the recordings have no axis {name!r}.", hint=f"They have: {', '.join(axes)}.")
    if len(set(spec.axes)) != len(spec.axes):
        raise BadInput(f"{where}: an axis is named twice.", hint="Name each axis once.")
    return tuple(axes.index(name) for name in spec.axes) or tuple(range(len(axes)))


def _vector(info: BlockInfo, values: dict[str, Value]) -> Floats:
    """The parameters as C takes them: one float each, in the order of the block's table."""
    numbers = [
        float(param.choices.index(str(values[param.name]))) if param.kind == "choice" else float(values[param.name])
        for param in info.params
    ]
    return np.array(numbers, np.float32)


def _column_names(config: native.Config, plan: native.Plan, axes: list[str]) -> tuple[str, ...]:
    """Column names with their axis in front, where there is more than one axis or nothing else to say."""
    columns = [native.load().column(config, col) for col in range(plan.cols)]
    return tuple(f"{axes[axis]} {name}".strip() if len(axes) > 1 or not name else name for axis, name in columns)


def _report_block(block: PlannedBlock) -> BlockReport:
    return BlockReport(
        block=block.name,
        version=block.info.version,
        rows=block.rows,
        cols=block.cols,
        tables_bytes=FLOAT_BYTES * block.plan.tables,
        scratch_bytes=FLOAT_BYTES * block.scratch,
    )
