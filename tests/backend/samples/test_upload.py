"""Uploading files: what becomes samples, what is refused, and that nothing is ever half-stored."""

from __future__ import annotations

import json
import time
import uuid
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from fastapi import FastAPI
from sqlalchemy import func, select

from backend.database import Database
from backend.samples.tables import SampleRow
from backend.storage import Storage
from tests.people import World
from tests.recordings import csv, parts, upload, upload_one, wav, zipped

both = pytest.mark.parametrize("engine", ["sqlite", "postgresql"], indirect=True)


def count(database: Database) -> int:
    with database.transaction(write=False) as session:
        return session.scalar(select(func.count()).select_from(SampleRow)) or 0


def names(world: World, project: str, query: str = "") -> list[str]:
    return [item["name"] for item in world.owner.ok("GET", f"/projects/{project}/samples?sort=name&{query}")["items"]]


@both
def test_files_become_samples_with_labels_from_their_folders(world: World) -> None:
    project = world.project()
    files = [("data/walk/1.csv", csv(1)), ("data/walk/2.csv", csv(2)), ("data/run/1.csv", csv(3, readings=50))]
    report = upload(world.owner, project, files)
    assert [len(file["sample_ids"]) for file in report["imported"]] == [1, 1, 1]
    assert (report["refused"], report["duplicates"], report["label_rule"]["kind"]) == ([], [], "folder")
    sample = world.owner.ok("GET", f"/projects/{project}/samples/{report['imported'][2]['sample_ids'][0]}")
    assert (sample["label"], sample["labels"], sample["readings"], sample["rate_hz"]) == ("run", ["run"], 50, 100.0)
    assert sample["segments"] == [{"start_s": 0.0, "end_s": 0.5, "label": "run"}]
    assert [axis["name"] for axis in sample["axes"]] == ["x", "y"]
    assert (sample["file_name"], sample["file_bytes"]) == ("data/run/1.csv", len(files[2][1]))
    assert sample["version"] == 1


def test_label_and_metadata_come_from_the_name_pattern(world: World) -> None:
    project = world.project()
    rule = {"kind": "name", "pattern": "{label}_{speaker}_{index}"}
    upload(world.owner, project, [("yes_ann_3.wav", wav(1)), ("no_bob_0.wav", wav(2))], label_rule=rule)
    items = world.owner.ok("GET", f"/projects/{project}/samples?sort=name")["items"]
    assert [(item["label"], item["metadata"]) for item in items] == [
        ("no", {"speaker": "bob", "index": "0"}),
        ("yes", {"speaker": "ann", "index": "3"}),
    ]
    assert world.owner.ok("GET", f"/projects/{project}/samples/summary")["metadata_keys"] == ["index", "speaker"]


def test_label_file_among_the_uploaded_files_says_label_and_split(world: World) -> None:
    project = world.project()
    table = b"file,label,split,person\na.csv,walk,testing,ann\nb.csv,run,training,bob\nc.csv,run,training,bob\n"
    files = [("labels.csv", table), ("a.csv", csv(1)), ("b.csv", csv(2))]
    report = upload(world.owner, project, files, label_rule={"kind": "file", "pattern": "labels.csv"})
    assert [file["file"] for file in report["imported"]] == ["a.csv", "b.csv"]
    assert report["missing"] == ["c.csv"]
    items = world.owner.ok("GET", f"/projects/{project}/samples?sort=name")["items"]
    assert [(item["label"], item["split"], item["metadata"]) for item in items] == [
        ("walk", "testing", {"person": "ann"}),
        ("run", "training", {"person": "bob"}),
    ]


def test_export_with_info_labels_keeps_labels_split_and_spans(world: World) -> None:
    project = world.project()
    acquisition = {
        "protected": {"ver": "v1", "alg": "none"},
        "signature": "0" * 64,
        "payload": {
            "device_type": "X",
            "interval_ms": 10,
            "sensors": [{"name": "x", "units": "m/s2"}],
            "values": [[number] for number in range(100)],
        },
    }
    spans = [{"startIndex": 0, "endIndex": 49, "label": "up"}, {"startIndex": 50, "endIndex": 99, "label": "down"}]
    info = {
        "version": 1,
        "files": [
            {
                "path": "testing/m.json",
                "name": "m",
                "category": "testing",
                "label": {"type": "multi-label", "labels": spans},
            },
            {"path": "training/gone.json", "name": "gone", "category": "training", "label": {"type": "unlabeled"}},
        ],
    }
    files = [("info.labels", json.dumps(info).encode()), ("testing/m.json", json.dumps(acquisition).encode())]
    report = upload(world.owner, project, files)
    assert report["missing"] == ["training/gone.json"]
    (item,) = world.owner.ok("GET", f"/projects/{project}/samples")["items"]
    assert (item["label"], item["labels"], item["split"]) == (None, ["down", "up"], "testing")
    assert [(one["start_s"], one["end_s"], one["label"]) for one in item["segments"]] == [
        (0, 0.5, "up"),
        (0.5, 1, "down"),
    ]


