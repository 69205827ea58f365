"""/api/blocks and /api/projects/{project_id}/pipeline"""

from __future__ import annotations

from fastapi import APIRouter

from backend.database import DatabaseDep, SessionDep
from backend.dependencies import AnyCaller, PipelineEditor, ProjectViewer
from backend.pipelines import preview, service
from backend.pipelines.schemas import (
    BlockCatalogue,
    PipelineChange,
    PipelineOut,
    PreviewOut,
    PreviewRequest,
    SuggestedPipeline,
)
from backend.storage import StorageDep

router = APIRouter(tags=["pipelines"])


@router.get("/blocks")
def list_blocks(caller: AnyCaller) -> BlockCatalogue:
    """DSP blocks and learning blocks with their parameters."""
    return service.catalogue()


@router.get("/projects/{project_id}/pipeline")
def get_pipeline(access: ProjectViewer, session: SessionDep) -> PipelineOut:
    """The project's pipeline."""
    return service.get_pipeline(session, access.project_id)


@router.put("/projects/{project_id}/pipeline")
def set_pipeline(access: PipelineEditor, change: PipelineChange, session: SessionDep) -> PipelineOut:
    """Save a pipeline. Refused when it does not fit the project's recordings; the message says why."""
    return service.change_pipeline(session, access, change)


@router.post("/projects/{project_id}/pipeline/suggest")
def suggest_pipeline(access: ProjectViewer, database: DatabaseDep) -> SuggestedPipeline:
    """A pipeline that suits the project's recordings; it is not saved."""
    with database.transaction(write=False) as session:
        return SuggestedPipeline(pipeline=service.suggest_pipeline(session, access.project_id))


@router.post("/projects/{project_id}/pipeline/preview")
def preview_pipeline(
    access: ProjectViewer, request: PreviewRequest, database: DatabaseDep, storage: StorageDep
) -> PreviewOut:
    """One window of a sample through a pipeline, saved or not."""
    return preview.preview(database, storage, access.project_id, request)
