"""The dataset in figures."""

from __future__ import annotations

import uuid
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from backend.samples.schemas import LabelCount, LabelInfo, Summary
from backend.samples.service import split_rule
from backend.samples.tables import SampleRow

MAX_KEYS = 200
"""Names of metadata in a summary."""


def summarise(session: Session, project_id: uuid.UUID) -> Summary:
    """The dataset in figures."""
    counts = _Counts()
    single = (
        select(SampleRow.label, SampleRow.split, func.count(), func.sum(SampleRow.duration_s))
        .where(SampleRow.project_id == project_id, SampleRow.deleted_at.is_(None), SampleRow.label.is_not(None))
        .group_by(SampleRow.label, SampleRow.split)
    )
    for label, split, count, duration_s in session.execute(single):
        counts.add(label, split, count, duration_s)
    others = select(SampleRow.segments, SampleRow.split, SampleRow.duration_s).where(
        SampleRow.project_id == project_id, SampleRow.deleted_at.is_(None), SampleRow.label.is_(None)
    )
    for segments, split, duration_s in session.execute(others):
        for label, seconds in _seconds_by_label(segments, duration_s).items():
            counts.add(label, split, 1, seconds)
    sides = _sides(session, project_id)
    return Summary(
        labels=counts.rows(),
        samples=sum(count for count, _ in sides.values()),
        training=sides.get("training", (0, 0.0))[0],
        testing=sides.get("testing", (0, 0.0))[0],
        duration_s=sum(seconds for _, seconds in sides.values()),
        metadata_keys=_metadata_keys(session, project_id),
        rates_hz=_rates(session, project_id),
        split_rule=split_rule(session, project_id),
    )


@dataclass
class _Counts:
    samples: Counter[tuple[str | None, str]] = field(default_factory=Counter)
    seconds: defaultdict[str | None, float] = field(default_factory=lambda: defaultdict(float))

    def add(self, label: str | None, split: str, samples: int, seconds: float) -> None:
        self.samples[label, split] += samples
        self.seconds[label] += seconds

    def rows(self) -> list[LabelCount]:
        """By label, those without one last."""
        labels = sorted(self.seconds, key=lambda label: (label is None, label or ""))
        return [
            LabelCount(
                label=label,
                training=self.samples[label, "training"],
                testing=self.samples[label, "testing"],
                duration_s=self.seconds[label],
            )
            for label in labels
        ]


def _seconds_by_label(segments: list[Any], duration_s: float) -> dict[str | None, float]:
    if not segments:
        return {None: duration_s}
    seconds: defaultdict[str | None, float] = defaultdict(float)
    for segment in segments:
        seconds[segment["label"]] += segment["end_s"] - segment["start_s"]
    return seconds


def _sides(session: Session, project_id: uuid.UUID) -> dict[str, tuple[int, float]]:
    query = (
        select(SampleRow.split, func.count(), func.sum(SampleRow.duration_s))
        .where(SampleRow.project_id == project_id, SampleRow.deleted_at.is_(None))
        .group_by(SampleRow.split)
    )
    return {split: (count, seconds) for split, count, seconds in session.execute(query)}


def _metadata_keys(session: Session, project_id: uuid.UUID) -> list[str]:
    query = select(SampleRow.facts).where(SampleRow.project_id == project_id, SampleRow.deleted_at.is_(None))
    keys: set[str] = set()
    for facts in session.scalars(query):
        keys |= facts.keys()
    return sorted(keys)[:MAX_KEYS]


def _rates(session: Session, project_id: uuid.UUID) -> list[float]:
    query = select(SampleRow.rate_hz).where(SampleRow.project_id == project_id, SampleRow.deleted_at.is_(None))
    return sorted(session.scalars(query.distinct().limit(20)))


def list_labels(session: Session, project_id: uuid.UUID) -> list[LabelInfo]:
    """Every label and how many samples have it, by name."""
    query = (
        select(SampleRow.labels, func.count())
        .where(SampleRow.project_id == project_id, SampleRow.deleted_at.is_(None))
        .group_by(SampleRow.labels)
    )
    counts: Counter[str] = Counter()
    for labels, count in session.execute(query):
        counts.update(dict.fromkeys(labels, count))
    return [LabelInfo(label=label, samples=counts[label]) for label in sorted(counts)]
