"""Pipeline = window + DSP blocks + learning block; these models are also the JSON of the API and the worker."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from mote.params import Value


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Window(_Strict):
    """How a recording is cut into pieces of one length."""

    length_ms: float = Field(default=1000.0, gt=0, le=600_000)
    stride_ms: float = Field(default=500.0, gt=0, le=600_000)
    pad: Literal["none", "zero", "repeat"] = "zero"
    """What fills a recording that is shorter than one window (and, for "zero" and "repeat", the rest at its end)."""


class BlockSpec(_Strict):
    """A DSP block, the axes it sees (none named = all) and its parameters (those left out = default)."""

    block: str
    axes: tuple[str, ...] = ()
    params: dict[str, Value] = Field(default_factory=dict)


class LearnSpec(_Strict):
    """A learning block and its parameters."""

    block: str = "classifier"
    params: dict[str, Value] = Field(default_factory=dict)


class Pipeline(_Strict):
    """The whole way from readings to classes."""

    window: Window = Window()
    blocks: tuple[BlockSpec, ...] = Field(default=(BlockSpec(block="statistics"),), min_length=1, max_length=16)
    label_threshold: float = Field(default=0.5, gt=0, le=1)
    """A window takes the label that covers most of it, if that is at least this part of it."""
    standardise: bool = True
    """Subtract the training set's mean and divide by its standard deviation, per feature column."""
    learn: LearnSpec = LearnSpec()
