"""The web application: the API of every `backend/*/routes.py`, and the built frontend.

Start with `uvicorn backend.main:app`. Nothing here knows what TensorFlow is.
"""

from __future__ import annotations

import importlib
import logging
import pkgutil
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from fastapi import APIRouter, FastAPI
from fastapi.routing import APIRoute

import backend
from backend import errors
from backend.bus import Bus
from backend.database import Database
from backend.events import EventHub
from backend.frontend import Frontend
from backend.jobs.reaper import Reaper
from backend.security import Guard
from backend.settings import Settings, get_settings
from backend.storage import Storage
from backend.tools import Tools, mote_version

log = logging.getLogger(__name__)


def create_app(settings: Settings | None = None) -> FastAPI:
    """An application with its own connections; `settings` default to the environment's."""
    settings = settings or get_settings()
    app = FastAPI(
        title="Mote Studio",
        version=mote_version(),
        openapi_url="/api/openapi.json",
        docs_url=None,
        redoc_url=None,
        lifespan=_lifespan,
        generate_unique_id_function=_operation_id,
        responses={"default": {"model": errors.ErrorBody, "description": "What went wrong, and how to mend it"}},
    )
    database = Database(settings.database, Bus(settings))
    app.state.settings = settings
    app.state.database = database
    app.state.storage = Storage.of(settings)
    app.state.tools = Tools(settings, database.bus)
    app.state.events = EventHub(settings.redis)
    errors.install(app)
    for router in routers():
        app.include_router(router, prefix="/api")
    app.mount("/", Frontend(settings.frontend_dir))
    app.add_middleware(Guard, settings=settings, database=database)
    return app


def routers() -> list[APIRouter]:
    """The `router` of every backend/<noun>/routes.py."""
    found = []
    for package in sorted(pkgutil.iter_modules(backend.__path__), key=lambda info: info.name):
        if package.ispkg and any(m.name == "routes" for m in pkgutil.iter_modules([_folder(package)])):
            found.append(importlib.import_module(f"backend.{package.name}.routes").router)
    return found


def _folder(package: pkgutil.ModuleInfo) -> str:
    return f"{backend.__path__[0]}/{package.name}"


def _operation_id(route: APIRoute) -> str:
    """`list_samples` instead of `list_samples_api_projects__project_id__samples_get`; the frontend's types use it."""
    return route.name


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    hub: EventHub = app.state.events
    reaper = Reaper(app.state.database, app.state.settings)
    hub.start()
    reaper.start()
    _end_streams_on_signal(hub)
    try:
        yield
    finally:
        await hub.close()
        reaper.stop()
        app.state.database.close()
        app.state.database.bus.close()


def _end_streams_on_signal(hub: EventHub) -> None:
    """A server waits for open connections before it ends the lifespan; event streams never close by themselves."""

    def chain(number: signal.Signals, before: Any) -> None:
        def handler(received: int, frame: Any) -> None:
            hub.end_streams()
            before(received, frame)

        signal.signal(number, handler)

    for number in (signal.SIGINT, signal.SIGTERM):
        before = signal.getsignal(number)
        if callable(before):
            try:
                chain(number, before)
            except ValueError:  # not in the main thread: a test client, which closes its streams itself
                return


def __getattr__(name: str) -> Any:
    """`app` is made when a server asks for it, not when somebody imports this module."""
    if name == "app":
        return create_app()
    raise AttributeError(name)
