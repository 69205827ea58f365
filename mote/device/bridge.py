"""A WebSocket on this machine that carries a board's bytes: gives a browser test a port where it has none of its own.

Binary messages both ways, bytes as they are. One client at a time owns the board; it listens on 127.0.0.1 only.
"""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import Callable
from types import TracebackType
from typing import Self

from websockets.asyncio.server import Server, ServerConnection, serve
from websockets.exceptions import ConnectionClosed

from mote.device.link import Transport

READ_S = 0.05
Damage = Callable[[bytes], bytes]


class Bridge:
    """Serves a transport at `url` from `__enter__` to `__exit__`, in a thread of its own.

    Args:
        transport: a serial port or an emulator; read and written from threads of this object only.
        port: TCP port; 0 = any free one.
        damage: changes what the board sends on its way to the browser; for tests of a bad line.
    """

    def __init__(self, transport: Transport, port: int = 0, damage: Damage = bytes) -> None:
        self._transport, self._port, self._damage = transport, port, damage
        self._ready = threading.Event()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stop: asyncio.Event | None = None
        self._client: ServerConnection | None = None
        self._failure: BaseException | None = None
        self._thread = threading.Thread(target=self._run, name="mote-bridge", daemon=True)

    @property
    def url(self) -> str:
        return f"ws://127.0.0.1:{self._port}"

    def __enter__(self) -> Self:
        self._thread.start()
        self._ready.wait(10)
        if self._failure is not None:
            raise self._failure
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._loop is not None and self._stop is not None:
            self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join(10)

    def _run(self) -> None:
        try:
            asyncio.run(self._serve())
        except BaseException as error:
            self._failure = error
        finally:
            self._ready.set()

    async def _serve(self) -> None:
        self._loop, self._stop = asyncio.get_running_loop(), asyncio.Event()
        server: Server
        async with serve(self._handle, "127.0.0.1", self._port, compression=None, max_size=2**20) as server:
            self._port = next(iter(server.sockets)).getsockname()[1]
            self._ready.set()
            pump = asyncio.create_task(self._pump())
            await self._stop.wait()
            pump.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await pump

    async def _handle(self, client: ServerConnection) -> None:
        if self._client is not None:
            await client.close(1013, "another page has the board")
            return
        self._client = client
        try:
            async for message in client:
                if isinstance(message, bytes):
                    await asyncio.to_thread(self._transport.write, message)
        except ConnectionClosed:
            pass
        finally:
            self._client = None

    async def _pump(self) -> None:
        """From the board to the browser; what nobody listens to is dropped, as on a real line."""
        while True:
            data = await asyncio.to_thread(self._transport.read, READ_S)
            if data and self._client is not None:
                with contextlib.suppress(ConnectionClosed):
                    await self._client.send(self._damage(data))
