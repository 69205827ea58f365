"""The worker, knowing the job kinds of the tests besides its own."""

from __future__ import annotations

from pathlib import Path

import worker.jobs
from worker.main import app

worker.jobs.__path__.append(str(Path(__file__).parent / "kinds"))

__all__ = ["app"]
