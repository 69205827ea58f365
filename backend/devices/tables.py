"""Table of devices."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from backend.database import Base, Identified, now


class DeviceRow(Identified, Base):
    """One physical board that was connected to a project."""

    __tablename__ = "devices"
    __table_args__ = (UniqueConstraint("project_id", "device_id"),)

    project_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("projects.id", ondelete="CASCADE"), index=True)
    device_id: Mapped[str] = mapped_column(String(120))
    """What the device calls itself in its HELLO."""
    name: Mapped[str] = mapped_column(String(100))
    board: Mapped[str] = mapped_column(String(80), default="")
    firmware: Mapped[str] = mapped_column(String(80), default="")
    created_at: Mapped[datetime] = mapped_column(default=now)
    last_seen_at: Mapped[datetime] = mapped_column(default=now)
