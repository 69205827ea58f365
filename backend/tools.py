"""Which programs and helpers this installation has, what is off without them and how to get them. Cheap, and cached."""

from __future__ import annotations

import shutil
import subprocess
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from typing import Any, TypeVar, cast

from pydantic import BaseModel
from redis.exceptions import RedisError

from backend.bus import WORKER_KEY, Bus
from backend.settings import Settings
from mote.paths import BUILD

PROGRAMS_KEPT_S = 60.0
WORKERS_KEPT_S = 2.0
T = TypeVar("T")


class Tool(BaseModel):
    """Something that a part of Mote needs."""

    name: str
    available: bool
    version: str = ""
    what_is_off: str = ""
    """What does not work without it."""
    how_to_get: str = ""


@dataclass(frozen=True)
class _Program:
    name: str
    commands: tuple[str, ...]
    what_is_off: str
    how_to_get: str

    def check(self) -> Tool:
        path = next(filter(None, map(shutil.which, self.commands)), None)
        version = _first_line(path) if path else ""
        return _tool(self.name, path is not None, version, self.what_is_off, self.how_to_get)


_PROGRAMS = (
    _Program(
        "arm-none-eabi-gcc",
        ("arm-none-eabi-gcc",),
        "Firmware for ARM boards cannot be built; the C library can be downloaded as source.",
        "apt-get install gcc-arm-none-eabi libnewlib-arm-none-eabi (macOS: brew install --cask gcc-arm-embedded)",
    ),
    _Program(
        "qemu-system-arm",
        ("qemu-system-arm",),
        "Firmware cannot be verified in an emulator before it is offered.",
        "apt-get install qemu-system-arm (macOS: brew install qemu)",
    ),
    _Program(
        "C compiler",
        ("cc", "gcc", "clang"),
        "Features cannot be computed on the server.",
        "apt-get install gcc libc6-dev (macOS: xcode-select --install)",
    ),
)


class Tools:
    """The checks of one application, with their answers kept for a while."""

    def __init__(self, settings: Settings, bus: Bus) -> None:
        self._settings, self._bus = settings, bus
        self._lock = threading.Lock()
        self._kept: dict[str, tuple[float, Any]] = {}

    def check(self) -> list[Tool]:
        """All tools."""
        programs = self._keep("programs", PROGRAMS_KEPT_S, check_programs)
        workers = self._keep("workers", WORKERS_KEPT_S, lambda: list_workers(self._bus))
        elsewhere = _programs_of(workers or [])
        here_or_there = [tool if tool.available else elsewhere.get(tool.name, tool) for tool in programs]
        return [*here_or_there, self._wasm(), *_worker_tools(workers)]

    def _keep(self, name: str, seconds: float, check: Callable[[], T]) -> T:
        with self._lock:
            until, found = self._kept.get(name, (0.0, None))
            if time.monotonic() > until:
                found = check()
                self._kept[name] = (time.monotonic() + seconds, found)
            return cast(T, found)

    def _wasm(self) -> Tool:
        places = (BUILD / "wasm" / "mote.wasm", self._settings.frontend_dir / "native" / "mote.wasm")
        off = "The browser cannot show features live or speak with a board over USB."
        get = "apt-get install clang lld wasi-libc libclang-rt-dev-wasm32, then make run"
        return _tool("C library for the browser (WebAssembly)", any(place.is_file() for place in places), "", off, get)


def _programs_of(workers: list[Worker]) -> dict[str, Tool]:
    """Programs that a build worker has, perhaps on another machine: builds run there."""
    found = {
        name: version for worker in workers if "build" in worker.queues for name, version in worker.programs.items()
    }
    return {name: Tool(name=name, available=True, version=version) for name, version in found.items()}


def _worker_tools(workers: list[Worker] | None) -> list[Tool]:
    redis = _tool("redis", workers is not None, "", "Jobs wait, and pages do not update.", "make run starts it")
    queues = {queue for worker in workers or () for queue in worker.queues}
    learns = any(worker.tensorflow for worker in workers or () if "training" in worker.queues)
    training = _tool(
        "training worker",
        learns,
        "",
        "Trainings wait." if "training" not in queues else "The training worker has no TensorFlow.",
        "make run starts it" if "training" not in queues else "uv sync --extra training",
    )
    build = _tool("build worker", "build" in queues, "", "Deployments wait.", "make run starts it")
    return [redis, training, build]


class Worker(BaseModel):
    """What a worker says of itself, every few seconds."""

    name: str
    queues: list[str]
    tensorflow: bool
    """Whether it can train."""
    programs: dict[str, str] = {}
    """Those of the programs that its machine has, and their versions."""


def check_programs() -> list[Tool]:
    """The programs of this machine."""
    return [program.check() for program in _PROGRAMS]


def list_workers(bus: Bus) -> list[Worker] | None:
    """What the living workers say of themselves; None when Redis does not answer."""
    try:
        keys = list(bus.redis.scan_iter(f"{WORKER_KEY}*", count=100))
        return [Worker.model_validate_json(text) for text in (bus.redis.mget(keys) if keys else ()) if text]
    except (RedisError, OSError):
        return None


def mote_version() -> str:
    """The version of this installation."""
    try:
        return version("mote-studio")
    except PackageNotFoundError:  # a checkout that was not installed
        return "0"


def _tool(name: str, available: bool, version: str, what_is_off: str, how_to_get: str) -> Tool:
    if available:
        return Tool(name=name, available=True, version=version)
    return Tool(name=name, available=False, what_is_off=what_is_off, how_to_get=how_to_get)


def _first_line(path: str) -> str:
    try:
        done = subprocess.run([path, "--version"], capture_output=True, text=True, timeout=5, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout.partition("\n")[0].strip()[:100]
