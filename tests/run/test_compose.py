"""docker-compose.yml without containers: the same commands and settings, on real PostgreSQL, Redis and S3 servers."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml

from backend import run
from mote.paths import ROOT
from tests.servers import RedisServer, free_port, postgres_database, stop, wait_for

OURS = ("migrate", "api", "training", "build")
CELERY_WORKERS = ("training", "build")


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    content: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
    return content


def test_every_service_has_a_user_that_is_not_root_but_the_one_that_hands_over_volumes(compose: dict[str, Any]) -> None:
    roots = {name for name, service in compose["services"].items() if service.get("user", "root") in ("root", "0")}
    assert roots == {"ownership"}
    assert compose["services"]["ownership"]["network_mode"] == "none"


def test_no_service_sees_the_docker_socket_or_is_privileged(compose: dict[str, Any]) -> None:
    assert "docker.sock" not in (ROOT / "docker-compose.yml").read_text()
    for service in compose["services"].values():
        assert not service.get("privileged")


def test_lasting_services_have_health_checks_and_restart(compose: dict[str, Any]) -> None:
    for name in ("postgres", "redis", "minio", "api", "training", "build"):
        service = compose["services"][name]
        assert service["healthcheck"]["test"], name
        assert service["restart"] == "unless-stopped", name


def test_services_can_be_scaled(compose: dict[str, Any]) -> None:
    for name in CELERY_WORKERS:
        service = compose["services"][name]
        assert "container_name" not in service
        assert "ports" not in service


def test_commands_are_those_of_the_supervisor(compose: dict[str, Any]) -> None:
    services = compose["services"]
    assert services["api"]["command"][1:] == run.api_command("0.0.0.0", 8000)[1:]
    for queue in CELERY_WORKERS:
        assert services[queue]["command"][1:] == run.worker_command(queue)[1:]


def test_passwords_are_asked_for_and_never_given(compose: dict[str, Any]) -> None:
    text = (ROOT / "docker-compose.yml").read_text()
    assert "${POSTGRES_PASSWORD:?" in text
    assert "${MINIO_PASSWORD:?" in text


class Stack:
    """The four services of ours as child processes."""

    def __init__(self, environment: dict[str, str], compose: dict[str, Any], port: int, folder: Path) -> None:
        self.environment, self.services, self.port, self.folder = environment, compose["services"], port, folder

    def command(self, service: str) -> list[str]:
        words = [sys.executable if word == "python" else str(word) for word in self.services[service]["command"]]
        return [{"8000": str(self.port), "0.0.0.0": "127.0.0.1"}.get(word, word) for word in words]

    def start(self, service: str) -> subprocess.Popen[bytes]:
        log = (self.folder / f"{service}.log").open("wb")
        return subprocess.Popen(self.command(service), env=self.environment, stdout=log, stderr=log, cwd=ROOT)


@pytest.fixture
def stack(
    compose: dict[str, Any], postgres_server: str, own_redis: RedisServer, s3_server: str, tmp_path: Path
) -> Iterator[Stack]:
    with ExitStack() as cleanup:
        url = cleanup.enter_context(postgres_database(postgres_server))
        environment = {
            **os.environ,
            "MOTE_DATABASE_URL": url.replace("postgresql://", "postgresql+psycopg://"),
            "MOTE_REDIS_URL": own_redis.url,
            "MOTE_STORAGE_URL": compose["services"]["api"]["environment"]["MOTE_STORAGE_URL"],
            "MOTE_S3_ENDPOINT_URL": s3_server,
            "MOTE_DATA_DIR": str(tmp_path / "data"),
        }
        stack = Stack(environment, compose, free_port(), tmp_path)
        subprocess.run(stack.command("migrate"), env=environment, cwd=ROOT, check=True)
        for service in ("api", *CELERY_WORKERS):
            cleanup.callback(stop, stack.start(service))
        yield stack


@pytest.mark.slow
def test_the_commands_work_together_on_postgresql_redis_and_s3(stack: Stack) -> None:
    with httpx.Client(base_url=f"http://127.0.0.1:{stack.port}/api", timeout=60) as client:

        def ready() -> bool:
            try:
                return client.get("/health").status_code == 200
            except httpx.TransportError:
                return False

        wait_for("the API", ready, 60)
        account = {"email": "ada@example.org", "name": "Ada", "password": "a long password"}
        assert client.post("/setup", json=account).is_success
        client.headers["X-CSRF-Token"] = client.cookies["mote_csrf"]
        project = client.post("/projects/example", json={}).raise_for_status().json()
        assert project["counts"]["samples"] > 0
        started = client.post(
            f"/projects/{project['id']}/deployments", json={"target": "data_collection", "board": "mps2_an386"}
        )
        job = started.raise_for_status().json()["job"]

        def state() -> str:
            return str(client.get(f"/projects/{project['id']}/jobs/{job['id']}").json()["state"])

        wait_for("the build", lambda: state() in ("done", "failed", "cancelled"), 120)
        assert state() == "done"


@pytest.mark.slow
def test_the_workers_answer_their_health_check(stack: Stack) -> None:
    inspect = [sys.executable, "-m", "celery", "--app", "worker.main", "inspect", "ping", "--timeout", "2"]

    def both_answer() -> bool:
        done = subprocess.run(inspect, env=stack.environment, cwd=ROOT, capture_output=True, text=True, check=False)
        return all(f"{queue}@" in done.stdout for queue in CELERY_WORKERS)

    wait_for("the workers", both_answer, 60)
