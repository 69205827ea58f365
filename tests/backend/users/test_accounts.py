"""Accounts: first visit, signing in and out, passwords, keys, and what a browser must prove."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from fastapi import FastAPI
from sqlalchemy import select, update

from backend.database import Database, now
from backend.users.sign_in import hash_token
from backend.users.tables import ApiKey, SignedInSession, User
from tests.people import PASSWORD, Person, World

both = pytest.mark.parametrize("engine", ["sqlite", "postgresql"], indirect=True)
ADA = {"email": "ada@example.org", "name": "Ada", "password": PASSWORD}


@both
def test_first_visitor_creates_the_first_account_and_is_signed_in(app: FastAPI) -> None:
    ada = Person(app)
    assert ada.ok("GET", "/status")["needs_setup"] is True
    session = ada.ok("POST", "/setup", ADA)
    assert session["user"]["email"] == "ada@example.org"
    assert ada.ok("GET", "/session")["user"]["name"] == "Ada"
    assert ada.ok("GET", "/status")["needs_setup"] is False
    assert ada.ok("GET", "/teams")["items"][0]["role"] == "owner"


def test_nobody_can_set_up_a_second_time(world: World) -> None:
    assert world.visitor().refused(409, "POST", "/setup", ADA)["hint"]


@both
def test_two_first_visitors_at_once_make_one_account(app: FastAPI, database: Database) -> None:
    answers: list[int] = []
    start = threading.Barrier(4)

    def visit(number: int) -> None:
        start.wait()
        answers.append(Person(app).call("POST", "/setup", ADA | {"email": f"p{number}@example.org"}).status_code)

    threads = [threading.Thread(target=visit, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == [201, 409, 409, 409]
    with database.transaction(write=False) as session:
        assert len(session.scalars(select(User)).all()) == 1


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("password", "short"),
        ("password", "ada@example.org"),
        ("password", "aaaaaaaaaaaaaaa"),
        ("password", "x" * 2000),
        ("email", "ada"),
        ("email", "a da@example.org"),
        ("email", "a" * 300 + "@example.org"),
        ("name", "   "),
        ("admin", True),
    ],
)
def test_account_with_a_bad_field_is_refused_in_words(app: FastAPI, field: str, value: object) -> None:
    error = Person(app).refused(422, "POST", "/setup", ADA | {field: value})
    assert error["message"]
    assert error["hint"]


def test_email_address_is_the_same_in_capitals(world: World) -> None:
    visitor = world.visitor()
    visitor.ok("POST", "/session", {"email": " OWNER@Example.org ", "password": PASSWORD})


def test_password_is_stored_as_argon2id(world: World, database: Database) -> None:
    with database.transaction(write=False) as session:
        assert session.scalars(select(User.password_hash)).one().startswith("$argon2id$")


def test_wrong_password_and_unknown_address_get_the_same_answer(world: World) -> None:
    wrong = world.visitor().refused(401, "POST", "/session", {"email": "owner@example.org", "password": "no"})
    unknown = world.visitor().refused(401, "POST", "/session", {"email": "who@example.org", "password": "no"})
    assert wrong["message"] == unknown["message"]


@both
def test_sign_in_stops_after_five_failures_even_with_the_right_password(world: World) -> None:
    visitor = world.visitor()
    for _ in range(5):
        visitor.refused(401, "POST", "/session", {"email": "owner@example.org", "password": "wrong"})
    answer = visitor.call("POST", "/session", {"email": "owner@example.org", "password": PASSWORD})
    assert answer.status_code == 429
    assert 0 < int(answer.headers["Retry-After"]) <= 900
    assert visitor.call("POST", "/session", {"email": "other@example.org", "password": "x"}).status_code == 401


def test_failures_are_forgotten_after_signing_in(world: World) -> None:
    visitor = world.visitor()
    for _ in range(3):
        for _ in range(4):
            visitor.refused(401, "POST", "/session", {"email": "owner@example.org", "password": "wrong"})
        world.visitor().ok("POST", "/session", {"email": "owner@example.org", "password": PASSWORD})


def test_one_address_cannot_try_many_accounts(world: World) -> None:
    visitor = world.visitor()
    answers = [
        visitor.call("POST", "/session", {"email": f"p{number}@example.org", "password": "x"}).status_code
        for number in range(51)
    ]
    assert answers == [401] * 50 + [429]


def test_signing_out_ends_the_session_for_good(world: World) -> None:
    token = world.owner.http.cookies["mote_session"]
    world.owner.ok("DELETE", "/session")
    assert "mote_session" not in world.owner.http.cookies
    thief = world.visitor()
    thief.http.cookies["mote_session"] = token
    thief.refused(401, "GET", "/session")


def test_signing_in_gives_a_new_token_and_ends_the_old_one(world: World) -> None:
    visitor = world.visitor()
    visitor.http.cookies["mote_session"] = "planted by somebody else"
    visitor.ok("POST", "/session", {"email": "owner@example.org", "password": PASSWORD})
    tokens = [cookie.value for cookie in visitor.http.cookies.jar if cookie.name == "mote_session"]
    assert all(len(token or "") == 43 for token in tokens if token != "planted by somebody else")
    before = world.owner.http.cookies["mote_session"]
    world.owner.ok("POST", "/session", {"email": "owner@example.org", "password": PASSWORD})
    thief = world.visitor()
    thief.http.cookies["mote_session"] = before
    thief.refused(401, "GET", "/session")


def test_session_ends_when_its_time_is_over(world: World, database: Database) -> None:
    with database.transaction() as session:
        session.execute(update(SignedInSession).values(expires_at=now() - timedelta(seconds=1)))
    world.owner.refused(401, "GET", "/session")


def test_session_token_is_stored_as_a_hash(world: World, database: Database) -> None:
    token = world.owner.http.cookies["mote_session"]
    with database.transaction(write=False) as session:
        assert session.scalars(select(SignedInSession.token_hash)).one() == hash_token(token) != token


def test_session_cookie_is_hidden_from_scripts_and_other_sites(app: FastAPI) -> None:
    answer = Person(app).call("POST", "/setup", ADA)
    session, csrf = sorted(answer.headers.get_list("set-cookie"), reverse=True)
    assert session.startswith("mote_session=")
    assert "HttpOnly" in session
    assert "SameSite=lax" in session
    assert csrf.startswith("mote_csrf=")
    assert "HttpOnly" not in csrf


def test_cookies_are_marked_secure_over_https(app: FastAPI) -> None:
    person = Person(app)
    person.http.base_url = "https://testserver"  # type: ignore[assignment]
    assert all("Secure" in one for one in person.call("POST", "/setup", ADA).headers.get_list("set-cookie"))


@pytest.mark.parametrize("token", [None, "", "0" * 64, "not ascii: é"])
def test_change_without_the_csrf_header_is_refused(world: World, token: str | None) -> None:
    del world.owner.http.headers["X-CSRF-Token"]
    headers = {} if token is None else {"X-CSRF-Token": token.encode()}
    assert "X-CSRF-Token" in world.owner.refused(403, "POST", "/teams", {"name": "T"}, headers=headers)["hint"]
    world.owner.ok("GET", "/teams")


def test_csrf_token_of_another_session_is_refused(world: World) -> None:
    other = world.join("editor")
    world.owner.http.headers["X-CSRF-Token"] = other.http.headers["X-CSRF-Token"]
    world.owner.refused(403, "POST", "/teams", {"name": "T"})


@pytest.mark.parametrize(
    ("origin", "status"),
    [("http://testserver", 201), ("https://evil.example", 403), ("null", 403), ("http://testserver.evil.example", 403)],
)
def test_change_from_another_site_is_refused(world: World, origin: str, status: int) -> None:
    answer = world.owner.call("POST", "/teams", {"name": "T"}, headers={"Origin": origin})
    assert answer.status_code == status


def test_changing_the_name(world: World) -> None:
    assert world.owner.ok("PATCH", "/users/me", {"name": "Olivia"})["name"] == "Olivia"
    assert world.owner.ok("GET", "/session")["user"]["name"] == "Olivia"


def test_new_password_takes_the_current_one_and_signs_other_browsers_out(world: World) -> None:
    other = world.visitor()
    other.begin(other.ok("POST", "/session", {"email": "owner@example.org", "password": PASSWORD}))
    change = {"password": "another long password"}
    world.owner.refused(422, "PATCH", "/users/me", change)
    world.owner.refused(422, "PATCH", "/users/me", change | {"current_password": "wrong"})
    world.owner.refused(422, "PATCH", "/users/me", {"password": "short", "current_password": PASSWORD})
    world.owner.ok("PATCH", "/users/me", change | {"current_password": PASSWORD})
    world.owner.ok("GET", "/session")
    other.refused(401, "GET", "/session")
    world.visitor().refused(401, "POST", "/session", {"email": "owner@example.org", "password": PASSWORD})
    world.visitor().ok("POST", "/session", {"email": "owner@example.org", "password": "another long password"})


def test_key_is_shown_once_and_stored_as_a_hash(world: World, database: Database) -> None:
    made = world.owner.ok("POST", "/keys", {"name": "script"})
    assert made["secret"].startswith("mote_")
    assert made["secret"].startswith(made["prefix"])
    (listed,) = world.owner.ok("GET", "/keys")["items"]
    assert "secret" not in listed
    assert listed["prefix"] == made["prefix"]
    with database.transaction(write=False) as session:
        assert session.scalars(select(ApiKey.token_hash)).one() == hash_token(made["secret"])


def test_key_of_the_account_opens_all_without_csrf_and_remembers_its_use(world: World) -> None:
    program = world.program(world.owner.ok("POST", "/keys", {"name": "script"})["secret"])
    assert program.ok("GET", "/session") == {
        "user": world.owner.ok("GET", "/session")["user"],
        "csrf_token": None,
    }
    program.ok("POST", "/projects", {"name": "Made by a program"})
    assert world.owner.ok("GET", "/keys")["items"][0]["last_used_at"] is not None


def test_key_of_one_project_opens_nothing_else(world: World) -> None:
    mine, other = world.project("Mine"), world.project("Other")
    secret = world.owner.ok("POST", "/keys", {"name": "script", "project_id": mine})["secret"]
    program = world.program(secret)
    assert program.ok("GET", f"/projects/{mine}")["name"] == "Mine"
    assert [one["id"] for one in program.ok("GET", "/projects")["items"]] == [mine]
    program.refused(404, "GET", f"/projects/{other}")
    program.refused(403, "POST", "/projects", {"name": "New"})
    program.refused(403, "GET", "/teams")
    program.refused(403, "GET", f"/teams/{world.team_id}")
    program.refused(403, "GET", "/keys")


def test_key_never_outranks_its_maker(world: World) -> None:
    project, viewer = world.project(), world.role("viewer")
    program = world.program(viewer.ok("POST", "/keys", {"name": "script", "project_id": project})["secret"])
    program.ok("GET", f"/projects/{project}")
    program.refused(403, "PATCH", f"/projects/{project}", {"version": 1, "name": "Mine now"})
    world.owner.ok("DELETE", f"/teams/{world.team_id}/members/{viewer.user_id}")
    program.refused(401, "GET", f"/projects/{project}")


def test_key_cannot_make_keys_or_change_the_password(world: World) -> None:
    program = world.program(world.owner.ok("POST", "/keys", {"name": "script"})["secret"])
    program.refused(403, "POST", "/keys", {"name": "another"})
    program.refused(403, "PATCH", "/users/me", {"name": "X"})
    program.refused(403, "DELETE", "/session")


def test_revoked_key_opens_nothing(world: World) -> None:
    made = world.owner.ok("POST", "/keys", {"name": "script"})
    world.owner.ok("DELETE", f"/keys/{made['id']}")
    world.program(made["secret"]).refused(401, "GET", "/session")
    world.owner.refused(404, "DELETE", f"/keys/{made['id']}")


def test_admin_revokes_a_key_of_the_project_but_not_of_an_account(world: World) -> None:
    project, editor, admin = world.project(), world.role("editor"), world.role("admin")
    key = editor.ok("POST", "/keys", {"name": "script", "project_id": project})["id"]
    own = editor.ok("POST", "/keys", {"name": "everything"})["id"]
    assert [one["id"] for one in admin.ok("GET", f"/keys?project_id={project}")["items"]] == [key]
    world.role("viewer").refused(403, "GET", f"/keys?project_id={project}")
    world.role("viewer").refused(403, "DELETE", f"/keys/{key}")
    world.role("stranger").refused(404, "DELETE", f"/keys/{key}")
    admin.refused(404, "DELETE", f"/keys/{own}")
    admin.ok("DELETE", f"/keys/{key}")


@pytest.mark.parametrize("header", ["Bearer ", "Bearer mote_nonsense", "bearer x", "Bearer é"])
def test_invalid_key_is_refused_even_with_a_good_cookie(world: World, header: str) -> None:
    world.owner.refused(401, "GET", "/session", headers={"Authorization": header.encode()})


def test_key_for_a_project_of_others_cannot_be_made(world: World) -> None:
    project = world.project()
    world.role("stranger").refused(404, "POST", "/keys", {"name": "script", "project_id": project})
