"""What a running job holds on to: it says how far it is, writes its log, and learns that it is no longer wanted.

One thread a job writes to the database, every `heartbeat_s` and a little after news; the job itself only leaves notes
for it, so a training loop may report every batch. When the database is away the notes wait. When the job was cancelled
or given to another worker, `Cancelled` is raised in the job at its next `check_cancelled`, `progress` or `transaction`;
a job that does not stop by itself within STOP_LIMIT_S is ended with its process and all its children.
"""

from __future__ import annotations

import logging
import os
import signal
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from backend import events
from backend.database import Database, now
from backend.jobs import runs
from backend.jobs.runs import ClaimedJob
from backend.settings import Settings
from backend.storage import Storage
from mote.errors import Cancelled

log = logging.getLogger(__name__)
NEWS_EVERY_S = 0.4
STOP_LIMIT_S = 5.0
LINE_LIMIT = 4000


class JobContext:
    """The link between a job's plug-in and the rest of Mote.

    Args:
        job: what was claimed.
        database: of this process.
        storage: for results.
        settings: for the heartbeat's pace.
        folder: empty, for the job's files; deleted when it ends.
    """

    def __init__(self, job: ClaimedJob, database: Database, storage: Storage, settings: Settings, folder: Path) -> None:
        self.job, self.database, self.storage, self.settings, self.folder = job, database, storage, settings, folder
        self._lock = threading.Lock()
        self._news = threading.Event()
        self._over = threading.Event()
        self._lost = threading.Event()
        self._fraction, self._message = 0.0, "Started"
        self._lines: list[tuple[datetime, str]] = []
        self._parent = os.getppid()
        self._thread = threading.Thread(target=self._report_for_ever, name="heartbeat", daemon=True)

    def progress(self, fraction: float, message: str) -> None:
        """Say how far the job is.

        Args:
            fraction: 0 .. 1 of the whole job.
            message: what it does now, in words.

        Raises:
            Cancelled: the job is no longer wanted.
        """
        self.check_cancelled()
        with self._lock:
            self._fraction, self._message = min(max(fraction, 0.0), 1.0), message
        self._news.set()

    def log(self, line: str) -> None:
        """Append to the job's log, which outlives a failure. Several lines at once are fine."""
        at = now()
        with self._lock:
            self._lines += [(at, part[:LINE_LIMIT]) for part in line.splitlines() or [""]]
        self._news.set()

    def check_cancelled(self) -> None:
        """Stop here if the job is no longer wanted.

        Raises:
            Cancelled: it is not.
        """
        if self._lost.is_set():
            raise Cancelled("The job was cancelled.")

    def is_cancelled(self) -> bool:
        """Whether the job is no longer wanted, for what asks instead of being told."""
        return self._lost.is_set()

    def publish(self, kind: str, id: uuid.UUID | None = None, **more: Any) -> None:
        """Tell the browsers that something changed, besides the job itself."""
        with self.database.transaction(write=False) as session:
            events.publish(session, self.job.project_id, kind, id, **more)

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        """A transaction that commits only while the job is ours: a lost worker cannot overwrite its successor.

        Raises:
            Cancelled: the job is no longer ours.
        """
        self.check_cancelled()
        with self.database.transaction() as session:
            if not runs.beat(session, self.job, self._fraction, self._message):
                self._lost.set()
                raise Cancelled("The job was cancelled.")
            yield session

    def start(self) -> None:
        """Begin the heartbeat."""
        self._thread.start()

    def stop(self, end: Callable[[Session], bool]) -> bool:
        """End the heartbeat, then write the rest of the log and how the job ended in one transaction.

        Args:
            end: writes the ending; returns False when the job is no longer ours.

        Returns:
            What `end` returned. The log is kept either way.
        """
        self._over.set()
        self._news.set()
        self._thread.join()
        return self._patiently(lambda: self._write(end))

    def _patiently(self, write: Callable[[], bool]) -> bool:
        """Results must not be lost because the database restarts; it gets a minute."""
        for pause_s in (0.5, 1, 2, 4, 8, 15, 30):
            try:
                return write()
            except Exception:
                log.warning("job %s: could not write how it ended; trying again", self.job.id, exc_info=True)
                time.sleep(pause_s)
        return write()

    def _report_for_ever(self) -> None:
        lost_at: float | None = None
        while not self._over.is_set():
            try:
                if not self._lost.is_set() and not self._write(self._beat):
                    self._lost.set()
            except Exception:
                log.warning("job %s: heartbeat failed", self.job.id, exc_info=True)
            if os.getppid() != self._parent:
                self._end_process("its worker is gone")
            if self._lost.is_set():
                lost_at = lost_at or time.monotonic()
                if time.monotonic() - lost_at > STOP_LIMIT_S:
                    self._end_process("it was cancelled and does not stop by itself")
            self._over.wait(NEWS_EVERY_S)
            self._news.wait(self.settings.heartbeat_s - NEWS_EVERY_S)
            self._news.clear()

    def _beat(self, session: Session) -> bool:
        return runs.beat(session, self.job, self._fraction, self._message)

    def _write(self, what: Callable[[Session], bool]) -> bool:
        with self._lock:
            lines = list(self._lines)
        with self.database.transaction() as session:
            ours = what(session)
            runs.add_log(session, self.job.id, lines)
        with self._lock:
            del self._lines[: len(lines)]
        return ours

    def _end_process(self, why: str) -> None:
        """End this process and the programs it started (the worker's child leads a process group of its own)."""
        log.error("job %s: ending its process, because %s", self.job.id, why)
        os.killpg(os.getpgrp(), signal.SIGKILL)
