"""/api/projects/{project_id}/trainings"""

from __future__ import annotations

import uuid
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Response
from fastapi.responses import StreamingResponse

from backend.database import DatabaseDep, SessionDep
from backend.dependencies import PageDep, ProjectViewer, TrainingDeleter, TrainingStarter
from backend.jobs.schemas import JobLog
from backend.samples.service import attachment
from backend.storage import StorageDep
from backend.trainings import service
from backend.trainings.schemas import NewTraining, StartedTraining, TrainingDetail, TrainingList
from backend.trainings.start import start_training

router = APIRouter(prefix="/projects/{project_id}/trainings", tags=["trainings"])

_FILE: dict[int | str, dict[str, Any]] = {200: {"content": {"application/octet-stream": {}}, "description": "The file"}}


@router.get("")
def list_trainings(access: ProjectViewer, session: SessionDep, page: PageDep) -> TrainingList:
    """Trainings of a project, newest first."""
    items, total = service.list_trainings(session, access.project_id, page)
    return TrainingList(items=items, total=total)


@router.post("", status_code=202)
def create_training(
    access: TrainingStarter, database: DatabaseDep, storage: StorageDep, new: NewTraining | None = None
) -> StartedTraining:
    """Train on the recordings as they are now. Answers at once; a worker does it."""
    return start_training(database, storage, access, new or NewTraining())


@router.get("/{training_id}")
def get_training(access: ProjectViewer, training_id: uuid.UUID, session: SessionDep) -> TrainingDetail:
    """One training with figures, history, lineage and the end of its log."""
    return service.get_detail(session, access.project_id, training_id)


@router.delete("/{training_id}", status_code=204)
def delete_training(access: TrainingDeleter, training_id: uuid.UUID, session: SessionDep) -> None:
    """Delete a training; it is cancelled if it runs. Deployments made from it stay."""
    service.delete_training(session, access, training_id)


@router.get("/{training_id}/log")
def get_training_log(
    access: ProjectViewer,
    training_id: uuid.UUID,
    session: SessionDep,
    after: Annotated[int, Query(ge=0, le=2**62)] = 0,
    limit: Annotated[int, Query(ge=1, le=5000)] = 1000,
) -> JobLog:
    """What the training has written since line `after`."""
    return service.read_log(session, access.project_id, training_id, after, limit)


@router.get("/{training_id}/model", response_class=Response, responses=_FILE)
def get_model(
    access: ProjectViewer,
    training_id: uuid.UUID,
    session: SessionDep,
    storage: StorageDep,
    kind: Literal["int8", "float32", "all"] = "int8",
) -> Response:
    """A .tflite file, or with `all` a zip for `mote.TrainingResult.load`."""
    name, key = service.model_file(session, access.project_id, training_id, kind)
    headers = {"Content-Disposition": attachment(name), "Content-Length": str(storage.size(key))}
    return StreamingResponse(storage.stream(key), media_type="application/octet-stream", headers=headers)
