"""Boards, targets, starting deployments and handing out files; what a worker makes of them is in tests/worker/jobs."""

from __future__ import annotations

import uuid
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI

from backend.database import Database
from backend.deployments.tables import DeploymentRow
from backend.trainings.tables import TrainingRow
from tests.people import World
from tests.recordings import upload_one

PIPELINE: dict[str, Any] = {"window": {"length_ms": 500, "stride_ms": 250}, "blocks": [{"block": "statistics"}]}
COLLECT = {"target": "data_collection", "board": "mps2_an386"}


@pytest.fixture
def project(world: World) -> str:
    project = world.project()
    upload_one(world.owner, project, split="training")
    return project


@pytest.fixture
def path(project: str) -> str:
    return f"/projects/{project}/deployments"


@pytest.fixture
def training(world: World, app: FastAPI, project: str, database: Database) -> str:
    """One that looks finished."""
    started = world.owner.ok("POST", f"/projects/{project}/trainings", {"pipeline": PIPELINE})
    training_id: str = started["training"]["id"]
    with database.transaction() as session:
        session.get_one(TrainingRow, uuid.UUID(training_id)).result_key = app.state.storage.put(b"result")
    return training_id


def test_boards_say_what_they_are_and_what_is_missing_here(
    world: World, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    boards = {board["name"]: board for board in world.owner.ok("GET", "/boards")["items"]}
    assert {"mps2_an386", "netduino_plus_2"} <= set(boards)
    netduino = boards["netduino_plus_2"]
    assert (netduino["flash_bytes"], netduino["clock_hz"]) == (1024 * 1024, 168_000_000)
    assert netduino["sensors"][0]["synthetic"]
    assert (netduino["can_build"], netduino["can_verify"], netduino["what_is_off"]) == (True, True, "")
    monkeypatch.setenv("PATH", str(tmp_path))
    bare = world.owner.ok("GET", "/boards")["items"][0]
    assert (bare["can_build"], bare["can_verify"]) == (False, False)
    assert "apt install" in bare["what_is_off"]


def test_targets_say_what_they_need(world: World) -> None:
    targets = {target["name"]: target for target in world.owner.ok("GET", "/targets")["items"]}
    assert {"firmware", "c_library", "data_collection"} <= set(targets)
    assert (targets["data_collection"]["needs_model"], targets["firmware"]["needs_model"]) == (False, True)
    assert (targets["c_library"]["needs_board"], targets["firmware"]["needs_board"]) == (False, True)


@pytest.mark.parametrize("engine", ["sqlite", "postgresql"], indirect=True)
def test_deployment_waits_for_a_worker(world: World, path: str, training: str) -> None:
    body = {"target": "firmware", "board": "netduino_plus_2", "training_id": training, "windows": 50}
    answer = world.owner.call("POST", path, body)
    assert answer.status_code == 202
    started = answer.json()
    made = started["deployment"]
    assert (made["number"], made["state"], made["training_number"], made["windows"]) == (1, "queued", 1, 50)
    assert (made["verdict"], made["needs_consent"], made["files"]) == (None, True, [])
    assert (started["job"]["kind"], started["job"]["queue"]) == ("deployment", "build")
    collecting = world.owner.ok("POST", path, {**COLLECT, "training_id": None})["deployment"]
    assert (collecting["number"], collecting["training_id"], collecting["needs_consent"]) == (2, None, False)
    assert [item["number"] for item in world.owner.ok("GET", path)["items"]] == [2, 1]
    detail = world.owner.ok("GET", f"{path}/{made['id']}")
    assert (detail["report"], detail["log_tail"]) == (None, [])


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (422, {}),
        (422, {"target": "magic"}),
        (422, {"target": "../../etc"}),
        (422, {"target": "data_collection"}),
        (422, {"target": "data_collection", "board": "toaster"}),
        (422, {**COLLECT, "sensor": "nose"}),
        (422, {**COLLECT, "rate_hz": 1e6}),
        (422, {**COLLECT, "rate_hz": -1}),
        (422, {**COLLECT, "axes": []}),
        (422, {**COLLECT, "windows": 0}),
        (422, {**COLLECT, "windows": 10**9}),
        (422, {**COLLECT, "colour": "red"}),
        (422, {"target": "firmware", "board": "mps2_an386"}),
        (404, {"target": "firmware", "board": "mps2_an386", "training_id": str(uuid.uuid4())}),
        (422, {"target": "c_library", "training_id": "one"}),
        (422, []),
    ],
)
def test_bad_deployment_is_refused(world: World, path: str, status: int, body: Any) -> None:
    world.owner.refused(status, "POST", path, body)
    assert world.owner.ok("GET", path)["total"] == 0


