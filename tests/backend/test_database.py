"""Transactions: one commit a request, times in UTC, writers that wait for each other."""

from __future__ import annotations

import json
import threading
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from sqlalchemy import event, select, update
from sqlalchemy.orm import Session

from backend.database import Database, after_commit, now
from backend.projects.tables import Project
from backend.users.tables import SignInAttempt, User
from tests.people import World

both = pytest.mark.parametrize("engine", ["sqlite", "postgresql"], indirect=True)


@both
def test_time_comes_back_as_the_same_instant_in_utc(database: Database) -> None:
    elsewhere = datetime(2026, 1, 2, 3, 4, 5, 678901, tzinfo=timezone(timedelta(hours=5)))
    with database.transaction() as session:
        session.add(SignInAttempt(email="a@b", address="1", at=elsewhere))
    with database.transaction(write=False) as session:
        at = session.scalars(select(SignInAttempt.at)).one()
    assert at == elsewhere
    assert at.tzinfo is UTC


def test_time_without_a_zone_is_refused(database: Database) -> None:
    def store() -> None:
        with database.transaction() as session:
            session.add(SignInAttempt(email="a@b", address="1", at=datetime(2026, 1, 2)))

    with pytest.raises(Exception, match="time zone"):
        store()


@both
def test_writers_that_read_first_wait_for_each_other(database: Database, world: World) -> None:
    project = world.project()
    failures: list[BaseException] = []
    barrier = threading.Barrier(8)

    def add_one() -> None:
        try:
            barrier.wait()
            for _ in range(5):
                with database.transaction() as session:
                    before = session.scalars(select(Project).with_for_update()).one()
                    before.description += "x"
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=add_one) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert world.owner.ok("GET", f"/projects/{project}")["description"] == "x" * 40


def test_reader_does_not_wait_for_a_writer(database: Database, world: World) -> None:
    with database.transaction() as session:
        session.execute(update(User).values(name="Writing"))
        assert world.owner.ok("GET", "/session")["user"]["name"] == "Olive"


def test_messages_are_sent_after_the_commit_only(database: Database) -> None:
    said: list[str] = []

    def fail() -> None:
        with database.transaction() as session:
            after_commit(session, lambda: said.append("never"))
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    with database.transaction() as session:
        after_commit(session, lambda: said.append("sent"))
        assert said == []
    assert said == ["sent"]


def test_message_that_cannot_be_sent_does_not_undo_the_commit(database: Database) -> None:
    def fail() -> None:
        raise ConnectionError("Redis is away")

    with database.transaction() as session:
        session.add(SignInAttempt(email="a@b", address="1", at=now()))
        after_commit(session, fail)
    with database.transaction(write=False) as session:
        assert session.scalars(select(SignInAttempt)).all()


def test_request_whose_commit_fails_is_not_answered_as_done(world: World) -> None:
    project = world.project()

    def fail(_: Any) -> None:
        raise RuntimeError("the disk is full")

    event.listen(Session, "before_commit", fail)
    try:
        answer = world.owner.call("PATCH", f"/projects/{project}", {"version": 1, "name": "New"})
    finally:
        event.remove(Session, "before_commit", fail)
    assert answer.status_code == 500
    assert world.owner.ok("GET", f"/projects/{project}")["name"] == "Project"


@both
@pytest.mark.parametrize("name", ["nul\x00", "\ud800", "a\u202eb", "é" * 100, "🦉"])
def test_odd_text_is_stored_or_refused_but_never_breaks_the_server(world: World, name: str) -> None:

    body = json.dumps({"name": name}).encode()
    answer = world.owner.call("POST", "/projects", content=body, headers={"Content-Type": "application/json"})
    assert answer.status_code in (201, 422)
    if answer.is_success:
        assert world.owner.ok("GET", f"/projects/{answer.json()['id']}")["name"] == name


@both
@pytest.mark.parametrize("version", [0, -1, 2**31, 2**70])
def test_version_that_never_was_is_a_conflict(world: World, version: int) -> None:
    world.owner.refused(409, "PATCH", f"/projects/{world.project()}", {"version": version, "name": "New"})
