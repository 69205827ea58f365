"""What this installation says it can do."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from backend.bus import WORKER_KEY, Bus
from backend.settings import Settings
from backend.tools import Tool, Tools, Worker, list_workers
from tests.servers import RedisServer, run_redis


@pytest.fixture
def bus(own_redis: RedisServer) -> Bus:
    return Bus(Settings(redis_url=own_redis.url))


def check(bus: Bus, tmp_path: Path) -> dict[str, Tool]:
    return {tool.name: tool for tool in Tools(Settings(frontend_dir=tmp_path), bus).check()}


def add_worker(bus: Bus, *queues: str, tensorflow: bool) -> None:
    card = Worker(name="w", queues=list(queues), tensorflow=tensorflow)
    bus.redis.set(f"{WORKER_KEY}{card.name}", card.model_dump_json(), ex=10)


def test_missing_program_is_named_with_what_is_off_and_how_to_get_it(
    bus: Bus, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    tools = check(bus, tmp_path)
    for name in ("arm-none-eabi-gcc", "qemu-system-arm", "C compiler"):
        assert not tools[name].available
        assert tools[name].what_is_off
        assert "apt-get install" in tools[name].how_to_get


def test_program_that_is_there_says_its_version(bus: Bus, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = tmp_path / "arm-none-eabi-gcc"
    program.write_text("#!/bin/sh\necho 'gcc 12.2.1'\necho more\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/bin:/usr/bin")
    tool = check(bus, tmp_path)["arm-none-eabi-gcc"]
    assert (tool.available, tool.version, tool.what_is_off) == (True, "gcc 12.2.1", "")


def test_program_of_a_build_worker_elsewhere_counts(bus: Bus, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    card = Worker(name="w", queues=["build"], tensorflow=False, programs={"qemu-system-arm": "QEMU 7.2"})
    bus.redis.set(f"{WORKER_KEY}{card.name}", card.model_dump_json(), ex=10)
    tools = check(bus, tmp_path)
    assert (tools["qemu-system-arm"].available, tools["qemu-system-arm"].version) == (True, "QEMU 7.2")
    assert not tools["arm-none-eabi-gcc"].available


def test_worker_without_tensorflow_cannot_train(bus: Bus, tmp_path: Path) -> None:
    assert not check(bus, tmp_path)["training worker"].available
    add_worker(bus, "training", tensorflow=False)
    assert "TensorFlow" in check(bus, tmp_path)["training worker"].what_is_off
    add_worker(bus, "training", "build", tensorflow=True)
    tools = check(bus, tmp_path)
    assert tools["training worker"].available
    assert tools["build worker"].available


def test_redis_that_is_away_is_said_to_be_away_soon(tmp_path: Path) -> None:
    with run_redis() as server:
        bus = Bus(Settings(redis_url=server.url))
        server.kill()
        begin = time.monotonic()
        assert list_workers(bus) is None
        assert not check(bus, tmp_path)["redis"].available
        assert time.monotonic() - begin < 5


def test_programs_are_asked_for_their_version_once(bus: Bus, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = tmp_path / "qemu-system-arm"
    program.write_text(f"#!/bin/sh\necho asked >> {tmp_path}/asked\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/bin:/usr/bin")
    tools = Tools(Settings(frontend_dir=tmp_path), bus)
    for _ in range(3):
        tools.check()
    assert (tmp_path / "asked").read_text() == "asked\n"
