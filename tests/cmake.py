"""CMake of the locked environment: a bare machine has none."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

CMAKE = str(Path(sys.executable).with_name("cmake"))


def cmake_build(source: Path, build: Path) -> None:
    """Configure and build a project; raises CalledProcessError with the compiler's words."""
    for arguments in (["-S", str(source), "-B", str(build)], ["--build", str(build)]):
        subprocess.run([CMAKE, *arguments], check=True, capture_output=True)
