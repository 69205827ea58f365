"""What the samples of projects say about them; a few queries for a whole page of projects."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from backend.projects.schemas import ProjectCounts
from backend.samples.tables import SampleRow
from mote.sample import Axis


@dataclass
class ProjectFacts:
    """Of the samples that are not deleted."""

    counts: ProjectCounts = field(default_factory=ProjectCounts)
    rate_hz: float | None = None
    axes: list[Axis] = field(default_factory=list)


def project_facts(session: Session, ids: Collection[uuid.UUID]) -> dict[uuid.UUID, ProjectFacts]:
    """Facts of some projects; a project without samples has the empty ones."""
    facts: dict[uuid.UUID, ProjectFacts] = defaultdict(ProjectFacts)
    there = (SampleRow.project_id.in_(ids), SampleRow.deleted_at.is_(None))
    _count_splits(session, there, facts)
    _count_labels(session, there, facts)
    _read_first(session, there, facts)
    return facts


def _count_splits(session: Session, there: tuple[Any, ...], facts: dict[uuid.UUID, ProjectFacts]) -> None:
    query = select(SampleRow.project_id, SampleRow.split, func.count()).where(*there)
    for project_id, split, count in session.execute(query.group_by(SampleRow.project_id, SampleRow.split)):
        counts = facts[project_id].counts
        counts.samples += count
        setattr(counts, split, count)


def _count_labels(session: Session, there: tuple[Any, ...], facts: dict[uuid.UUID, ProjectFacts]) -> None:
    found: dict[uuid.UUID, set[str]] = defaultdict(set)
    for project_id, labels in session.execute(select(SampleRow.project_id, SampleRow.labels).where(*there).distinct()):
        found[project_id].update(labels)
    for project_id, names in found.items():
        facts[project_id].counts.labels = len(names)


def _read_first(session: Session, there: tuple[Any, ...], facts: dict[uuid.UUID, ProjectFacts]) -> None:
    order = func.row_number().over(partition_by=SampleRow.project_id, order_by=(SampleRow.created_at, SampleRow.id))
    numbered = select(SampleRow.id, order.label("number")).where(*there).subquery()
    first = select(SampleRow).join(numbered, numbered.c.id == SampleRow.id).where(numbered.c.number == 1)
    for row in session.scalars(first):
        facts[row.project_id].rate_hz = row.rate_hz
        facts[row.project_id].axes = [Axis.model_validate(axis) for axis in row.axes]
