"""Jobs on a real worker: how they run, fail, are cancelled, and survive what dies around them."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

import pytest

from tests.people import World
from tests.servers import RedisServer, wait_for
from tests.worker.conftest import Bench

pytestmark = pytest.mark.slow
both = pytest.mark.parametrize("engine", ["sqlite", "postgresql"], indirect=True)


def is_alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


@both
def test_job_runs_to_its_end_with_progress_and_log(bench: Bench) -> None:
    bench.start_worker()
    job_id = bench.start_job("count", steps=5)
    job = bench.wait_for(job_id, "done")
    assert (job.attempt, job.progress, job.message) == (1, 1.0, "Done")
    assert job.started_at is not None
    assert job.finished_at is not None
    assert job.started_at <= job.finished_at
    assert bench.log(job_id) == [f"try 1: step {step} of 5" for step in range(1, 6)]


def test_jobs_that_fail_say_why_and_keep_their_log(bench: Bench) -> None:
    bench.start_worker()
    failing, crashing = bench.start_job("fail"), bench.start_job("crash")
    job = bench.wait_for(failing, "failed")
    assert job.error_message == "All samples have one label."
    assert job.error_hint == "Add samples of another label."
    assert bench.log(failing)[0] == "about to fail"
    crashed = bench.wait_for(crashing, "failed")
    assert "ZeroDivisionError" in (crashed.error_message or "")
    assert "Traceback" not in (crashed.error_message or "")


def test_job_of_an_unknown_kind_fails_in_words(bench: Bench) -> None:
    bench.start_worker()
    job_id = bench.start_job("count", steps=1)
    with bench.database.transaction() as session:
        from backend.jobs.tables import Job

        session.get_one(Job, job_id).kind = "unheard_of"
    job = bench.wait_for(job_id, "failed")
    assert "unheard_of" in (job.error_message or "")


@both
def test_cancelled_job_stops_within_a_second_and_the_worker_goes_on(bench: Bench, world: World) -> None:
    bench.start_worker()
    job_id = bench.start_job("count", steps=1000)
    bench.wait_for(job_id, "running")
    wait_for("progress", lambda: bench.job(job_id).progress > 0)
    begin = time.monotonic()
    answer = world.owner.ok("POST", f"/projects/{bench.project_id}/jobs/{job_id}/cancel")
    assert answer["state"] == "cancelled"
    assert time.monotonic() - begin < 1
    following = bench.start_job("count", steps=1)
    bench.wait_for(following, "done", 5)
    lines = len(bench.log(job_id))
    time.sleep(1)
    assert len(bench.log(job_id)) == lines
    assert bench.job(job_id).state == "cancelled"


def test_waiting_job_is_cancelled_and_never_runs(bench: Bench, world: World) -> None:
    job_id = bench.start_job("count", steps=1)
    world.owner.ok("POST", f"/projects/{bench.project_id}/jobs/{job_id}/cancel")
    bench.start_worker()
    bench.wait_for(bench.start_job("count", steps=1), "done")
    assert bench.job(job_id).state == "cancelled"
    assert bench.job(job_id).attempt == 0


def test_job_that_ignores_its_cancel_is_ended_with_the_programs_it_started(bench: Bench, world: World) -> None:
    bench.start_worker()
    job_id = bench.start_job("stubborn")
    bench.wait_for(job_id, "running")
    wait_for("its child", lambda: bool(bench.log(job_id)))
    child = int(bench.log(job_id)[0].split()[1])
    assert is_alive(child)
    world.owner.ok("POST", f"/projects/{bench.project_id}/jobs/{job_id}/cancel")
    wait_for("the end of its child", lambda: not is_alive(child), 15)
    bench.wait_for(bench.start_job("count", steps=1), "done", 15)
    assert bench.job(job_id).state == "cancelled"


def test_result_of_a_cancelled_job_is_not_stored(bench: Bench, world: World) -> None:
    bench.start_worker()
    job_id = bench.start_job("transact")
    bench.wait_for(job_id, "running")
    world.owner.ok("POST", f"/projects/{bench.project_id}/jobs/{job_id}/cancel")
    bench.wait_for(bench.start_job("count", steps=1), "done", 10)


def test_failed_job_is_tried_again_on_request(bench: Bench, world: World) -> None:
    bench.start_worker()
    job_id = bench.start_job("fail")
    bench.wait_for(job_id, "failed")
    path = f"/projects/{bench.project_id}/jobs/{job_id}"
    assert world.owner.ok("POST", f"{path}/retry")["state"] == "queued"
    wait_for("the second run", lambda: bench.log(job_id).count("about to fail") == 2)
    bench.wait_for(job_id, "failed")


@both
def test_job_whose_process_is_killed_is_run_again(bench: Bench) -> None:
    bench.start_worker()
    job_id = bench.start_job("die_once")
    job = bench.wait_for(job_id, "done")
    assert job.attempt == 2
    log = bench.log(job_id)
    assert (log[0], log[-1]) == ("try 1", "try 2")
    assert "has not been heard" in log[1]


@both
def test_job_whose_worker_is_killed_is_run_again_by_another(bench: Bench) -> None:
    first = bench.start_worker()
    job_id = bench.start_job("count", steps=100)
    bench.wait_for(job_id, "running")
    wait_for("progress", lambda: bench.job(job_id).progress > 0.05)
    child = int((bench.job(job_id).worker or "").rpartition(":")[2])
    bench.kill(first)
    bench.start_worker()
    job = bench.wait_for(job_id, "done", 60)
    assert job.attempt == 2
    assert not is_alive(child)


def test_job_goes_on_while_redis_is_killed_and_started_again(bench: Bench, own_redis: RedisServer) -> None:
    bench.start_worker()
    job_id = bench.start_job("count", steps=100)
    bench.wait_for(job_id, "running")
    wait_for("progress", lambda: bench.job(job_id).progress > 0)
    own_redis.kill()
    before = bench.job(job_id).progress
    wait_for("progress without Redis", lambda: bench.job(job_id).progress > before)
    own_redis.start()
    assert bench.wait_for(job_id, "done").attempt == 1
    assert bench.wait_for(bench.start_job("count", steps=1), "done", 30).attempt == 1


def test_message_that_redis_lost_is_sent_again(bench: Bench, own_redis: RedisServer) -> None:
    job_id = bench.start_job("count", steps=1)
    own_redis.kill()
    own_redis.start()
    bench.start_worker()
    assert bench.wait_for(job_id, "done").attempt == 1


def test_job_queued_while_redis_is_away_is_sent_later_and_its_request_does_not_wait(
    bench: Bench, own_redis: RedisServer
) -> None:
    own_redis.kill()
    begin = time.monotonic()
    job_id = bench.start_job("count", steps=1)
    assert time.monotonic() - begin < 5
    own_redis.start()
    bench.start_worker()
    bench.wait_for(job_id, "done")


def test_worker_that_must_stop_gives_its_job_back_at_once(bench: Bench) -> None:
    process = bench.start_worker()
    job_id = bench.start_job("count", steps=1000)
    bench.wait_for(job_id, "running")
    wait_for("progress", lambda: bench.job(job_id).progress > 0)
    process.send_signal(signal.SIGTERM)
    assert process.wait(10) == 0
    job = bench.job(job_id)
    assert (job.state, job.attempt) == ("queued", 0)


def test_worker_without_a_job_stops_at_once(bench: Bench) -> None:
    process = bench.start_worker()
    bench.wait_for(bench.start_job("count", steps=1), "done")
    process.send_signal(signal.SIGTERM)
    assert process.wait(10) == 0


def test_parent_of_the_worker_never_loads_tensorflow(bench: Bench, world: World) -> None:
    process = bench.start_worker()
    bench.wait_for(bench.start_job("count", steps=1), "done")
    mapped = Path(f"/proc/{process.pid}/maps").read_text()
    assert "tensorflow" not in mapped
    tools = {tool["name"]: tool["available"] for tool in world.visitor().ok("GET", "/status")["tools"]}
    assert (tools["training worker"], tools["build worker"], tools["redis"]) == (True, True, True)
    assert os.getpgid(process.pid) == process.pid
