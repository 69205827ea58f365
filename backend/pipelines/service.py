"""Pipelines: what there is to build them of, saving, checking, suggesting."""

from __future__ import annotations

import uuid

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from backend import events
from backend.dependencies import Access
from backend.errors import Conflict
from backend.pipelines.schemas import BlockCatalogue, LearnBlockInfo, PipelineChange, PipelineOut
from backend.pipelines.tables import PipelineRow
from backend.samples import store
from backend.samples.tables import SampleRow
from mote import dsp
from mote.dsp import Extractor
from mote.errors import BadInput
from mote.learn.block import learn_blocks, resolve
from mote.params import check
from mote.pipeline import Pipeline
from mote.sample import Axis
from mote.suggest import suggest


def catalogue() -> BlockCatalogue:
    """All blocks with their parameters.

    Raises:
        MissingTool: the C library cannot be built on this machine.
    """
    learn = [
        LearnBlockInfo(name=block.name, title=block.title, help=block.help, params=block.params)
        for block in learn_blocks().values()
    ]
    return BlockCatalogue(dsp=list(dsp.blocks().values()), learn=learn)


def get_pipeline(session: Session, project_id: uuid.UUID) -> PipelineOut:
    """The project's pipeline, or none."""
    row = session.get(PipelineRow, project_id)
    if row is None:
        return PipelineOut(version=0, pipeline=None)
    return PipelineOut(version=row.version, pipeline=Pipeline.model_validate(row.pipeline), updated_at=row.updated_at)


def change_pipeline(session: Session, access: Access, change: PipelineChange) -> PipelineOut:
    """Save a pipeline.

    Raises:
        BadInput: it names blocks or parameters that there are not, or does not fit the recordings.
        Conflict: somebody else saved one in the meantime.
    """
    store.lock_project(session, access.project_id)
    current = get_pipeline(session, access.project_id)
    if current.version != change.version:
        hint = "Look at it and make your change again."
        raise Conflict("Somebody else changed the pipeline in the meantime.", hint=hint, current=current)
    check_pipeline(session, access.project_id, change.pipeline)
    return set_pipeline(session, access, change.pipeline)


def set_pipeline(session: Session, access: Access, pipeline: Pipeline) -> PipelineOut:
    """Save a pipeline that is known to be good, whatever was there."""
    row = session.get(PipelineRow, access.project_id) or PipelineRow(project_id=access.project_id)
    row.pipeline, row.updated_by = pipeline.model_dump(mode="json"), access.user_id
    session.add(row)
    session.flush()
    events.publish(session, access.project_id, "pipeline", version=row.version)
    return get_pipeline(session, access.project_id)


def check_pipeline(session: Session, project_id: uuid.UUID, pipeline: Pipeline) -> None:
    """Refuse a pipeline that cannot work.

    Raises:
        BadInput: says which block or parameter, and how to mend it. Without recordings only names and values count.
    """
    resolve(pipeline.learn)
    first = session.scalars(_samples(project_id).order_by(SampleRow.created_at, SampleRow.id).limit(1)).first()
    if first is not None:
        Extractor(pipeline, first.rate_hz, [Axis(**axis) for axis in first.axes])
        return
    for number, spec in enumerate(pipeline.blocks, start=1):
        info = dsp.blocks().get(spec.block)
        if info is None:
            raise BadInput(f"There is no DSP block {spec.block!r}.", hint=f"There are: {', '.join(dsp.blocks())}.")
        check(info.params, spec.params, owner=f"DSP block {number} ({spec.block})")


def suggest_pipeline(session: Session, project_id: uuid.UUID) -> Pipeline:
    """A pipeline to start from.

    Raises:
        BadInput: there are no recordings, or they do not go together.
    """
    return suggest([store.stand_in(row) for row in session.scalars(_samples(project_id))])


def require_pipeline(session: Session, project_id: uuid.UUID) -> Pipeline:
    """The project's pipeline.

    Raises:
        Conflict: there is none yet.
    """
    saved = get_pipeline(session, project_id).pipeline
    if saved is None:
        raise Conflict("The project has no pipeline yet.", hint="Set one up, or take the suggested one.")
    return saved


def _samples(project_id: uuid.UUID) -> Select[SampleRow]:
    return select(SampleRow).where(SampleRow.project_id == project_id, SampleRow.deleted_at.is_(None))
