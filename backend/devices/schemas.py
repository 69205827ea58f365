"""Devices in the API."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, StringConstraints

from backend.samples.schemas import printable
from backend.users.schemas import Body

DeviceId = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=120), AfterValidator(printable)
]
DeviceName = Annotated[str, StringConstraints(strip_whitespace=True, max_length=100), AfterValidator(printable)]
ShortText = Annotated[str, StringConstraints(strip_whitespace=True, max_length=80), AfterValidator(printable)]


class SeenDevice(Body):
    """A device that is connected now; without a name it keeps its own, or is called by its id."""

    device_id: DeviceId
    name: DeviceName | None = None
    board: ShortText | None = None
    firmware: ShortText | None = None


class DeviceOut(BaseModel):
    """A device that was connected to the project."""

    model_config = ConfigDict(from_attributes=True)

    id: uuid.UUID
    device_id: str
    name: str
    board: str
    firmware: str
    created_at: datetime
    last_seen_at: datetime


class DeviceList(BaseModel):
    """Last seen first."""

    items: list[DeviceOut]
    total: int
