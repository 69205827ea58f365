"""The HTTP API from Python: what `mote demo`, `mote device stream` and scripts use."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import httpx

from mote.errors import MoteError

POLL_S = 0.5

Json = dict[str, Any]


class ServerError(MoteError):
    """The server refused a request; `status` is its HTTP status, `code` its own word for it."""

    def __init__(self, message: str, *, hint: str = "", status: int = 0, error_code: str = "") -> None:
        super().__init__(message, hint=hint)
        self.status = status
        self.error_code = error_code


class Client:
    """One person's or key's view of a Mote Studio server."""

    def __init__(self, url: str, *, key: str | None = None, timeout_s: float = 120.0) -> None:
        headers = {"Authorization": f"Bearer {key}"} if key else {}
        self.http = httpx.Client(base_url=url.rstrip("/"), headers=headers, timeout=timeout_s)

    def __enter__(self) -> Client:
        return self

    def __exit__(self, *_: object) -> None:
        self.http.close()

    def request(self, method: str, path: str, **arguments: Any) -> httpx.Response:
        """One request below /api.

        Raises:
            ServerError: the server said no; message and hint are its own words.
            MoteError: no server answers there.
        """
        csrf = self.http.cookies.get("mote_csrf")
        headers = {"X-CSRF-Token": csrf} if csrf and method != "GET" else {}
        try:
            response = self.http.request(method, f"/api{path}", headers=headers, **arguments)
        except httpx.TransportError as error:
            raise MoteError(
                f"No answer from {self.http.base_url}: {error}.", hint="Is the server running? `make run` starts it."
            ) from error
        if response.is_error:
            raise _server_error(response)
        return response

    def get(self, path: str, **params: Any) -> Any:
        return self.request("GET", path, params=params).json()

    def post(self, path: str, body: Any = None) -> Any:
        response = self.request("POST", path, json=body if body is not None else {})
        return response.json() if response.content else None

    def put(self, path: str, body: Any) -> Any:
        return self.request("PUT", path, json=body).json()

    def upload(self, project_id: str, batch: Sequence[tuple[str, Path]], options: Json) -> Json:
        """Send files in one request; each is stored whole or refused with a reason.

        Args:
            batch: (path relative to the dropped folder, file); folder names in the path may be labels.
            options: label rule, split rule and reading options, see docs/data.md.

        Returns:
            The server's report: imported, refused, duplicates.
        """
        with ExitStack() as stack:
            files = [
                ("files", (name, stack.enter_context(path.open("rb")), "application/octet-stream"))
                for name, path in batch
            ]
            form = {"options": json.dumps(options)}
            answer: Json = self.request(
                "POST", f"/projects/{project_id}/samples", files=files, data=form, timeout=600
            ).json()
        return answer

    def follow(self, path: str, is_over: Callable[[Json], bool], on_change: Callable[[Json], None]) -> Json:
        """Read a resource twice a second until `is_over`; hand every state to `on_change`."""
        while True:
            state: Json = self.get(path)
            on_change(state)
            if is_over(state):
                return state
            time.sleep(POLL_S)

    def download(self, path: str, target: Path) -> None:
        """Save one file; nothing is left behind when the transfer breaks."""
        part = target.with_name(target.name + ".part")
        part.write_bytes(self.request("GET", path).content)
        part.replace(target)


def _server_error(response: httpx.Response) -> ServerError:
    try:
        error = response.json()["error"]
        return ServerError(
            error["message"],
            hint=error.get("hint", ""),
            status=response.status_code,
            error_code=error.get("code", ""),
        )
    except (ValueError, KeyError, TypeError):
        return ServerError(f"The server answered with status {response.status_code}.", status=response.status_code)
