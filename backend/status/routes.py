"""/api/status, /api/health and the event stream of a project"""

from __future__ import annotations

import time
import uuid
from collections.abc import AsyncIterator

from fastapi import APIRouter, Request
from fastapi.responses import StreamingResponse
from sqlalchemy import select
from starlette.concurrency import run_in_threadpool

from backend.database import Database, SessionDep
from backend.dependencies import ProjectViewer, project_access
from backend.events import KEEP_ALIVE_S, EventHub, encode
from backend.permissions import Action
from backend.status.schemas import HealthOut, StatusOut
from backend.tools import Tools, mote_version
from backend.users.service import needs_setup
from backend.users.sign_in import authenticate
from mote.errors import MoteError

router = APIRouter(tags=["status"])


@router.get("/status")
def get_status(request: Request, session: SessionDep) -> StatusOut:
    """What this installation can do; for everybody, since the first visitor has no account."""
    tools: Tools = request.app.state.tools
    return StatusOut(version=mote_version(), needs_setup=needs_setup(session), tools=tools.check())


@router.get("/health")
def get_health(session: SessionDep) -> HealthOut:
    """For supervisors: the server and its database work."""
    session.execute(select(1))
    return HealthOut()


@router.get("/projects/{project_id}/events", response_class=StreamingResponse)
async def stream_events(access: ProjectViewer, request: Request) -> StreamingResponse:
    """Server-sent events: a note for each change in a project.

    Event names: job, samples, training, deployment, device, pipeline, project; data is {"kind", "id", ...}. After
    `resync` a page must load everything again, since notes may have been lost.
    """
    hub: EventHub = request.app.state.events
    notes = _notes(hub, request, access.project_id)
    headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    return StreamingResponse(notes, media_type="text/event-stream", headers=headers)


async def _notes(hub: EventHub, request: Request, project_id: uuid.UUID) -> AsyncIterator[bytes]:
    yield b"retry: 2000\n\n"  # the browser comes back by itself, after 2000 ms
    checked_at = time.monotonic()
    async for note in hub.stream(project_id):
        if time.monotonic() - checked_at >= KEEP_ALIVE_S:
            if not await run_in_threadpool(_is_still_allowed, request, project_id):
                return
            checked_at = time.monotonic()
        yield encode(note)


def _is_still_allowed(request: Request, project_id: uuid.UUID) -> bool:
    """A session, key or membership may end while a page is open."""
    database: Database = request.app.state.database
    try:
        caller = authenticate(request.headers, request.cookies, request.method, database)
        with database.transaction(write=False) as session:
            return caller is not None and bool(project_access(session, caller, project_id, Action.PROJECT_VIEW))
    except MoteError:
        return False
