"""The hub between Redis and the open streams, without a server."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import AsyncIterator

import pytest

from backend import events
from backend.events import EventHub, encode


async def test_quiet_stream_is_kept_alive(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(events, "KEEP_ALIVE_S", 0.01)
    hub = EventHub("unix:///nowhere")
    stream = hub.stream(uuid.uuid4())
    assert await anext(stream) is None
    assert encode(None) == b": keep-alive\n\n"


async def test_stream_ends_when_the_server_stops() -> None:
    hub = EventHub("unix:///nowhere")
    notes = [note async for note in ending(hub)]
    assert notes == []
    assert [note async for note in hub.stream(uuid.uuid4())] == []


async def ending(hub: EventHub) -> AsyncIterator[events.Note | None]:
    asyncio.get_running_loop().call_later(0.05, hub.end_streams)
    async for note in hub.stream(uuid.uuid4()):
        yield note


async def test_reader_that_does_not_keep_up_is_told_to_load_again() -> None:
    hub, project = EventHub("unix:///nowhere"), uuid.uuid4()
    stream = hub.stream(project)
    first = asyncio.ensure_future(anext(stream))
    await asyncio.sleep(0)
    for number in range(events.QUEUE_LIMIT + 2):
        hub._send(str(project), {"kind": "job", "id": str(number)})
    assert [note and note["kind"] for note in (await first, await anext(stream))] == ["resync", "job"]


async def test_stream_that_is_closed_is_forgotten() -> None:
    hub, project = EventHub("unix:///nowhere"), uuid.uuid4()
    stream = hub.stream(project)
    reader = asyncio.ensure_future(anext(stream))
    await asyncio.sleep(0)
    assert hub._streams
    reader.cancel()
    with pytest.raises(asyncio.CancelledError):
        await reader
    await stream.aclose()
    assert not hub._streams


def test_event_is_one_line_of_json() -> None:
    assert encode({"kind": "job", "id": "1\n2"}) == b'event: job\ndata: {"kind":"job","id":"1\\n2"}\n\n'
