"""Transports for tests: a WebSocket to a bridge, a line that damages bytes, a board that is only a script."""

from __future__ import annotations

import random
from collections import deque
from collections.abc import Callable
from contextlib import ExitStack
from typing import Self

from websockets.sync.client import connect

from mote.device.link import Transport
from mote.device.messages import Encoder
from mote.native import Frame, FrameDecoder


class WebSocketLine:
    """What the page does: bytes over a WebSocket."""

    def __init__(self, url: str) -> None:
        self._stack = ExitStack()
        self._socket = self._stack.enter_context(connect(url, compression=None))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def read(self, timeout_s: float) -> bytes:
        try:
            data = self._socket.recv(timeout=max(0.0, timeout_s))
        except TimeoutError:
            return b""
        assert isinstance(data, bytes)
        return data

    def write(self, data: bytes) -> None:
        self._socket.send(data)

    def close(self) -> None:
        self._stack.close()


class Damage:
    """Changes a part of the bytes once it is switched on; the same ones for the same seed."""

    def __init__(self, part: float, seed: int = 1) -> None:
        self.on = False
        self.damaged = 0
        self._part, self._chance = part, random.Random(seed)

    def __call__(self, data: bytes) -> bytes:
        if not self.on:
            return data
        return bytes(self._byte(byte) for byte in data)

    def _byte(self, byte: int) -> int:
        if self._chance.random() >= self._part:
            return byte
        self.damaged += 1
        return self._chance.randrange(256)


class DamagedLine:
    """A transport whose incoming bytes pass through `damage`."""

    def __init__(self, transport: Transport, damage: Callable[[bytes], bytes]) -> None:
        self._transport, self._damage = transport, damage

    def read(self, timeout_s: float) -> bytes:
        return self._damage(self._transport.read(timeout_s))

    def write(self, data: bytes) -> None:
        self._transport.write(data)


class ScriptedBoard:
    """The other end of a line without hardware: `answer` gets every frame of the host and sends with `say`."""

    def __init__(self, answer: Callable[[ScriptedBoard, Frame], None] = lambda board, frame: None) -> None:
        self._answer = answer
        self._decoder, self._encoder = FrameDecoder(), Encoder()
        self._out: deque[bytes] = deque()
        self.heard: list[Frame] = []

    def say(self, kind: int, payload: bytes = b"") -> None:
        self._out.append(self._encoder.frame(kind, payload))

    def print(self, text: str) -> None:
        self._out.append(text.encode())

    def read(self, timeout_s: float) -> bytes:
        return self._out.popleft() if self._out else b""

    def write(self, data: bytes) -> None:
        for frame in self._decoder.push(data):
            self.heard.append(frame)
            self._answer(self, frame)
