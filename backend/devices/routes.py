"""/api/projects/{project_id}/devices"""

from __future__ import annotations

import uuid

from fastapi import APIRouter

from backend.database import SessionDep
from backend.dependencies import DeviceEditor, PageDep, ProjectViewer
from backend.devices import service
from backend.devices.schemas import DeviceList, DeviceOut, SeenDevice

router = APIRouter(prefix="/projects/{project_id}/devices", tags=["devices"])


@router.get("")
def list_devices(access: ProjectViewer, session: SessionDep, page: PageDep) -> DeviceList:
    """Devices that were connected to the project."""
    items, total = service.list_devices(session, access.project_id, page)
    return DeviceList(items=items, total=total)


@router.post("")
def see_device(access: DeviceEditor, seen: SeenDevice, session: SessionDep) -> DeviceOut:
    """Say that a device is connected, or rename it."""
    return service.see_device(session, access.project_id, seen)


@router.delete("/{device_id}", status_code=204)
def forget_device(access: DeviceEditor, device_id: uuid.UUID, session: SessionDep) -> None:
    """Forget a device (by `id`); it is known again when it is connected again."""
    service.forget_device(session, access.project_id, device_id)
