"""`python -m backend.migrate`: bring the database that the settings name up to date. Run before the services start."""

from __future__ import annotations

from backend.database import upgrade
from backend.settings import get_settings

if __name__ == "__main__":
    upgrade(get_settings().database)
