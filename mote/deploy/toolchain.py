"""The programs a build needs: found, asked for their version, run."""

from __future__ import annotations

import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from mote.deploy.boards import Board
from mote.errors import BuildFailed, MissingTool

RUN_TIMEOUT_S = 300

_PACKAGES = {
    "arm-none-eabi-gcc": "gcc-arm-none-eabi libnewlib-arm-none-eabi",
    "arm-none-eabi-objcopy": "binutils-arm-none-eabi",
    "qemu-system-arm": "qemu-system-arm",
}
"""Debian and Ubuntu package of each program."""


@dataclass(frozen=True)
class Toolchain:
    """The cross tools of a board, as absolute paths."""

    cc: str
    objcopy: str

    @property
    def version(self) -> str:
        """First line of `gcc --version`."""
        return version(self.cc)


def find(board: Board) -> Toolchain:
    """The board's cross tools.

    Raises:
        MissingTool: one is not installed; the hint says how to install it.
    """
    prefix = board.cpu.compiler
    return Toolchain(cc=program(f"{prefix}gcc"), objcopy=program(f"{prefix}objcopy"))


def program(name: str) -> str:
    """Absolute path of a program on the PATH.

    Raises:
        MissingTool: it is not there.
    """
    path = shutil.which(name)
    if path is None:
        package = _PACKAGES.get(name, name)
        raise MissingTool(
            f"{name} is not installed on this machine.",
            hint=f"Debian, Ubuntu: sudo apt install {package}. Others: docs/boards.md.",
        )
    return path


def version(path: str) -> str:
    """First line of what a program says to --version; empty when it says nothing."""
    result = run([path, "--version"], Path.cwd())
    return (result.splitlines() or [""])[0]


def run(argv: list[str], folder: Path) -> str:
    """Run a program to its end; no shell.

    Returns:
        What it wrote, errors and output together.

    Raises:
        BuildFailed: it ended with an error; the message is what it wrote.
    """
    try:
        result = subprocess.run(
            argv,
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            timeout=RUN_TIMEOUT_S,
        )
    except subprocess.TimeoutExpired as error:
        raise BuildFailed(f"{Path(argv[0]).name} did not finish within {RUN_TIMEOUT_S} s.") from error
    output = result.stdout.decode(errors="replace")
    if result.returncode != 0:
        raise BuildFailed(output.strip() or f"{Path(argv[0]).name} ended with code {result.returncode}.")
    return output
