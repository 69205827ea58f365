"""Training or testing: decided for whole recordings or groups of them, never by row or window.

Rows of one recording on both sides make every figure a lie; so do two recordings of one person where the question is
how the model does with a stranger. Hence `group`.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Sequence
from typing import Literal, Protocol

from pydantic import BaseModel, ConfigDict, Field

from mote.errors import BadInput
from mote.sample import Sample, Split


class SplitRule(BaseModel):
    """How recordings are divided.

    - `files`: as the export, the folders or the label file say; recordings without a side are divided by hash.
    - `hash`: about `testing_percent` by the hash of the content: stable when samples come and go, and two copies of one
      recording are never on both sides.
    - `group`: the same by the hash of metadata `key` (speaker, person): a group is never on both sides.
    - `where`: testing = those whose metadata `key` is one of `values`.
    - `every`: every `n`th recording of each label is testing (the n-th, the 2n-th, ...), in the order given.
    - `last`: the last `testing_percent` of each label are testing, in the order given.
    - `training`, `testing`: all on one side.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: Literal["files", "hash", "group", "where", "every", "last", "training", "testing"] = "files"
    testing_percent: float = Field(default=20.0, ge=0, le=100)
    key: str = Field(default="", max_length=80)
    values: tuple[str, ...] = Field(default=(), max_length=10_000)
    n: int = Field(default=5, ge=2, le=1000)


class Divisible(Protocol):
    """What a rule looks at; a `Sample`, or a row of a table without its readings."""

    @property
    def name(self) -> str: ...
    @property
    def label(self) -> str | None: ...
    @property
    def content_hash(self) -> str: ...
    @property
    def metadata(self) -> dict[str, str]: ...
    @property
    def split(self) -> Split | None: ...


def assign(samples: Sequence[Divisible], rule: SplitRule) -> list[Split]:
    """The side of every sample, in order.

    Raises:
        BadInput: `key` is missing from a sample's metadata, or the rule names no key.
    """
    if rule.kind in ("group", "where"):
        _check_key(samples, rule)
    match rule.kind:
        case "training" | "testing":
            return [rule.kind] * len(samples)
        case "hash":
            return [_by_hash(sample.content_hash, rule.testing_percent) for sample in samples]
        case "group":
            return [_by_hash(sample.metadata[rule.key], rule.testing_percent) for sample in samples]
        case "where":
            return ["testing" if sample.metadata[rule.key] in rule.values else "training" for sample in samples]
        case "every" | "last":
            return _by_order(samples, rule)
        case "files":
            return [sample.split or _by_hash(sample.content_hash, rule.testing_percent) for sample in samples]


def _check_key(samples: Sequence[Divisible], rule: SplitRule) -> None:
    for sample in samples:
        if rule.key not in sample.metadata:
            known = ", ".join(sorted({key for other in samples[:1000] for key in other.metadata})) or "none"
            raise BadInput(
                f"{sample.name} has no metadata {rule.key!r} to split by.", hint=f"Keys that samples have: {known}."
            )


def _by_hash(text: str, testing_percent: float) -> Split:
    fraction = int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big") / 2**64
    return "testing" if fraction * 100 < testing_percent else "training"


def _by_order(samples: Sequence[Divisible], rule: SplitRule) -> list[Split]:
    by_label: dict[str, list[int]] = defaultdict(list)
    for index, sample in enumerate(samples):
        by_label[sample.label or ""].append(index)
    sides: list[Split] = ["training"] * len(samples)
    for indices in by_label.values():
        if rule.kind == "every":
            chosen = indices[rule.n - 1 :: rule.n]
        else:
            count = round(len(indices) * rule.testing_percent / 100)
            chosen = indices[len(indices) - count :]
        for index in chosen:
            sides[index] = "testing"
    return sides


def leaks(samples: Sequence[Sample]) -> list[tuple[Sample, Sample]]:
    """Pairs of samples with equal content, one in training and one in testing."""
    training = {sample.content_hash: sample for sample in samples if sample.split == "training"}
    return [
        (training[sample.content_hash], sample)
        for sample in samples
        if sample.split == "testing" and sample.content_hash in training
    ]
