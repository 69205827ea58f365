"""What every request passes: host names, sizes, headers, the frontend, and errors nobody expected."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from fastapi import FastAPI

from backend.settings import Settings
from tests.people import Person, World


def test_every_answer_carries_the_security_headers(world: World) -> None:
    for path in ("/status", "/nothing", "/session", "/../"):
        headers = world.visitor().call("GET", path).headers
        assert "default-src 'self'" in headers["Content-Security-Policy"]
        assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
        assert "serial=(self)" in headers["Permissions-Policy"]
        assert "microphone=(self)" in headers["Permissions-Policy"]
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["X-Request-ID"]


def test_answers_of_the_api_are_not_kept(world: World) -> None:
    assert world.owner.call("GET", "/session").headers["Cache-Control"] == "no-store"


def test_other_host_names_are_refused(world: World) -> None:
    error = world.visitor().refused(403, "GET", "/status", headers={"Host": "evil.example"})
    assert "MOTE_ALLOWED_HOSTS" in error["hint"]
    world.visitor().ok("GET", "/status", headers={"Host": "localhost:8000"})


def test_unknown_address_of_the_api_is_not_found_in_json(world: World) -> None:
    assert world.visitor().refused(404, "GET", "/nothing")["code"] == "not_found"
    assert "DELETE /api/status" in world.visitor().refused(404, "DELETE", "/status")["message"]


def test_body_that_is_no_json_is_refused_in_words(world: World) -> None:
    answer = world.owner.call("POST", "/teams", content=b"{not json", headers={"Content-Type": "application/json"})
    assert answer.status_code == 422
    assert answer.json()["error"]["code"] == "invalid"


@pytest.fixture
def small(settings: Settings, world: World) -> World:
    """The installation, taking 4 KiB in a body and 8 KiB in an upload."""
    settings.max_body_bytes, settings.max_upload_bytes = 4096, 8192
    return world


def test_body_announced_as_too_large_is_refused_before_it_is_read(small: World) -> None:
    error = small.owner.refused(413, "POST", "/teams", {"name": "x" * 5000})
    assert error["code"] == "too_large"
    assert error["hint"]


def test_body_that_grows_too_large_is_cut_off(small: World) -> None:
    def endless() -> Iterator[bytes]:
        for _ in range(100):
            yield b"x" * 1024

    answer = small.owner.call("POST", "/teams", content=endless(), headers={"Content-Type": "application/json"})
    assert answer.status_code == 413
    assert answer.json()["error"]["code"] == "too_large"


def test_length_that_is_a_lie_is_refused(small: World) -> None:
    for length in ("-1", "x", "9" * 30):
        headers = {"Content-Length": length, "Content-Type": "application/json"}
        answer = small.owner.call("POST", "/teams", content=b"{}", headers=headers)
        assert answer.status_code in (400, 413)


def test_large_body_of_nobody_is_refused_before_it_is_read(world: World) -> None:
    world.visitor().refused(401, "POST", "/teams", content=b"x" * 1_100_000)
    world.visitor().refused(401, "POST", "/teams", files={"files": b"x"})


def test_unexpected_error_is_answered_without_its_trace(app: FastAPI, caplog: pytest.LogCaptureFixture) -> None:
    def fails() -> None:
        raise RuntimeError("a secret detail")

    app.router.routes.insert(0, next(iter(_route(fails))))
    answer = Person(app).call("GET", "/fails")
    assert answer.status_code == 500
    error = answer.json()["error"]
    assert "secret" not in answer.text
    assert error["request_id"] in error["hint"]
    assert answer.headers["X-Request-ID"] == error["request_id"]
    assert error["request_id"] in caplog.text
    assert "a secret detail" in caplog.text


def _route(endpoint):  # type: ignore[no-untyped-def]
    router = FastAPI()
    router.get("/api/fails")(endpoint)
    return [route for route in router.routes if getattr(route, "path", "") == "/api/fails"]


@pytest.fixture
def built(settings: Settings, app: FastAPI) -> Person:
    """A visitor of an installation whose frontend is built."""
    folder = settings.frontend_dir
    (folder / "static" / "js").mkdir(parents=True)
    (folder / "index.html").write_text("<!doctype html><title>Mote</title>")
    (folder / "static" / "js" / "main.abc.js").write_text("1")
    (folder / "favicon.ico").write_text("icon")
    (folder.parent / "secret.txt").write_text("secret")
    return Person(app)


@pytest.mark.parametrize("path", ["/", "/projects/1/data", "/invitations/abc", "/index.html"])
def test_every_page_is_the_index_which_is_asked_for_each_time(built: Person, path: str) -> None:
    answer = built.http.get(path)
    assert answer.status_code == 200
    assert "Mote" in answer.text
    assert answer.headers["Cache-Control"] == "no-cache"


def test_hashed_file_is_kept_for_ever(built: Person) -> None:
    answer = built.http.get("/static/js/main.abc.js")
    assert "immutable" in answer.headers["Cache-Control"]
    assert built.http.get("/favicon.ico").headers["Cache-Control"] == "no-cache"


def test_missing_file_is_missing(built: Person) -> None:
    assert built.http.get("/static/js/old.js").status_code == 404
    assert built.http.get("/api").status_code == 404
    assert built.http.post("/projects").status_code == 405


@pytest.mark.parametrize(
    "path", ["/../secret.txt", "/%2e%2e/secret.txt", "/static/%2e%2e/%2e%2e/secret.txt", "//etc/passwd"]
)
def test_no_file_outside_the_frontend_is_served(built: Person, path: str) -> None:
    assert "secret" not in built.http.get(path).text


def test_page_that_is_not_built_says_so(app: FastAPI) -> None:
    assert "not built" in Person(app).http.get("/projects").text


@pytest.mark.parametrize("host", ["[::1", "", "a b", "evil.example:80"])
def test_odd_host_name_is_refused(world: World, host: str) -> None:
    world.visitor().refused(403, "GET", "/status", headers={"Host": host})
