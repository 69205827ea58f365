"""/api/projects"""

from __future__ import annotations

from fastapi import APIRouter

from backend.database import SessionDep
from backend.dependencies import (
    AnyCaller,
    CurrentUser,
    PageDep,
    ProjectDeleter,
    ProjectEditor,
    ProjectViewer,
    project_access,
)
from backend.permissions import Action
from backend.projects import service
from backend.projects.schemas import ExampleRequest, NewProject, ProjectChange, ProjectList, ProjectOut
from backend.samples.example import fill_with_example
from backend.storage import StorageDep

router = APIRouter(prefix="/projects", tags=["projects"])
SIMULATED = "Motions of a hand-held accelerometer. The recordings are simulated; nothing here was measured."


@router.get("")
def list_projects(caller: AnyCaller, session: SessionDep, page: PageDep) -> ProjectList:
    """My projects, last changed first; with a key of one project, that one."""
    items, total = service.list_projects(session, caller, page.offset, page.limit)
    return ProjectList(items=items, total=total)


@router.post("", status_code=201)
def create_project(new: NewProject, caller: CurrentUser, session: SessionDep) -> ProjectOut:
    """A project without samples."""
    return service.create_project(session, caller, new.name, new.description, new.team_id)


@router.post("/example", status_code=201)
def create_example(new: ExampleRequest, caller: CurrentUser, session: SessionDep, storage: StorageDep) -> ProjectOut:
    """A project with simulated motions and a pipeline that suits them, to go the whole way without own data."""
    made = service.create_project(session, caller, new.name, SIMULATED, new.team_id)
    access = project_access(session, caller, made.id, Action.PROJECT_VIEW)
    fill_with_example(session, storage, access)
    return service.get_project(session, access)


@router.get("/{project_id}")
def get_project(access: ProjectViewer, session: SessionDep) -> ProjectOut:
    """One project."""
    return service.get_project(session, access)


@router.patch("/{project_id}")
def change_project(access: ProjectEditor, change: ProjectChange, session: SessionDep) -> ProjectOut:
    """Change name or description."""
    return service.change_project(session, access, change)


@router.delete("/{project_id}", status_code=204)
def delete_project(access: ProjectDeleter, session: SessionDep) -> None:
    """Delete a project with all that is in it."""
    service.delete_project(session, access)
