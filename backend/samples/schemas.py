"""Samples in the API."""

from __future__ import annotations

import unicodedata
import uuid
from datetime import datetime
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, Field, StringConstraints, model_validator

from backend.samples.tables import SampleRow
from backend.users.schemas import Body
from mote.errors import Choice
from mote.formats import ReadOptions
from mote.labels import LabelRule
from mote.sample import Axis, Segment, Split
from mote.split import SplitRule

MAX_SEGMENTS = 10_000
MAX_METADATA = 64
MAX_BULK = 100_000
UNLABELLED = "(none)"
"""The label filter's word for samples without a label."""


def printable(text: str) -> str:
    """Control characters break terminals, and one of them databases."""
    if any(unicodedata.category(letter) in ("Cc", "Cs") for letter in text):
        raise ValueError("contains a control character")
    return text


Label = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=120), AfterValidator(printable)
]
SampleName = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=300), AfterValidator(printable)
]
MetadataKey = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=80), AfterValidator(printable)
]
MetadataText = Annotated[str, StringConstraints(max_length=400), AfterValidator(printable)]
Metadata = Annotated[dict[MetadataKey, MetadataText], Field(max_length=MAX_METADATA)]
Sort = Literal["name", "-name", "label", "-label", "split", "-split", "duration", "-duration", "created", "-created"]


class SampleOut(BaseModel):
    """A recording and all that is known of it, without its readings."""

    id: uuid.UUID
    project_id: uuid.UUID
    name: str
    label: str | None = Field(description="The one label; null when there is none or several")
    labels: list[str] = Field(description="All labels of the segments")
    segments: list[Segment]
    split: Split
    metadata: dict[str, str]
    rate_hz: float
    readings: int
    duration_s: float
    axes: list[Axis]
    version: int
    format: str
    warnings: list[str] = Field(description="What to know about how the file was read")
    file_name: str | None = Field(description="Path of the file it came from; null for a live recording")
    file_bytes: int | None
    content_hash: str
    created_by: uuid.UUID | None
    created_at: datetime
    updated_at: datetime
    deleted_at: datetime | None

    @classmethod
    def of(cls, row: SampleRow) -> SampleOut:
        """From a row."""
        same = set(cls.model_fields) - {"labels", "metadata", "file_bytes"}
        fields = {name: getattr(row, name) for name in same}
        size = row.file_bytes if row.file_key else None
        return cls(**fields, labels=list(row.labels), metadata=row.facts, file_bytes=size)


class SampleList(BaseModel):
    """One page of the samples that the filters let through; `total` counts all of them."""

    items: list[SampleOut]
    total: int


class Filter(Body):
    """Which samples; a filter that is not given lets all through."""

    search: Annotated[str, StringConstraints(max_length=300)] = ""
    label: Annotated[str | None, Field(max_length=120, description=f"{UNLABELLED} = without a label")] = None
    split: Split | None = None


class UploadOptions(Body):
    """How the files of an upload are read, labelled and divided."""

    label_rule: LabelRule = LabelRule()
    split_rule: SplitRule | None = Field(default=None, description="Default: the project's own rule")
    read_options: ReadOptions = ReadOptions()
    label: Label | None = Field(default=None, description="One label for all, whatever the rule says")
    split: Split | None = Field(default=None, description="One side for all")
    metadata: Metadata = Field(default_factory=dict, description="Added to every sample")


class ImportedFile(BaseModel):
    """A file that became samples."""

    file: str
    sample_ids: list[uuid.UUID]
    warnings: list[str]


class RefusedFile(BaseModel):
    """A file that was not stored, and how to mend it; `questions` are answered with `read_options`."""

    file: str
    message: str
    hint: str = ""
    questions: list[Choice] | None = None


class DuplicateFile(BaseModel):
    """A recording that the project has already."""

    file: str
    sample_id: uuid.UUID


class UploadReport(BaseModel):
    """What became of every file of an upload."""

    imported: list[ImportedFile]
    refused: list[RefusedFile]
    duplicates: list[DuplicateFile]
    ignored: list[str] = Field(default=[], description="Files that are no recordings: a licence, a picture")
    missing: list[str] = Field(
        default=[], description="Listed in a label file, and not among the files of this request"
    )
    warnings: list[str] = []
    questions: list[Choice] = Field(default=[], description="What the refused files ask, each question once")
    label_rule: LabelRule = Field(default=LabelRule(kind="none"), description="The rule that was used; what auto found")
    job_id: uuid.UUID | None = Field(default=None, description="A large archive is imported by this job")


