"""Trainings, deployments and large imports by a real worker, with the example project."""

from __future__ import annotations

import io
import os
import uuid
import zipfile
from pathlib import Path
from typing import Any

import pytest

from mote.training_result import TrainingResult
from tests.people import World
from tests.recordings import csv, upload, zipped
from tests.worker.conftest import Bench

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]


def example(world: World) -> tuple[str, str]:
    """Id and path of an example project whose training is short."""
    project = world.owner.ok("POST", "/projects/example", {})["id"]
    path = f"/projects/{project}"
    saved = world.owner.ok("GET", f"{path}/pipeline")
    saved["pipeline"]["learn"]["params"]["epochs"] = 12
    world.owner.ok("PUT", f"{path}/pipeline", {"version": saved["version"], "pipeline": saved["pipeline"]})
    return project, path


def finished(bench: Bench, started: dict[str, Any], state: str = "done", seconds: float = 300) -> None:
    bench.wait_for(uuid.UUID(started["job"]["id"]), state, seconds)


def test_from_recordings_to_proven_firmware(world: World, bench: Bench) -> None:
    _, path = example(world)
    bench.start_worker()

    started = world.owner.ok("POST", f"{path}/trainings")
    assert (started["training"]["state"], started["training"]["number"]) == ("queued", 1)
    finished(bench, started)
    training = world.owner.ok("GET", f"{path}/trainings/{started['training']['id']}")
    assert training["state"] == "done"
    assert 1 <= len(training["history"]) <= 12
    assert [epoch["epoch"] for epoch in training["history"]] == list(range(1, len(training["history"]) + 1))
    assert training["metrics"]["int8"]["accuracy"] == training["int8_accuracy"] > 0.8
    assert training["metrics"]["int8"]["measured_on"] == "testing"
    assert training["labels"] == ["circle", "idle", "shake", "wave"]
    assert training["lineage"]["dataset_hash"] == training["dataset_hash"]
    assert (training["training_samples"], training["testing_samples"]) == (96, 24)
    assert any("Accuracy" in line for line in training["log_tail"])
    log = world.owner.ok("GET", f"{path}/trainings/{training['id']}/log")
    assert log["lines"][-1]["text"] == training["log_tail"][-1]

    whole = world.owner.call("GET", f"{path}/trainings/{training['id']}/model?kind=all").content
    result = TrainingResult.load(whole)
    model = world.owner.call("GET", f"{path}/trainings/{training['id']}/model?kind=int8")
    assert model.content == result.model_int8
    assert 'filename="training-1-int8.tflite"' in model.headers["content-disposition"]

    body = {"training_id": training["id"], "target": "firmware", "board": "mps2_an386", "windows": 12}
    started = world.owner.ok("POST", f"{path}/deployments", body)
    finished(bench, started)
    deployment = world.owner.ok("GET", f"{path}/deployments/{started['deployment']['id']}")
    report = deployment["report"]
    assert (deployment["verdict"], deployment["needs_consent"], report["reasons"]) == ("pass", False, [])
    assert report["windows"] == 12
    assert report["scores"] == {"equal": 48, "different": 0}
    assert report["features"]["equal_bits"]
    files = world.owner.ok("GET", f"{path}/deployments/{deployment['id']}/files")
    assert {Path(file["name"]).suffix for file in files} >= {".elf", ".bin", ".hex"}
    for file in files:
        answer = world.owner.call("GET", f"{path}/deployments/{deployment['id']}/files/{file['name']}")
        assert len(answer.content) == file["bytes"]

    world.owner.ok("DELETE", f"{path}/trainings/{training['id']}")
    kept = world.owner.ok("GET", f"{path}/deployments/{deployment['id']}")
    assert (kept["training_id"], kept["training_number"], kept["verdict"]) == (None, 1, "pass")


