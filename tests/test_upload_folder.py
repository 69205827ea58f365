"""Sending a folder in pieces: nothing twice, nothing forgotten, label lists with every piece."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from mote import upload
from mote.errors import BadInput


class FakeServer:
    """Takes uploads as the API does and remembers them."""

    def __init__(self, listed: tuple[str, ...] = ()) -> None:
        self.requests: list[tuple[list[str], dict[str, Any]]] = []
        self.listed = listed

    def upload(self, project_id: str, batch: list[tuple[str, Path]], options: dict[str, Any]) -> dict[str, Any]:
        names = [name for name, _ in batch]
        self.requests.append((names, options))
        taken = [name for name in names if name.endswith(".wav")]
        return {
            "imported": [{"file": name, "sample_ids": [name], "warnings": []} for name in taken],
            "duplicates": [],
            "refused": [
                {"file": n, "message": "no", "hint": ""} for n in names if n.endswith(".labels") and "bad" in n
            ],
            "missing": [name for name in self.listed if name not in names],
            "warnings": [],
            "job_id": None,
        }


def folder_of(tmp_path: Path, *names: str) -> Path:
    for name in names:
        path = tmp_path / "set" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"x")
    return tmp_path / "set"


def test_every_file_is_sent_once_and_hidden_ones_never(tmp_path: Path) -> None:
    names = [f"a/{index}.wav" for index in range(250)]
    folder = folder_of(tmp_path, *names, ".git/x.wav", ".hidden.wav")
    server = FakeServer()
    result = upload.upload_folder(server, "p", folder, {"kind": "folder"}, {})  # type: ignore[arg-type]
    sent = [name for names, _ in server.requests for name in names]
    assert sorted(sent) == sorted(names)
    assert [len(names) for names, _ in server.requests] == [100, 100, 50]
    assert result.samples == 250


def test_label_lists_go_with_every_request_and_only_what_no_request_had_is_missing(tmp_path: Path) -> None:
    names = [f"{index}.wav" for index in range(150)]
    server = FakeServer(listed=(*names, "gone.wav"))
    result = upload.upload_folder(server, "p", folder_of(tmp_path, "info.labels", *names), {"kind": "auto"}, {})  # type: ignore[arg-type]
    assert all("info.labels" in names for names, _ in server.requests)
    assert result.missing == {"gone.wav"}
    assert all(options["label_rule"] == {"kind": "auto"} for _, options in server.requests)


def test_auto_is_decided_over_all_names(tmp_path: Path) -> None:
    names = [f"{label}_ann_{index}.wav" for label in ("one", "two") for index in range(120)]
    server = FakeServer()
    upload.upload_folder(server, "p", folder_of(tmp_path, *names), {"kind": "auto"}, {})  # type: ignore[arg-type]
    rules = [options["label_rule"] for _, options in server.requests]
    assert all(rule == rules[0] and rule["kind"] == "name" for rule in rules)


def test_label_file_from_elsewhere_travels_along(tmp_path: Path) -> None:
    labels = tmp_path / "elsewhere.csv"
    labels.write_text("file,label\n0.wav,x\n")
    server = FakeServer()
    rule = {"kind": "file", "pattern": str(labels)}
    upload.upload_folder(server, "p", folder_of(tmp_path, "0.wav"), rule, {})  # type: ignore[arg-type]
    assert server.requests == [
        (["elsewhere.csv", "0.wav"], {"label_rule": {"kind": "file", "pattern": "elsewhere.csv"}, "read_options": {}})
    ]


def test_nothing_to_send_is_said(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="no folder"):
        upload.upload_folder(FakeServer(), "p", tmp_path / "none", {"kind": "auto"}, {})  # type: ignore[arg-type]
    (tmp_path / "empty").mkdir()
    with pytest.raises(BadInput, match="holds no files"):
        upload.upload_folder(FakeServer(), "p", tmp_path / "empty", {"kind": "auto"}, {})  # type: ignore[arg-type]


def test_folder_of_which_nothing_was_taken_gives_the_reasons(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="could be imported"):
        upload.upload_folder(FakeServer(), "p", folder_of(tmp_path, "a.txt"), {"kind": "folder"}, {})  # type: ignore[arg-type]