def test_firmware_takes_a_finished_training(world: World, project: str, path: str) -> None:
    started = world.owner.ok("POST", f"/projects/{project}/trainings", {"pipeline": PIPELINE})
    body = {"target": "firmware", "board": "mps2_an386", "training_id": started["training"]["id"]}
    assert "no model" in world.owner.refused(409, "POST", path, body)["message"]


def test_data_collection_without_any_sample_takes_rate_and_axes(world: World) -> None:
    path = f"/projects/{world.project()}/deployments"
    assert "rate" in world.owner.refused(422, "POST", path, COLLECT)["message"]
    world.owner.ok("POST", path, {**COLLECT, "rate_hz": 50, "axes": [{"name": "x", "unit": "g"}]})


def finish(app: FastAPI, database: Database, deployment: str, verdict: str | None, provable: bool = True) -> None:
    """As a worker would."""
    key = app.state.storage.put(b"\x7fELF")
    with database.transaction() as session:
        row = session.get_one(DeploymentRow, uuid.UUID(deployment))
        row.files = [{"name": "mote.elf", "key": key, "bytes": 4}]
        row.verdict, row.provable = verdict, provable


@pytest.mark.parametrize(("verdict", "free"), [("pass", True), ("fail", False), (None, False)])
def test_firmware_that_did_not_pass_is_not_handed_out_by_accident(
    world: World, app: FastAPI, database: Database, path: str, verdict: str | None, free: bool
) -> None:
    deployment = world.owner.ok("POST", path, COLLECT)["deployment"]["id"]
    finish(app, database, deployment, verdict)
    file = f"{path}/{deployment}/files/mote.elf"
    if not free:
        for query in ("", "?unverified=", "?unverified=1", "?unverified=YES-I-KNOW"):
            assert "report" in world.owner.refused(409, "GET", file + query)["hint"]
    answer = world.owner.call("GET", file + ("" if free else "?unverified=yes-i-know"))
    assert answer.content == b"\x7fELF"
    assert answer.headers["content-disposition"].startswith('attachment; filename="mote.elf"')
    assert answer.headers["content-type"] == "application/octet-stream"
    assert world.owner.ok("GET", f"{path}/{deployment}")["needs_consent"] is not free


@pytest.mark.parametrize("name", ["other.elf", "..%2f..%2fetc%2fpasswd", "%00", "x" * 300])
def test_file_that_a_deployment_does_not_have_is_not_found(
    world: World, app: FastAPI, database: Database, path: str, name: str
) -> None:
    deployment = world.owner.ok("POST", path, COLLECT)["deployment"]["id"]
    finish(app, database, deployment, "pass")
    assert world.owner.call("GET", f"{path}/{deployment}/files/{name}").status_code in (404, 422)
    assert [file["name"] for file in world.owner.ok("GET", f"{path}/{deployment}/files")] == ["mote.elf"]


def test_deleted_deployment_is_gone(world: World, path: str) -> None:
    started = world.owner.ok("POST", path, COLLECT)
    world.owner.ok("DELETE", f"{path}/{started['deployment']['id']}")
    world.owner.refused(404, "GET", f"{path}/{started['deployment']['id']}")
    project = path.rpartition("/")[0]
    assert world.owner.ok("GET", f"{project}/jobs/{started['job']['id']}")["state"] == "cancelled"


def test_deployment_of_another_project_is_not_found(world: World, path: str) -> None:
    deployment = world.owner.ok("POST", path, COLLECT)["deployment"]["id"]
    other = f"/projects/{world.project('Other')}/deployments/{deployment}"
    for method, rest in (("GET", ""), ("DELETE", ""), ("GET", "/files"), ("GET", "/files/mote.elf")):
        world.owner.refused(404, method, other + rest)
