from __future__ import annotations

from pathlib import Path

import pytest

from mote.deploy import boards
from mote.errors import BadInput

NETDUINO = boards.FOLDER / "netduino_plus_2.toml"


@pytest.mark.parametrize("path", sorted(boards.FOLDER.glob("*.toml")), ids=lambda path: path.stem)
def test_every_board_is_complete(path: Path) -> None:
    board = boards.read(path)
    assert all((board.title, board.help, board.flasher.help))
    assert board.emulator is not None


def test_boards_are_found_by_scanning_the_folder() -> None:
    assert list(boards.load()) == sorted(path.stem for path in boards.FOLDER.glob("*.toml"))


def test_an_unknown_board_is_refused_with_the_list_of_those_there_are() -> None:
    with pytest.raises(BadInput, match=r"no board 'toaster'.*mps2_an386"):
        boards.get("toaster")


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ('name = "netduino_plus_2"', 'name = "other"', "describes a board named 'other'"),
        ("clock_hz = 168_000_000", "clock_hz = 0", "greater than 0"),
        ("ports/stm32f405/board.c", "ports/stm32f405/bored.c", "bored.c does not exist"),
        ('core = "Cortex-M4"', 'core = "Cortex-M4"\ncolour = "red"', "colour"),
        ("[cpu]", "[cpu", "TOML|Expected"),
    ],
)
def test_a_wrong_board_file_is_named_with_what_is_wrong(tmp_path: Path, old: str, new: str, complaint: str) -> None:
    text = NETDUINO.read_text()
    assert old in text
    path = tmp_path / NETDUINO.name
    path.write_text(text.replace(old, new))
    with pytest.raises(RuntimeError, match=rf"(?s)netduino_plus_2.toml.*({complaint})"):
        boards.read(path)
