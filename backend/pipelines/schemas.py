"""Pipelines in the API. `Pipeline` itself is mote's."""

from __future__ import annotations

import uuid
from datetime import datetime

from pydantic import BaseModel, Field

from backend.users.schemas import Body
from mote.dsp import BlockInfo, BlockReport
from mote.params import Param
from mote.pipeline import Pipeline
from mote.sample import Axis


class LearnBlockInfo(BaseModel):
    """A learning block and its parameters."""

    name: str
    title: str
    help: str
    params: list[Param]


class BlockCatalogue(BaseModel):
    """All that a pipeline can be made of."""

    dsp: list[BlockInfo]
    learn: list[LearnBlockInfo]


class PipelineOut(BaseModel):
    """The project's pipeline; version 0 and null when there is none yet."""

    version: int
    pipeline: Pipeline | None
    updated_at: datetime | None = None


class PipelineChange(Body):
    """`version` is the one that the caller saw; 0 for a first pipeline."""

    version: int
    pipeline: Pipeline


class SuggestedPipeline(BaseModel):
    """A pipeline to start from, chosen by rate, length and axes of the recordings."""

    pipeline: Pipeline


class PreviewRequest(Body):
    """Which window of which sample to look at, through which pipeline (the project's own by default)."""

    sample_id: uuid.UUID
    start_s: float = Field(default=0.0, ge=0, allow_inf_nan=False)
    pipeline: Pipeline | None = None


class PreviewWindow(BaseModel):
    """The readings that the blocks see, padding included. `values` is [axis][reading]."""

    start_s: float
    length_s: float
    readings: int
    real_readings: int = Field(description="The rest is padding")
    rate_hz: float
    axes: list[Axis]
    values: list[list[float]]


class PreviewBlock(BaseModel):
    """What one block makes of the window. `values` is [row][col]."""

    block: str
    title: str
    rows: int
    cols: int
    names: list[str] = Field(description="One per column")
    values: list[list[float]]


class PreviewMemory(BaseModel):
    """What the DSP takes on a board, in bytes."""

    features: int = Field(description="Count of features")
    ram_bytes: int = Field(description="Window, features and scratch")
    window_bytes: int
    features_bytes: int
    scratch_bytes: int
    tables_bytes: int = Field(description="Flash")
    blocks: list[BlockReport]


class PreviewOut(BaseModel):
    """One window through a pipeline, and what it takes on a board."""

    window: PreviewWindow
    blocks: list[PreviewBlock]
    memory: PreviewMemory
    network_shape: list[int] = Field(description="What the network sees")
    windows_per_sample: int
    label: str | None = Field(description="What this window would be trained as; null: left out")
