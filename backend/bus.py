"""Redis, as seen by the backend: job messages to the workers and small events to the browsers.

Both are hints, never the truth: the tables are. A lost job message is sent again by the reaper, a lost event is made
good by the `resync` event that a browser gets after a reconnection.
"""

from __future__ import annotations

import json
import uuid
from typing import Any

import redis
from celery import Celery
from redis.backoff import ExponentialBackoff
from redis.retry import Retry

from backend.settings import Settings

TASK = "mote.job"
CHANNEL = "mote:events:"
WORKER_KEY = "mote:worker:"
TIMEOUT_S = 3


def celery_app(settings: Settings) -> Celery:
    """The Celery application: the backend uses it to send, worker/main.py to run.

    A message is acknowledged when its job is over and taken one at a time; a worker that dies gives it back. JSON only:
    a broker must not be able to make us run code by unpickling.
    """
    app = Celery("mote", broker=settings.broker, set_as_current=False)
    app.conf.update(
        task_serializer="json",
        accept_content=["json"],
        task_ignore_result=True,
        task_acks_late=True,
        task_reject_on_worker_lost=True,
        worker_prefetch_multiplier=1,
        task_default_queue="build",
        broker_connection_retry_on_startup=True,
        broker_connection_max_retries=None,
        worker_cancel_long_running_tasks_on_connection_loss=False,
        broker_transport_options={"visibility_timeout": 7 * 24 * 3600, "socket_connect_timeout": TIMEOUT_S},
        worker_hijack_root_logger=False,
        enable_utc=True,
    )
    return app


def redis_client(settings: Settings) -> redis.Redis:
    """A client that tries a broken connection again, briefly; nothing waits long for Redis."""
    retry = Retry(ExponentialBackoff(cap=0.2, base=0.05), 2)
    return redis.Redis.from_url(
        settings.redis, socket_timeout=TIMEOUT_S, socket_connect_timeout=TIMEOUT_S, retry=retry, decode_responses=True
    )


class Bus:
    """Sends job messages and events."""

    def __init__(self, settings: Settings) -> None:
        self.redis = redis_client(settings)
        self.celery = celery_app(settings)
        # A request must not wait for a Redis that is away; the reaper sends again.
        brief = {"max_retries": 1, "interval_start": 0, "interval_step": 0.1, "interval_max": 0.1}
        self.celery.conf.broker_transport_options |= brief

    def send_job(self, job_id: uuid.UUID, task_id: str, queue: str) -> None:
        """Tell the workers of `queue` that a job waits."""
        options: dict[str, Any] = {"queue": queue, "task_id": task_id, "retry": False}
        self.celery.send_task(TASK, args=[str(job_id)], **options)

    def stop_job(self, task_id: str) -> None:
        """Interrupt the process that runs a job, now; a message that waits is dropped when its turn comes."""
        self.celery.control.revoke(task_id, terminate=True, signal="SIGTERM")

    def waiting(self, queue: str) -> int:
        """How many messages lie in a queue that no worker has taken yet."""
        return int(self.redis.llen(queue))

    def publish(self, project_id: uuid.UUID, event: dict[str, Any]) -> None:
        """Send an event to every browser that has the project open."""
        self.redis.publish(f"{CHANNEL}{project_id}", json.dumps(event, separators=(",", ":")))

    def close(self) -> None:
        """Close all connections."""
        self.redis.close()
        self.celery.close()
