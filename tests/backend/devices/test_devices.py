"""Devices: seen, renamed, forgotten."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from tests.people import World

both = pytest.mark.parametrize("engine", ["sqlite", "postgresql"], indirect=True)


@pytest.fixture
def path(world: World) -> str:
    return f"/projects/{world.project()}/devices"


@both
def test_device_is_known_once_and_keeps_its_name(world: World, path: str) -> None:
    seen = world.role("labeller").ok("POST", path, {"device_id": "ab:cd", "board": "mps2_an386", "firmware": "0.1.0"})
    assert (seen["name"], seen["board"]) == ("ab:cd", "mps2_an386")
    world.owner.ok("POST", path, {"device_id": "ab:cd", "name": "On the fan"})
    again = world.owner.ok("POST", path, {"device_id": "ab:cd", "firmware": "0.2.0"})
    assert (again["id"], again["name"], again["board"], again["firmware"]) == (
        seen["id"],
        "On the fan",
        "mps2_an386",
        "0.2.0",
    )
    assert again["last_seen_at"] > seen["last_seen_at"]
    other = world.owner.ok("POST", path, {"device_id": "ef:01"})
    page = world.owner.ok("GET", path)
    assert (page["total"], [item["id"] for item in page["items"]]) == (2, [other["id"], seen["id"]])


@both
def test_device_seen_by_many_at_once_is_known_once(world: World, path: str) -> None:
    with ThreadPoolExecutor(4) as pool:
        ids = set(pool.map(lambda _: world.owner.ok("POST", path, {"device_id": "x"})["id"], range(8)))
    assert len(ids) == 1


def test_device_can_be_forgotten(world: World, path: str) -> None:
    device = world.owner.ok("POST", path, {"device_id": "x"})["id"]
    other = f"/projects/{world.project('Other')}/devices/{device}"
    world.owner.refused(404, "DELETE", other)
    world.owner.ok("DELETE", f"{path}/{device}")
    world.owner.refused(404, "DELETE", f"{path}/{device}")
    assert world.owner.ok("GET", path) == {"items": [], "total": 0}


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"device_id": ""},
        {"device_id": "x" * 121},
        {"device_id": "a\u0000"},
        {"device_id": 5},
        {"device_id": "x", "colour": 1},
        [],
    ],
)
def test_bad_device_is_refused(world: World, path: str, body: Any) -> None:
    world.owner.refused(422, "POST", path, body)
