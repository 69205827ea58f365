"""Division into training and testing: stable, whole groups, never by row."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mote.errors import BadInput
from mote.sample import Axis, Sample
from mote.split import SplitRule, assign, leaks


def sample(value: float, label: str = "a", **metadata: str) -> Sample:
    made = Sample(f"s{value}", np.full((4, 1), value, np.float32), 10.0, (Axis(name="x"),), metadata=metadata)
    return replace(made, segments=made.with_label(label))


MANY = [sample(i, speaker=f"p{i % 7}", index=str(i % 5)) for i in range(300)]


def test_hash_takes_about_the_percentage() -> None:
    assert 40 <= assign(MANY, SplitRule(kind="hash", testing_percent=20)).count("testing") <= 80


def test_hash_is_stable_when_samples_come_and_go() -> None:
    whole = assign(MANY, SplitRule(kind="hash"))
    assert assign(MANY[100:200], SplitRule(kind="hash")) == whole[100:200]


def test_copies_of_one_recording_are_on_one_side() -> None:
    copies = [replace(MANY[0], name=f"copy {i}") for i in range(20)]
    assert len(set(assign(copies, SplitRule(kind="hash", testing_percent=50)))) == 1


@given(st.integers(0, 100))
def test_a_group_is_never_on_both_sides(percent: int) -> None:
    sides = assign(MANY, SplitRule(kind="group", key="speaker", testing_percent=percent))
    for speaker in range(7):
        assert (
            len({side for item, side in zip(MANY, sides, strict=True) if item.metadata["speaker"] == f"p{speaker}"})
            == 1
        )


def test_where_takes_the_named_values() -> None:
    sides = assign(MANY, SplitRule(kind="where", key="index", values=("0", "1")))
    assert [side == "testing" for side in sides] == [i % 5 in (0, 1) for i in range(300)]


def test_every_fifth_of_each_label() -> None:
    mixed = [sample(i, label="ab"[i % 2]) for i in range(20)]
    chosen = [i for i, side in enumerate(assign(mixed, SplitRule(kind="every", n=5))) if side == "testing"]
    assert chosen == [8, 9, 18, 19]


def test_last_fifth_of_each_label() -> None:
    mixed = [sample(i, label="a" if i < 10 else "b") for i in range(20)]
    chosen = [i for i, side in enumerate(assign(mixed, SplitRule(kind="last"))) if side == "testing"]
    assert chosen == [8, 9, 18, 19]


def test_files_keeps_what_files_say() -> None:
    said = [replace(MANY[0], split="testing"), replace(MANY[1], split="training")]
    assert assign(said, SplitRule(kind="files")) == ["testing", "training"]


@pytest.mark.parametrize("kind", ["group", "where"])
def test_missing_key_is_refused_and_known_keys_are_named(kind: str) -> None:
    with pytest.raises(BadInput, match="no metadata 'person'") as refusal:
        assign(MANY, SplitRule.model_validate({"kind": kind, "key": "person"}))
    assert "index, speaker" in refusal.value.hint


def test_one_side_for_all() -> None:
    assert set(assign(MANY, SplitRule(kind="testing"))) == {"testing"}


def test_equal_content_on_both_sides_is_found() -> None:
    twice = [replace(MANY[0], split="training"), replace(MANY[0], name="copy", split="testing")]
    assert [(a.name, b.name) for a, b in leaks(twice)] == [(MANY[0].name, "copy")]
