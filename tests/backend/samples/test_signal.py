"""Looking at and listening to recordings, and live ones coming in."""

from __future__ import annotations

import base64
import io
import json
import wave
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.samples.signal import decimate, group_edges
from tests.people import World
from tests.recordings import AXES, recording, upload, wav


@pytest.fixture
def project(world: World) -> str:
    return world.project()


@pytest.fixture
def path(project: str) -> str:
    return f"/projects/{project}/samples"


def record(world: World, path: str, values: Any, rate_hz: float = 100.0, **more: Any) -> str:
    axes = more.pop("axes", [{"name": f"a{n}"} for n in range(np.shape(values)[1])])
    text = base64.b64encode(np.asarray(values, "<f4").tobytes()).decode()
    body = {"name": "r", "rate_hz": rate_hz, "axes": axes, "values_f32": text, **more}
    return str(world.owner.ok("POST", f"{path}/recordings", body)["id"])


# --- signal ----------------------------------------------------------------------------------------------------------


def test_short_recording_is_given_as_it_is(world: World, path: str) -> None:
    values = np.arange(20, dtype=np.float32).reshape(10, 2) / 8
    sample = record(world, path, values)
    signal = world.owner.ok("GET", f"{path}/{sample}/signal")
    assert (signal["min"], signal["max"]) == (None, None)
    assert signal["values"] == values.T.tolist()
    assert (signal["t0"], signal["dt"], signal["rate_hz"], signal["duration_s"]) == (0, 0.01, 100.0, 0.1)


