"""A whole studio for the length of a `with` block: `mote demo` starts one when it is given no server."""

from __future__ import annotations

import os
import re
import secrets
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from mote.client import Client
from mote.errors import MoteError

READY = re.compile(r"ready: (http://\S+)")


@contextmanager
def local_server(data_dir: Path | None = None) -> Iterator[Client]:
    """Start the studio on a free port with its own data folder, sign in as its first account, stop it at the end.

    Args:
        data_dir: where to keep database and files; a temporary folder by default.

    Raises:
        MoteError: it did not start; the message holds what it printed.
    """
    with tempfile.TemporaryDirectory(prefix="mote-") as scratch:
        folder = data_dir or Path(scratch) / "data"
        # A program, not an import: mote knows nothing of the backend's code.
        process = subprocess.Popen(
            [sys.executable, "-m", "backend.run", "--port", "0"],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
            env={**os.environ, "MOTE_DATA_DIR": str(folder)},
        )
        try:
            with Client(_address(process)) as client:
                _sign_up(client)
                yield client
        finally:
            process.send_signal(signal.SIGINT)
            try:
                process.wait(30)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _address(process: subprocess.Popen[str]) -> str:
    printed = []
    for line in process.stdout or ():
        printed.append(line)
        if found := READY.search(line):
            return found[1]
    raise MoteError("The studio did not start.", hint="".join(printed[-20:]).strip())


def _sign_up(client: Client) -> None:
    account = {"email": "demo@localhost.localdomain", "name": "Demo", "password": secrets.token_urlsafe(24)}
    client.post("/setup", account)
