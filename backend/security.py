"""What every request passes before a route sees it, and every answer on its way out. Plain ASGI, so that bodies stream.

In order: a request id; the host name (DNS rebinding); the Origin of changes (other sites); who uploads (nobody unknown
may fill the disk); the size of the body, counted while it streams; security headers; and an error that nobody expected
becomes a 500 in words, with the request id under which the log has the rest.
"""

from __future__ import annotations

import logging
import uuid
from urllib.parse import urlsplit

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import cookie_parser
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from backend.database import Database
from backend.errors import ErrorDetail, NotAllowed, NotSignedIn, TooLarge, answer, detail_of, status_of
from backend.settings import MIB, Settings
from backend.users.sign_in import SAFE_METHODS, authenticate
from mote.errors import MoteError

log = logging.getLogger(__name__)

HEADERS = {
    # 'wasm-unsafe-eval' compiles the C library; Mantine sets styles from script.
    "Content-Security-Policy": (
        "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self' 'unsafe-inline'; "
        "img-src 'self' data: blob:; media-src 'self' blob:; worker-src 'self' blob:; connect-src 'self'; "
        "object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'"
    ),
    "Permissions-Policy": "serial=(self), microphone=(self), camera=(), geolocation=(), usb=(), payment=()",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}


class Guard:
    """The outermost layer around the application."""

    def __init__(self, app: ASGIApp, settings: Settings, database: Database) -> None:
        self.app, self.settings, self.database = app, settings, database

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        exchange = _Exchange(scope, receive, send, self.settings)
        try:
            await self._check(scope)
            exchange.check_declared_length()
            await self.app(scope, exchange.receive, exchange.send)
        except MoteError as error:
            await exchange.refuse(status_of(error), detail_of(error))
        except Exception:
            log.exception("request %s: %s %s failed", exchange.id, scope["method"], scope["path"])
            hint = f"The server's log has the details under request {exchange.id}."
            await exchange.refuse(500, ErrorDetail(code="internal", message="Mote failed at this.", hint=hint))

    async def _check(self, scope: Scope) -> None:
        headers = Headers(scope=scope)
        host = _host_name(headers.get("host", ""))
        if self.settings.hosts and host not in self.settings.hosts:
            raise NotAllowed(f"This server does not answer to the name {host!r}.", hint="Set MOTE_ALLOWED_HOSTS.")
        if scope["method"] in SAFE_METHODS:
            return
        origin = headers.get("origin")
        if origin and not self._is_trusted(origin, headers.get("host", "")):
            raise NotAllowed(f"Changes from {origin} are refused.", hint="Set MOTE_TRUSTED_ORIGINS if it is yours.")
        if not _is_small(headers):
            await self._check_sender(scope, headers)

    def _is_trusted(self, origin: str, host: str) -> bool:
        return origin in (f"http://{host}", f"https://{host}") or origin in self.settings.trusted_origins

    async def _check_sender(self, scope: Scope, headers: Headers) -> None:
        """FastAPI reads a body before it asks who sends it; so ask first when that could fill memory or disk."""
        cookies = cookie_parser(headers.get("cookie", ""))
        if await run_in_threadpool(authenticate, headers, cookies, scope["method"], self.database) is None:
            raise NotSignedIn("You are not signed in.", hint="Sign in, or send an API key.")


class _Exchange:
    """One request and its answer."""

    def __init__(self, scope: Scope, receive: Receive, send: Send, settings: Settings) -> None:
        self.id = uuid.uuid4().hex[:12]
        self._scope, self._receive, self._send = scope, receive, send
        headers = Headers(scope=scope)
        upload = headers.get("content-type", "").startswith("multipart/")
        self._limit = settings.max_upload_bytes if upload else settings.max_body_bytes
        self._declared = headers.get("content-length", "0")
        self._read = 0
        self._too_large = self._started = False

    def check_declared_length(self) -> None:
        """Refuse a body that is announced as too long before a byte of it is read."""
        if not self._declared.isdecimal() or int(self._declared) > self._limit:
            raise self._refusal()

    async def receive(self) -> Message:
        """Pass on a piece of the body, unless it makes it too long."""
        message = await self._receive()
        self._read += len(message.get("body", b""))
        if self._read > self._limit:
            self._too_large = True
            raise self._refusal()
        return message

    async def send(self, message: Message) -> None:
        """Pass on a piece of the answer, with our headers. What was made of a body cut short is replaced."""
        if self._too_large:
            if not self._started:
                await self.refuse(413, detail_of(self._refusal()))
            return
        if message["type"] == "http.response.start":
            self._started = True
            self._add_headers(MutableHeaders(scope=message))
        await self._send(message)

    async def refuse(self, status: int, detail: ErrorDetail) -> None:
        """Answer with an error, if no answer has begun."""
        if self._started:
            return
        self._started = True
        detail.request_id = self.id
        response = answer(status, detail)
        self._add_headers(response.headers)
        await response(self._scope, self._receive, self._send)

    def _refusal(self) -> TooLarge:
        limit = self._limit / MIB
        return TooLarge(f"The request is larger than {limit:g} MiB.", hint="Send it in several parts.")

    def _add_headers(self, headers: MutableHeaders) -> None:
        headers["X-Request-ID"] = self.id
        for name, value in HEADERS.items():
            headers.setdefault(name, value)
        if self._scope["path"].startswith("/api/"):
            headers.setdefault("Cache-Control", "no-store")


def _is_small(headers: Headers) -> bool:
    length = headers.get("content-length", "" if "transfer-encoding" in headers else "0")
    form = headers.get("content-type", "").startswith("multipart/")
    return not form and length.isdecimal() and int(length) <= MIB


def _host_name(host: str) -> str:
    try:
        return urlsplit(f"//{host}").hostname or ""
    except ValueError:  # an unclosed bracket of an IPv6 address
        return ""
