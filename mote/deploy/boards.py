"""Boards: one TOML file in firmware/boards is one board."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from mote.errors import BadInput
from mote.paths import FIRMWARE

FOLDER = FIRMWARE / "boards"


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Region(_Strict):
    """A stretch of the address space."""

    start: int = Field(ge=0, lt=2**32)
    bytes: int = Field(gt=0, lt=2**32)


class Cpu(_Strict):
    core: str
    clock_hz: int = Field(gt=0)
    compiler: str
    """Prefix of the cross tools: `arm-none-eabi-`."""
    flags: tuple[str, ...]
    """What tells the compiler the core, its floating point unit and its calling convention."""


class Memory(_Strict):
    flash: Region
    ram: Region
    minimum_stack_bytes: int = Field(ge=1024)
    """An image that leaves less RAM than this to the stack does not link."""


class Port(_Strict):
    """The board's own C files, relative to firmware/."""

    sources: tuple[str, ...] = Field(min_length=1)
    linker_script: str


class Uart(_Strict):
    name: str
    """Which one, and on which pins: for the person with the cable."""
    baud: int = Field(gt=0)


class EmulatorMachine(_Strict):
    """How QEMU is asked for this board."""

    program: str
    machine: str


class Flasher(_Strict):
    help: str
    command: tuple[str, ...] = ()
    """argv; `{bin}`, `{hex}` and `{elf}` stand for the image's files."""


class Sensor(_Strict):
    name: str
    driver: str
    """C file relative to firmware/, implements runtime/sensor.h."""
    help: str
    synthetic: bool = False
    """A signal generator: its readings mean nothing."""
    max_rate_hz: float = Field(gt=0)


class Board(_Strict):
    """A type of hardware that Mote can build for."""

    name: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    title: str
    help: str
    url: str = ""
    cpu: Cpu
    memory: Memory
    port: Port
    uart: Uart
    emulator: EmulatorMachine | None = None
    """None: images for this board cannot be verified, and say so."""
    flasher: Flasher
    sensors: tuple[Sensor, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _files_exist(self) -> Board:
        named = [*self.port.sources, self.port.linker_script, *(sensor.driver for sensor in self.sensors)]
        for name in named:
            if not (FIRMWARE / name).is_file():
                raise ValueError(f"{name} does not exist")
        return self


@cache
def load() -> dict[str, Board]:
    """All boards by name, in the order of their files.

    Raises:
        RuntimeError: a file that is no valid board; a mistake of its author.
    """
    boards = [read(path) for path in sorted(FOLDER.glob("*.toml"))]
    return {board.name: board for board in boards}


def read(path: Path) -> Board:
    """One board's file."""
    try:
        board = Board.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except (tomllib.TOMLDecodeError, ValidationError) as error:
        raise RuntimeError(f"{path.name}: {error}") from error
    if board.name != path.stem:
        raise RuntimeError(f"{path.name} describes a board named {board.name!r}")
    return board


def get(name: str) -> Board:
    """The board of this name.

    Raises:
        BadInput: there is none; lists those there are.
    """
    boards = load()
    if name not in boards:
        raise BadInput(f"There is no board {name!r}.", hint=f"Boards: {', '.join(boards)}.")
    return boards[name]
