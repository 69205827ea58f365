"""Server-sent events: small notes that something in a project changed, so that an open page can load it again.

`publish` hands a note to Redis after the commit. `EventHub` holds one subscription per process and passes the notes on
to the open streams. When Redis was away, notes may be lost: every stream then gets `resync`, at which a page loads all
again.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import uuid
from collections.abc import AsyncIterator
from typing import Any

import redis.asyncio
from redis.exceptions import RedisError
from sqlalchemy.orm import Session

from backend.bus import CHANNEL
from backend.database import after_commit, bus_of

log = logging.getLogger(__name__)
KEEP_ALIVE_S = 15.0
QUEUE_LIMIT = 500
Note = dict[str, Any]


def publish(session: Session, project_id: uuid.UUID, kind: str, id: uuid.UUID | None = None, **more: Any) -> None:
    """Tell everybody who has the project open that something changed, after the commit.

    Args:
        session: the transaction in which it changed.
        project_id: where.
        kind: "job", "samples", "training", "deployment", "device", "pipeline" or "project".
        id: the row; None when many changed.
        more: small JSON values that spare the page a request.
    """
    note = {"kind": kind, "id": str(id) if id else None, **more}
    bus = bus_of(session)
    after_commit(session, lambda: bus.publish(project_id, note))


class EventHub:
    """All open event streams of this process.

    Args:
        redis_url: in redis-py's form.
    """

    def __init__(self, redis_url: str) -> None:
        self._url = redis_url
        self._streams: dict[str, set[asyncio.Queue[Note | None]]] = {}
        self._listener: asyncio.Task[None] | None = None
        self._closed = False

    def start(self) -> None:
        """Begin to listen; call from a running event loop."""
        self._listener = asyncio.create_task(self._listen_for_ever(), name="events")

    def end_streams(self) -> None:
        """End all streams and refuse new ones: a server that stops would wait for them otherwise."""
        self._closed = True
        for queue in [queue for queues in self._streams.values() for queue in queues]:
            _put(queue, None)

    async def close(self) -> None:
        """End all streams and the subscription."""
        self.end_streams()
        if self._listener:
            self._listener.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._listener

    async def stream(self, project_id: uuid.UUID) -> AsyncIterator[Note | None]:
        """Notes of one project; None every KEEP_ALIVE_S when there are none. Ends when the server stops."""
        queue: asyncio.Queue[Note | None] = asyncio.Queue(QUEUE_LIMIT)
        streams = self._streams.setdefault(str(project_id), set())
        streams.add(queue)
        try:
            while not self._closed:
                try:
                    note = await asyncio.wait_for(queue.get(), KEEP_ALIVE_S)
                except TimeoutError:
                    yield None
                    continue
                if note is None:
                    return
                yield note
        finally:
            streams.discard(queue)
            if not streams:
                self._streams.pop(str(project_id), None)

    async def _listen_for_ever(self) -> None:
        first = True
        while True:
            try:
                await self._listen(first)
            except (RedisError, OSError) as error:
                log.warning("events: Redis is away (%s); trying again", error)
            first = False
            await asyncio.sleep(0.5)

    async def _listen(self, first: bool) -> None:
        client = redis.asyncio.Redis.from_url(self._url, decode_responses=True, health_check_interval=10)
        async with client, client.pubsub() as subscription:
            await subscription.psubscribe(f"{CHANNEL}*")
            if not first:
                self._send_to_all({"kind": "resync", "id": None})
            async for message in subscription.listen():
                if message["type"] == "pmessage":
                    self._send(message["channel"].removeprefix(CHANNEL), json.loads(message["data"]))

    def _send(self, project: str, note: Note) -> None:
        for queue in self._streams.get(project, ()):
            _put(queue, note)

    def _send_to_all(self, note: Note) -> None:
        for project in list(self._streams):
            self._send(project, note)


def _put(queue: asyncio.Queue[Note | None], note: Note | None) -> None:
    """A reader that does not keep up loses its notes and gets one `resync` instead."""
    if queue.full():
        while not queue.empty():
            queue.get_nowait()
        if note is not None:
            note = {"kind": "resync", "id": None}
    queue.put_nowait(note)


def encode(note: Note | None) -> bytes:
    """A note as the bytes of a server-sent event; None as a comment that keeps the connection alive."""
    if note is None:
        return b": keep-alive\n\n"
    return f"event: {note['kind']}\ndata: {json.dumps(note, separators=(',', ':'))}\n\n".encode()
