"""Looks after jobs whose worker died and messages that were lost. Every process may run one; a lease lets one work."""

from __future__ import annotations

import logging
import os
import socket
import threading
import uuid
from collections.abc import Mapping
from datetime import timedelta

from redis.exceptions import RedisError
from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from backend import queue
from backend.database import Database, changed, now
from backend.jobs.runs import add_log
from backend.jobs.tables import UNFINISHED, Job, JobState, Lease
from backend.settings import Settings

log = logging.getLogger(__name__)
LEASE = "reaper"
RESEND_AFTER_S = 5.0


class Reaper:
    """A thread that looks at unfinished jobs every `reaper_interval_s`."""

    def __init__(self, database: Database, settings: Settings) -> None:
        self.database, self.settings = database, settings
        self.holder = f"{socket.gethostname()[:64]}:{os.getpid()}:{uuid.uuid4().hex[:8]}"
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="reaper", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """End, after the round that runs now."""
        self._stop.set()
        if self._thread.is_alive():
            self._thread.join(5)

    def _run(self) -> None:
        while not self._stop.wait(self.settings.reaper_interval_s):
            try:
                self.tick()
            except Exception:  # the database may be away for a while; the next round tries again
                log.warning("reaper: this round failed", exc_info=True)

    def tick(self) -> None:
        """One round."""
        with self.database.transaction(write=False) as session:
            if session.execute(select(Job.id).where(Job.state.in_(UNFINISHED)).limit(1)).first() is None:
                return
        empty = self._empty_queues()  # Redis may be slow; ask before the transaction
        with self.database.transaction() as session:
            if not self._hold_lease(session):
                return
            self._save_orphans(session)
            self._send_again(session, empty)

    def _empty_queues(self) -> Mapping[str, bool]:
        try:
            return {name: self.database.bus.waiting(name) == 0 for name in queue.QUEUES}
        except (RedisError, OSError):
            return {}

    def _hold_lease(self, session: Session) -> bool:
        until = now() + timedelta(seconds=3 * self.settings.reaper_interval_s)
        free = or_(Lease.holder == self.holder, Lease.expires_at < now())
        take = update(Lease).where(Lease.name == LEASE, free).values(holder=self.holder, expires_at=until)
        if changed(session, take):
            return True
        if session.get(Lease, LEASE) is not None:
            return False
        session.add(Lease(name=LEASE, holder=self.holder, expires_at=until))
        session.flush()  # the first round ever; of two at a time one fails here and comes again
        return True

    def _save_orphans(self, session: Session) -> None:
        limit = now() - timedelta(seconds=self.settings.job_stale_s)
        orphans = select(Job).where(Job.state == JobState.RUNNING, Job.heartbeat_at < limit).with_for_update()
        for job in session.scalars(orphans).all():
            silence = f"Worker {job.worker} has not been heard for {self.settings.job_stale_s:g} s"
            if job.attempt < self.settings.job_attempts:
                text = f"{silence}; trying again (try {job.attempt + 1} of {self.settings.job_attempts})"
                queue.requeue(session, job, text)
            else:
                text = f"{silence}, after {job.attempt} tries"
                self._give_up(session, job, text)
            add_log(session, job.id, [(now(), text)])

    def _give_up(self, session: Session, job: Job, text: str) -> None:
        job.state, job.finished_at, job.message = JobState.FAILED, now(), "Failed"
        job.error_message = f"{text}."
        job.error_hint = "Its process may have run out of memory: see the worker's log, then start the job again."
        queue.announce(session, job)

    def _send_again(self, session: Session, empty: Mapping[str, bool]) -> None:
        """A job that waits while nothing lies in its queue has lost its message (Redis was restarted)."""
        limit = now() - timedelta(seconds=RESEND_AFTER_S)
        waiting = select(Job).where(Job.state == JobState.QUEUED, Job.sent_at < limit).order_by(Job.created_at)
        for job in session.scalars(waiting).all():
            if empty.get(job.queue):
                job.sent_at = now()
                queue.send(session, job)
