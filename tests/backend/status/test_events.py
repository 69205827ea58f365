"""The event stream, over a real server process and a real Redis."""

from __future__ import annotations

import json
import os
import queue
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from backend.database import upgrade
from tests.people import PASSWORD
from tests.servers import RedisServer, free_port, stop, wait_for

pytestmark = pytest.mark.slow


@dataclass
class Server:
    """The application as `make run` starts it, and its owner's browser."""

    process: subprocess.Popen[bytes]
    http: httpx.Client
    log: Path

    def begin(self) -> str:
        """Create the first account and a project; its id."""
        account = {"email": "owner@example.org", "name": "Olive", "password": PASSWORD}
        self.http.headers["X-CSRF-Token"] = self.http.post("/api/setup", json=account).json()["csrf_token"]
        project_id: str = self.http.post("/api/projects", json={"name": "P"}).json()["id"]
        return project_id


@pytest.fixture
def server(tmp_path: Path, own_redis: RedisServer) -> Iterator[Server]:
    url, port = f"sqlite:///{tmp_path / 'mote.db'}", free_port()
    upgrade(url)
    names = {"MOTE_DATABASE_URL": url, "MOTE_REDIS_URL": own_redis.url, "MOTE_DATA_DIR": str(tmp_path)}
    command = [sys.executable, "-m", "uvicorn", "backend.main:app", "--host", "127.0.0.1", "--port", str(port)]
    with (tmp_path / "server.log").open("wb") as log:
        process = subprocess.Popen(command, env=os.environ | names, stdout=log, stderr=log)
    try:
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=20) as http:
            wait_for("the server", lambda: answers(http), 40)
            yield Server(process, http, tmp_path / "server.log")
    finally:
        stop(process)


def answers(http: httpx.Client) -> bool:
    try:
        return http.get("/api/health").status_code == 200
    except httpx.TransportError:
        return False


class Stream:
    """A browser's open event stream, read by a thread."""

    def __init__(self, server: Server, project_id: str) -> None:
        self.notes: queue.Queue[dict[str, Any]] = queue.Queue()
        self.opened = threading.Event()
        self.ended = threading.Event()
        self._thread = threading.Thread(target=self._read, args=(server, project_id), daemon=True)
        self._thread.start()
        assert self.opened.wait(10)
        time.sleep(0.3)

    def _read(self, server: Server, project_id: str) -> None:
        with server.http.stream("GET", f"/api/projects/{project_id}/events", timeout=60) as answer:
            assert answer.headers["content-type"].startswith("text/event-stream")
            self.opened.set()
            try:
                for line in answer.iter_lines():
                    if line.startswith("data:"):
                        self.notes.put(json.loads(line.removeprefix("data:")))
            finally:
                self.ended.set()

    def next(self, seconds: float = 10) -> dict[str, Any]:
        return self.notes.get(timeout=seconds)


def test_open_page_hears_of_a_change(server: Server) -> None:
    project = server.begin()
    stream = Stream(server, project)
    server.http.patch(f"/api/projects/{project}", json={"version": 1, "name": "New"})
    assert stream.next() == {"kind": "project", "id": project}


def test_page_is_told_to_load_again_after_redis_was_away(server: Server, own_redis: RedisServer) -> None:
    project = server.begin()
    stream = Stream(server, project)
    own_redis.kill()
    begin = time.monotonic()
    assert server.http.patch(f"/api/projects/{project}", json={"version": 1, "name": "A"}).status_code == 200
    assert time.monotonic() - begin < 5
    own_redis.start()
    assert stream.next(15)["kind"] == "resync"
    server.http.patch(f"/api/projects/{project}", json={"version": 2, "name": "B"})
    assert stream.next()["kind"] == "project"


def test_server_ends_within_seconds_while_a_stream_is_open(server: Server) -> None:
    stream = Stream(server, server.begin())
    begin = time.monotonic()
    server.process.send_signal(signal.SIGTERM)
    server.process.wait(10)
    assert time.monotonic() - begin < 5
    assert stream.ended.wait(5)
    assert "Traceback" not in server.log.read_text()


def test_stream_of_a_stranger_is_refused(server: Server) -> None:
    project = server.begin()
    assert httpx.get(f"{server.http.base_url}/api/projects/{project}/events").status_code == 401


def test_process_that_serves_never_loads_tensorflow_and_stays_small(server: Server) -> None:
    server.begin()
    server.http.get("/api/status")
    status = Path(f"/proc/{server.process.pid}/status").read_text()
    resident_kb = next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmRSS"))
    assert resident_kb < 200 * 1024
    assert "tensorflow" not in Path(f"/proc/{server.process.pid}/maps").read_text()
