"""The Celery application: `celery --app worker.main worker --queues training --concurrency 1`.

One task, `mote.job`. The parent process never imports TensorFlow: a child that is forked from a parent which ran it
hangs.
"""

from __future__ import annotations

import importlib.util
import logging
import os
import shutil
import signal
import socket
import tempfile
import threading
import uuid
from pathlib import Path
from typing import Any

from celery import signals
from celery.worker.state import active_requests

import worker.jobs
from backend.bus import TASK, WORKER_KEY, Bus, celery_app
from backend.database import Database
from backend.jobs import runs
from backend.jobs.reaper import Reaper
from backend.jobs.runs import ClaimedJob
from backend.jobs.tables import JobState
from backend.settings import get_settings
from backend.storage import Storage
from backend.tools import Worker, check_programs
from mote import plugins
from mote.errors import Cancelled, MoteError
from worker.progress import JobContext

log = logging.getLogger(__name__)
PRESENCE_EVERY_S = 4.0
PRESENCE_KEPT_S = 12
JOBS_PER_PROCESS = 20

app = celery_app(get_settings())
app.conf.worker_max_tasks_per_child = JOBS_PER_PROCESS  # TensorFlow keeps memory


class Stopped(Cancelled):
    """Raised in a running job by SIGTERM: it was cancelled, or its worker must stop."""

    code = "stopped"


@app.task(name=TASK)  # type: ignore[untyped-decorator]
def run_job(job_id: str) -> None:
    """Claim a job and run its plug-in. A message for a job that is not waiting is dropped."""
    Process.current().run(uuid.UUID(job_id))


class Process:
    """The child process that runs jobs, one at a time, with its own connections."""

    _current: Process | None = None

    def __init__(self) -> None:
        self.settings = get_settings()
        self.database = Database(self.settings.database, Bus(self.settings))
        self.storage = Storage.of(self.settings)
        self.plugin_runs = False
        self.asked_to_stop = False

    @classmethod
    def current(cls) -> Process:
        """The one of this process; a forked child makes its own."""
        if cls._current is None:
            cls._current = cls()
        return cls._current

    def run(self, job_id: uuid.UUID) -> None:
        """Run one job to its end, whatever that is."""
        self.asked_to_stop = False
        # The pool has a handler of its own, set after worker_process_init, that ends the process on the spot.
        before = signal.signal(signal.SIGTERM, self._on_sigterm)
        try:
            self._claim_and_run(job_id)
        finally:
            signal.signal(signal.SIGTERM, before)

    def _on_sigterm(self, number: int, frame: Any) -> None:
        """A cancel, or the end of the worker. Only a plug-in is interrupted, not the writing of how it ended."""
        self.asked_to_stop = True
        self._stop_plugin_if_asked()

    def _stop_plugin_if_asked(self) -> None:
        if self.plugin_runs and self.asked_to_stop:
            self.plugin_runs = False
            raise Stopped("The job was told to stop.")

    def _claim_and_run(self, job_id: uuid.UUID) -> None:
        with self.database.transaction() as session:
            job = runs.claim(session, job_id, f"{socket.gethostname()[:100]}:{os.getpid()}")
        if job is None:
            log.info("job %s is not waiting; its message is dropped", job_id)
            return
        folder = Path(tempfile.mkdtemp(prefix="mote-job-"))
        context = JobContext(job, self.database, self.storage, self.settings, folder)
        context.start()
        try:
            self._run(context, job)
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    def _run(self, context: JobContext, job: ClaimedJob) -> None:
        try:
            try:
                self.plugin_runs = True
                self._stop_plugin_if_asked()
                find_plugin(job.kind).run(context, job)
            finally:
                self.plugin_runs = False
        except Exception as error:
            # TensorFlow may wrap our exception in one of its own; what counts is that somebody asked.
            if self.asked_to_stop:
                context.stop(lambda session: runs.give_back(session, job, "Waiting, because its worker was stopped"))
            else:
                _fail(context, job, error)
        else:
            context.stop(lambda session: runs.finish(session, job, JobState.DONE, "Done"))


def find_plugin(kind: str) -> Any:
    """The plug-in of worker/jobs for a kind of job.

    Raises:
        MoteError: there is none.
    """
    found = plugins.scan(worker.jobs).get(kind)
    if found is None:
        raise MoteError(f"This worker does not know jobs of the kind {kind!r}.", hint="Is it of an older version?")
    return found


def _fail(context: JobContext, job: ClaimedJob, error: Exception) -> None:
    if isinstance(error, Cancelled):
        context.stop(lambda session: runs.finish(session, job, JobState.CANCELLED, "Cancelled"))
        return
    if not isinstance(error, MoteError):
        log.exception("job %s failed", job.id)
    reason = error if isinstance(error, MoteError) else _unexpected(error)
    context.log(f"Failed: {reason}")
    context.stop(lambda session: runs.finish(session, job, JobState.FAILED, "Failed", reason))


def _unexpected(error: Exception) -> MoteError:
    if isinstance(error, MemoryError):
        return MoteError("There was not enough memory.", hint="Use fewer or shorter windows, or a smaller model.")
    words = f"{type(error).__name__}: {error}"[:500]
    return MoteError(f"The job failed unexpectedly: {words}", hint="The worker's log has the details.")


@signals.worker_process_init.connect  # type: ignore[untyped-decorator]
def _begin_child(**_: Any) -> None:
    # A process group of its own: whatever a job starts can be ended with it.
    os.setpgrp()
    Process._current = None


class Presence:
    """The worker's parent: says that the worker lives, looks after orphaned jobs, and stops jobs when it must stop."""

    def __init__(self, queues: list[str]) -> None:
        settings = get_settings()
        self.name = f"{socket.gethostname()}:{os.getpid()}"
        self.bus = Bus(settings)
        # Unpooled: a child that is forked while a connection is open would share it.
        self.reaper = Reaper(Database(settings.database, self.bus, pooled=False), settings)
        can_train = importlib.util.find_spec("tensorflow") is not None
        programs = {tool.name: tool.version for tool in check_programs() if tool.available}
        self.card = Worker(name=self.name, queues=queues, tensorflow=can_train, programs=programs).model_dump_json()
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="presence", daemon=True)

    def start(self) -> None:
        """Begin."""
        self.reaper.start()
        self._thread.start()

    def stop(self) -> None:
        """End; the running job goes back to the queue, instead of holding up the end of the worker."""
        self._stop.set()
        for request in list(active_requests):
            if request.worker_pid:
                os.kill(request.worker_pid, signal.SIGTERM)

    def _run(self) -> None:
        while not self._stop.is_set():
            try:
                self.bus.redis.set(f"{WORKER_KEY}{self.name}", self.card, ex=PRESENCE_KEPT_S)
            except Exception:
                log.warning("could not tell Redis that this worker lives", exc_info=True)
            self._stop.wait(PRESENCE_EVERY_S)


_presence: Presence | None = None


@signals.worker_ready.connect  # type: ignore[untyped-decorator]
def _begin_parent(sender: Any, **_: Any) -> None:
    global _presence
    _presence = Presence([queue.name for queue in sender.task_consumer.queues])
    _presence.start()


@signals.worker_shutting_down.connect  # type: ignore[untyped-decorator]
def _end_parent(**_: Any) -> None:
    if _presence:
        _presence.stop()