@both
def test_same_recording_is_stored_once_whatever_it_is_called(world: World) -> None:
    project = world.project()
    first = upload_one(world.owner, project, "a.csv")
    report = upload(world.owner, project, [("other/name.csv", csv(1)), ("new.csv", csv(2)), ("new_again.csv", csv(2))])
    assert [file["file"] for file in report["imported"]] == ["new.csv"]
    assert report["duplicates"][0] == {"file": "other/name.csv", "sample_id": first}
    assert report["duplicates"][1] == {"file": "new_again.csv", "sample_id": report["imported"][0]["sample_ids"][0]}
    assert world.owner.ok("GET", f"/projects/{project}/samples")["total"] == 2
    other = world.project("Other")
    assert upload_one(world.owner, other, "a.csv") != first


def test_deleted_recording_can_be_uploaded_again_and_then_not_be_restored(world: World) -> None:
    project = world.project()
    path = f"/projects/{project}/samples"
    first = upload_one(world.owner, project)
    world.owner.ok("DELETE", f"{path}/{first}")
    second = upload_one(world.owner, project)
    error = world.owner.refused(409, "POST", f"{path}/{first}/restore")
    assert error["current"]["id"] == second
    assert world.owner.ok("GET", path)["total"] == 1


@both
def test_same_files_sent_by_two_at_once_are_stored_once(world: World) -> None:
    project = world.project()
    files = [(f"{number}.csv", csv(number)) for number in range(8)]
    with ThreadPoolExecutor(4) as pool:
        reports = list(pool.map(lambda _: upload(world.owner, project, files, label="walk"), range(4)))
    assert sum(len(report["imported"]) for report in reports) == 8
    assert sum(len(report["duplicates"]) for report in reports) == 24
    stored = {item["id"] for item in world.owner.ok("GET", f"/projects/{project}/samples")["items"]}
    assert {duplicate["sample_id"] for report in reports for duplicate in report["duplicates"]} == stored


def test_archive_is_opened_and_its_members_are_reported_one_by_one(world: World) -> None:
    project = world.project()
    archive = zipped([("walk/1.csv", csv(1)), ("run/1.csv", csv(2)), ("run/2.csv", b""), ("LICENSE", b"free\n")])
    report = upload(world.owner, project, [("set.zip", archive)])
    assert [file["file"] for file in report["imported"]] == ["set.zip/run/1.csv", "set.zip/walk/1.csv"]
    assert [file["file"] for file in report["refused"]] == ["set.zip/run/2.csv"]
    assert report["ignored"] == ["set.zip/LICENSE"]
    item = world.owner.ok("GET", f"/projects/{project}/samples?label=walk")["items"][0]
    original = world.owner.call("GET", f"/projects/{project}/samples/{item['id']}/file")
    assert original.content == csv(1)
    assert 'filename="1.csv"' in original.headers["content-disposition"]


def test_paths_field_stands_in_for_names_that_cannot_be_sent(world: World) -> None:
    project = world.project()
    data = {"paths": json.dumps(["walk/a.csv", "run/b.csv"]), "options": "{}"}
    files = parts([("a.csv", csv(1)), ("b.csv", csv(2))])
    report = world.owner.ok("POST", f"/projects/{project}/samples", files=files, data=data)
    assert [file["file"] for file in report["imported"]] == ["walk/a.csv", "run/b.csv"]
    for wrong in ("[", '{"a": 1}', '["one"]', "[1, 2]", "[" * 100_000):
        world.owner.refused(422, "POST", f"/projects/{project}/samples", files=files, data={"paths": wrong})


def test_question_comes_back_with_its_choices_and_is_answered_with_read_options(world: World) -> None:
    project, file = world.project(), ("plain.csv", b"1,2\n3,4\n5,6\n7,8\n")
    report = upload(world.owner, project, [file])
    assert report["imported"] == []
    options = {question["option"] for question in report["refused"][0]["questions"]}
    assert "rate_hz" in options
    assert {question["option"] for question in report["questions"]} == options
    report = upload(world.owner, project, [file], read_options={"rate_hz": 50, "axes": ["a", "b"]})
    assert len(report["imported"]) == 1


# --- sides -----------------------------------------------------------------------------------------------------------


