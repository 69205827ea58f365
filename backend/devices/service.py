"""Devices: seen, renamed, forgotten."""

from __future__ import annotations

import uuid

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from backend import events
from backend.database import now
from backend.dependencies import Page
from backend.devices.schemas import DeviceOut, SeenDevice
from backend.devices.tables import DeviceRow
from backend.errors import NotFound
from backend.samples.store import lock_project


def list_devices(session: Session, project_id: uuid.UUID, page: Page) -> tuple[list[DeviceOut], int]:
    """One page, last seen first, and how many there are."""
    total = session.scalar(select(func.count()).select_from(DeviceRow).where(DeviceRow.project_id == project_id)) or 0
    query = select(DeviceRow).where(DeviceRow.project_id == project_id)
    rows = session.scalars(
        query.order_by(DeviceRow.last_seen_at.desc(), DeviceRow.id).offset(page.offset).limit(page.limit)
    )
    return [DeviceOut.model_validate(row) for row in rows], total


def see_device(session: Session, project_id: uuid.UUID, seen: SeenDevice) -> DeviceOut:
    """Note that a device is connected; what is not said stays as it was."""
    lock_project(session, project_id)
    query = select(DeviceRow).where(DeviceRow.project_id == project_id, DeviceRow.device_id == seen.device_id)
    row = session.scalars(query).first()
    if row is None:
        row = DeviceRow(
            project_id=project_id, device_id=seen.device_id, name=seen.device_id[:100], board="", firmware=""
        )
        session.add(row)
    row.name = seen.name or row.name
    row.board = row.board if seen.board is None else seen.board
    row.firmware = row.firmware if seen.firmware is None else seen.firmware
    row.last_seen_at = now()
    session.flush()
    events.publish(session, project_id, "device", row.id)
    return DeviceOut.model_validate(row)


def forget_device(session: Session, project_id: uuid.UUID, device_id: uuid.UUID) -> None:
    """Delete a device's row.

    Raises:
        NotFound: there is none.
    """
    row = session.get(DeviceRow, device_id)
    if row is None or row.project_id != project_id:
        raise NotFound("There is no such device.", hint="Was it forgotten already?")
    session.delete(row)
    events.publish(session, project_id, "device", device_id, deleted=True)
