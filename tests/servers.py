"""Real servers for tests, as children: Redis, PostgreSQL and S3. A missing program fails the test; it never skips."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import boto3
import psycopg
import pytest
import redis


def wait_for(what: str, ready: Callable[[], bool], seconds: float = 20) -> None:
    """Wait until something is so; fails the test when it does not come true."""
    until = time.monotonic() + seconds
    while not ready():
        if time.monotonic() > until:
            pytest.fail(f"waited {seconds} s in vain for {what}")
        time.sleep(0.05)


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def program(name: str) -> str:
    """Where a program is."""
    found = shutil.which(name)
    assert found, f"{name} is missing on this machine"
    return found


def as_user(name: str) -> list[str]:
    """Servers that refuse root run as another user."""
    if os.geteuid() != 0:
        return []
    return ["setpriv", f"--reuid={name}", f"--regid={name}", "--init-groups"]


def stop(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


@dataclass
class RedisServer:
    """A redis-server on a unix socket that can be killed and started again; it keeps nothing."""

    folder: Path
    process: subprocess.Popen[bytes] | None = None

    @property
    def socket(self) -> Path:
        return self.folder / "redis.sock"

    @property
    def url(self) -> str:
        return f"redis+socket://{self.socket}?virtual_host=0"

    def client(self) -> redis.Redis:
        return redis.Redis.from_url(f"unix://{self.socket}?db=0", decode_responses=True)

    def start(self) -> None:
        options = {"port": "0", "unixsocket": str(self.socket), "dir": str(self.folder), "save": ""}
        words = [word for name, value in options.items() for word in (f"--{name}", value)]
        self.process = subprocess.Popen([program("redis-server"), *words], stdout=subprocess.DEVNULL)
        wait_for("redis-server", self.is_up)

    def is_up(self) -> bool:
        try:
            with self.client() as client:
                return bool(client.ping())
        except redis.RedisError:
            return False

    def kill(self) -> None:
        assert self.process is not None
        self.process.kill()
        self.process.wait()


@contextmanager
def short_folder() -> Iterator[Path]:
    """A folder whose path leaves room for a unix socket's name (108 bytes)."""
    folder = Path(tempfile.mkdtemp(prefix="mote-"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def run_redis() -> Iterator[RedisServer]:
    with short_folder() as folder:
        server = RedisServer(folder)
        server.start()
        try:
            yield server
        finally:
            server.kill()


def postgres_program(name: str) -> str:
    """A program of PostgreSQL; Debian keeps them out of the PATH."""
    places = [*sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), reverse=True)]
    found = shutil.which(name) or next(map(str, places), None)
    assert found, f"{name} is missing: apt-get install postgresql"
    return found


@contextmanager
def run_postgres() -> Iterator[str]:
    """The URL of a real PostgreSQL server, without a database name."""
    user, port = as_user("postgres"), free_port()
    with short_folder() as folder:
        if user:
            shutil.chown(folder, "postgres")
        data = folder / "data"
        initdb = [postgres_program("initdb"), "-D", str(data), "-A", "trust", "-U", "mote", "-E", "UTF8"]
        subprocess.run([*user, *initdb, "--locale=C.UTF-8", "--no-sync"], check=True, stdout=subprocess.DEVNULL)
        settings = ["listen_addresses=127.0.0.1", f"unix_socket_directories={folder}", "fsync=off"]
        command = [postgres_program("postgres"), "-D", str(data), "-p", str(port)]
        with (folder / "log").open("wb") as log:
            flags = [word for setting in settings for word in ("-c", setting)]
            process = subprocess.Popen([*user, *command, *flags], stdout=log, stderr=log)
        url = f"postgresql://mote@127.0.0.1:{port}"
        try:
            wait_for("PostgreSQL", lambda: can_connect(url))
            yield url
        finally:
            stop(process)


def can_connect(url: str) -> bool:
    try:
        with psycopg.connect(f"{url}/postgres"):
            return True
    except psycopg.OperationalError:
        return False


@contextmanager
def postgres_database(server: str) -> Iterator[str]:
    """A new, empty database."""
    name = f"test_{uuid.uuid4().hex}"
    with psycopg.connect(f"{server}/postgres", autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    yield f"{server}/{name}"
    with psycopg.connect(f"{server}/postgres", autocommit=True) as connection:
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


@contextmanager
def run_s3() -> Iterator[str]:
    """The URL of an S3 server (moto's) with a bucket `mote`; the AWS_ variables hold keys for it."""
    os.environ |= {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test", "AWS_DEFAULT_REGION": "us-east-1"}
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        wait_for("moto's server", lambda: socket.socket().connect_ex(("127.0.0.1", port)) == 0, 60)
        url = f"http://127.0.0.1:{port}"
        boto3.client("s3", endpoint_url=url).create_bucket(Bucket="mote")
        yield url
    finally:
        stop(process)
