"""QEMU as a child process with the board's UART on a socket or a pty."""

from __future__ import annotations

import contextlib
import os
import re
import select
import shutil
import socket
import subprocess
import tempfile
import time
from pathlib import Path
from types import TracebackType
from typing import Literal, Self

from mote.deploy import toolchain
from mote.deploy.boards import Board
from mote.errors import NotSupported, VerificationFailed

Clock = Literal["exact", "real_time"]
Serial = Literal["socket", "pty"]

CHUNK = 65536
STOP_S = 2.0
WRITE_S = 30.0
_CLOCKS = {
    "exact": ("-icount", "shift=0"),
    "real_time": (),
}
_PTY = re.compile(rb"char device redirected to (\S+)")


class Emulator:
    """One emulated board, running from `__enter__` to `__exit__`. Also a `Transport` of the serial link.

    Args:
        board: its `emulator` section says which machine.
        elf: the image.
        clock: "exact": 1 instruction = 1 ns of the board's time, deterministic, as fast as it goes; for measurements.
            "real_time": the board's clock is this machine's; for streams.
        serial: "socket": read and write here. "pty": a terminal that pyserial can open (`pty`).

    Raises:
        MissingTool: QEMU is not installed.
        NotSupported: the board has no emulator.
        VerificationFailed: QEMU did not start.
    """

    def __init__(self, board: Board, elf: bytes, *, clock: Clock = "exact", serial: Serial = "socket") -> None:
        if board.emulator is None:
            raise NotSupported(
                f"{board.title} cannot be emulated.", hint="Verify the model on another board of this core."
            )
        self._program = toolchain.program(board.emulator.program)
        self._machine = board.emulator.machine
        self._elf, self._clock, self._serial = elf, clock, serial
        self._stack = contextlib.ExitStack()
        self._child: subprocess.Popen[bytes] | None = None
        self._socket: socket.socket | None = None
        self.pty = ""
        """Path of the terminal, when serial is "pty"."""

    @property
    def version(self) -> str:
        return toolchain.version(self._program)

    def __enter__(self) -> Self:
        with contextlib.ExitStack() as stack:
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="mote-emulator-")))
            image = folder / "firmware.elf"
            image.write_bytes(self._elf)
            stack.callback(self._stop)
            self._start(image, stack)
            self._stack = stack.pop_all()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.close()

    def read(self, timeout_s: float) -> bytes:
        """What the board has sent; empty when nothing came in time.

        Raises:
            VerificationFailed: the emulator has ended.
        """
        channel = self._channel()
        ready, _, _ = select.select([channel], [], [], max(0.0, timeout_s))
        if not ready:
            return b""
        with contextlib.suppress(ConnectionError):
            data = channel.recv(CHUNK)
            if data:
                return data
        raise self._ended()

    def write(self, data: bytes) -> None:
        """Send to the board; waits while it is busy."""
        try:
            self._channel().sendall(data)
        except TimeoutError as error:
            raise VerificationFailed(f"The emulated board took no input for {WRITE_S:g} s.") from error
        except OSError as error:
            raise self._ended() from error

    def _channel(self) -> socket.socket:
        if self._socket is None:
            raise VerificationFailed("This emulator's UART is a terminal: open its pty.")
        return self._socket

    def _start(self, image: Path, stack: contextlib.ExitStack) -> None:
        argv = [*_dies_with_parent(), self._program, "-machine", self._machine, "-display", "none", "-monitor", "none"]
        argv += [*_CLOCKS[self._clock], "-kernel", str(image)]
        if self._serial == "pty":
            self._spawn([*argv, "-chardev", "pty,id=uart", "-serial", "chardev:uart"])
            self.pty = self._pty_path()
            return
        ours, theirs = socket.socketpair()
        stack.enter_context(ours)
        with theirs:
            chardev = f"socket,id=uart,fd={theirs.fileno()}"
            self._spawn([*argv, "-chardev", chardev, "-serial", "chardev:uart"], theirs.fileno())
        ours.settimeout(WRITE_S)
        self._socket = ours

    def _spawn(self, argv: list[str], *keep: int) -> None:
        self._child = subprocess.Popen(
            argv, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, pass_fds=keep
        )

    def _pty_path(self) -> str:
        """Where QEMU put the terminal: it says so on its standard output."""
        assert self._child is not None and self._child.stdout is not None  # noqa: PT018
        said = b""
        deadline = time.monotonic() + 10
        while time.monotonic() < deadline:
            ready, _, _ = select.select([self._child.stdout], [], [], 0.1)
            if ready:
                said += os.read(self._child.stdout.fileno(), 4096)
            found = _PTY.search(said)
            if found:
                return found.group(1).decode()
            if self._child.poll() is not None:
                break
        raise VerificationFailed(f"The emulator did not start: {said.decode(errors='replace').strip()}")

    def _ended(self) -> VerificationFailed:
        said = ""
        if self._child is not None and self._child.stdout is not None:
            with contextlib.suppress(subprocess.TimeoutExpired):
                said = self._child.communicate(timeout=5)[0].decode(errors="replace").strip()
        first_line = said.partition("\n")[0]
        return VerificationFailed(f"The emulator ended. {first_line}".strip())

    def _stop(self) -> None:
        child = self._child
        if child is None:
            return
        child.terminate()
        try:
            child.wait(STOP_S)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()
        if child.stdout is not None:
            child.stdout.close()


def _dies_with_parent() -> list[str]:
    """A prefix that makes Linux end QEMU when we are killed without a chance to do it (setpriv: util-linux)."""
    setpriv = shutil.which("setpriv")
    return [setpriv, "--pdeathsig", "KILL"] if setpriv else []
