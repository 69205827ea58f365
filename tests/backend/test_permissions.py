"""Who may call what: every route, with every role. A route that is missing from the table fails the test."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi import FastAPI
from sqlalchemy import create_engine

from backend.database import load_tables
from backend.main import create_app, routers
from backend.permissions import LEAST_ROLE, Action, Role, allows
from backend.settings import Settings
from tests.people import PASSWORD, Person, World
from tests.servers import RedisServer

ANYBODY, ANY_KEY, ACCOUNT, BROWSER = "anybody", "any key", "account", "browser"
ROLES = ("viewer", "labeller", "editor", "admin", "owner")
P, S, T = "/projects/{project_id}", "/projects/{project_id}/samples", "/teams/{team_id}"

WHO = {
    "GET /status": ANYBODY,
    "GET /health": ANYBODY,
    "POST /setup": ANYBODY,
    "POST /session": ANYBODY,
    "GET /invitations/{token}": ANYBODY,
    "POST /invitations/{token}/accept": ANYBODY,
    "GET /session": ANY_KEY,
    "GET /projects": ANY_KEY,
    "GET /blocks": ANY_KEY,
    "GET /boards": ANY_KEY,
    "GET /targets": ANY_KEY,
    "GET /keys": ACCOUNT,
    "GET /teams": ACCOUNT,
    "POST /teams": ACCOUNT,
    "POST /projects": ACCOUNT,
    "POST /projects/example": ACCOUNT,
    "DELETE /session": BROWSER,
    "PATCH /users/me": BROWSER,
    "POST /keys": BROWSER,
    "DELETE /keys/{key_id}": BROWSER,
    f"GET {T}": "viewer",
    f"PATCH {T}": "admin",
    f"DELETE {T}": "owner",
    f"GET {T}/members": "viewer",
    f"PATCH {T}/members/{{user_id}}": "admin",
    f"DELETE {T}/members/{{user_id}}": "admin",
    f"GET {T}/invitations": "admin",
    f"POST {T}/invitations": "admin",
    f"DELETE {T}/invitations/{{invitation_id}}": "admin",
    f"GET {P}": "viewer",
    f"PATCH {P}": "editor",
    f"DELETE {P}": "owner",
    f"GET {P}/events": "viewer",
    f"GET {P}/jobs": "viewer",
    f"GET {P}/jobs/{{job_id}}": "viewer",
    f"GET {P}/jobs/{{job_id}}/log": "viewer",
    f"POST {P}/jobs/{{job_id}}/cancel": "editor",
    f"POST {P}/jobs/{{job_id}}/retry": "editor",
    f"GET {S}": "viewer",
    f"POST {S}": "labeller",
    f"POST {S}/recordings": "labeller",
    f"POST {S}/bulk": "labeller",  # relabelling; see the test below for the rest
    f"GET {S}/summary": "viewer",
    f"GET {S}/labels": "viewer",
    f"GET {S}/split": "viewer",
    f"POST {S}/split": "editor",
    f"GET {S}/{{sample_id}}": "viewer",
    f"PATCH {S}/{{sample_id}}": "labeller",
    f"DELETE {S}/{{sample_id}}": "editor",
    f"PUT {S}/{{sample_id}}/segments": "labeller",
    f"POST {S}/{{sample_id}}/restore": "editor",
    f"GET {S}/{{sample_id}}/signal": "viewer",
    f"GET {S}/{{sample_id}}/audio": "viewer",
    f"GET {S}/{{sample_id}}/file": "viewer",
    f"GET {P}/pipeline": "viewer",
    f"PUT {P}/pipeline": "editor",
    f"POST {P}/pipeline/suggest": "viewer",
    f"POST {P}/pipeline/preview": "viewer",
    f"GET {P}/trainings": "viewer",
    f"POST {P}/trainings": "editor",
    f"GET {P}/trainings/{{training_id}}": "viewer",
    f"DELETE {P}/trainings/{{training_id}}": "editor",
    f"GET {P}/trainings/{{training_id}}/model": "viewer",
    f"GET {P}/trainings/{{training_id}}/log": "viewer",
    f"GET {P}/deployments": "viewer",
    f"POST {P}/deployments": "editor",
    f"GET {P}/deployments/{{deployment_id}}": "viewer",
    f"DELETE {P}/deployments/{{deployment_id}}": "editor",
    f"GET {P}/deployments/{{deployment_id}}/files": "viewer",
    f"GET {P}/deployments/{{deployment_id}}/files/{{name}}": "viewer",
    f"GET {P}/devices": "viewer",
    f"POST {P}/devices": "labeller",
    f"DELETE {P}/devices/{{device_id}}": "labeller",
}
IN_PROJECT = [route for route in WHO if "{project_id}" in route]
IN_TEAM = [route for route in WHO if "{team_id}" in route]
NEEDS_BODY = {"POST", "PUT", "PATCH"}
NO_BODY = {
    "POST /invitations/{token}/accept",
    f"POST {P}/jobs/{{job_id}}/cancel",
    f"POST {P}/jobs/{{job_id}}/retry",
    f"POST {S}/{{sample_id}}/restore",
    f"POST {P}/pipeline/suggest",
    f"POST {P}/trainings",
    "POST /projects/example",
}
"""A call without a body is complete, besides those that only read."""


def routes_of_the_app() -> set[str]:
    routes = [route for router in routers() for route in router.routes]
    return {f"{method} {route.path}" for route in routes for method in route.methods}  # type: ignore[attr-defined]


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory, shared_redis: RedisServer) -> Iterator[World]:
    """One installation for all calls here, with a person of every role."""
    folder: Path = tmp_path_factory.mktemp("permissions")
    settings = Settings(
        database_url=f"sqlite:///{folder / 'mote.db'}",
        redis_url=shared_redis.url,
        data_dir=folder,
        frontend_dir=folder / "frontend",
        allowed_hosts=["testserver"],
    )
    engine = create_engine(settings.database)
    load_tables().create_all(engine)
    engine.dispose()
    app: FastAPI = create_app(settings)
    app.state.events.end_streams()  # an event stream that is let in ends at once
    owner = Person(app, "owner@example.org")
    owner.begin(owner.ok("POST", "/setup", {"email": owner.email, "name": "Olive", "password": PASSWORD}))
    yield World(app, owner, owner.ok("GET", "/teams")["items"][0]["id"])
    app.state.database.close()
    app.state.database.bus.close()


@pytest.fixture(scope="module")
def project(world: World) -> str:
    return world.project()


def call(person: Person, route: str, project: str = "", team: str = "") -> tuple[int, str, str]:
    """Call a route with ids of nothing below the project or team; status, code and message of the answer."""
    method, path = route.split()
    path = path.replace("{project_id}", project).replace("{team_id}", team)
    for name in ("token", "name"):
        path = path.replace(f"{{{name}}}", "nothing")
    while "{" in path:
        path = path[: path.index("{")] + str(uuid.uuid4()) + path[path.index("}") + 1 :]
    answer = person.call(method, path)
    is_json = answer.headers.get("content-type", "").startswith("application/json") and answer.content
    body = answer.json() if is_json else {}
    error = body.get("error", {}) if isinstance(body, dict) else {}
    return answer.status_code, error.get("code", ""), error.get("message", "")


def assert_let_in(answer: tuple[int, str, str], route: str) -> None:
    status, code, message = answer
    assert status < 500, (route, answer)
    assert code not in ("not_allowed", "not_signed_in"), (route, answer)
    assert "no such project" not in message, (route, answer)
    assert "no such team" not in message, (route, answer)
    if route.split()[0] in NEEDS_BODY and route not in NO_BODY:
        assert status == 422, (route, answer)


def test_every_route_is_in_the_table() -> None:
    assert routes_of_the_app() == set(WHO)


def test_every_route_is_documented_under_a_name_of_its_own(world: World) -> None:
    paths = world.app.openapi()["paths"]
    documented = {
        f"{method.upper()} {path.removeprefix('/api')}": operation["operationId"]
        for path, operations in paths.items()
        for method, operation in operations.items()
    }
    assert set(documented) == set(WHO)
    assert len(set(documented.values())) == len(documented)


def test_every_action_has_a_least_role_and_roles_only_grow() -> None:
    assert set(LEAST_ROLE) == set(Action)
    ranked = sorted(Role, key=lambda role: role.rank)
    for action in Action:
        allowed = [allows(role, action) for role in ranked]
        assert allowed == sorted(allowed)
        assert allowed[-1], "an owner may do everything"


@pytest.mark.parametrize("route", IN_PROJECT)
def test_role_in_the_project_decides(world: World, project: str, route: str) -> None:
    least = ROLES.index(WHO[route])
    assert call(world.visitor(), route, project)[:2] == (401, "not_signed_in")
    stranger = call(world.role("stranger"), route, project)
    assert stranger[0] == 404
    assert "no such project" in stranger[2]
    for role in ROLES[:least]:
        assert call(world.role(role), route, project)[:2] == (403, "not_allowed"), role
    for role in ROLES[least:]:
        target = world.project() if route == f"DELETE {P}" else project
        assert_let_in(call(world.role(role), route, target), route)


@pytest.mark.parametrize("action", ["delete", "restore", "move"])
def test_labeller_changes_many_labels_but_nothing_else(world: World, project: str, action: str) -> None:
    ids, path = [str(uuid.uuid4())], f"/projects/{project}/samples/bulk"
    more = {"split": "testing"} if action == "move" else {}
    world.role("labeller").refused(403, "POST", path, {"ids": ids, "action": action, **more})
    assert world.role("editor").call("POST", path, {"ids": ids, "action": action, **more}).status_code == 200
    assert world.role("labeller").call("POST", path, {"ids": ids, "action": "relabel", "label": "x"}).is_success


@pytest.mark.parametrize("route", IN_TEAM)
def test_role_in_the_team_decides(world: World, route: str) -> None:
    least = ROLES.index(WHO[route])
    assert call(world.visitor(), route, team=world.team_id)[:2] == (401, "not_signed_in")
    assert call(world.role("stranger"), route, team=world.team_id)[0] == 404
    for role in ROLES[:least]:
        assert call(world.role(role), route, team=world.team_id)[:2] == (403, "not_allowed"), role
    for role in ROLES[least:]:
        spare = route == f"DELETE {T}"
        team = world.owner.ok("POST", "/teams", {"name": "Spare"})["id"] if spare else world.team_id
        assert_let_in(call(world.role(role), route, team=team), route)


@pytest.mark.parametrize("route", [route for route in WHO if WHO[route] == ANYBODY])
def test_anybody_gets_an_answer(world: World, route: str) -> None:
    status, code, _ = call(world.visitor(), route)
    assert status < 500
    assert code != "not_allowed"


@pytest.mark.parametrize("route", [route for route in WHO if WHO[route] in (ANY_KEY, ACCOUNT, BROWSER)])
def test_route_without_a_project_takes_an_account(world: World, project: str, route: str) -> None:
    assert call(world.visitor(), route)[:2] == (401, "not_signed_in")
    narrow = world.owner.ok("POST", "/keys", {"name": "one project", "project_id": project})["secret"]
    wide = world.owner.ok("POST", "/keys", {"name": "all"})["secret"]
    may_use_key = {ANY_KEY: (True, True), ACCOUNT: (False, True), BROWSER: (False, False)}[WHO[route]]
    for secret, may in zip((narrow, wide), may_use_key, strict=True):
        answer = call(world.program(secret), route)
        if may:
            assert_let_in(answer, route)
        else:
            assert answer[:2] == (403, "not_allowed")
    browser = world.visitor()
    browser.begin(browser.ok("POST", "/session", {"email": "owner@example.org", "password": PASSWORD}))
    assert_let_in(call(browser, route), route)


@pytest.mark.parametrize("route", IN_PROJECT)
def test_key_of_another_project_is_a_stranger(world: World, project: str, route: str) -> None:
    other = world.project("Other")
    secret = world.owner.ok("POST", "/keys", {"name": "other", "project_id": other})["secret"]
    assert call(world.program(secret), route, project)[0] == 404


@pytest.mark.parametrize("route", [route for route in IN_PROJECT if "_id}" in route.replace("{project_id}", "")])
def test_row_that_does_not_exist_is_not_found(world: World, project: str, route: str) -> None:
    status, code, _ = call(world.owner, route, project)
    assert (status, code) in ((404, "not_found"), (422, "invalid")), route
    if route.split()[0] in ("GET", "DELETE") or route in NO_BODY:
        assert status == 404
