"""Boards and targets, and what this machine lacks for them."""

from __future__ import annotations

from backend.deployments.schemas import BoardOut, SensorOut, TargetOut
from mote.deploy import boards as known_boards
from mote.deploy import targets as known_targets
from mote.deploy import toolchain
from mote.deploy.boards import Board
from mote.errors import MissingTool


def boards() -> list[BoardOut]:
    """All boards by name."""
    return [_board(board) for _, board in sorted(known_boards.load().items())]


def targets() -> list[TargetOut]:
    """All targets by name."""
    return [
        TargetOut.model_validate(target, from_attributes=True) for _, target in sorted(known_targets.load().items())
    ]


def _board(board: Board) -> BoardOut:
    compiler, emulator = _lacking_compiler(board), _lacking_emulator(board)
    same = ("name", "title", "help", "url")
    return BoardOut(
        **{name: getattr(board, name) for name in same},
        core=board.cpu.core,
        clock_hz=board.cpu.clock_hz,
        flash_bytes=board.memory.flash.bytes,
        ram_bytes=board.memory.ram.bytes,
        baud=board.uart.baud,
        uart=board.uart.name,
        flasher=board.flasher.help,
        sensors=[SensorOut.model_validate(sensor, from_attributes=True) for sensor in board.sensors],
        can_build=not compiler,
        can_verify=not emulator,
        what_is_off=" ".join(filter(None, (compiler, emulator))),
    )


def _lacking_compiler(board: Board) -> str:
    try:
        toolchain.find(board)
    except MissingTool as error:
        return str(error)
    return ""


def _lacking_emulator(board: Board) -> str:
    if board.emulator is None:
        return "There is no emulator for this board: its firmware cannot be verified."
    try:
        toolchain.program(board.emulator.program)
    except MissingTool as error:
        return str(error)
    return ""
