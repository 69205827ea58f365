"""Whatever is sent to a project's routes, the answer is never a 500 and always in the one shape of errors."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import create_engine

from backend.database import load_tables
from backend.main import create_app
from backend.settings import Settings
from tests.people import PASSWORD, Person, World
from tests.recordings import AXES, csv, upload_one
from tests.servers import RedisServer

ROUTES = (
    "POST samples/recordings",
    "POST samples/bulk",
    "POST samples/split",
    "PATCH samples/{sample}",
    "PUT samples/{sample}/segments",
    "PUT pipeline",
    "POST pipeline/preview",
    "POST trainings",
    "POST deployments",
    "POST devices",
)
WORDS = st.sampled_from(
    [
        *(
            "version",
            "name",
            "label",
            "split",
            "metadata",
            "segments",
            "start_s",
            "end_s",
            "ids",
            "filter",
            "action",
            "search",
        ),
        *(
            "relabel",
            "move",
            "delete",
            "restore",
            "undo",
            "undo_token",
            "rule",
            "kind",
            "key",
            "values",
            "n",
            "testing_percent",
        ),
        *(
            "hash",
            "group",
            "where",
            "files",
            "every",
            "last",
            "rate_hz",
            "axes",
            "unit",
            "values_f32",
            "pipeline",
            "window",
        ),
        *(
            "length_ms",
            "stride_ms",
            "pad",
            "zero",
            "repeat",
            "none",
            "blocks",
            "block",
            "params",
            "learn",
            "classifier",
        ),
        *("statistics", "raw", "mfcc", "spectral", "sample_id", "training_id", "target", "board", "windows", "sensor"),
        *("firmware", "c_library", "data_collection", "mps2_an386", "device_id", "training", "testing", "AAAA", ""),
    ]
)
LEAVES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.integers(-3, 2**64),
    st.floats(),
    WORDS,
    st.text(max_size=8),
    st.just("\u0000"),
)
VALUES = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(WORDS | st.text(max_size=4), inner, max_size=5),
    max_leaves=12,
)
PIPELINE = {"window": {"length_ms": 500, "stride_ms": 250}, "blocks": [{"block": "statistics"}]}
BODIES: dict[str, Any] = {
    "POST samples/recordings": {"name": "r", "rate_hz": 50, "axes": AXES, "values": [[1, 2]]},
    "POST samples/bulk": {"action": "move", "split": "testing", "filter": {"search": "x"}},
    "POST samples/split": {"rule": {"kind": "hash"}},
    "PATCH samples/{sample}": {"version": 1, "name": "x"},
    "PUT samples/{sample}/segments": {"version": 1, "segments": [{"start_s": 0, "end_s": 1, "label": "x"}]},
    "PUT pipeline": {"version": 0, "pipeline": PIPELINE},
    "POST pipeline/preview": {"sample_id": "{sample}", "start_s": 0, "pipeline": PIPELINE},
    "POST trainings": {"pipeline": PIPELINE},
    "POST deployments": {"target": "data_collection", "board": "mps2_an386", "windows": 5},
    "POST devices": {"device_id": "x", "name": "y"},
}
"""A good body of each route, to be damaged in one place."""


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory, shared_redis: RedisServer) -> Iterator[tuple[Person, str, str]]:
    """One installation for all: its owner, a project and a sample in it."""
    folder: Path = tmp_path_factory.mktemp("fuzz")
    url = f"sqlite:///{folder / 'mote.db'}"
    made = Settings(database_url=url, redis_url=shared_redis.url, data_dir=folder, allowed_hosts=["testserver"])
    engine = create_engine(made.database)
    load_tables().create_all(engine)
    engine.dispose()
    app = create_app(made)
    owner = Person(app, "owner@example.org")
    owner.begin(owner.ok("POST", "/setup", {"email": owner.email, "name": "Olive", "password": PASSWORD}))
    world = World(app, owner, owner.ok("GET", "/teams")["items"][0]["id"])
    project = world.project()
    yield owner, f"/projects/{project}", upload_one(owner, project)
    app.state.database.close()
    app.state.database.bus.close()


def send(bench: tuple[Person, str, str], route: str, body: bytes) -> None:
    person, project, sample = bench
    method, path = route.split()
    url = f"{project}/{path.replace('{sample}', sample)}"
    answer = person.call(method, url, content=body, headers={"Content-Type": "application/json"})
    assert answer.status_code < 500, (route, body, answer.text)
    if not answer.is_success:
        assert answer.json()["error"]["message"], (route, body, answer.text)


few = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.mark.parametrize("route", ROUTES)
@few
@given(value=VALUES)
@example(value=None)
@example(value=10**400)
def test_any_json_is_answered(bench: tuple[Person, str, str], route: str, value: Any) -> None:
    send(bench, route, json.dumps(value).encode())


@pytest.mark.parametrize("route", ROUTES)
@few
@given(data=st.data())
def test_good_body_damaged_in_one_place_is_answered(
    bench: tuple[Person, str, str], route: str, data: st.DataObject
) -> None:
    body = json.loads(json.dumps(BODIES[route]).replace("{sample}", bench[2]))
    place = data.draw(st.sampled_from(list(places(body))))
    send(bench, route, json.dumps(damaged(body, place, data.draw(VALUES))).encode())


def places(value: Any, here: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The way to every value inside a JSON value."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in inner:
        yield (*here, key)
        yield from places(item, (*here, key))


def damaged(value: Any, place: tuple[Any, ...], by: Any) -> Any:
    """A copy with one value replaced."""
    if not place:
        return by
    copy = dict(value) if isinstance(value, dict) else list(value)
    copy[place[0]] = damaged(copy[place[0]], place[1:], by)
    return copy


@pytest.mark.parametrize("route", ROUTES)
@few
@given(body=st.binary(max_size=60))
@example(body=b"[" * 100_000)
@example(body=b'{"a":' * 5000)
@example(body=b"\xff\xfe")
def test_any_bytes_are_answered(bench: tuple[Person, str, str], route: str, body: bytes) -> None:
    send(bench, route, body)


@few
@given(name=st.text(min_size=1, max_size=40), content=st.binary(max_size=200), options=VALUES)
def test_any_upload_is_answered(bench: tuple[Person, str, str], name: str, content: bytes, options: Any) -> None:
    person, project, _ = bench
    files = [("files", ("x", content, "")), ("files", ("y", csv(5), "text/csv"))]
    for extension in (".csv", ".wav", ".json", ".zip", ".labels", ""):
        data = {"paths": json.dumps([name + extension, "y.csv"]), "options": json.dumps(options)}
        answer = person.call("POST", f"{project}/samples", files=files, data=data)
        assert answer.status_code < 500, answer.text


@few
@given(
    query=st.dictionaries(
        st.sampled_from(
            ["search", "label", "split", "sort", "offset", "limit", "deleted", "start_s", "end_s", "points", "axis"]
        ),
        st.text(max_size=20) | st.floats().map(str) | st.integers().map(str),
    )
)
def test_any_query_is_answered(bench: tuple[Person, str, str], query: dict[str, str]) -> None:
    person, project, sample = bench
    for path in (
        "samples",
        f"samples/{sample}/signal",
        f"samples/{sample}/audio",
        "trainings",
        "deployments",
        "devices",
    ):
        answer = person.call("GET", f"{project}/{path}", params=query)
        assert answer.status_code < 500, (path, query, answer.text)
