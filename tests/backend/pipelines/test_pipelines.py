"""Blocks, saving and checking pipelines, suggestions, previews."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest

from mote.dsp import Extractor
from mote.pipeline import Pipeline
from tests.people import World
from tests.recordings import csv, upload, upload_one, wav

STATISTICS: dict[str, Any] = {
    "window": {"length_ms": 500, "stride_ms": 250, "pad": "zero"},
    "blocks": [{"block": "statistics"}],
}


@pytest.fixture
def project(world: World) -> str:
    return world.project()


@pytest.fixture
def path(project: str) -> str:
    return f"/projects/{project}/pipeline"


def test_blocks_describe_their_parameters(world: World) -> None:
    blocks = world.owner.ok("GET", "/blocks")
    assert {"raw", "statistics", "spectral", "mfe", "mfcc"} <= {block["name"] for block in blocks["dsp"]}
    (classifier,) = [block for block in blocks["learn"] if block["name"] == "classifier"]
    preset = next(param for param in classifier["params"] if param["name"] == "preset")
    assert {"dense", "conv1d", "ds_cnn"} <= set(preset["choices"])


@pytest.mark.parametrize("engine", ["sqlite", "postgresql"], indirect=True)
def test_pipeline_is_saved_with_a_version(world: World, path: str) -> None:
    assert world.owner.ok("GET", path) == {"version": 0, "pipeline": None, "updated_at": None}
    saved = world.owner.ok("PUT", path, {"version": 0, "pipeline": STATISTICS})
    assert saved["version"] == 1
    assert saved["pipeline"]["blocks"] == [{"block": "statistics", "axes": [], "params": {}}]
    assert world.owner.ok("GET", path)["pipeline"] == saved["pipeline"]
    second = {**STATISTICS, "label_threshold": 0.8}
    assert world.owner.ok("PUT", path, {"version": 1, "pipeline": second})["version"] == 2
    error = world.owner.refused(409, "PUT", path, {"version": 1, "pipeline": STATISTICS})
    assert error["current"]["pipeline"]["label_threshold"] == 0.8


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({"blocks": [{"block": "magic"}]}, "magic"),
        ({"blocks": [{"block": "mfcc", "params": {"coefficients": 0}}]}, "coefficients"),
        ({"blocks": [{"block": "mfcc", "params": {"colour": 3}}]}, "colour"),
        ({"blocks": []}, "blocks"),
        ({"learn": {"block": "oracle"}}, "oracle"),
        ({"learn": {"block": "classifier", "params": {"epochs": -1}}}, "epochs"),
        ({"window": {"length_ms": 0}}, "length_ms"),
        ({"window": {"length_ms": 1e999}}, "length_ms"),
        ({"label_threshold": 2}, "label_threshold"),
        ({"colour": "red"}, "colour"),
    ],
)
def test_pipeline_that_cannot_work_is_refused_in_words(world: World, path: str, change: Any, word: str) -> None:
    text = json.dumps({"version": 0, "pipeline": {**STATISTICS, **change}})
    error = world.owner.refused(422, "PUT", path, content=text.encode(), headers={"Content-Type": "application/json"})
    assert word in error["message"] + str(error.get("fields"))
    assert world.owner.ok("GET", path)["version"] == 0


def test_pipeline_that_does_not_fit_the_recordings_is_refused(world: World, project: str, path: str) -> None:
    upload_one(world.owner, project)
    body = {**STATISTICS, "blocks": [{"block": "statistics", "axes": ["gyrX"]}]}
    assert "gyrX" in world.owner.refused(422, "PUT", path, {"version": 0, "pipeline": body})["message"]


def test_suggestion_suits_the_recordings(world: World, project: str, path: str) -> None:
    assert "no samples" in world.owner.refused(422, "POST", f"{path}/suggest")["message"]
    upload(world.owner, project, [("yes.wav", wav(1, 8000)), ("no.wav", wav(2, 8000))], label="x")
    suggested = world.owner.ok("POST", f"{path}/suggest")["pipeline"]
    assert suggested["blocks"][0]["block"] in ("mfcc", "mfe")
    assert world.owner.ok("GET", path)["version"] == 0
    world.owner.ok("PUT", path, {"version": 0, "pipeline": suggested})


def test_recordings_that_do_not_go_together_give_no_suggestion(world: World, project: str, path: str) -> None:
    upload(world.owner, project, [("a.csv", csv(1)), ("b.csv", csv(2)), ("c.csv", csv(3, rate_hz=50))], label="x")
    error = world.owner.refused(422, "POST", f"{path}/suggest")
    assert "50 Hz" in error["message"]
    assert error["hint"]


def test_preview_shows_the_window_and_what_the_blocks_make_of_it(world: World, project: str, path: str) -> None:
    sample = upload_one(world.owner, project)
    segments = [{"start_s": 0.3, "end_s": 1.0, "label": "walk"}]
    world.owner.ok("PUT", f"/projects/{project}/samples/{sample}/segments", {"version": 1, "segments": segments})
    signal = world.owner.ok("GET", f"/projects/{project}/samples/{sample}/signal")
    body = {"sample_id": sample, "start_s": 0.4, "pipeline": STATISTICS}
    shown = world.owner.ok("POST", f"{path}/preview", body)
    window = shown["window"]
    assert (window["start_s"], window["length_s"], window["readings"], window["real_readings"]) == (0.4, 0.5, 50, 50)
    np.testing.assert_allclose(window["values"], [line[40:90] for line in signal["values"]], rtol=1e-6)
    assert (shown["label"], shown["windows_per_sample"]) == ("walk", 3)
    (block,) = shown["blocks"]
    extractor = Extractor(Pipeline.model_validate(STATISTICS), 100.0, ["x", "y"])
    values = np.array(window["values"], np.float32).T[None]
    assert np.ravel(block["values"]) == pytest.approx(extractor.extract(np.ascontiguousarray(values))[0])
    assert len(block["names"]) == block["cols"]
    memory = shown["memory"]
    assert memory["features"] == extractor.features
    assert memory["ram_bytes"] == memory["window_bytes"] + memory["features_bytes"] + memory["scratch_bytes"]


def test_preview_at_the_end_is_padded_and_without_label_where_there_is_none(
    world: World, project: str, path: str
) -> None:
    sample = upload_one(world.owner, project, label=None)
    world.owner.ok("PUT", path, {"version": 0, "pipeline": STATISTICS})
    shown = world.owner.ok("POST", f"{path}/preview", {"sample_id": sample, "start_s": 0.9})
    assert shown["window"]["real_readings"] == 10
    assert shown["window"]["values"][0][10:] == [0.0] * 40
    assert shown["label"] is None


@pytest.mark.parametrize(
    "change",
    [
        {"start_s": 1.0},
        {"start_s": 1e300},
        {"start_s": -1},
        {"start_s": "x"},
        {"sample_id": "x"},
        {"pipeline": {"blocks": []}},
        {"pipeline": {**STATISTICS, "blocks": [{"block": "none"}]}},
        {"pipeline": {"window": {"length_ms": 600_000}, "blocks": [{"block": "raw"}] * 17}},
    ],
)
def test_bad_preview_is_refused(world: World, project: str, path: str, change: Any) -> None:
    sample = upload_one(world.owner, project)
    world.owner.refused(422, "POST", f"{path}/preview", {"sample_id": sample, "pipeline": STATISTICS, **change})


def test_window_too_large_to_be_shown_is_refused(world: World, project: str, path: str) -> None:
    report = upload(world.owner, project, [("yes.wav", wav(1, 8000, 48_000))], label="yes")
    pipeline = {"window": {"length_ms": 60_000}, "blocks": [{"block": "raw"}]}
    body = {"sample_id": report["imported"][0]["sample_ids"][0], "pipeline": pipeline}
    error = world.owner.refused(422, "POST", f"{path}/preview", body)
    assert error["hint"]


def test_preview_without_any_pipeline_says_so(world: World, project: str, path: str) -> None:
    sample = upload_one(world.owner, project)
    assert "pipeline" in world.owner.refused(409, "POST", f"{path}/preview", {"sample_id": sample})["message"]


def test_preview_of_a_deleted_or_unknown_sample_is_not_found(world: World, project: str, path: str) -> None:
    sample = upload_one(world.owner, project)
    world.owner.ok("DELETE", f"/projects/{project}/samples/{sample}")
    for one in (sample, "00000000-0000-0000-0000-000000000000"):
        world.owner.refused(404, "POST", f"{path}/preview", {"sample_id": one, "pipeline": STATISTICS})


def test_example_project_comes_with_simulated_samples_and_a_pipeline(world: World) -> None:
    project = world.owner.ok("POST", "/projects/example", {})
    assert "simulated" in project["name"] + project["description"]
    assert project["counts"] == {"samples": 120, "training": 96, "testing": 24, "labels": 4}
    assert project["rate_hz"] == 100.0
    assert world.owner.ok("GET", f"/projects/{project['id']}/pipeline")["version"] == 1
    (item,) = world.owner.ok("GET", f"/projects/{project['id']}/samples?limit=1")["items"]
    assert (item["metadata"]["simulated"], item["format"], item["file_name"]) == ("yes", "simulated", None)
