"""Serial ports of this machine (pyserial)."""

from __future__ import annotations

from types import TracebackType
from typing import NamedTuple, Self

import serial
from serial.tools import list_ports

from mote.errors import BadInput

BAUD = 115200


class PortInfo(NamedTuple):
    """A port that could be opened."""

    device: str
    """`/dev/ttyACM0`, `COM3`"""
    description: str


def ports() -> list[PortInfo]:
    """All serial ports of this machine, those with USB first."""
    found = sorted(list_ports.comports(), key=lambda port: (port.vid is None, port.device))
    return [PortInfo(port.device, port.description or "") for port in found]


class SerialPort:
    """An open port; a `Transport` of the serial link.

    Args:
        device: `/dev/ttyACM0`, `COM3`, or a URL of pyserial's (`socket://host:port`).
        baud: bits per second.

    Raises:
        BadInput: it cannot be opened; says what to do.
    """

    def __init__(self, device: str, baud: int = BAUD) -> None:
        try:
            self._port = serial.serial_for_url(device, baudrate=baud, timeout=0.1, write_timeout=10)
        except (serial.SerialException, ValueError, OSError) as error:
            raise BadInput(f"{device} cannot be opened: {error}", hint=_hint(str(error))) from error
        self.device = device

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        self._port.close()

    def read(self, timeout_s: float) -> bytes:
        """What has arrived; empty when nothing came in time.

        Raises:
            BadInput: the port is gone.
        """
        try:
            self._port.timeout = max(0.0, timeout_s)
            first: bytes = self._port.read(1)
            waiting = self._port.in_waiting if first else 0
            return first + bytes(self._port.read(waiting)) if waiting else first
        except (serial.SerialException, OSError, TypeError) as error:  # TypeError: closed by another thread meanwhile
            raise self._gone() from error

    def write(self, data: bytes) -> None:
        try:
            self._port.write(data)
            self._port.flush()
        except (serial.SerialException, OSError, TypeError) as error:
            raise self._gone() from error

    def _gone(self) -> BadInput:
        return BadInput(f"{self.device} stopped working.", hint="Was the board unplugged? Plug it in and start again.")


def _hint(reason: str) -> str:
    if "ermission" in reason:
        return "Your account may not use serial ports: sudo usermod -aG dialout $USER, then sign in again."
    if "busy" in reason or "lock" in reason:
        return "Another program holds it: close serial monitors and the browser tab that uses it."
    names = ", ".join(port.device for port in ports()[:8])
    return f"Ports of this machine: {names}." if names else "This machine has no serial port: is the board plugged in?"
