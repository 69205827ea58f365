"""Jobs without a worker: the API, claims, the reaper."""

from __future__ import annotations

import threading
import uuid
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from backend import queue
from backend.database import Database, now
from backend.jobs import runs, service
from backend.jobs.reaper import LEASE, Reaper
from backend.jobs.runs import ClaimedJob
from backend.jobs.tables import Job, JobState, Lease
from backend.settings import Settings
from mote.errors import TrainingFailed
from tests.people import World
from tests.servers import RedisServer

both = pytest.mark.parametrize("engine", ["sqlite", "postgresql"], indirect=True)


@pytest.fixture
def project(world: World) -> uuid.UUID:
    return uuid.UUID(world.project())


@pytest.fixture(autouse=True)
def _empty_queues(shared_redis: RedisServer) -> None:
    with shared_redis.client() as client:
        client.flushall()


def start(database: Database, project: uuid.UUID, kind: str = "training") -> uuid.UUID:
    with database.transaction() as session:
        return queue.enqueue(session, project, kind, (kind, uuid.uuid4()), {"epochs": 3}).id


def read(database: Database, job_id: uuid.UUID) -> Job:
    with database.transaction(write=False) as session:
        return session.get_one(Job, job_id)


def claim(database: Database, job_id: uuid.UUID, worker: str = "w:1") -> ClaimedJob | None:
    with database.transaction() as session:
        return runs.claim(session, job_id, worker)


def change(database: Database, job_id: uuid.UUID, **values: Any) -> None:
    with database.transaction() as session:
        session.execute(update(Job).where(Job.id == job_id).values(**values))


def messages(redis: RedisServer, name: str) -> int:
    with redis.client() as client:
        return int(client.llen(name))  # type: ignore[arg-type]


def test_job_waits_in_the_queue_of_its_kind(database: Database, project: uuid.UUID, shared_redis: RedisServer) -> None:
    start(database, project, "training")
    start(database, project, "deployment")
    assert (messages(shared_redis, "training"), messages(shared_redis, "build")) == (1, 1)


def test_job_of_a_transaction_that_failed_does_not_exist(
    database: Database, project: uuid.UUID, shared_redis: RedisServer
) -> None:
    def fail() -> None:
        with database.transaction() as session:
            queue.enqueue(session, project, "training", ("training", uuid.uuid4()))
            raise RuntimeError("something else went wrong")

    with pytest.raises(RuntimeError):
        fail()
    assert messages(shared_redis, "training") == 0
    with database.transaction(write=False) as session:
        assert session.scalars(select(Job)).all() == []


def test_jobs_are_listed_newest_first(database: Database, project: uuid.UUID, world: World) -> None:
    ids = [str(start(database, project)) for _ in range(3)]
    listed = world.owner.ok("GET", f"/projects/{project}/jobs?limit=2")
    assert listed["total"] == 3
    assert [job["id"] for job in listed["items"]] == [ids[2], ids[1]]
    assert listed["items"][0]["state"] == "queued"
    assert listed["items"][0]["subject"]["kind"] == "training"
    assert world.owner.ok("GET", f"/projects/{project}/jobs?state=done")["total"] == 0
    world.owner.refused(422, "GET", f"/projects/{project}/jobs?state=lost")


def test_job_of_another_project_is_not_found(database: Database, project: uuid.UUID, world: World) -> None:
    job_id, other = start(database, project), world.project("Other")
    for method, path in (("GET", ""), ("GET", "/log"), ("POST", "/cancel"), ("POST", "/retry")):
        world.owner.refused(404, method, f"/projects/{other}/jobs/{job_id}{path}")


