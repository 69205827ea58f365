"""A real studio as a child process, and people who use it through a real browser."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil
import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Playwright, Request, WebError

from backend.settings import get_settings
from mote.client import Client, Json

OWNER = "owner@example.org"
PASSWORD = "correct horse battery"
STOP_S = 60
CHROMIUM_FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def built_frontend() -> Path:
    """The folder of the built page; the test fails with how to build it when it is missing."""
    folder = get_settings().frontend_dir
    assert (folder / "index.html").is_file(), f"{folder} has no index.html: make frontend/build/index.html"
    return folder


def eventually(what: str, ready: Callable[[], Any], seconds: float = 120) -> Any:
    """What `ready` gives as soon as that is something; fails the test when it does not come."""
    until = time.monotonic() + seconds
    while not (found := ready()):
        if time.monotonic() > until:
            pytest.fail(f"waited {seconds:g} s in vain for {what}")
        time.sleep(0.1)
    return found


@dataclass
class Studio:
    """A running studio: API, workers, Redis."""

    process: subprocess.Popen[str]
    address: str
    printed: list[str] = field(default_factory=list)
    """What the supervisor has said so far."""

    def client(self) -> Client:
        """Somebody who is not signed in."""
        return Client(self.address)

    def set_up(self) -> Client:
        """The first account, signed in."""
        client = self.client()
        client.post("/setup", {"email": OWNER, "name": "Olive Owner", "password": PASSWORD})
        return client

    def children(self, word: str) -> list[psutil.Process]:
        """The supervisor's own children whose command line has a word."""
        found = []
        for child in psutil.Process(self.process.pid).children():
            try:
                if word in " ".join(child.cmdline()):
                    found.append(child)
            except psutil.NoSuchProcess:
                continue
        return found


@contextmanager
def run_studio(data_dir: Path, **settings: str) -> Iterator[Studio]:
    """A studio with the embedded servers on a free port; `settings` are MOTE_ variables without the prefix."""
    built_frontend()
    environment = {**os.environ, "MOTE_DATA_DIR": str(data_dir)}
    for name in ("MOTE_DATABASE_URL", "MOTE_REDIS_URL", "MOTE_STORAGE_URL"):
        environment.pop(name, None)
    environment |= {f"MOTE_{name.upper()}": value for name, value in settings.items()}
    process = subprocess.Popen(
        [sys.executable, "-m", "backend.run", "--port", "0"],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        yield _ready(process)
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGINT)
            process.wait(STOP_S)


def _ready(process: subprocess.Popen[str]) -> Studio:
    assert process.stdout is not None
    printed: list[str] = []
    for line in process.stdout:
        printed.append(line.rstrip())
        if ready := re.search(r"ready: (http://\S+)", line):
            studio = Studio(process, ready[1], printed)
            reader = threading.Thread(target=lambda: printed.extend(map(str.rstrip, process.stdout or ())), daemon=True)
            reader.start()
            return studio
    pytest.fail("the studio ended before it was ready:\n" + "\n".join(printed))


def launch(playwright: Playwright) -> Browser:
    """The system's Chromium, headless."""
    program = shutil.which("chromium")
    assert program, "chromium is missing: apt-get install chromium"
    return playwright.chromium.launch(executable_path=program, args=list(CHROMIUM_FLAGS))


class Watch:
    """Listens to all pages of a context for what must never happen: errors in the console (violations of the content
    security policy are among them), exceptions, requests to another host than the server.

    Args:
        allowed: patterns of console messages that belong to what is being tested, as "text at address".
    """

    EXPECTED = (r"status of 401 .* at \S+/api/session$",)
    """A visitor's page asks who is signed in, and is told: nobody."""

    def __init__(self, context: BrowserContext, address: str, allowed: tuple[str, ...] = ()) -> None:
        self.address, self.allowed = address, (*self.EXPECTED, *allowed)
        self.also: tuple[str, ...] = ()
        """Beginnings of further addresses that may be asked."""
        self.problems: list[str] = []
        context.on("console", self._on_console)
        context.on("weberror", self._on_error)
        context.on("request", self._on_request)

    def check(self) -> None:
        assert self.problems == []

    def _on_console(self, message: ConsoleMessage) -> None:
        text = f"{message.text} at {message.location['url']}"
        if message.type == "error" and not any(re.search(pattern, text) for pattern in self.allowed):
            self.problems.append(f"console: {text}")

    def _on_error(self, error: WebError) -> None:
        self.problems.append(f"exception: {error.error}")

    def _on_request(self, request: Request) -> None:
        if not request.url.startswith((f"{self.address}/", "data:", "blob:", *self.also)):
            self.problems.append(f"request: {request.url}")


class People:
    """Opens pages for people, each with a browser context of their own, and watches all of them."""

    def __init__(self, browser: Browser, studio: Studio) -> None:
        self.browser, self.studio = browser, studio
        self.watches: list[Watch] = []
        self.contexts: list[BrowserContext] = []

    def page(self, client: Client | None, allowed: tuple[str, ...] = (), **options: Any) -> Page:
        """A page of whoever is signed in as `client` (None: a visitor); `options` are Playwright's new_context's."""
        options = {"viewport": {"width": 1280, "height": 800}, "reduced_motion": "reduce", **options}
        context = self.browser.new_context(base_url=self.studio.address, **options)
        context.set_default_timeout(30_000)
        if client is not None:
            context.add_cookies(
                [
                    {"name": one.name, "value": one.value or "", "url": self.studio.address}
                    for one in client.http.cookies.jar
                ]
            )
        self.contexts.append(context)
        self.watches.append(Watch(context, self.studio.address, allowed))
        return context.new_page()

    def close(self) -> None:
        for context in self.contexts:
            context.close()

    def check(self) -> None:
        for watch in self.watches:
            watch.check()


def new_project(client: Client, name: str) -> Json:
    project: Json = client.post("/projects", {"name": name, "description": ""})
    return project


def finish_job(client: Client, project: str, job_id: str, seconds: float = 300) -> Json:
    """Wait for a job; it must get done."""

    def over() -> Json | None:
        job: Json = client.get(f"/projects/{project}/jobs/{job_id}")
        return job if job["state"] in ("done", "failed", "cancelled") else None

    job: Json = eventually(f"job {job_id}", over, seconds)
    assert job["state"] == "done", job
    return job
