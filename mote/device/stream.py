"""Live readings of whatever is on a port: Mote firmware, or a sketch that prints numbers (`mote device stream`)."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from mote.device import messages
from mote.device.link import Link, NoAnswer, Transport
from mote.device.messages import BadMessage, Classification, Hello, Type, Want
from mote.device.numbers import Leading, NumberStream, Reading
from mote.device.rate import Rate, RateMeter
from mote.errors import BadInput, Cancelled
from mote.native import Frame
from mote.sample import Axis, Floats

DETECT_S = 4.0
HELLO_INTERVAL_S = 0.5
SURE_LINES = 3
"""So many lines of numbers make a sketch."""
SILENCE_S = 5.0


@dataclass(frozen=True)
class Status:
    """The stream so far; for a line on a screen."""

    readings: int
    lost: int
    """Readings that are missing, as far as the stream lets one know."""
    damaged: int
    """Frames or lines that could not be read."""
    rate: Rate
    counts_losses: bool
    """False for a sketch without a time or sequence column: then nobody can know."""


@dataclass(frozen=True)
class Recording:
    """Readings of one span, evenly spaced. Lost ones lie on a straight line between their neighbours."""

    label: str
    values: Floats  # (readings, axes)
    rate_hz: float
    axes: tuple[Axis, ...]
    lost: int


class Source(Protocol):
    """Where readings come from; `MoteSource` or `SketchSource`."""

    @property
    def kind(self) -> str: ...
    @property
    def axes(self) -> tuple[Axis, ...]: ...
    @property
    def lost(self) -> int: ...
    @property
    def damaged(self) -> int: ...
    @property
    def counts_losses(self) -> bool: ...
    def poll(self, timeout_s: float) -> list[Reading]:
        """What came; empty when nothing did in time."""
        ...

    def close(self) -> None: ...


class MoteSource:
    """A board with Mote firmware, streaming."""

    kind = "mote"
    counts_losses = True

    def __init__(self, link: Link, hello: Hello, want: Want = Want.READINGS) -> None:
        self.link, self.hello = link, hello
        self.axes = hello.axes
        self.lost = 0
        self.on_classification: Callable[[Classification], None] | None = None
        self._next = 0
        self._shift = 0
        link.start(want)

    @property
    def damaged(self) -> int:
        return self.link.decoder.bad + self.link.bad_messages

    def poll(self, timeout_s: float) -> list[Reading]:
        frame = self.link.receive(timeout_s)
        if frame is None:
            return []
        try:
            return self._readings(frame)
        except BadMessage:
            self.link.bad_messages += 1
            return []

    def close(self) -> None:
        """Stops the stream; a board that does not listen any more does not matter."""
        self.link.send(Type.STOP)

    def _readings(self, frame: Frame) -> list[Reading]:
        if frame.type == Type.CLASSIFICATION and self.on_classification is not None:
            self.on_classification(messages.classification(frame.payload))
        if frame.type != Type.READINGS:
            return []
        found = messages.readings(frame.payload)
        if found.values.shape[1] != len(self.axes):
            raise BadMessage("READINGS has another number of axes than HELLO.")
        if found.index + self._shift < self._next:  # the board counts from 0 again: our count goes on
            self._shift = self._next - found.index
        first = found.index + self._shift
        self.lost += first - self._next
        self._next = first + len(found.values)
        return [Reading(first + at, tuple(row)) for at, row in enumerate(found.values.tolist())]


class SketchSource:
    """Anything that prints numbers."""

    kind = "numbers"

    def __init__(self, transport: Transport, numbers: NumberStream) -> None:
        self._transport, self._numbers = transport, numbers
        self._early: list[Reading] = []

    @property
    def axes(self) -> tuple[Axis, ...]:
        return self._numbers.axes

    @property
    def lost(self) -> int:
        return self._numbers.lost

    @property
    def damaged(self) -> int:
        return self._numbers.damaged

    @property
    def counts_losses(self) -> bool:
        return self._numbers.leading != "none"

    def poll(self, timeout_s: float) -> list[Reading]:
        """Raises BadInput when the sketch itself reports an error (a line that begins with ERR)."""
        batch = self._numbers.feed(self._transport.read(timeout_s), time.monotonic())
        if batch.errors:
            raise BadInput(f"The sketch says: {batch.errors[0]}", hint="See what it means in the sketch's source.")
        return batch.readings

    def close(self) -> None:
        """Nobody to tell."""


def detect(
    transport: Transport, *, timeout_s: float = DETECT_S, leading: Leading | None = None, want: Want = Want.READINGS
) -> Source:
    """Find out what is on the line, and start its stream.

    Raises:
        BadInput: nothing came that is either; says what to try.
    """
    link, numbers = Link(transport), NumberStream(leading)
    heard = 0
    deadline = time.monotonic() + timeout_s
    ask_at = 0.0
    while (now := time.monotonic()) < deadline:
        if now >= ask_at:
            transport.write(b"\0" + link.encoder.frame(Type.HELLO_REQUEST))
            ask_at = now + HELLO_INTERVAL_S
        data = transport.read(min(ask_at, deadline) - now)
        heard += len(data)
        numbers.feed(data, now)
        for frame in link.decoder.push(data):
            hello = link.push_hello(frame)
            if hello is not None:
                return _start(link, hello, want)
        if numbers.lines >= SURE_LINES and link.decoder.good == 0:
            return SketchSource(transport, numbers)
    raise BadInput(
        "Nothing readable came from this port." if heard else "Nothing came from this port.",
        hint="Is it the right port, and the right baud rate? The board must run Mote firmware or print numbers.",
    )


def _start(link: Link, hello: Hello, want: Want) -> MoteSource:
    if "readings" not in hello.can or not hello.axes:
        raise BadInput("This firmware has no readings to stream.", hint="Flash data collection firmware.")
    try:
        return MoteSource(link, hello, want)
    except NoAnswer as error:
        raise BadInput("The board said hello but does not start its stream.", hint="Reset it and try again.") from error


class Stream:
    """A running stream with its rate and losses.

    Args:
        source: from `detect`.
        clock: seconds of a steady clock.
    """

    def __init__(self, source: Source, clock: Callable[[], float] = time.monotonic) -> None:
        self.source = source
        self._clock = clock
        self._meter = RateMeter()
        self._count = 0
        self._heard_at = clock()

    @property
    def status(self) -> Status:
        source = self.source
        return Status(self._count, source.lost, source.damaged, self._meter.estimate(), source.counts_losses)

    def poll(self, timeout_s: float = 0.2) -> list[Reading]:
        """The next readings; empty when none came in time.

        Raises:
            BadInput: nothing has come for some seconds.
        """
        readings = self.source.poll(timeout_s)
        now = self._clock()
        if readings:
            self._heard_at = now
            self._count += len(readings)
            self._meter.arrived(readings[-1].index, now)
            for reading in readings:
                if reading.board_s is not None:
                    self._meter.measured(reading.index, reading.board_s)
        elif now - self._heard_at > SILENCE_S:
            raise BadInput(f"The board has sent nothing for {SILENCE_S:g} s.", hint="Reset it, or check the cable.")
        return readings

    def rate_hz(self, timeout_s: float = 10.0) -> float:
        """The rate: what the firmware says, else what is measured (waits until that is known).

        Raises:
            BadInput: it cannot be measured in time.
        """
        if isinstance(self.source, MoteSource) and self.source.hello.rate_hz > 0:
            return self.source.hello.rate_hz
        deadline = self._clock() + timeout_s
        while self._clock() < deadline:
            rate = self.status.rate.rate_hz
            if rate is not None and self._count >= 100:
                return rounded_rate(rate)
            self.poll()
        raise BadInput("The rate of the readings cannot be told.", hint="Do they come evenly? Give the rate yourself.")

    def record(
        self,
        seconds: float,
        label: str = "",
        rate_hz: float | None = None,
        on_status: Callable[[Status, float], None] = lambda status, elapsed_s: None,
        should_stop: Callable[[], bool] = lambda: False,
    ) -> Recording:
        """Take readings for so long, by the readings' own count.

        Args:
            rate_hz: of the readings; None = `self.rate_hz()`.
            on_status: told after every batch (status, seconds recorded).

        Raises:
            BadInput: the stream ended.
            Cancelled: `should_stop` said so.
        """
        rate = rate_hz or self.rate_hz()
        wanted = max(1, round(seconds * rate))
        rows: list[Reading] = []
        while not rows or rows[-1].index + 1 < rows[0].index + wanted:
            if should_stop():
                raise Cancelled("The recording was cancelled.")
            rows += self.poll()
            if rows:
                on_status(self.status, min(seconds, (rows[-1].index + 1 - rows[0].index) / rate))
        values, lost = evenly(rows, wanted)
        return Recording(label, values, rate, self.source.axes, lost)


def evenly(rows: list[Reading], wanted: int) -> tuple[Floats, int]:
    """(wanted, axes) values at every index from the first on, gaps filled on straight lines; how many were filled."""
    first = rows[0].index
    at = np.array([row.index - first for row in rows], np.float64)
    known: NDArray[np.float64] = np.array([row.values for row in rows], np.float64)
    places = np.arange(wanted, dtype=np.float64)
    columns = [np.interp(places, at, known[:, axis]) for axis in range(known.shape[1])]
    present = int(np.isin(places, at).sum())
    return np.stack(columns, axis=1).astype(np.float32), wanted - present


def rounded_rate(rate_hz: float) -> float:
    """A measured rate without its measuring noise: to three digits, whole where it is within half a percent of it."""
    whole = round(rate_hz)
    if whole >= 1 and abs(rate_hz - whole) <= 0.005 * rate_hz:
        return float(whole)
    return float(f"{rate_hz:.3g}")