def test_log_is_read_in_parts(database: Database, project: uuid.UUID, world: World) -> None:
    job_id = start(database, project)
    with database.transaction() as session:
        runs.add_log(session, job_id, [(now(), f"line {number}") for number in range(5)])
    path = f"/projects/{project}/jobs/{job_id}/log"
    first = world.owner.ok("GET", f"{path}?limit=3")
    assert [line["text"] for line in first["lines"]] == ["line 0", "line 1", "line 2"]
    rest = world.owner.ok("GET", f"{path}?after={first['next']}")
    assert [line["text"] for line in rest["lines"]] == ["line 3", "line 4"]
    assert world.owner.ok("GET", f"{path}?after={rest['next']}") == {"lines": [], "next": rest["next"]}


@both
def test_job_is_claimed_by_one_of_many_workers(database: Database, project: uuid.UUID) -> None:
    job_id = start(database, project)
    claims: list[ClaimedJob | None] = []
    barrier = threading.Barrier(6)

    def work(number: int) -> None:
        barrier.wait()
        claims.append(claim(database, job_id, f"w:{number}"))

    threads = [threading.Thread(target=work, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    (winner,) = [one for one in claims if one]
    assert (winner.attempt, winner.run, winner.payload) == (1, 1, {"epochs": 3})
    assert read(database, job_id).state == "running"


@both
def test_worker_that_lost_its_job_cannot_write_any_more(database: Database, project: uuid.UUID) -> None:
    job_id = start(database, project)
    first = claim(database, job_id)
    assert first is not None
    with database.transaction() as session:
        queue.requeue(session, session.get_one(Job, job_id), "again")
    second = claim(database, job_id, "w:2")
    assert second is not None
    with database.transaction() as session:
        assert not runs.beat(session, first, 0.9, "I am back")
        assert not runs.finish(session, first, JobState.DONE, "Done")
        assert not runs.give_back(session, first, "here")
        assert runs.beat(session, second, 0.1, "Mine")
    job = read(database, job_id)
    assert (job.state, job.progress, job.message, job.worker) == ("running", 0.1, "Mine", "w:2")


def test_finished_job_keeps_its_error(database: Database, project: uuid.UUID, world: World) -> None:
    job_id = start(database, project)
    job = claim(database, job_id)
    assert job is not None
    with database.transaction() as session:
        runs.finish(session, job, JobState.FAILED, "Failed", TrainingFailed("One label.", hint="Add another."))
    shown = world.owner.ok("GET", f"/projects/{project}/jobs/{job_id}")
    assert shown["error"] == {"message": "One label.", "hint": "Add another."}
    assert shown["finished_at"] is not None


@both
def test_cancelling_twice_is_a_conflict_with_the_current_state(
    database: Database, project: uuid.UUID, world: World
) -> None:
    job_id = start(database, project)
    path = f"/projects/{project}/jobs/{job_id}"
    assert world.owner.ok("POST", f"{path}/cancel")["state"] == "cancelled"
    assert world.owner.refused(409, "POST", f"{path}/cancel")["current"]["state"] == "cancelled"
    assert claim(database, job_id) is None
    assert "Cancelled by Olive" in world.owner.ok("GET", f"{path}/log")["lines"][0]["text"]


def test_only_what_failed_or_was_cancelled_is_tried_again(database: Database, project: uuid.UUID, world: World) -> None:
    job_id = start(database, project)
    path = f"/projects/{project}/jobs/{job_id}"
    world.owner.refused(409, "POST", f"{path}/retry")
    world.owner.ok("POST", f"{path}/cancel")
    change(database, job_id, attempt=3)
    before = read(database, job_id).task_id
    again = world.owner.ok("POST", f"{path}/retry")
    assert (again["state"], again["attempt"], again["error"]) == ("queued", 0, None)
    assert read(database, job_id).task_id != before


def test_deleting_a_project_cancels_what_it_computes(database: Database, project: uuid.UUID, world: World) -> None:
    job_id = start(database, project)
    job = claim(database, job_id)
    assert job is not None
    world.owner.ok("DELETE", f"/projects/{project}")
    with database.transaction() as session:
        assert not runs.beat(session, job, 0.5, "still here")
        assert session.get(Job, job_id) is None


def test_subject_has_the_state_of_its_newest_job(database: Database, project: uuid.UUID) -> None:
    subject = uuid.uuid4()
    with database.transaction() as session:
        queue.enqueue(session, project, "training", ("training", subject))
        newest = queue.enqueue(session, project, "training", ("training", subject))
        assert service.latest_jobs(session, "training", [subject, uuid.uuid4()])[subject].id == newest.id
        service.cancel_for(session, "training", subject, "Olive")
        assert newest.state == "cancelled"


@pytest.fixture
def reaper(database: Database, settings: Settings) -> Reaper:
    return Reaper(database, settings)


def silent_since(settings: Settings) -> Any:
    return now() - timedelta(seconds=settings.job_stale_s + 1)


@both
def test_job_without_a_heartbeat_is_queued_again(
    database: Database, project: uuid.UUID, reaper: Reaper, settings: Settings, shared_redis: RedisServer
) -> None:
    job_id = start(database, project)
    claim(database, job_id)
    reaper.tick()
    assert read(database, job_id).state == "running"
    change(database, job_id, heartbeat_at=silent_since(settings))
    reaper.tick()
    job = read(database, job_id)
    assert (job.state, job.attempt) == ("queued", 1)
    assert "try 2 of 3" in job.message
    assert messages(shared_redis, "training") == 2


@both
def test_job_that_lost_three_workers_fails_with_the_reason(
    database: Database, project: uuid.UUID, reaper: Reaper, settings: Settings
) -> None:
    job_id = start(database, project)
    for _ in range(3):
        assert claim(database, job_id) is not None
        change(database, job_id, heartbeat_at=silent_since(settings))
        reaper.tick()
    job = read(database, job_id)
    assert (job.state, job.attempt) == ("failed", 3)
    assert "after 3 tries" in (job.error_message or "")
    assert job.error_hint


@both
def test_one_reaper_works_at_a_time_until_its_lease_ends(
    database: Database, project: uuid.UUID, reaper: Reaper, settings: Settings
) -> None:
    job_id = start(database, project)
    reaper.tick()
    claim(database, job_id)
    change(database, job_id, heartbeat_at=silent_since(settings))
    other = Reaper(database, settings)
    other.tick()
    assert read(database, job_id).state == "running"
    with database.transaction() as session:
        session.get_one(Lease, LEASE).expires_at = now() - timedelta(seconds=1)
    other.tick()
    assert read(database, job_id).state == "queued"


def test_lost_message_is_sent_again_once(
    database: Database, project: uuid.UUID, reaper: Reaper, shared_redis: RedisServer
) -> None:
    first, second = start(database, project), start(database, project)
    with shared_redis.client() as client:
        client.flushall()
    reaper.tick()
    assert messages(shared_redis, "training") == 0, "a message that was just sent may be on its way"
    for job_id in (first, second):
        change(database, job_id, sent_at=now() - timedelta(seconds=10))
    reaper.tick()
    reaper.tick()
    assert messages(shared_redis, "training") == 2


def test_waiting_behind_others_is_not_being_lost(
    database: Database, project: uuid.UUID, reaper: Reaper, shared_redis: RedisServer
) -> None:
    start(database, project)
    change(database, start(database, project), sent_at=now() - timedelta(seconds=1000))
    reaper.tick()
    assert messages(shared_redis, "training") == 2


def test_reaper_survives_a_redis_that_is_away(database: Database, project: uuid.UUID, settings: Settings) -> None:
    job_id = start(database, project)
    claim(database, job_id)
    change(database, job_id, heartbeat_at=silent_since(settings))
    database.bus.close()
    reaper = Reaper(database, settings)
    reaper.database.bus.redis.connection_pool.connection_kwargs["path"] = "/nowhere"
    reaper.tick()
    assert read(database, job_id).state == "queued"