def test_library_and_data_collection_are_built_without_a_verdict(world: World, bench: Bench) -> None:
    _, path = example(world)
    bench.start_worker()
    body = {"target": "data_collection", "board": "netduino_plus_2"}
    collecting = world.owner.ok("POST", f"{path}/deployments", body)
    training = world.owner.ok("POST", f"{path}/trainings")
    finished(bench, training)
    body = {"target": "c_library", "training_id": training["training"]["id"]}
    library = world.owner.ok("POST", f"{path}/deployments", body)
    for started in (collecting, library):
        finished(bench, started)
        made = world.owner.ok("GET", f"{path}/deployments/{started['deployment']['id']}")
        assert (made["verdict"], made["report"], made["needs_consent"]) == (None, None, False)
        assert made["files"]
    answer = world.owner.call("GET", f"{path}/deployments/{made['id']}/files/{made['files'][0]['name']}")
    members = zipfile.ZipFile(io.BytesIO(answer.content)).namelist()
    assert any(name.endswith("CMakeLists.txt") for name in members)


def test_training_that_cannot_work_says_why_and_keeps_its_log(world: World, bench: Bench) -> None:
    project = world.project()
    path = f"/projects/{project}"
    upload(world.owner, project, [(f"{n}.csv", csv(n, 200)) for n in range(4)], label="same", split="training")
    pipeline = world.owner.ok("POST", f"{path}/pipeline/suggest")["pipeline"]
    started = world.owner.ok("POST", f"{path}/trainings", {"pipeline": pipeline})
    bench.start_worker()
    finished(bench, started, "failed")
    training = world.owner.ok("GET", f"{path}/trainings/{started['training']['id']}")
    assert training["state"] == "failed"
    assert "same" in training["job"]["error"]["message"]
    assert "two labels" in training["job"]["error"]["hint"]
    assert training["metrics"] is None
    assert any("Failed" in line for line in training["log_tail"])
    world.owner.refused(409, "GET", f"{path}/trainings/{training['id']}/model")
    body = {"training_id": training["id"], "target": "firmware", "board": "mps2_an386"}
    world.owner.refused(409, "POST", f"{path}/deployments", body)


def test_training_learns_from_the_samples_as_they_were_when_it_was_started(world: World, bench: Bench) -> None:
    _, path = example(world)
    started = world.owner.ok("POST", f"{path}/trainings")
    world.owner.ok("POST", f"{path}/samples/bulk", {"action": "relabel", "label": "other", "filter": {}})
    world.owner.ok("POST", f"{path}/samples/bulk", {"action": "delete", "filter": {"split": "testing"}})
    bench.start_worker()
    finished(bench, started)
    training = world.owner.ok("GET", f"{path}/trainings/{started['training']['id']}")
    assert training["labels"] == ["circle", "idle", "shake", "wave"]
    assert training["lineage"]["testing_samples"] == 24


def test_training_whose_worker_is_killed_is_run_again_from_the_start(world: World, bench: Bench) -> None:
    _, path = example(world)
    saved = world.owner.ok("GET", f"{path}/pipeline")
    saved["pipeline"]["learn"]["params"] |= {"epochs": 100, "early_stopping": 0}
    started = world.owner.ok("POST", f"{path}/trainings", {"pipeline": saved["pipeline"]})
    trainings, job_id = f"{path}/trainings/{started['training']['id']}", uuid.UUID(started["job"]["id"])
    first = bench.start_worker()
    wait_until_epoch(world, trainings, 3)
    bench.kill(first)
    bench.start_worker()
    bench.wait_for(job_id, "done", 300)
    training = world.owner.ok("GET", trainings)
    assert [epoch["epoch"] for epoch in training["history"]] == list(range(1, 101))
    assert training["job"]["attempt"] == 2


