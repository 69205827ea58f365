"""Serves the built frontend: a single page whose addresses are all answered with index.html."""

from __future__ import annotations

from pathlib import Path

from starlette.exceptions import HTTPException
from starlette.responses import HTMLResponse, Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

NOT_BUILT = """<!doctype html><html lang="en"><title>Mote Studio</title><body>
<h1>The web page is not built yet</h1><p>Run <code>make run</code>, which builds it. The API under /api works.</p>"""


class Frontend(StaticFiles):
    """Files with a hash in their name may be kept for ever, index.html must be asked for each time."""

    def __init__(self, folder: Path) -> None:
        super().__init__(directory=folder, check_dir=False)
        self._index = folder / "index.html"

    async def check_config(self) -> None:
        """The folder may be built after the server has started."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        if scope["path"].split("/")[1] == "api":
            raise HTTPException(404, f"There is nothing at {scope['method']} {scope['path']}.")
        if scope["method"] not in ("GET", "HEAD"):
            raise HTTPException(405, "Pages can only be read.")
        if not self._index.is_file():
            return HTMLResponse(NOT_BUILT, headers={"Cache-Control": "no-cache"})
        path = "index.html" if path == "." else path
        try:
            response = await super().get_response(path, scope)
        except HTTPException as error:
            # A file that is missing is missing; any other address is one of the page's own.
            if error.status_code != 404 or "." in path.rsplit("/", 1)[-1]:
                raise
            path, response = "index.html", await super().get_response("index.html", scope)
        hashed = path.startswith("static/") and response.status_code in (200, 304)
        response.headers["Cache-Control"] = "public, max-age=31536000, immutable" if hashed else "no-cache"
        return response
