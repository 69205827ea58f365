"""A real Celery worker as a child, on a real Redis."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from sqlalchemy import select

from backend import queue
from backend.database import Database
from backend.jobs.tables import Job, JobLogLine, JobState
from backend.settings import Settings
from tests.people import World
from tests.servers import RedisServer, wait_for


@dataclass
class Bench:
    """A project whose jobs a test starts, and the workers it started for them."""

    app: FastAPI
    project_id: uuid.UUID
    settings: Settings
    folder: Path
    workers: list[subprocess.Popen[bytes]] = field(default_factory=list)

    @property
    def database(self) -> Database:
        found: Database = self.app.state.database
        return found

    def start_worker(self, **environment: str) -> subprocess.Popen[bytes]:
        names = {
            "MOTE_DATABASE_URL": self.settings.database_url,
            "MOTE_REDIS_URL": self.settings.redis_url,
            "MOTE_DATA_DIR": str(self.settings.data_dir),
            "MOTE_HEARTBEAT_S": "0.5",
            "MOTE_JOB_STALE_S": "3",
            "MOTE_REAPER_INTERVAL_S": "0.5",
        }
        command = [sys.executable, "-m", "celery", "--app", "tests.worker.app", "worker", "--loglevel", "INFO"]
        options = ["--queues", "training,build", "--concurrency", "1", "--hostname", f"{uuid.uuid4().hex}@%h"]
        with (self.folder / "worker.log").open("ab") as log:
            process = subprocess.Popen(
                [*command, *options],
                env=os.environ | names | environment,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        self.workers.append(process)
        return process

    def kill(self, process: subprocess.Popen[bytes]) -> None:
        """kill -9 of a worker with its children."""
        process.kill()
        process.wait()

    def start_job(self, do: str, **payload: Any) -> uuid.UUID:
        with self.database.transaction() as session:
            subject = ("test", uuid.uuid4())
            return queue.enqueue(session, self.project_id, "act", subject, {"do": do, **payload}).id

    def job(self, job_id: uuid.UUID) -> Job:
        with self.database.transaction(write=False) as session:
            return session.get_one(Job, job_id)

    def log(self, job_id: uuid.UUID) -> list[str]:
        with self.database.transaction(write=False) as session:
            lines = select(JobLogLine.text).where(JobLogLine.job_id == job_id).order_by(JobLogLine.id)
            return list(session.scalars(lines))

    def wait_for(self, job_id: uuid.UUID, state: str, seconds: float = 30) -> Job:
        try:
            wait_for(f"the job to be {state}", lambda: self.job(job_id).state == JobState(state), seconds)
        except BaseException:
            print((self.folder / "worker.log").read_text())
            raise
        return self.job(job_id)


@pytest.fixture
def settings(database_url: str, own_redis: RedisServer, tmp_path: Path) -> Settings:
    data, hosts = tmp_path / "data", ["testserver"]
    return Settings(database_url=database_url, redis_url=own_redis.url, data_dir=data, allowed_hosts=hosts)


@contextmanager
def ending_workers(bench: Bench) -> Iterator[Bench]:
    try:
        yield bench
    finally:
        for process in bench.workers:
            if process.poll() is None:
                process.send_signal(signal.SIGTERM)
        for process in bench.workers:
            try:
                process.wait(15)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


@pytest.fixture
def bench(app: FastAPI, world: World, settings: Settings, tmp_path: Path) -> Iterator[Bench]:
    with ending_workers(Bench(app, uuid.UUID(world.project()), settings, tmp_path)) as bench:
        yield bench
