"""Errors of the stored world, and the one place where an error becomes an HTTP answer.

MoteError (mote/errors.py)
├── NotFound            404  no such row, or none that the caller may know of
├── NotSignedIn         401  no session or key, or one that ended
├── NotAllowed          403  the role does not allow it, or the request was not made by our own page
├── Conflict            409  somebody else was faster, or the state does not allow it
├── Gone                410  an invitation that was used or ran out
├── TooLarge            413  more bytes than the server takes
├── TooManyAttempts     429  sign-in attempts
└── Unavailable         503  a service this server needs does not answer
"""

from __future__ import annotations

import json
import logging
from typing import Any

from fastapi import FastAPI, Request
from fastapi.encoders import jsonable_encoder
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field
from sqlalchemy.exc import DataError, IntegrityError, OperationalError
from sqlalchemy.orm.exc import StaleDataError
from starlette.exceptions import HTTPException

from mote import errors

log = logging.getLogger(__name__)


class NotFound(errors.MoteError):
    """No such row, or none that the caller may know of."""

    code = "not_found"


class NotSignedIn(errors.MoteError):
    """Neither a session nor an API key that is valid now."""

    code = "not_signed_in"


class NotAllowed(errors.MoteError):
    """The caller is known and may not do this."""

    code = "not_allowed"


class Conflict(errors.MoteError):
    """The state of things does not allow it; `current` is the row as it is now, for a stale edit."""

    code = "conflict"

    def __init__(self, message: str, *, hint: str = "", current: BaseModel | None = None) -> None:
        super().__init__(message, hint=hint)
        self.current = current


class Gone(errors.MoteError):
    """It existed and is over."""

    code = "gone"


class TooLarge(errors.MoteError):
    """More bytes than the server takes."""

    code = "too_large"


class TooManyAttempts(errors.MoteError):
    """Wait `retry_after_s` seconds."""

    code = "too_many_attempts"

    def __init__(self, message: str, *, hint: str = "", retry_after_s: int = 60) -> None:
        super().__init__(message, hint=hint)
        self.retry_after_s = retry_after_s


class Unavailable(errors.MoteError):
    """A service this server needs does not answer."""

    code = "unavailable"


STATUS: dict[type[errors.MoteError], int] = {
    NotSignedIn: 401,
    NotAllowed: 403,
    NotFound: 404,
    Conflict: 409,
    Gone: 410,
    TooLarge: 413,
    TooManyAttempts: 429,
    Unavailable: 503,
    errors.MissingTool: 503,
    errors.MoteError: 422,
}
CODES = {400: "bad_request", 401: "not_signed_in", 403: "not_allowed", 404: "not_found", 405: "method_not_allowed"}


class ErrorDetail(BaseModel):
    """What went wrong (`message`), how to mend it (`hint`) and a word for programs (`code`)."""

    code: str
    message: str
    hint: str = ""
    request_id: str | None = None
    questions: list[dict[str, Any]] | None = None
    current: dict[str, Any] | None = Field(default=None, description="The row as it is now, after a stale edit")
    fields: dict[str, str] | None = Field(default=None, description="Field name -> what is wrong with it")


class ErrorBody(BaseModel):
    """Every answer that is not 2xx has this shape."""

    error: ErrorDetail


def status_of(error: errors.MoteError) -> int:
    """The HTTP status of the nearest known class of an error."""
    return next(STATUS[kind] for kind in type(error).__mro__ if kind in STATUS)


def detail_of(error: errors.MoteError) -> ErrorDetail:
    """An error in the shape the API answers with."""
    detail = ErrorDetail(code=error.code, message=error.message, hint=error.hint)
    if isinstance(error, errors.Question):
        detail.questions = [choice.model_dump() for choice in error.questions]
    if isinstance(error, Conflict) and error.current is not None:
        detail.current = error.current.model_dump(mode="json")
    return detail


def answer(status: int, detail: ErrorDetail, headers: dict[str, str] | None = None) -> JSONResponse:
    """An error as a response."""
    return JSONResponse(ErrorBody(error=detail).model_dump(exclude_none=True), status_code=status, headers=headers)


def install(app: FastAPI) -> None:
    """Teach an app to answer every expected error in the one shape (unknown ones: see security.Guard)."""
    app.add_exception_handler(errors.MoteError, _on_mote_error)
    app.add_exception_handler(RequestValidationError, _on_invalid)
    app.add_exception_handler(HTTPException, _on_http)
    app.add_exception_handler(StaleDataError, _on_stale)
    app.add_exception_handler(IntegrityError, _on_integrity)
    app.add_exception_handler(DataError, _on_data)
    app.add_exception_handler(OperationalError, _on_database)


async def _on_mote_error(_: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, errors.MoteError)
    headers = {"Retry-After": str(error.retry_after_s)} if isinstance(error, TooManyAttempts) else None
    return answer(status_of(error), detail_of(error), headers)


async def _on_invalid(_: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)
    fields = {
        ".".join(str(part) for part in item["loc"][1:]) or "body": str(item["msg"]).removeprefix("Value error, ")
        for item in error.errors()
    }
    message = "; ".join(f"{name}: {text}" for name, text in fields.items())
    return answer(422, ErrorDetail(code="invalid", message=message, hint="Correct the named fields.", fields=fields))


async def _on_http(_: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)
    code = CODES.get(error.status_code, "error")
    return answer(error.status_code, ErrorDetail(code=code, message=str(error.detail)), dict(error.headers or {}))


async def _on_stale(_: Request, error: Exception) -> JSONResponse:
    return answer(409, detail_of(Conflict("Somebody else changed this a moment ago.", hint="Load it again.")))


async def _on_integrity(_: Request, error: Exception) -> JSONResponse:
    log.warning("a constraint of the database refused a change", exc_info=error)
    return answer(409, detail_of(Conflict("This clashes with something stored already.", hint="Load it again.")))


async def _on_data(_: Request, error: Exception) -> JSONResponse:
    log.info("the database cannot store a value", exc_info=error)
    hint = "Is there a number that is too large, or a character with the code 0?"
    return answer(422, detail_of(errors.BadInput("The database cannot store one of these values.", hint=hint)))


async def _on_database(_: Request, error: Exception) -> JSONResponse:
    log.error("the database did not answer", exc_info=error)
    return answer(503, detail_of(Unavailable("The database is busy or away.", hint="Try again in a moment.")))


def as_json(value: Any) -> bytes:
    """Compact JSON of anything the API answers with."""
    return json.dumps(jsonable_encoder(value), separators=(",", ":")).encode()