def test_split_is_stable_when_more_comes_in(world: World) -> None:
    project = world.project()
    rule = {"kind": "hash", "testing_percent": 30}
    upload(world.owner, project, [(f"{n}.csv", csv(n, 20)) for n in range(30)], label="a", split_rule=rule)
    before = {item["name"]: item["split"] for item in world.owner.ok("GET", f"/projects/{project}/samples")["items"]}
    assert set(before.values()) == {"training", "testing"}
    upload(world.owner, project, [(f"{n}.csv", csv(n, 20)) for n in range(30, 60)], label="a")
    items = world.owner.ok("GET", f"/projects/{project}/samples")["items"]
    after = {item["name"]: item["split"] for item in items}
    assert {name: after[name] for name in before} == before
    assert world.owner.ok("GET", f"/projects/{project}/samples/split")["rule"]["testing_percent"] == 30
    other = world.project("Other")
    upload(world.owner, other, [(f"z{n}.csv", csv(n, 20)) for n in range(60)], label="a", split_rule=rule)
    again = world.owner.ok("GET", f"/projects/{other}/samples")["items"]
    sides = {item["content_hash"]: item["split"] for item in items}
    assert {item["content_hash"]: item["split"] for item in again} == sides


def test_group_is_never_on_both_sides_and_its_key_stays_the_projects(world: World) -> None:
    project = world.project()
    names = {"kind": "name", "pattern": "{label}_{speaker}_{index}"}
    rule = {"kind": "group", "key": "speaker", "testing_percent": 50}
    files = [(f"yes_s{n % 8}_{n}.csv", csv(n, 20)) for n in range(24)]
    upload(world.owner, project, files[:12], label_rule=names, split_rule=rule)
    upload(world.owner, project, files[12:], label_rule=names)
    sides: dict[str, set[str]] = {}
    for item in world.owner.ok("GET", f"/projects/{project}/samples")["items"]:
        sides.setdefault(item["metadata"]["speaker"], set()).add(item["split"])
    assert len(sides) == 8
    assert all(len(found) == 1 for found in sides.values())


def test_recording_without_the_group_is_refused_when_the_upload_asks_for_it_and_divided_by_hash_later(
    world: World,
) -> None:
    project = world.project()
    rule = {"kind": "group", "key": "speaker"}
    report = upload(world.owner, project, [("a.csv", csv(1))], label="yes", split_rule=rule)
    assert "speaker" in report["refused"][0]["message"]
    report = upload(world.owner, project, [("b.csv", csv(2))], label="yes")
    assert "hash" in report["imported"][0]["warnings"][-1]


def test_one_label_and_side_for_all_overrides_the_files(world: World) -> None:
    project = world.project()
    files = [("train/run/1.csv", csv(1)), ("test/walk/2.csv", csv(2))]
    upload(world.owner, project, files, label="jump", split="testing", metadata={"person": "ann"})
    items = world.owner.ok("GET", f"/projects/{project}/samples")["items"]
    assert {(item["label"], item["split"], item["metadata"]["person"]) for item in items} == {
        ("jump", "testing", "ann")
    }


def test_folders_named_train_and_test_say_the_side(world: World) -> None:
    project = world.project()
    upload(
        world.owner, project, [("train/walk/1.csv", csv(1)), ("test/walk/2.csv", csv(2)), ("test/run/3.csv", csv(3))]
    )
    items = world.owner.ok("GET", f"/projects/{project}/samples?sort=name")["items"]
    assert {item["name"]: item["split"] for item in items} == {
        "train/walk/1": "training",
        "test/walk/2": "testing",
        "test/run/3": "testing",
    }


