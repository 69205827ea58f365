"""What a person types at `mote` becomes the API's rules; what goes wrong is one sentence."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from mote.cli import label_rule, split_rule
from mote.errors import BadInput


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("auto", {"kind": "files"}),
        ("20%", {"kind": "hash", "testing_percent": 20.0}),
        ("index=0-4", {"kind": "where", "key": "index", "values": ["0", "1", "2", "3", "4"]}),
        ("speaker=ann,bob", {"kind": "where", "key": "speaker", "values": ["ann", "bob"]}),
        ("every:5", {"kind": "every", "n": 5}),
        ("last:20%", {"kind": "last", "testing_percent": 20.0}),
        ("group:speaker", {"kind": "group", "key": "speaker"}),
    ],
)
def test_split_rule_as_typed(text: str, rule: dict[str, object]) -> None:
    assert split_rule(text) == rule


@pytest.mark.parametrize("text", ["", "every:x", "half", "last:"])
def test_split_rule_that_makes_no_sense_lists_what_does(text: str) -> None:
    with pytest.raises(BadInput, match="every:5"):
        split_rule(text)


def test_label_rule_as_typed(tmp_path: Path) -> None:
    labels = tmp_path / "labels.csv"
    labels.write_text("file,label\n")
    assert label_rule("folder") == {"kind": "folder"}
    assert label_rule("{label}.{rest}") == {"kind": "name", "pattern": "{label}.{rest}"}
    assert label_rule(str(labels)) == {"kind": "file", "pattern": str(labels)}
    with pytest.raises(BadInput, match="label file"):
        label_rule("wrong")


def mote(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-m", "mote.cli", *arguments], capture_output=True, text=True, check=False)


def test_a_mistake_is_one_sentence_and_status_1(tmp_path: Path) -> None:
    broken = tmp_path / "broken.tflite"
    broken.write_bytes(b"not a model")
    answer = mote("compile", str(broken), "-o", str(tmp_path / "out"))
    assert answer.returncode == 1
    assert "Traceback" not in answer.stderr
    assert "broken.tflite" in answer.stderr
    assert not (tmp_path / "out").exists()


def test_help_lists_the_commands() -> None:
    printed = mote("--help").stdout
    for command in ("demo", "compile", "upload", "device"):
        assert command in printed
