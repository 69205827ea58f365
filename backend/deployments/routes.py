"""/api/boards, /api/targets and /api/projects/{project_id}/deployments"""

from __future__ import annotations

import uuid
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Response
from fastapi.responses import StreamingResponse

from backend.database import SessionDep
from backend.dependencies import AnyCaller, DeploymentDeleter, DeploymentStarter, PageDep, ProjectViewer
from backend.deployments import catalogue, service
from backend.deployments.schemas import (
    BoardList,
    DeploymentDetail,
    DeploymentFile,
    DeploymentList,
    NewDeployment,
    StartedDeployment,
    TargetList,
)
from backend.samples.service import attachment
from backend.storage import StorageDep

router = APIRouter(tags=["deployments"])
HERE = "/projects/{project_id}/deployments"

_FILE: dict[int | str, dict[str, Any]] = {200: {"content": {"application/octet-stream": {}}, "description": "The file"}}


@router.get("/boards")
def list_boards(caller: AnyCaller) -> BoardList:
    """Boards that Mote can build for, and what this server lacks for each."""
    items = catalogue.boards()
    return BoardList(items=items, total=len(items))


@router.get("/targets")
def list_targets(caller: AnyCaller) -> TargetList:
    """What a training can be turned into."""
    items = catalogue.targets()
    return TargetList(items=items, total=len(items))


@router.get(HERE)
def list_deployments(access: ProjectViewer, session: SessionDep, page: PageDep) -> DeploymentList:
    """Deployments of a project, newest first."""
    items, total = service.list_deployments(session, access.project_id, page)
    return DeploymentList(items=items, total=total)


@router.post(HERE, status_code=202)
def create_deployment(access: DeploymentStarter, new: NewDeployment, session: SessionDep) -> StartedDeployment:
    """Build, and verify in the emulator with the project's own testing windows. A worker does it."""
    return service.start_deployment(session, access, new)


@router.get(HERE + "/{deployment_id}")
def get_deployment(access: ProjectViewer, deployment_id: uuid.UUID, session: SessionDep) -> DeploymentDetail:
    """One deployment with its report."""
    return service.get_detail(session, access.project_id, deployment_id)


@router.delete(HERE + "/{deployment_id}", status_code=204)
def delete_deployment(access: DeploymentDeleter, deployment_id: uuid.UUID, session: SessionDep) -> None:
    """Delete a deployment; it is cancelled if it is being made."""
    service.delete_deployment(session, access, deployment_id)


@router.get(HERE + "/{deployment_id}/files")
def list_files(access: ProjectViewer, deployment_id: uuid.UUID, session: SessionDep) -> list[DeploymentFile]:
    """What can be downloaded."""
    return service.get_detail(session, access.project_id, deployment_id).files


@router.get(HERE + "/{deployment_id}/files/{name}", response_class=Response, responses=_FILE)
def get_deployment_file(
    access: ProjectViewer,
    deployment_id: uuid.UUID,
    name: Annotated[str, Path(max_length=200)],
    session: SessionDep,
    storage: StorageDep,
    unverified: Annotated[str, Query(description='"yes-i-know" hands out what did not pass')] = "",
) -> Response:
    """One file. Firmware that did not pass its verification is refused unless asked for on purpose."""
    file = service.file_of(session, access.project_id, deployment_id, name, consent=unverified == "yes-i-know")
    headers = {"Content-Disposition": attachment(file.name), "Content-Length": str(file.bytes)}
    return StreamingResponse(storage.stream(file.sha256), media_type="application/octet-stream", headers=headers)
