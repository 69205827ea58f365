"""CSV: every mess that real files hold is read, asked about or refused with its place; never guessed silently."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mote import formats
from mote.errors import BadInput, NotSupported, Question
from mote.formats import ReadOptions
from mote.sample import Axis, Sample


def read(text: str | bytes, name: str = "a.csv", **options: object) -> Sample:
    data = text.encode() if isinstance(text, str) else text
    return formats.read(name, data, ReadOptions.model_validate(options)).samples[0]


def asked(text: str, **options: object) -> str:
    with pytest.raises(Question) as question:
        read(text, **options)
    return question.value.questions[0].option


def warnings(text: str, **options: object) -> str:
    return " ".join(formats.read("a.csv", text.encode(), ReadOptions.model_validate(options)).warnings)


PLAIN = "t_ms,x,y\n0,1,4\n10,2,5\n20,3,6\n"


def test_time_column_gives_the_rate_and_is_no_axis() -> None:
    sample = read(PLAIN)
    assert sample.rate_hz == 100
    assert [axis.name for axis in sample.axes] == ["x", "y"]
    assert sample.values.tolist() == [[1, 4], [2, 5], [3, 6]]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|", ", ", " ; "])
def test_delimiter_is_found(delimiter: str) -> None:
    assert read(PLAIN.replace(",", delimiter)).values.tolist() == [[1, 4], [2, 5], [3, 6]]


def test_blanks_separate_where_nothing_else_does() -> None:
    assert read("1 2  3\n4 5 6\n", rate_hz=10).values.tolist() == [[1, 2, 3], [4, 5, 6]]


@pytest.mark.parametrize("comment", ["# made by hand", "% made by hand", "// made by hand", "#"])
def test_comment_lines_are_passed_over(comment: str) -> None:
    assert read(f"{comment}\n\n{PLAIN}{comment}\n").readings == 3


def test_header_behind_a_comment_sign_is_a_header() -> None:
    assert [axis.name for axis in read("# t_ms,x,y\n0,1,4\n10,2,5\n").axes] == ["x", "y"]


@pytest.mark.parametrize(("header", "unit"), [("x (m/s2)", "m/s2"), ("x[mg]", "mg"), ("x [m/s^2]", "m/s^2")])
def test_units_in_the_header(header: str, unit: str) -> None:
    assert read(f"t_ms,{header}\n0,1\n10,2\n").axes == (Axis(name="x", unit=unit),)


def test_without_header_columns_are_numbered() -> None:
    sample = read("1,2\n3,4\n", rate_hz=50)
    assert [axis.name for axis in sample.axes] == ["axis_1", "axis_2"]
    assert sample.rate_hz == 50


def test_names_given_for_a_file_without_header() -> None:
    assert [axis.name for axis in read("1,2\n3,4\n", rate_hz=50, axes=("u", "v")).axes] == ["u", "v"]


def test_wrong_number_of_names_is_refused() -> None:
    with pytest.raises(BadInput, match="2 columns"):
        read("1,2\n3,4\n", rate_hz=50, axes=("u", "v", "w"))


def test_names_choose_columns_of_a_file_with_header() -> None:
    assert read(PLAIN, axes=("y",)).values.tolist() == [[4], [5], [6]]


def test_missing_rate_is_asked_for() -> None:
    assert asked("1,2\n3,4\n") == "rate_hz"


def test_semicolon_and_decimal_comma() -> None:
    assert read("t_ms;x\n0;1,5\n10;-2,25\n").values.tolist() == [[1.5], [-2.25]]


def test_comma_that_may_be_thousands_is_asked_about() -> None:
    text = "t_ms;x\n0;1,500\n10;2,250\n"
    assert asked(text) == "decimal"
    assert read(text, decimal=",").values.tolist() == [[1.5], [2.25]]


def test_one_named_column_with_commas_is_asked_about() -> None:
    assert asked("x\n1,5\n2,5\n", rate_hz=1) == "decimal"
    assert read("x\n1,5\n2,5\n", rate_hz=1, decimal=",").values.tolist() == [[1.5], [2.5]]


def test_decimal_comma_in_a_file_separated_by_commas_is_refused_with_a_hint() -> None:
    with pytest.raises(BadInput) as refusal:
        read("t_ms,x\n0,1,5\n10,2,5\n")
    assert "decimal comma" in refusal.value.hint


def test_quoted_cells_may_hold_the_delimiter() -> None:
    sample = read('"t_ms","a, b"\n"0","1"\n"10","2"\n')
    assert sample.axes[0].name == "a, b"


@pytest.mark.parametrize("cell", ["", "NaN", "null", "inf", "NA"])
def test_hole_is_refused_with_line_and_column(cell: str) -> None:
    with pytest.raises(BadInput, match=r"line 3.*'y'"):
        read(f"t_ms,x,y\n0,1,4\n10,2,{cell}\n20,3,6\n")


def test_number_that_stands_for_missing_is_left_alone() -> None:
    assert read("t_ms,x\n0,-200\n10,1\n").values[0, 0] == -200


def test_text_column_is_left_out_and_said() -> None:
    text = "t_ms,x,place\n0,1,hall\n10,2,yard\n"
    assert read(text).values.tolist() == [[1], [2]]
    assert "'place' is text" in warnings(text)


def test_label_column_becomes_segments() -> None:
    sample = read("t_ms,x,label\n0,1,walk\n10,2,walk\n20,3,run\n30,4,\n")
    assert [(s.start_s, s.end_s, s.label) for s in sample.segments] == [(0.0, 0.02, "walk"), (0.02, 0.03, "run")]


def test_row_numbers_without_a_name_are_left_out() -> None:
    text = "x,y\n1,5,6\n2,7,8\n3,9,9\n"
    assert read(text, rate_hz=1).values.tolist() == [[5, 6], [7, 8], [9, 9]]
    assert "counts the rows" in warnings(text, rate_hz=1)


def test_row_of_another_length_is_refused_with_its_line() -> None:
    with pytest.raises(BadInput, match="line 4"):
        read("t_ms,x,y\n0,1,2\n10,1,2\n20,1,2,9,9\n30,1,2\n")


@pytest.mark.parametrize(
    ("header", "rows", "rate"),
    [
        ("time (s)", ("0", "0.01", "0.02"), 100),
        ("Time(Seconds)", ("0", "0.01", "0.02"), 100),
        ("t_us", ("0", "500", "1000"), 2000),
        ("millis", ("5", "25", "45"), 50),
        ("timestamp", ("0", "10", "20"), 100),
        ("TimeStamp", ("100", "120", "140"), 50),
        ("time", ("0", "0.004", "0.008"), 250),
        ("ts", ("1700000000", "1700000001", "1700000002"), 1),
        ("ts", ("1700000000000", "1700000000500", "1700000001000"), 2),
        ("date", ("2015-02-04 17:51:00", "2015-02-04 17:52:00", "2015-02-04 17:53:00"), 1 / 60),
        ("datetime", ("2016-11-24T13:58:58.00Z", "2016-11-24T13:58:58.02Z", "2016-11-24T13:58:58.04Z"), 50),
        ("time", ("12:00:00", "12:00:01", "12:00:02"), 1),
        ("date", ("13/03/2004 10:00", "13/03/2004 11:00", "13/03/2004 12:00"), 1 / 3600),
    ],
)
def test_times_that_can_be_read_in_one_way(header: str, rows: tuple[str, ...], rate: float) -> None:
    text = f"{header},x\n" + "".join(f"{cell},{index}\n" for index, cell in enumerate(rows))
    assert read(text).rate_hz == pytest.approx(rate, rel=1e-6)


def test_unit_of_time_that_can_be_read_in_several_ways_is_asked_for() -> None:
    text = "timer,x\n0,1\n8.5,2\n17,3\n"
    assert asked(text) == "time_unit"
    assert read(text, time_unit="ms").rate_hz == pytest.approx(1000 / 8.5)


def test_order_of_a_date_is_asked_for_unless_a_day_settles_it() -> None:
    text = "date,x\n01/02/2004,1\n02/02/2004,2\n03/02/2004,3\n"
    assert asked(text) == "date_order"
    assert read(text, date_order="dmy").rate_hz == pytest.approx(1 / 86400)


def test_date_and_time_of_day_in_two_columns() -> None:
    text = "Date,Time,x\n" + "".join(f"{day}/03/2004,{hour}:00:00,1\n" for day in (13, 14) for hour in range(24))
    assert read(text).rate_hz == pytest.approx(1 / 3600)


def test_rounded_milliseconds_are_regular() -> None:
    steps = np.round(np.arange(100) * 1000 / 62.5)
    assert read("t_ms,x\n" + "".join(f"{t:.0f},1\n" for t in steps)).rate_hz == pytest.approx(62.5, rel=0.01)
    assert "vary" not in warnings("t_ms,x\n" + "".join(f"{t:.0f},1\n" for t in steps))


def test_small_jitter_is_said() -> None:
    text = "t_ms,x\n" + "".join(f"{t},1\n" for t in (0.0, 10.5, 19.25, 30.125, 40.0, 50.5))
    assert read(text).rate_hz == pytest.approx(100, rel=0.05)
    assert "vary" in warnings(text)


def test_gap_is_asked_about_and_can_be_resampled_or_ignored() -> None:
    text = "t_ms,x\n0,0\n10,1\n20,2\n520,52\n530,53\n"
    assert asked(text) == "resample"
    resampled = read(text, resample=True, rate_hz=100)
    assert resampled.rate_hz == 100
    assert resampled.values[:, 0] == pytest.approx(np.arange(54), abs=1e-3)
    assert read(text, resample=False).readings == 5


def test_time_that_runs_backwards_is_refused_with_its_line() -> None:
    with pytest.raises(BadInput, match="line 4"):
        read("t_ms,x\n0,1\n10,1\n5,1\n15,1\n")


LONG = "% TimeStamp; X; Sensor Type; Sensor ID;\n" + "".join(
    f"{t};{t / 10};{k};0\n" for t in range(0, 100, 10) for k in (0, 1)
)


def test_interleaved_sensors_are_asked_about() -> None:
    with pytest.raises(Question) as question:
        read(LONG)
    assert question.value.questions[0].choices == ("0/0", "1/0", "all")
    assert read(LONG, sensor="1/0").values[:, 0].tolist() == list(range(10))


def test_all_interleaved_sensors_become_samples() -> None:
    samples = formats.read("a.csv", LONG.encode(), ReadOptions(sensor="all")).samples
    assert [sample.name for sample in samples] == ["a#0-0", "a#1-0"]
    assert samples[1].metadata == {"sensor": "1/0"}


@pytest.mark.parametrize("text", ["", "\n\n", "# only a comment\n", "hello\nworld\n", "x,y\n", "a,b\nc,d\ne,f\n"])
def test_file_without_numbers_is_refused(text: str) -> None:
    with pytest.raises((BadInput, NotSupported)):
        read(text, rate_hz=1)


def test_prose_is_not_taken_for_data() -> None:
    with pytest.raises((BadInput, NotSupported)):
        read("This file, it says, holds 3 things.\nLicence: MIT, of 2020.\n", name="LICENSE.txt")


def test_binary_data_with_the_name_of_a_csv_is_refused() -> None:
    with pytest.raises(BadInput, match="not CSV"):
        read(b"1,2\n\0\0\0", rate_hz=1)


def test_utf16_as_spreadsheets_write_it() -> None:
    assert read(PLAIN.encode("utf-16")).readings == 3


def test_windows_line_ends_and_byte_order_mark() -> None:
    assert read(b"\xef\xbb\xbf" + PLAIN.replace("\n", "\r\n").encode()).rate_hz == 100


def test_repeated_names_stay_apart() -> None:
    assert [axis.name for axis in read("t_ms,x,x\n0,1,2\n10,1,2\n").axes] == ["x", "x_2"]


def test_column_of_four_thousand_is_refused() -> None:
    with pytest.raises(BadInput, match="4000 columns"):
        read(",".join("1" for _ in range(4000)) + "\n" + ",".join("1" for _ in range(4000)) + "\n", rate_hz=1)


@given(
    st.lists(
        st.lists(st.floats(width=32, allow_nan=False, allow_infinity=False), min_size=3, max_size=3),
        min_size=2,
        max_size=30,
    ),
    st.sampled_from([",", ";", "\t", "|"]),
    st.booleans(),
)
def test_what_is_written_is_read_back(rows: list[list[float]], delimiter: str, header: bool) -> None:
    lines = [delimiter.join(["a (g)", "b", "c"])] if header else []
    lines += [delimiter.join(repr(value) for value in row) for row in rows]
    sample = read("\n".join(lines), rate_hz=10)
    assert np.array_equal(sample.values, np.array(rows, dtype=np.float32))
