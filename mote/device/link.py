"""One end of the serial protocol, over anything that moves bytes: a port, an emulator."""

from __future__ import annotations

import struct
import time
from collections import deque
from typing import Protocol

from mote.device import messages
from mote.device.messages import BadMessage, Encoder, Hello, HelloAssembler, Stats, Type, Want
from mote.errors import MoteError
from mote.native import Frame, FrameDecoder

HELLO_INTERVAL_S = 0.5
ATTEMPTS = 3


class NoAnswer(MoteError):
    """The other end said nothing, or not what was asked, in time."""

    code = "no_answer"


class Refused(MoteError):
    """The board answered with ERROR."""

    code = "board_refused"


class Transport(Protocol):
    """Moves bytes."""

    def read(self, timeout_s: float) -> bytes:
        """What has arrived, at least one byte; empty when nothing came in time."""
        ...

    def write(self, data: bytes) -> None:
        """Send all of it."""
        ...


class Link:
    """Talks to one board. Frames that are waited for are returned; HELLO pieces are put together on the way."""

    def __init__(self, transport: Transport) -> None:
        self.transport = transport
        self.encoder = Encoder()
        self.decoder = FrameDecoder()
        self.bad_messages = 0
        """Frames that were whole and made no sense."""
        self._frames: deque[Frame] = deque()
        self._hello = HelloAssembler()

    def send(self, kind: int, payload: bytes = b"") -> None:
        self.transport.write(self.encoder.frame(kind, payload))

    def receive(self, timeout_s: float) -> Frame | None:
        """The next frame, or None when none came in time."""
        deadline = time.monotonic() + timeout_s
        while not self._frames:
            left = deadline - time.monotonic()
            if left <= 0:
                return None
            self._frames.extend(self.decoder.push(self.transport.read(left)))
        return self._frames.popleft()

    def wait_for(self, kind: int, timeout_s: float) -> Frame:
        """The next frame of this type; others are dropped.

        Raises:
            Refused: an ERROR came instead.
            NoAnswer: nothing of the kind came in time.
        """
        deadline = time.monotonic() + timeout_s
        while (left := deadline - time.monotonic()) > 0:
            frame = self.receive(left)
            if frame is None:
                break
            if frame.type == kind:
                return frame
            if frame.type == Type.ERROR:
                raise refusal(frame)
        raise NoAnswer(f"The board did not answer with {Type(kind).name} within {timeout_s:g} s.")

    def hello(self, timeout_s: float) -> Hello:
        """Ask the board to introduce itself until it does.

        Raises:
            NoAnswer: it did not in time.
            BadMessage: it did, in a way that cannot be read.
        """
        deadline = time.monotonic() + timeout_s
        while (left := deadline - time.monotonic()) > 0:
            self.transport.write(b"\0" + self.encoder.frame(Type.HELLO_REQUEST))
            hello = self._hello_within(min(left, HELLO_INTERVAL_S))
            if hello is not None:
                return hello
        raise NoAnswer(f"The board did not say hello within {timeout_s:g} s.")

    def start(self, want: Want, rate_hz: float = 0.0, timeout_s: float = 3.0) -> None:
        """START and its ACK, asked for again where the line lost either; frames of an earlier stream are dropped."""
        self._insist(Type.START, struct.pack("<Bf", want, rate_hz), timeout_s)

    def stop(self, timeout_s: float = 3.0) -> None:
        self._insist(Type.STOP, b"", timeout_s)

    def _insist(self, kind: Type, payload: bytes, timeout_s: float) -> None:
        for attempt in range(ATTEMPTS):
            self.send(kind, payload)
            try:
                self.wait_for(Type.ACK, timeout_s / ATTEMPTS)
                return
            except NoAnswer:
                if attempt == ATTEMPTS - 1:
                    raise

    def stats(self, timeout_s: float = 2.0) -> Stats:
        self.send(Type.STATS_REQUEST)
        return messages.stats(self.wait_for(Type.STATS, timeout_s).payload)

    def _hello_within(self, timeout_s: float) -> Hello | None:
        deadline = time.monotonic() + timeout_s
        while (left := deadline - time.monotonic()) > 0:
            frame = self.receive(left)
            if frame is None:
                return None
            hello = self.push_hello(frame)
            if hello is not None:
                return hello
        return None

    def push_hello(self, frame: Frame) -> Hello | None:
        """The HELLO that this frame completes, if it does; a damaged one counts as a bad message."""
        if frame.type != Type.HELLO:
            return None
        try:
            return self._hello.push(frame.payload)
        except BadMessage:
            self.bad_messages += 1
            return None


def refusal(frame: Frame) -> Refused:
    """The board's ERROR as an exception."""
    return Refused(f"The board refused: {messages.board_error(frame.payload)}.")