class NewRecording(Body):
    """A live recording: `values` row by row, or the same as base64 of little-endian float32 in `values_f32`."""

    name: SampleName
    label: Label | None = None
    rate_hz: float = Field(gt=0, le=10e6, allow_inf_nan=False)
    axes: list[Axis] = Field(min_length=1, max_length=128)
    values: list[list[float]] | None = Field(default=None, max_length=5_000_000)
    values_f32: str | None = None
    split: Split | None = None
    metadata: Metadata = Field(default_factory=dict)

    @model_validator(mode="after")
    def _one_form(self) -> NewRecording:
        if (self.values is None) == (self.values_f32 is None):
            raise ValueError("give either values or values_f32")
        return self


class SampleChange(Body):
    """`version` is the one that the caller saw; what is left out stays. `label: null` removes all labels."""

    version: int
    name: SampleName | None = None
    label: Label | None = None
    split: Split | None = None
    metadata: Metadata | None = None

    @property
    def sets_label(self) -> bool:
        """Whether the label is to be set or removed, as opposed to left alone."""
        return "label" in self.model_fields_set

    @property
    def edits(self) -> bool:
        """Whether more than the label is changed."""
        return bool(self.model_fields_set & {"name", "split", "metadata"})


class LabelledSpan(Body):
    """A labelled span in seconds from the start of the recording, end exclusive."""

    start_s: float = Field(ge=0, allow_inf_nan=False)
    end_s: float = Field(gt=0, allow_inf_nan=False)
    label: Label


class SegmentsChange(Body):
    """All segments of a sample, as they shall be from now on."""

    version: int
    segments: list[LabelledSpan] = Field(max_length=MAX_SEGMENTS)


class BulkRequest(Body):
    """One change of many samples: those with `ids`, or all that `filter` lets through.

    relabel: `label` becomes their one label (null = none). move: to `split`. undo: takes back what gave `undo_token`.
    """

    action: Literal["relabel", "move", "delete", "restore", "undo"]
    ids: list[uuid.UUID] | None = Field(default=None, max_length=MAX_BULK)
    filter: Filter | None = None
    label: Label | None = None
    split: Split | None = None
    undo_token: uuid.UUID | None = None

    @model_validator(mode="after")
    def _is_complete(self) -> BulkRequest:
        if self.action == "undo":
            if self.undo_token is None:
                raise ValueError("undo needs the undo_token")
            return self
        if (self.ids is None) == (self.filter is None):
            raise ValueError("give either ids or filter")
        if self.action == "relabel" and "label" not in self.model_fields_set:
            raise ValueError("relabel needs a label (null removes it)")
        if self.action == "move" and self.split is None:
            raise ValueError("move needs a split")
        return self


class BulkAnswer(BaseModel):
    """How many samples are different now; `skipped` were changed by somebody else in the meantime, and left alone."""

    changed: int
    skipped: int = 0
    undo_token: uuid.UUID | None = None


class SplitRequest(Body):
    """Divide all samples of the project anew. The rule stays the project's for what comes in later."""

    rule: SplitRule


class SplitAnswer(BulkAnswer):
    """After dividing anew."""

    training: int
    testing: int


class SplitRuleOut(BaseModel):
    """How the project divides what comes in."""

    rule: SplitRule


class LabelCount(BaseModel):
    """Samples and seconds of one label; a sample with several labels counts for each. null: without any label."""

    label: str | None
    training: int
    testing: int
    duration_s: float


class Summary(BaseModel):
    """The dataset in figures, deleted samples left out."""

    labels: list[LabelCount]
    samples: int
    training: int
    testing: int
    duration_s: float
    metadata_keys: list[str] = Field(description="Names of metadata that samples have, for splitting by group")
    rates_hz: list[float] = Field(description="All rates; more than one cannot be trained together")
    split_rule: SplitRule


class LabelInfo(BaseModel):
    """A label and how many samples have it."""

    label: str
    samples: int


class LabelList(BaseModel):
    """In the order of their names."""

    items: list[LabelInfo]
    total: int


class SignalOut(BaseModel):
    """A stretch of a recording: every reading (`values`), or the lowest and highest of each group of readings.

    All are [axis][point]; point i stands for the time t0 + i * dt (where its group starts).
    """

    rate_hz: float
    axes: list[Axis]
    t0: float
    dt: float
    duration_s: float = Field(description="Of the whole recording")
    values: list[list[float]] | None = None
    min: list[list[float]] | None = None
    max: list[list[float]] | None = None