def test_training_is_cancelled_within_a_second_or_two(world: World, bench: Bench) -> None:
    _, path = example(world)
    saved = world.owner.ok("GET", f"{path}/pipeline")
    saved["pipeline"]["learn"]["params"] |= {"epochs": 500, "early_stopping": 0}
    started = world.owner.ok("POST", f"{path}/trainings", {"pipeline": saved["pipeline"]})
    trainings = f"{path}/trainings/{started['training']['id']}"
    bench.start_worker()
    wait_until_epoch(world, trainings, 1)
    world.owner.ok("POST", f"{path}/jobs/{started['job']['id']}/cancel")
    training = world.owner.ok("GET", trainings)
    assert training["state"] == "cancelled"
    epochs = len(training["history"])
    assert 1 <= epochs < 500
    again = world.owner.ok("POST", f"{path}/trainings")  # the worker is free again
    finished(bench, again)
    assert len(world.owner.ok("GET", trainings)["history"]) <= epochs + 1


def wait_until_epoch(world: World, path: str, epoch: int) -> None:
    from tests.servers import wait_for

    wait_for("an epoch", lambda: len(world.owner.ok("GET", path)["history"]) >= epoch, 120)


def test_deployment_without_compiler_fails_with_what_to_install(world: World, bench: Bench, tmp_path: Path) -> None:
    _, path = example(world)
    started = world.owner.ok("POST", f"{path}/deployments", {"target": "data_collection", "board": "mps2_an386"})
    (tmp_path / "bin").mkdir()
    bench.start_worker(PATH=str(tmp_path / "bin"))
    finished(bench, started, "failed")
    deployment = world.owner.ok("GET", f"{path}/deployments/{started['deployment']['id']}")
    assert "arm-none-eabi-gcc is not installed" in deployment["job"]["error"]["message"]
    assert "apt" in deployment["job"]["error"]["hint"]
    assert deployment["files"] == []


def test_firmware_without_emulator_is_built_and_only_handed_out_on_purpose(
    world: World, bench: Bench, tmp_path: Path
) -> None:
    _, path = example(world)
    everything = bench.start_worker()
    started = world.owner.ok("POST", f"{path}/trainings")
    finished(bench, started)
    bench.kill(everything)
    folder = tmp_path / "bin"
    folder.mkdir()
    for place in os.environ["PATH"].split(os.pathsep):
        for program in Path(place).glob("*") if place else ():
            link = folder / program.name
            if not program.name.startswith("qemu-") and not link.exists():
                link.symlink_to(program)
    bench.start_worker(PATH=str(folder))
    body = {"training_id": started["training"]["id"], "target": "firmware", "board": "mps2_an386"}
    started = world.owner.ok("POST", f"{path}/deployments", body)
    finished(bench, started, "failed")
    deployment = world.owner.ok("GET", f"{path}/deployments/{started['deployment']['id']}")
    assert "qemu-system-arm is not installed" in deployment["job"]["error"]["message"]
    assert deployment["needs_consent"]
    file = f"{path}/deployments/{deployment['id']}/files/{deployment['files'][0]['name']}"
    assert "verified" in world.owner.refused(409, "GET", file)["message"]
    assert "verified" in world.owner.refused(409, "GET", f"{file}?unverified=true")["message"]
    assert world.owner.call("GET", f"{file}?unverified=yes-i-know").is_success


def test_large_archive_is_imported_in_the_background(
    world: World, bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    from backend.samples import upload as module

    monkeypatch.setattr(module, "ARCHIVE_BYTES", 100)
    project = str(bench.project_id)
    files = [
        (f"{label}/{number}.csv", csv(7 * number + len(label))) for label in ("walk", "run") for number in range(5)
    ]
    report = upload(world.owner, project, [("set.zip", zipped([*files, ("run/bad.csv", b"")]))])
    bench.start_worker()
    job_id = uuid.UUID(report["job_id"])
    bench.wait_for(job_id, "done")
    assert world.owner.ok("GET", f"/projects/{project}/samples")["total"] == 10
    log = "\n".join(bench.log(job_id))
    assert "10 samples of 10 files, 0 known already, 1 refused" in log
    assert "bad.csv" in log