# --- bad input -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "options",
    [
        "not json",
        "[]",
        "null",
        '{"label_rule": 3}',
        '{"label_rule": {"kind": "magic"}}',
        '{"label_rule": {"kind": "name", "pattern": "no fields"}}',
        '{"label_rule": {"kind": "name", "pattern": "{a}{a}"}}',
        '{"label_rule": {"kind": "file", "pattern": "labels.csv"}}',
        '{"label_rule": {"kind": "file", "pattern": "/etc/passwd"}}',
        '{"label_rule": {"kind": "file", "pattern": "pyproject.toml"}}',
        '{"split_rule": {"kind": "every", "n": 5}}',
        '{"split_rule": {"kind": "group"}}',
        '{"split_rule": {"kind": "hash", "testing_percent": 1e400}}',
        '{"split_rule": {"kind": "hash", "testing_percent": -1}}',
        '{"split_rule": {"kind": "hash", "testing_percent": NaN}}',
        '{"read_options": {"rate_hz": 0}}',
        '{"read_options": {"rate_hz": 1e308}}',
        '{"read_options": {"rate_hz": "fast"}}',
        '{"label": ""}',
        '{"label": "a\\u0000b"}',
        '{"label": "\\ud800"}',
        '{"split": "both"}',
        '{"metadata": {"": "x"}}',
        '{"metadata": {"a": 1}}',
        '{"unknown": 1}',
        "{" * 5000,
    ],
)
def test_bad_options_are_refused_and_nothing_is_stored(world: World, database: Database, options: str) -> None:
    project = world.project()
    path = f"/projects/{project}/samples"
    error = world.owner.refused(422, "POST", path, files=parts([("a.csv", csv(1))]), data={"options": options})
    assert len(error["message"]) < 500
    assert count(database) == 0


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("empty.csv", b""),
        ("empty.wav", b""),
        ("words.csv", b"once upon a time\nthere was no number\n"),
        ("nan.csv", b"timestamp,x\n0,1\n10,nan\n20,3\n"),
        ("inf.csv", b"timestamp,x\n0,1\n10,1e999\n20,3\n"),
        ("cut.wav", wav(1)[:30]),
        ("lies.wav", wav(1)[:4] + b"\xff\xff\xff\x7f" + wav(1)[8:40]),
        ("picture.wav", b"\x89PNG\r\n\x1a\n" + b"\0" * 100),
        ("noise.cbor", bytes(range(256))),
        ("deep.json", b"[" * 100_000),
        ("wrong.json", b'{"payload": {"values": "no"}}'),
        ("broken.zip", b"PK\x03\x04" + b"\0" * 50),
        ("info.labels", b"{"),
    ],
)
def test_bad_file_is_refused_with_a_reason_and_the_good_one_beside_it_is_stored(
    world: World, name: str, content: bytes
) -> None:
    project = world.project()
    report = upload(world.owner, project, [(name, content), ("good.csv", csv(1))], label="walk")
    assert [file["file"] for file in report["imported"]] == ["good.csv"]
    (refused,) = report["refused"]
    assert refused["file"] == name
    assert refused["message"]
    assert names(world, project) == ["good"]


@pytest.mark.parametrize(
    "name",
    [
        "../../etc/cron.d/x.csv",
        "/etc/passwd.csv",
        "C:\\Windows\\x.csv",
        "a\0b.csv",
        "\u202egnp.csv",
        "x" * 3000 + ".csv",
    ],
)
def test_path_of_an_upload_names_nothing_on_the_server(world: World, name: str) -> None:
    project = world.project()
    data = {"paths": json.dumps([name]), "options": '{"label": "a"}'}
    report = world.owner.ok("POST", f"/projects/{project}/samples", files=parts([("x.csv", csv(1))]), data=data)
    (item,) = world.owner.ok("GET", f"/projects/{project}/samples")["items"]
    for shown in (report["imported"][0]["file"], item["file_name"], item["name"]):
        assert ".." not in shown.split("/")
        assert not shown.startswith("/")
        assert "\0" not in shown
        assert len(shown) <= 500
    disposition = world.owner.call("GET", f"/projects/{project}/samples/{item['id']}/file").headers[
        "content-disposition"
    ]
    assert disposition.startswith("attachment; ")
    assert "/" not in disposition.partition('filename="')[2].partition('"')[0]


@pytest.mark.parametrize("pattern", ["*a*{label}x", "{a}_{b}_{c}_{d}_{e}_{label}x", "{label}" + "*" * 200 + "x"])
def test_hostile_name_pattern_takes_no_ages(world: World, pattern: str) -> None:
    name = {"*": "a", "{": "_"}[pattern[0]] * 250 + ".csv"
    started = time.monotonic()
    report = upload(world.owner, world.project(), [(name, csv(1))], label_rule={"kind": "name", "pattern": pattern})
    assert "does not fit" in report["imported"][0]["warnings"][-1]
    assert time.monotonic() - started < 10


def test_pattern_with_many_stars_is_refused(world: World) -> None:
    data = {"options": json.dumps({"label_rule": {"kind": "name", "pattern": "*a*a*a*{label}"}})}
    path = f"/projects/{world.project()}/samples"
    assert "*" in world.owner.refused(422, "POST", path, files=parts([("a.csv", csv(1))]), data=data)["message"]


def test_zip_bomb_and_members_that_lead_out_are_refused(world: World) -> None:
    project = world.project()
    bomb = zipped([("big.csv", b"0" * 50_000_000), ("ok.csv", csv(1)), ("../../out.csv", csv(2))])
    report = upload(world.owner, project, [("bomb.zip", bomb)], label="a")
    assert [file["file"] for file in report["imported"]] == ["bomb.zip/ok.csv"]
    assert len(report["refused"]) == 2


