"""Where the C sources and the build products lie."""

from __future__ import annotations

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

FIRMWARE = Path(os.environ.get("MOTE_FIRMWARE", ROOT / "firmware")).resolve()
"""The C library, runtime, ports and boards; read only."""

BUILD = Path(os.environ.get("MOTE_BUILD", ROOT / "build")).resolve()
"""Build products of this machine; safe to delete."""
