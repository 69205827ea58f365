"""Projects: creating, listing, changing and deleting."""

from __future__ import annotations

import pytest

from tests.people import World

both = pytest.mark.parametrize("engine", ["sqlite", "postgresql"], indirect=True)


@both
def test_new_project_is_empty_and_mine(world: World) -> None:
    made = world.owner.ok("POST", "/projects", {"name": " Fan ", "description": "Is it blocked?"})
    assert (made["name"], made["description"], made["role"]) == ("Fan", "Is it blocked?", "owner")
    assert made["team_id"] == world.team_id
    assert made["counts"] == {"samples": 0, "training": 0, "testing": 0, "labels": 0}
    assert (made["rate_hz"], made["axes"]) == (None, [])
    assert world.owner.ok("GET", f"/projects/{made['id']}") == made


def test_projects_are_listed_last_changed_first_page_by_page(world: World) -> None:
    ids = [world.project(f"P{number}") for number in range(3)]
    world.owner.ok("PATCH", f"/projects/{ids[0]}", {"version": 1, "name": "Changed"})
    page = world.owner.ok("GET", "/projects?limit=2")
    assert page["total"] == 3
    assert [one["id"] for one in page["items"]] == [ids[0], ids[2]]
    assert [one["id"] for one in world.owner.ok("GET", "/projects?limit=2&offset=2")["items"]] == [ids[1]]
    assert world.role("stranger").ok("GET", "/projects")["total"] == 0


@pytest.mark.parametrize("query", ["limit=0", "limit=501", "offset=-1", "limit=x"])
def test_bad_page_is_refused(world: World, query: str) -> None:
    assert world.owner.refused(422, "GET", f"/projects?{query}")["fields"]


@both
def test_older_edit_never_overwrites_a_newer_one(world: World) -> None:
    project = world.project()
    world.owner.ok("PATCH", f"/projects/{project}", {"version": 1, "description": "Mine"})
    error = world.owner.refused(409, "PATCH", f"/projects/{project}", {"version": 1, "description": "Stale"})
    assert error["current"]["description"] == "Mine"
    assert error["current"]["version"] == 2


def test_project_goes_to_the_team_that_allows_it(world: World) -> None:
    viewer = world.role("viewer")
    viewer.refused(403, "POST", "/projects", {"name": "P", "team_id": world.team_id})
    assert viewer.ok("POST", "/projects", {"name": "P"})["team_id"] != world.team_id
    world.role("stranger").refused(404, "POST", "/projects", {"name": "P", "team_id": world.team_id})


def test_person_without_a_team_is_told_to_create_one(world: World) -> None:
    world.owner.ok("DELETE", f"/teams/{world.team_id}")
    assert "team" in world.owner.refused(409, "POST", "/projects", {"name": "P"})["hint"]


@pytest.mark.parametrize(
    "body", [{}, {"name": ""}, {"name": "x" * 101}, {"name": "P", "team_id": "no"}, {"name": "P", "colour": "red"}, []]
)
def test_bad_project_is_refused(world: World, body: object) -> None:
    world.owner.refused(422, "POST", "/projects", body)


def test_deleted_project_is_gone(world: World) -> None:
    project = world.project()
    world.owner.ok("DELETE", f"/projects/{project}")
    world.owner.refused(404, "GET", f"/projects/{project}")
    assert world.owner.ok("GET", "/projects")["total"] == 0


@both
def test_project_counts_its_samples_without_the_deleted_ones(world: World) -> None:
    project = world.project()
    path = f"/projects/{project}/samples"
    recording = {"rate_hz": 50.0, "axes": [{"name": "x", "unit": "g"}], "split": "training"}
    ids = []
    for number, label in enumerate(["on", "off", "on"]):
        values = [[float(number)]] * 100
        body = recording | {"name": f"r{number}", "label": label, "values": values}
        ids.append(world.owner.ok("POST", f"{path}/recordings", body)["id"])
    world.owner.ok("DELETE", f"{path}/{ids[1]}")
    seen = world.owner.ok("GET", f"/projects/{project}")
    assert seen["counts"]["samples"] == seen["counts"]["training"] + seen["counts"]["testing"] == 2
    assert seen["counts"]["labels"] == 1
    assert (seen["rate_hz"], seen["axes"]) == (50.0, [{"name": "x", "unit": "g"}])


@both
def test_example_project_says_that_it_is_simulated_and_has_all_it_needs(world: World) -> None:
    made = world.owner.ok("POST", "/projects/example", {})
    assert "simulated" in made["name"]
    assert "simulated" in made["description"]
    assert made["counts"]["labels"] == 4
    assert min(made["counts"]["training"], made["counts"]["testing"]) > 0
    assert len(made["axes"]) == 3
    assert world.owner.ok("GET", f"/projects/{made['id']}/pipeline")["pipeline"]["blocks"]
