"""The technician's panel: one page that lives, the same verbs for programs, and the frames as text."""

import asyncio
import contextlib
import json
import secrets
from collections.abc import AsyncIterator
from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import (
    HTMLResponse,
    JSONResponse,
    PlainTextResponse,
    RedirectResponse,
    Response,
    StreamingResponse,
)
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp

from sim.doors import NotPossible
from sim.live.frame_ring import clock
from sim.server.guard import FORM, JSON, Guard
from sim.server.orders import BadOrder, clock_words, perform, read_order
from sim.server.panel_view import PanelView, Viewer, Wanted, age
from sim.server.parts import PanelParts
from sim.server.world_json import world_json

PARTS = ("state", "cabinet", "door", "phones", "around", "wires")
"""Pieces of the page that are replaced by themselves."""
LEAST_PAUSE_S = 0.1
LONGEST_PAUSE_S = 1.0
"""Ages on the page grow once a second even when nothing happens."""
_HERE = Path(__file__).parent


class Panel:
    """The page and its requests. One notice line tells what came of the last order."""

    def __init__(self, parts: PanelParts) -> None:
        self._parts = parts
        self._viewer = Viewer(parts)
        self._token = secrets.token_urlsafe(24)
        self._notice = ("", False)
        self._is_over = False
        self._pages = Environment(
            loader=PackageLoader("sim.server"), autoescape=True, undefined=StrictUndefined,
            trim_blocks=True, lstrip_blocks=True,
        )  # fmt: skip
        self._pages.globals.update(
            order=lambda verb, **rest: json.dumps({"verb": verb, **rest}),
            clock=clock,
            age=age,
            clock_words=clock_words,
        )

    @property
    def app(self) -> ASGIApp:
        """The application, behind its guard."""
        routes = [
            Route("/", self._page),
            Route("/state", self._state),
            Route("/live", self._live),
            Route("/world", self._world, methods=["GET", "POST"]),
            Route("/frames.txt", self._frames),
            Mount("/static", StaticFiles(directory=_HERE / "static")),
        ]
        return Guard(Starlette(routes=routes), self._parts.address)

    def end_streams(self) -> None:
        """Let every event stream end: the panel closes."""
        self._is_over = True
        self._parts.live.changes.tell()

    # ------------------------------------------------------------ reading
    async def _page(self, request: Request) -> Response:
        view = self._viewer.view(_wanted(request))
        return HTMLResponse(self._print("page.html", view))

    async def _state(self, request: Request) -> Response:
        view = self._viewer.view(_wanted(request))
        return JSONResponse({part: self._print(f"{part}.html", view) for part in PARTS})

    def _print(self, template: str, view: PanelView) -> str:
        notice, is_refusal = self._notice
        return self._pages.get_template(template).render(
            view=view, parts=self._parts, token=self._token, notice=notice, is_refusal=is_refusal
        )

    async def _live(self, request: Request) -> Response:
        return StreamingResponse(self._events(), media_type="text/event-stream")

    async def _events(self) -> AsyncIterator[str]:
        """A number whenever there is something new to fetch, at most ten a second."""
        changes = self._parts.live.changes
        with self._parts.watch.watching():
            while not self._is_over:
                number = changes.number
                yield f"data: {number}\n\n"
                await asyncio.sleep(LEAST_PAUSE_S)
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(LONGEST_PAUSE_S):
                        await changes.after(number)

    async def _frames(self, request: Request) -> Response:
        port = self._viewer.view(_wanted(request)).port
        headers = {"content-disposition": 'attachment; filename="frames.txt"'}
        return PlainTextResponse(port.wire.frames.as_text(), headers=headers)

    # ------------------------------------------------------------ doing
    async def _world(self, request: Request) -> Response:
        if request.method != "POST":
            return JSONResponse(world_json(self._parts, _number(request.query_params.get("pulses_after"))))
        if request.headers["content-type"].partition(";")[0].strip().lower() == JSON:
            return await self._from_program(await request.body())
        return await self._from_page(request)

    async def _from_program(self, body: bytes) -> Response:
        try:
            done = await self._perform(body)
        except BadOrder as error:
            return JSONResponse({"error": str(error)}, 422)
        except NotPossible as error:
            return JSONResponse({"error": str(error)}, 409)
        return JSONResponse({"done": done, "world": world_json(self._parts)})

    async def _from_page(self, request: Request) -> Response:
        form = {name: str(value) for name, value in (await request.form()).items()}
        if not secrets.compare_digest(form.get("token", "").encode(), self._token.encode()):
            return PlainTextResponse("This page is older than the panel; reload it.\n", 403)
        try:
            self._notice = (await self._perform(_filled(form)), False)
        except (BadOrder, NotPossible) as error:
            self._notice = (str(error), True)
        self._parts.live.changes.tell()
        return RedirectResponse(f"/?{_same_view(form)}", 303)

    async def _perform(self, order: str | bytes) -> str:
        done = perform(read_order(order), self._parts)
        await self._parts.live.saved()
        return done


def _filled(form: dict[str, str]) -> str:
    """The order of the button that was pressed, with the text typed beside it."""
    text = form.get("order", "")
    if form.get("what") and text.startswith('{"verb": "put"'):
        return json.dumps({**json.loads(text), "what": form["what"]})
    return text


def _same_view(form: dict[str, str]) -> str:
    return form.get("view", "") if form.get("view", "").isascii() else ""


def _wanted(request: Request) -> Wanted:
    query = request.query_params
    return Wanted(
        door=query.get("door", ""),
        port=query.get("port", ""),
        board=query.get("board", ""),
        frames=query.get("frames", "news"),
    )


def _number(text: str | None) -> int:
    return int(text) if text and text.isdecimal() else 0


__all__ = ["FORM", "JSON", "PARTS", "Panel"]