def test_long_recording_is_given_as_lowest_and_highest_of_each_group(world: World, path: str) -> None:
    values = np.random.default_rng(1).normal(size=(10_007, 3)).astype(np.float32)
    sample = record(world, path, values)
    signal = world.owner.ok("GET", f"{path}/{sample}/signal?points=100")
    groups = np.split(values, [(index * 10_007) // 100 for index in range(1, 100)])
    np.testing.assert_allclose(signal["min"], np.array([group.min(axis=0) for group in groups]).T, rtol=1e-6)
    np.testing.assert_allclose(signal["max"], np.array([group.max(axis=0) for group in groups]).T, rtol=1e-6)
    assert signal["values"] is None
    assert signal["dt"] * 100 == pytest.approx(100.07)


def test_stretch_of_a_recording(world: World, path: str) -> None:
    values = np.arange(1000, dtype=np.float32).reshape(1000, 1)
    sample = record(world, path, values)
    signal = world.owner.ok("GET", f"{path}/{sample}/signal?start_s=2&end_s=2.05")
    assert (signal["values"], signal["t0"]) == ([[200, 201, 202, 203, 204]], 2.0)
    assert world.owner.ok("GET", f"{path}/{sample}/signal?start_s=9.99&end_s=1e300")["values"] == [[999]]
    assert world.owner.ok("GET", f"{path}/{sample}/signal?start_s=1e300")["values"] == [[999]]


@pytest.mark.parametrize(
    "query", ["start_s=nan", "end_s=inf", "points=1", "points=1000000", "start_s=-1", "start_s=3&end_s=2", "points=x"]
)
def test_stretch_that_is_none_is_refused(world: World, path: str, query: str) -> None:
    sample = record(world, path, np.ones((1000, 1)))
    world.owner.refused(422, "GET", f"{path}/{sample}/signal?{query}")


def test_an_hour_of_sound_is_shown_in_pieces(world: World, path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    from backend.samples import signal

    monkeypatch.setattr(signal, "CHUNK_VALUES", 1000)
    values = np.random.default_rng(2).normal(size=(50_000, 2)).astype(np.float32)
    sample = record(world, path, values)
    shown = world.owner.ok("GET", f"{path}/{sample}/signal?points=77")
    assert shown["max"][1] == pytest.approx(
        [group.max() for group in np.split(values[:, 1], group_edges(50_000, 77)[1:-1])]
    )
    coarse = world.owner.ok("GET", f"{path}/{sample}/signal?points=5")  # groups larger than a piece
    assert coarse["min"][0] == pytest.approx(
        [group.min() for group in np.split(values[:, 0], group_edges(50_000, 5)[1:-1])]
    )


@settings(max_examples=60, deadline=None)
@given(readings=st.integers(1, 400), points=st.integers(2, 60), axes=st.integers(1, 3), seed=st.integers(0, 99))
def test_decimation_never_loses_a_peak(readings: int, points: int, axes: int, seed: int) -> None:
    if readings < points:
        return
    values = np.random.default_rng(seed).normal(size=(readings, axes)).astype(np.float32)
    edges = group_edges(readings, points)
    assert (edges[0], edges[-1]) == (0, readings)
    assert (np.diff(edges) > 0).all()
    low, high = decimate(iter([(0, points, values)]), edges, axes)
    assert (low.min(axis=0) == values.min(axis=0)).all()
    assert (high.max(axis=0) == values.max(axis=0)).all()
    assert (low <= high).all()


# --- sound -----------------------------------------------------------------------------------------------------------


def test_sound_comes_back_bit_for_bit(world: World, project: str, path: str) -> None:
    report = upload(world.owner, project, [("yes.wav", wav(1))], label="yes")
    answer = world.owner.call("GET", f"{path}/{report['imported'][0]['sample_ids'][0]}/audio")
    assert answer.headers["content-type"] == "audio/wav"
    with wave.open(io.BytesIO(answer.content)) as heard, wave.open(io.BytesIO(wav(1))) as sent:
        assert heard.getparams() == sent.getparams()
        assert heard.readframes(9999) == sent.readframes(9999)


def test_vibration_is_made_audible(world: World, path: str) -> None:
    values = 9.81 + 0.01 * np.sin(np.arange(5000) / 3)[:, None] * [1, 2]
    sample = record(world, path, values, 5000.0)
    with wave.open(io.BytesIO(world.owner.call("GET", f"{path}/{sample}/audio?axis=1").content)) as heard:
        assert heard.getframerate() == 5000
        sound = np.frombuffer(heard.readframes(5000), "<i2")
    assert np.abs(sound).max() == 32767
    assert abs(float(sound.mean())) < 50


def test_silence_stays_silent(world: World, path: str) -> None:
    sample = record(world, path, np.full((5000, 1), 3.0), 8000.0)
    assert not any(world.owner.call("GET", f"{path}/{sample}/audio").content[44:])


@pytest.mark.parametrize(
    ("rate_hz", "query"), [(100.0, ""), (8000.0, "?axis=1"), (8000.0, "?axis=-1"), (8000.0, "?axis=x"), (1e6, "")]
)
def test_what_cannot_be_heard_is_refused(world: World, path: str, rate_hz: float, query: str) -> None:
    sample = record(world, path, np.ones((100, 1)), rate_hz)
    world.owner.refused(422, "GET", f"{path}/{sample}/audio{query}")


def test_live_recording_has_no_file(world: World, path: str) -> None:
    sample = record(world, path, np.ones((100, 1)))
    assert "file" in world.owner.refused(404, "GET", f"{path}/{sample}/file")["message"]


# --- live recordings -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("engine", ["sqlite", "postgresql"], indirect=True)
def test_live_recording_is_stored_with_its_label(world: World, path: str) -> None:
    made = world.role("labeller").ok("POST", f"{path}/recordings", recording(label="wave", metadata={"device": "dk"}))
    assert (made["label"], made["readings"], made["duration_s"], made["format"]) == ("wave", 50, 1.0, "live")
    assert (made["metadata"], made["axes"], made["file_name"]) == ({"device": "dk"}, AXES, None)
    assert made["split"] in ("training", "testing")
    error = world.owner.refused(409, "POST", f"{path}/recordings", recording(label="other"))
    assert error["current"]["id"] == made["id"]


def test_rows_and_base64_are_the_same_recording(world: World, path: str) -> None:
    rows = [[0.5, -1.0], [2.25, 3.0]]
    body = {"name": "r", "rate_hz": 10, "axes": AXES, "values": rows}
    made = world.owner.ok("POST", f"{path}/recordings", body)
    signal = world.owner.ok("GET", f"{path}/{made['id']}/signal")
    assert signal["values"] == np.array(rows).T.tolist()
    text = base64.b64encode(np.array(rows, "<f4").tobytes()).decode()
    body = {"name": "r", "rate_hz": 10, "axes": AXES, "values_f32": text}
    assert world.owner.refused(409, "POST", f"{path}/recordings", body)["current"]["id"] == made["id"]


def test_live_recordings_follow_the_projects_rule(world: World, path: str) -> None:
    world.owner.ok("POST", f"{path}/split", {"rule": {"kind": "where", "key": "person", "values": ["bob"]}})
    sides = [
        world.owner.ok("POST", f"{path}/recordings", recording(seed, metadata={"person": person}))["split"]
        for seed, person in enumerate(["ann", "bob", "bob"])
    ]
    assert sides == ["training", "testing", "testing"]
    assert world.owner.ok("POST", f"{path}/recordings", recording(9))["split"] in ("training", "testing")
    assert world.owner.ok("POST", f"{path}/recordings", recording(10, split="testing"))["split"] == "testing"


@pytest.mark.parametrize(
    "change",
    [
        {"values_f32": None},
        {"values_f32": ""},
        {"values_f32": "###"},
        {"values_f32": "AAAA"},
        {"values_f32": "é"},
        {"values_f32": base64.b64encode(np.array([np.nan, 1], "<f4").tobytes()).decode()},
        {"values_f32": base64.b64encode(np.array([np.inf, 1], "<f4").tobytes()).decode()},
        {"values_f32": None, "values": []},
        {"values_f32": None, "values": [[1, 2], [3]]},
        {"values_f32": None, "values": [[1, 2], [3, "x"]]},
        {"values_f32": None, "values": [[1, 2], [3, 1e300]]},
        {"values": [[1, 2]]},
        {"rate_hz": 0},
        {"rate_hz": -1},
        {"rate_hz": 1e9},
        {"rate_hz": 1e-9},
        {"rate_hz": "fast"},
        {"axes": []},
        {"axes": [{"name": ""}, {"name": "y"}]},
        {"axes": [{"name": "x"}, {"name": "x"}]},
        {"axes": [{"name": f"a{n}"} for n in range(200)]},
        {"name": ""},
        {"name": "a\u0000"},
        {"label": ""},
        {"metadata": {"a": None}},
        {"split": "x"},
        {"unknown": 1},
    ],
)
def test_bad_recording_is_refused(world: World, path: str, change: dict[str, Any]) -> None:
    error = world.owner.refused(422, "POST", f"{path}/recordings", {**recording(), **change})
    assert len(error["message"]) < 2000
    assert world.owner.ok("GET", path)["total"] == 0


def test_nan_in_json_is_refused(world: World, path: str) -> None:
    body = {"name": "r", "rate_hz": 10, "axes": AXES, "values": [[1.0, float("nan")]]}
    kind = {"Content-Type": "application/json"}
    world.owner.refused(422, "POST", f"{path}/recordings", content=json.dumps(body).encode(), headers=kind)