def test_request_without_files_or_of_another_kind_is_refused(world: World) -> None:
    path = f"/projects/{world.project()}/samples"
    world.owner.refused(422, "POST", path, data={"options": "{}"})
    world.owner.refused(422, "POST", path, {"files": []})
    world.owner.refused(422, "POST", path, content=b"x" * 100, headers={"Content-Type": "text/csv"})
    broken = {"Content-Type": "multipart/form-data; boundary=x"}
    assert world.owner.call("POST", path, content=b"--y\r\nnonsense", headers=broken).status_code in (400, 422)
    assert (
        world.owner.call("POST", path, content=b"", headers={"Content-Type": "multipart/form-data"}).status_code < 500
    )


def test_more_files_than_one_request_may_have_are_refused(world: World) -> None:
    files = [("a.csv", b"1")] * 1001
    error = world.owner.refused(400, "POST", f"/projects/{world.project()}/samples", files=parts(files))
    assert "1000" in error["message"]


def test_file_sent_twice_in_one_request_is_said(world: World) -> None:
    project = world.project()
    report = upload(world.owner, project, [("a.csv", csv(1)), ("a.csv", csv(2))], label="a")
    assert len(report["imported"]) == 1
    assert "twice" in report["refused"][0]["message"]
    stored = f"/projects/{project}/samples/{report['imported'][0]['sample_ids'][0]}/file"
    assert world.owner.call("GET", stored).content == csv(1)


def test_upload_that_breaks_off_leaves_nothing(world: World, database: Database) -> None:
    """The body ends in the middle of a file."""
    project = world.project()
    head = b'--b\r\nContent-Disposition: form-data; name="files"; filename="a.csv"\r\n\r\n'
    body, kind = head + csv(1)[:200], {"Content-Type": "multipart/form-data; boundary=b"}
    answer = world.owner.call("POST", f"/projects/{project}/samples", content=body, headers=kind)
    assert answer.status_code in (400, 422)
    assert count(database) == 0


def test_storage_that_fails_leaves_no_row(world: World, database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: Any) -> Any:
        raise OSError(28, "No space left on device")

    project = world.project()
    monkeypatch.setattr(Storage, "_write", full)
    answer = world.owner.call("POST", f"/projects/{project}/samples", files=parts([("a.csv", csv(1))]))
    assert answer.status_code == 500
    assert "error" in answer.json()
    assert count(database) == 0


def test_project_deleted_while_files_are_read_is_not_found(
    world: World, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    from backend.samples import importing as module

    project = world.project()
    original = module.load_entries

    def slow(*arguments: Any, **more: Any) -> Any:
        world.owner.ok("DELETE", f"/projects/{project}")
        return original(*arguments, **more)

    monkeypatch.setattr(module, "load_entries", slow)
    world.owner.refused(404, "POST", f"/projects/{project}/samples", files=parts([("a.csv", csv(1))]))
    assert count(database) == 0


@pytest.mark.parametrize("engine", ["postgresql"], indirect=True)
def test_upload_works_on_postgresql_with_s3(
    world: World, app: FastAPI, s3_server: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = app.state.settings.model_copy(
        update={"storage_url": f"s3://mote/{uuid.uuid4().hex}", "s3_endpoint_url": s3_server}
    )
    monkeypatch.setattr(app.state, "storage", Storage.of(settings))
    project = world.project()
    report = upload(world.owner, project, [("yes_1.wav", wav(1)), ("no_2.wav", wav(2))])
    sample_id = report["imported"][0]["sample_ids"][0]
    path = f"/projects/{project}/samples/{sample_id}"
    assert world.owner.call("GET", f"{path}/file").content == wav(1)
    assert len(world.owner.ok("GET", f"{path}/signal?points=50")["min"][0]) == 50
    assert len(world.owner.call("GET", f"{path}/audio").content) == 44 + 2 * 800
    assert len(world.owner.ok("GET", f"/projects/{project}/samples?search=YES")["items"]) == 1


def test_large_upload_is_left_to_a_job(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    from backend.samples import upload as module

    monkeypatch.setattr(module, "REQUEST_BYTES", 1000)
    project = world.project()
    report = upload(world.owner, project, [("a.csv", csv(1)), ("b.csv", csv(2))], label="walk")
    assert report["imported"] == []
    job = world.owner.ok("GET", f"/projects/{project}/jobs/{report['job_id']}")
    assert (job["kind"], job["state"], job["queue"]) == ("import", "queued", "build")
