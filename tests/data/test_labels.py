"""Labels from folders, names, label files and exports."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mote.dataset import load_files
from mote.errors import BadInput
from mote.formats import ReadOptions
from mote.labels import LabelRule, detect, from_indices, from_name, parse_rule, rule_for_upload
from mote.sample import Axis, Sample

CSV = b"t_ms,x\n0,1\n10,2\n20,%d\n30,4\n"


def files(*names: str) -> list[tuple[str, bytes]]:
    return [(name, CSV % index) for index, name in enumerate(names)]


def labels(*names: str, label: str | LabelRule = "auto") -> list[str | None]:
    return [sample.label for sample in load_files(files(*names), label=label).samples]


def acquisition(readings: int = 4) -> bytes:
    sensors = [{"name": "x", "units": "g"}]
    payload = {"device_type": "d", "interval_ms": 10, "sensors": sensors, "values": [[i] for i in range(readings)]}
    return json.dumps({"protected": {"alg": "none"}, "signature": "0" * 64, "payload": payload}).encode()


@pytest.mark.parametrize(
    ("path", "pattern", "label", "metadata"),
    [
        ("7_jackson_12.wav", "{label}_{speaker}_{index}", "7", {"speaker": "jackson", "index": "12"}),
        ("a/b/7_jackson_12.wav", "{label}_{speaker}_{index}", "7", {"speaker": "jackson", "index": "12"}),
        ("alpha.0696.csv", "{label}.*", "alpha", {}),
        ("anna/walk/3.csv", "{person}/{label}/*", "walk", {"person": "anna"}),
        ("walk-fast.csv", "{label}", "walk-fast", {}),
        ("walk.csv", "{label}.csv", "walk", {}),
        ("x(1).csv", "{label}({n})", "x", {"n": "1"}),
    ],
)
def test_pattern_reads_a_name(path: str, pattern: str, label: str, metadata: dict[str, str]) -> None:
    said = from_name(path, pattern)
    assert said is not None
    assert (said.label, said.metadata) == (label, metadata)


def test_pattern_that_does_not_fit_gives_no_label_and_says_so() -> None:
    loaded = load_files(files("walk.csv"), label="{label}_{index}")
    assert loaded.samples[0].label is None
    assert any("does not fit" in warning for warning in loaded.warnings)


@pytest.mark.parametrize("pattern", ["{label}_{label}", "{la bel}", "{label}{}"])
def test_pattern_that_makes_no_sense_is_refused(pattern: str) -> None:
    with pytest.raises(BadInput):
        from_name("a_b.csv", pattern)


def test_split_may_stand_in_a_name() -> None:
    loaded = load_files(files("walk_test_1.csv", "walk_train_2.csv"), label="{label}_{split}_{index}")
    assert [sample.split for sample in loaded.samples] == ["testing", "training"]


def test_folders_are_labels_and_words_for_splits_are_not() -> None:
    loaded = load_files(files("set/train/walk/a.csv", "set/train/run/a.csv", "set/test/walk/b.csv"))
    assert [sample.label for sample in loaded.samples] == ["walk", "run", "walk"]
    assert [sample.split for sample in loaded.samples] == ["training", "training", "testing"]
    assert loaded.label_rule.kind == "folder"
    assert "Labels were taken from the folders" in loaded.warnings[0]


def test_names_are_labels_only_where_all_fit_and_it_is_said() -> None:
    loaded = load_files(
        files(*(f"rec/{digit}_{who}_{i}.csv" for digit in "01" for who in ("ann", "bob") for i in range(3)))
    )
    assert {sample.label for sample in loaded.samples} == {"0", "1"}
    assert loaded.samples[0].metadata == {"speaker": "ann", "index": "0"}
    assert "{label}_{speaker}_{index}" in loaded.warnings[0]


def test_rule_of_an_upload_is_decided_over_all_names() -> None:
    digits = [f"recordings/{digit}_{who}_{i}.wav" for digit in "01" for who in ("ann", "bob") for i in range(3)]
    rule, notes = rule_for_upload(["LICENSE.txt", *digits])
    assert (rule.kind, rule.pattern) == ("name", "{label}_{speaker}_{index}")
    assert notes
    assert rule_for_upload(["walk/a.csv", "run/b.csv"])[0].kind == "folder"
    assert rule_for_upload(["export.zip"])[0].kind == "auto"
    assert rule_for_upload([*digits, "info.labels"])[0].kind == "auto"


def test_names_that_are_all_different_are_not_labels() -> None:
    assert labels("monday.csv", "tuesday.csv", "wednesday.csv") == [None, None, None]
    assert detect(["log_1.csv", "log_2.csv"])[0].kind == "none"


def test_none_gives_no_labels() -> None:
    assert labels("walk/a.csv", "run/a.csv", label="none") == [None, None]


def test_label_file_gives_label_split_and_metadata() -> None:
    table = b"file,label,split,speaker\na.csv,walk,testing,ann\nb.csv,run,training,bob\nc.csv,run,training,bob\n"
    loaded = load_files([*files("d/a.csv", "d/b.csv"), ("d/labels.csv", table)])
    assert [(s.label, s.split, s.metadata) for s in loaded.samples] == [
        ("walk", "testing", {"speaker": "ann"}),
        ("run", "training", {"speaker": "bob"}),
    ]
    assert loaded.missing == ["c.csv"]


def test_label_file_outside_the_folder(tmp_path: Path) -> None:
    table = tmp_path / "mine.csv"
    table.write_text("file_name;label\na.csv;walk\n")
    assert labels("a.csv", label=str(table)) == ["walk"]


def test_label_file_that_is_not_there_or_has_no_label_column_is_refused() -> None:
    with pytest.raises(BadInput, match="No label file"):
        labels("a.csv", label="labels.csv")
    with pytest.raises(BadInput, match="columns"):
        load_files([*files("a.csv"), ("labels.csv", b"x,y\n1,2\n")], label="labels.csv")


def test_unknown_rule_is_refused_with_the_known_ones() -> None:
    with pytest.raises(BadInput, match="not a label rule"):
        parse_rule("by hand")


def info(*entries: dict[str, object]) -> tuple[str, bytes]:
    return "export/info.labels", json.dumps({"version": 1, "files": list(entries)}).encode()


def test_export_lists_labels_splits_and_metadata() -> None:
    entry = {
        "path": "training/a.json", "name": "a", "category": "training", "label": {"type": "label", "label": "idle"},
        "metadata": {"person": "ann"},
    }  # fmt: skip
    gone = {**entry, "path": "testing/gone.json"}
    loaded = load_files([("export/training/a.json", acquisition()), info(entry, gone)])
    sample = loaded.samples[0]
    assert (sample.label, sample.split, sample.metadata["person"]) == ("idle", "training", "ann")
    assert loaded.missing == ["testing/gone.json"]
    assert "1 files are listed" in " ".join(loaded.warnings)


def test_export_in_lines() -> None:
    line = {
        "__key": "files",
        "__item": {"path": "a.json", "category": "testing", "label": {"type": "label", "label": "x"}},
    }
    text = '{"__ndjson":true,"version":1}\n' + json.dumps(line) + "\n"
    sample = load_files([("a.json", acquisition()), ("info.labels", text.encode())]).samples[0]
    assert (sample.label, sample.split) == ("x", "testing")


def test_export_with_spans_end_inclusive() -> None:
    spans = [{"startIndex": 0, "endIndex": 1, "label": "a"}, {"startIndex": 1, "endIndex": 2, "label": "b"}]
    entry = {"path": "a.json", "category": "training", "label": {"type": "multi-label", "labels": spans}}
    sample = load_files([("export/a.json", acquisition()), info(entry)]).samples[0]
    assert [(s.start_s, s.end_s, s.label) for s in sample.segments] == [(0.0, 0.01, "a"), (0.01, 0.03, "b")]


def test_structured_labels_file() -> None:
    spans = {"a.json": [{"startIndex": 2, "endIndex": 3, "label": "end"}]}
    text = json.dumps({"version": 1, "type": "structured-labels", "structuredLabels": spans})
    sample = load_files([("a.json", acquisition()), ("structured_labels.labels", text.encode())]).samples[0]
    assert [(s.start_s, s.end_s, s.label) for s in sample.segments] == [(0.02, 0.04, "end")]


def test_unlabelled_export_entry_stays_unlabelled() -> None:
    entry = {"path": "walk.1.json", "category": "training", "label": {"type": "unlabeled"}}
    assert load_files([("export/walk.1.json", acquisition()), info(entry)]).samples[0].segments == ()


def test_span_outside_the_recording_refuses_the_file() -> None:
    spans = [{"startIndex": 0, "endIndex": 9, "label": "a"}]
    entry = {"path": "a.json", "category": "training", "label": {"type": "multi-label", "labels": spans}}
    loaded = load_files([("export/a.json", acquisition()), info(entry)])
    assert loaded.samples == []
    assert "0 to 9 of 4" in loaded.refused[0].message


@pytest.mark.parametrize("text", [b"", b"{}", b"[]", b'{"files": 3}', b'{"files": [{}]}', b'{"__ndjson":true}\n{"a'])
def test_damaged_export_file_is_reported_and_the_recordings_are_read(text: bytes) -> None:
    loaded = load_files([("a.json", acquisition()), ("info.labels", text)])
    assert len(loaded.samples) == 1
    assert loaded.refused[0].file == "info.labels" or text.startswith(b'{"files": []')


def test_acquisition_file_without_list_is_named_by_its_name() -> None:
    assert [s.label for s in load_files([("idle.x1.json", acquisition())]).samples] == ["idle"]


def test_label_column_comes_before_the_folder() -> None:
    data = b"t_ms,x,label\n0,1,up\n10,2,up\n"
    loaded = load_files([("walk/a.csv", data), ("run/b.csv", CSV % 3)])
    assert loaded.samples[0].label == "up"


@given(st.lists(st.tuples(st.integers(0, 19), st.integers(0, 19), st.sampled_from("abc")), max_size=8))
def test_later_spans_win_and_cover_exactly_their_readings(spans: list[tuple[int, int, str]]) -> None:
    spans = [(min(a, b), max(a, b), label) for a, b, label in spans]
    sample = Sample("s", np.zeros((20, 1), np.float32), 100.0, (Axis(name="x"),))
    painted: list[str | None] = [None] * 20
    for start, end, label in spans:
        painted[start : end + 1] = [label] * (end + 1 - start)
    found: list[str | None] = [None] * 20
    for segment in from_indices("f", spans, sample):
        for index in range(round(segment.start_s * 100), round(segment.end_s * 100)):
            assert found[index] is None
            found[index] = segment.label
    assert found == painted


def test_one_answer_goes_for_all_files() -> None:
    plain = [(f"{label}/{i}.csv", b"1,%d\n3,4\n" % i) for label in ("a", "b") for i in range(3)]
    loaded = load_files(plain)
    assert len(loaded.refused) == 6
    assert [question.option for question in loaded.questions] == ["rate_hz"]
    assert len(load_files(plain, options=ReadOptions(rate_hz=10)).samples) == 6


@pytest.mark.parametrize("label", ["", " ", "\n", "\x00\x1b"])
def test_label_without_a_printable_character_is_none(label: str) -> None:
    one = {"path": "a.json", "category": "training", "label": {"type": "label", "label": label}}
    spans = [{"startIndex": 0, "endIndex": 1, "label": label}]
    many = {"path": "a.json", "category": "training", "label": {"type": "multi-label", "labels": spans}}
    for entry in (one, many):
        assert load_files([("export/a.json", acquisition()), info(entry)]).samples[0].segments == ()


def test_control_characters_become_blanks() -> None:
    sample = load_files([("a\x00b.csv", b"t_ms,x\x1by,label\n0,1,up\x07 now\n10,2,up\x07 now\n")]).samples[0]
    assert (sample.name, sample.axes[0].name, sample.label) == ("a b", "x y", "up now")
