"""Lines of numbers in every shape in which sketches print them."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mote.device.numbers import (
    MAX_LINE,
    Leading,
    NumberStream,
    Reading,
    guess_leading,
    leading_of,
    parse_header,
    parse_named,
    parse_values,
)
from mote.sample import Axis

relaxed = settings(deadline=None)


def read(text: str, stream: NumberStream | None = None, seconds: float = 1.0) -> tuple[NumberStream, list[Reading]]:
    """All readings of a text that took so long to arrive; a first empty line stands for the cut one."""
    stream = stream or NumberStream()
    lines = ("\n" + text).encode().splitlines(keepends=True)
    found: list[Reading] = []
    for number, line in enumerate(lines):
        found += stream.feed(line, seconds * number / max(1, len(lines) - 1)).readings
    return stream, found


@pytest.mark.parametrize("line", ["1,2,3", "1, 2 ,3", "1\t2\t3", "1 2  3", "1;2;3", "1,2,3,", "+1,2.,3e0", " 1,2,3 \r"])
def test_three_numbers_with_any_separator(line: str) -> None:
    assert parse_values(line) == (1.0, 2.0, 3.0)


@pytest.mark.parametrize("line", ["", "1,,3", "1,x", "nan", "inf,1", "0x10", "1e999", "1,2;;3", "١,٢"])
def test_what_is_no_line_of_numbers(line: str) -> None:
    assert parse_values(line) is None


@pytest.mark.parametrize(
    ("line", "axes"),
    [
        ("ax,ay", [("ax", ""), ("ay", "")]),
        ("t_ms, ax [m/s2], ay (g), az/g", [("t_ms", ""), ("ax", "m/s2"), ("ay", "g"), ("az", "g")]),
        ("# ax [g] ay [g]", [("ax", "g"), ("ay", "g")]),
        ("temperature", [("temperature", "")]),
    ],
)
def test_header_names_axes_and_units(line: str, axes: list[tuple[str, str]]) -> None:
    assert parse_header(line) == tuple(Axis(name=name, unit=unit) for name, unit in axes)


@pytest.mark.parametrize("line", ["ax,,ay", "1x,2y", "{json: 1}", "ax [g", "\x00\x01"])
def test_what_is_no_header(line: str) -> None:
    assert parse_header(line) is None


def test_serial_plotter_lines_name_every_value() -> None:
    assert parse_named("ax:0.5, ay : -1") == (("ax", "ay"), (0.5, -1.0))
    stream, found = read("ax:1,ay:2\nax:3,ay:4\n" * 8)
    assert [axis.name for axis in stream.axes] == ["ax", "ay"]
    assert found[1].values == (3.0, 4.0)


def test_readings_without_a_header_get_plain_names_and_count_no_losses() -> None:
    stream, found = read("\n".join("0.5,0.25" for _ in range(20)) + "\n")
    assert [axis.name for axis in stream.axes] == ["value1", "value2"]
    assert [reading.index for reading in found] == list(range(20))
    assert (stream.leading, stream.lost, stream.damaged) == ("none", 0, 0)


@pytest.mark.parametrize(
    ("name", "leading"), [("t_ms", "time_ms"), ("SEQ", "sequence"), ("t", "time_s"), ("ax", "none")]
)
def test_header_says_what_the_first_column_is(name: str, leading: Leading) -> None:
    assert leading_of(Axis(name=name)) == leading


def test_unit_of_a_time_column_wins_over_its_name() -> None:
    assert leading_of(Axis(name="time", unit="us")) == "time_us"


def test_sequence_numbers_show_what_was_lost() -> None:
    numbers = [n for n in range(40) if n not in (20, 21, 30)]
    stream, found = read("seq,x\n" + "".join(f"{n},{n * 2}\n" for n in numbers))
    assert [reading.index for reading in found] == numbers
    assert (stream.lost, stream.axes) == (3, (Axis(name="x"),))


def test_eight_bit_counter_wraps_without_a_loss() -> None:
    stream, found = read("seq,x\n" + "".join(f"{n % 256},1\n" for n in range(600)))
    assert (stream.lost, len(found)) == (0, 600)


def test_restarted_board_loses_nothing() -> None:
    stream, _ = read("seq,x\n" + "".join(f"{n % 50},1\n" for n in range(200)))
    assert stream.lost == 0


def test_time_column_shows_gaps_and_gives_the_boards_clock() -> None:
    times = [n * 10 for n in range(60) if n not in (30, 31, 32)]
    stream, found = read("t_ms,x\n" + "".join(f"{t},1\n" for t in times))
    assert stream.lost == 3
    assert found[-1].index == 59
    assert found[1].board_s == pytest.approx(0.01)


@pytest.mark.parametrize(
    ("rows", "seconds", "leading"),
    [
        ([(n, 5.0) for n in range(12)], 0.1, "sequence"),
        ([(n * 10, 5.0) for n in range(12)], 0.12, "time_ms"),
        ([(n * 10_000, 5.0) for n in range(12)], 0.12, "time_us"),
        ([(n * 0.5, 5.0) for n in range(12)], 6, "none"),
        ([(n, 5.0) for n in (3, 1, 4, 1)], 1, "none"),
        ([(float(n),) for n in range(12)], 1, "none"),
    ],
)
def test_first_column_is_guessed_from_the_first_lines(
    rows: list[tuple[float, ...]], seconds: float, leading: Leading
) -> None:
    assert guess_leading([tuple(map(float, row)) for row in rows], seconds) == leading


def test_a_person_knows_better_than_the_guess() -> None:
    stream, found = read("".join(f"{n},1\n" for n in range(30)), NumberStream(leading="none"))
    assert found[5].values == (5.0, 1.0)
    assert len(stream.axes) == 2


def test_the_rest_of_a_cut_line_is_not_a_reading() -> None:
    stream = NumberStream()
    readings = stream.feed(b"5,2,3\n" + b"1,2,3\n" * 20, 0.0).readings
    assert len(readings) == 20
    assert stream.damaged == 0


def test_damaged_lines_are_counted_and_skipped() -> None:
    stream, found = read("1,2\n" * 20 + "1,2,\x80?\n1\n" + "1,2\n" * 5)
    assert (len(found), stream.damaged) == (25, 2)


def test_three_lines_with_other_columns_are_a_new_layout() -> None:
    stream, found = read("1,2\n" * 20 + "1,2,3\n" * 20)
    assert len(stream.axes) == 3
    assert len(found[-1].values) == 3


def test_errors_of_the_sketch_are_its_own_words() -> None:
    batch = NumberStream().feed(b"\nERR no sensor on I2C\n", 0.0)
    assert batch.errors == ["ERR no sensor on I2C"]


def test_a_line_that_never_ends_is_dropped_and_counted() -> None:
    stream = NumberStream()
    for _ in range(100):
        stream.feed(b"1" * 1000, 0.0)
    assert stream.damaged > 10
    assert len(stream._tail) <= MAX_LINE


@relaxed
@given(st.lists(st.binary(max_size=200), max_size=20))
def test_any_bytes_are_survived(pieces: list[bytes]) -> None:
    stream = NumberStream()
    readings = [reading for piece in pieces for reading in stream.feed(piece, 0.0).readings]
    assert [reading.index for reading in readings] == sorted({reading.index for reading in readings})


@relaxed
@given(st.lists(st.lists(st.floats(-1e6, 1e6), min_size=3, max_size=3), min_size=12, max_size=40), st.data())
def test_readings_come_back_however_the_bytes_are_cut(rows: list[list[float]], data: st.DataObject) -> None:
    text = ("\n" + "".join(",".join(map(repr, row)) + "\r\n" for row in rows)).encode()
    cut = data.draw(st.integers(1, len(text)))
    stream = NumberStream(leading="none")
    found = [reading for at in range(0, len(text), cut) for reading in stream.feed(text[at : at + cut], 0.0).readings]
    assert [list(reading.values) for reading in found] == rows
