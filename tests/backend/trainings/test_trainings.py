"""Starting, listing and deleting trainings; what a worker makes of them is in tests/worker/jobs."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from sqlalchemy import select

from backend.database import Database
from backend.jobs.tables import Job
from backend.samples.store import Stored
from backend.trainings.start import pack_dataset, unpack_dataset
from mote.dataset import dataset_hash
from tests.people import World
from tests.recordings import csv, upload

both = pytest.mark.parametrize("engine", ["sqlite", "postgresql"], indirect=True)
PIPELINE: dict[str, Any] = {"window": {"length_ms": 500, "stride_ms": 250}, "blocks": [{"block": "statistics"}]}


@pytest.fixture
def project(world: World) -> str:
    project = world.project()
    for split, first in (("training", 0), ("testing", 10)):
        files = [
            (f"{label}/{n}.csv", csv(n + 100 * len(label))) for label in ("on", "off") for n in range(first, first + 3)
        ]
        upload(world.owner, project, files, split=split)
    return project


@pytest.fixture
def path(project: str) -> str:
    return f"/projects/{project}/trainings"


@both
def test_training_waits_for_a_worker_with_all_that_it_learns_from(
    world: World, project: str, path: str, database: Database
) -> None:
    world.owner.ok("PUT", f"/projects/{project}/pipeline", {"version": 0, "pipeline": PIPELINE})
    answer = world.owner.call("POST", path)
    assert answer.status_code == 202
    started = answer.json()
    training = started["training"]
    assert (training["number"], training["state"], training["training_samples"], training["testing_samples"]) == (
        1,
        "queued",
        6,
        6,
    )
    assert started["job"]["subject"] == {"kind": "training", "id": training["id"]}
    assert (started["job"]["kind"], started["job"]["queue"]) == ("training", "training")
    assert training["pipeline"]["window"]["length_ms"] == 500
    page = world.owner.ok("GET", path)
    assert (page["total"], page["items"][0]["id"]) == (1, training["id"])
    detail = world.owner.ok("GET", f"{path}/{training['id']}")
    assert (detail["history"], detail["metrics"], detail["log_tail"], detail["int8_accuracy"]) == ([], None, [], None)
    assert world.owner.ok("POST", path, {"pipeline": PIPELINE})["training"]["number"] == 2
    assert [item["number"] for item in world.owner.ok("GET", path)["items"]] == [2, 1]


def test_equal_data_gives_an_equal_hash_and_other_labels_another(world: World, project: str, path: str) -> None:
    def start() -> str:
        return str(world.owner.ok("POST", path, {"pipeline": PIPELINE})["training"]["dataset_hash"])

    first = start()
    assert start() == first
    body = {"action": "relabel", "label": "other", "filter": {"label": "on"}}
    token = world.owner.ok("POST", f"/projects/{project}/samples/bulk", body)["undo_token"]
    assert start() != first
    world.owner.ok("POST", f"/projects/{project}/samples/bulk", {"action": "undo", "undo_token": token})
    assert start() == first


def test_dataset_survives_its_blob(world: World, path: str, database: Database) -> None:
    from backend.samples.store import stand_in
    from backend.trainings.start import dataset_of

    project_id = uuid.UUID(path.split("/")[2])
    with database.transaction(write=False) as session:
        recordings = dataset_of(session, project_id)
    again: list[Stored] = unpack_dataset(pack_dataset(recordings))
    assert again == recordings
    assert pack_dataset(again) == pack_dataset(recordings)
    training = world.owner.ok("POST", path, {"pipeline": PIPELINE})["training"]
    assert dataset_hash([stand_in(one) for one in again]) == training["dataset_hash"]


def test_training_without_pipeline_or_samples_is_refused_at_once(world: World, path: str) -> None:
    assert "pipeline" in world.owner.refused(409, "POST", path)["message"]
    empty = world.project("Empty")
    error = world.owner.refused(422, "POST", f"/projects/{empty}/trainings", {"pipeline": PIPELINE})
    assert "no samples" in error["message"]


def test_training_on_testing_samples_only_is_refused(world: World, project: str, path: str) -> None:
    move = {"action": "move", "split": "testing", "filter": {}}
    world.owner.ok("POST", f"/projects/{project}/samples/bulk", move)
    assert "training split" in world.owner.refused(422, "POST", path, {"pipeline": PIPELINE})["message"]


def test_samples_of_different_rates_are_refused_with_the_one_that_differs(
    world: World, project: str, path: str
) -> None:
    upload(world.owner, project, [("odd.csv", csv(77, rate_hz=50))], label="on")
    assert "odd" in world.owner.refused(422, "POST", path, {"pipeline": PIPELINE})["message"]


@pytest.mark.parametrize(
    "body",
    [
        {"pipeline": {"blocks": []}},
        {"pipeline": {"blocks": [{"block": "nothing"}]}},
        {"pipeline": 3},
        {"epochs": 3},
        [],
        "x",
    ],
)
def test_bad_training_is_refused(world: World, path: str, body: Any) -> None:
    world.owner.refused(422, "POST", path, body)
    assert world.owner.ok("GET", path)["total"] == 0


@both
def test_deleted_training_is_gone_and_its_job_cancelled(world: World, path: str, database: Database) -> None:
    started = world.owner.ok("POST", path, {"pipeline": PIPELINE})
    training = f"{path}/{started['training']['id']}"
    world.owner.ok("DELETE", training)
    world.owner.refused(404, "GET", training)
    with database.transaction(write=False) as session:
        assert [job.state.value for job in session.scalars(select(Job))] == ["cancelled"]


def test_training_of_another_project_is_not_found(world: World, path: str) -> None:
    training = world.owner.ok("POST", path, {"pipeline": PIPELINE})["training"]["id"]
    other = f"/projects/{world.project('Other')}/trainings/{training}"
    for method, rest in (("GET", ""), ("DELETE", ""), ("GET", "/log"), ("GET", "/model")):
        world.owner.refused(404, method, other + rest)


def test_unfinished_training_has_no_model(world: World, path: str) -> None:
    training = world.owner.ok("POST", path, {"pipeline": PIPELINE})["training"]["id"]
    world.owner.refused(409, "GET", f"{path}/{training}/model")
    world.owner.refused(422, "GET", f"{path}/{training}/model?kind=float16")
    assert world.owner.ok("GET", f"{path}/{training}/log") == {"lines": [], "next": 0}
    world.owner.refused(422, "GET", f"{path}/{training}/log?after=-1")
    world.owner.refused(422, "GET", f"{path}/{training}/log?after=99999999999999999999")
