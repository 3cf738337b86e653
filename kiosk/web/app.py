"""The touchscreen: its pages, touches and live feed. The server holds the visit, never the page."""

import ipaddress
import re
from dataclasses import dataclass

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, RedirectResponse, Response, StreamingResponse
from starlette.routing import Route

from kiosk.domain.inputs import PanelTouch, PresentStaffPin, StayHere
from kiosk.domain.model.ids import IntentId
from kiosk.domain.model.session import Step
from kiosk.domain.refusals import Refusal
from kiosk.domain.screens import screen
from kiosk.domain.state import State
from kiosk.service.uuid7 import uuid7
from kiosk.web.files import StaticFiles
from kiosk.web.guard import Guard
from kiosk.web.live import LiveFeed
from kiosk.web.panels import COOKIE, Claim, Panel, Panels, place_of
from kiosk.web.parts import WebParts
from kiosk.web.seat import Seat
from kiosk.web.server import WebApp
from kiosk.web.touchscreen.actions import Malformed, Post, StaffPin, read_post, touch_of
from kiosk.web.touchscreen.pages import Issue, Look, Pages, View
from kiosk.web.touchscreen.sentences import MALFORMED, STALE_PAGE

LOOK_COOKIE = "look"
LOOK_KEPT_S = 600
TAB_HEADER = "kiosk-tab"
TAKE_OVER, CHANGE_LOOK = "take_over", "look"
"""The two actions of a page that the rules know nothing of."""
_TAB = re.compile(r"[A-Za-z0-9-]{1,40}")


def page_app(parts: WebParts) -> WebApp:
    """The application behind the touchscreen's address."""
    touchscreen = Touchscreen(parts)
    files = StaticFiles(parts.panel)
    routes = [
        Route("/", touchscreen.page),
        Route("/screen", touchscreen.part),
        Route("/act", touchscreen.act, methods=["POST"]),
        Route("/live", touchscreen.live),
        Route("/beat", touchscreen.beat, methods=["POST"]),
        Route("/healthz", touchscreen.health),
        Route("/static/{name}", files.get),
    ]
    return WebApp(Guard(Starlette(routes=routes)), touchscreen.feed.stop)


@dataclass(frozen=True, slots=True)
class Caller:
    """Which browser asks, and which of its pages (empty until a page has named itself)."""

    panel: Panel
    tab: str

    @property
    def page(self) -> str:
        """A name for this page of this browser."""
        return f"{self.panel.id}/{self.tab}"


class Touchscreen:
    """One method an address."""

    def __init__(self, parts: WebParts) -> None:
        self._parts = parts
        self._panels = Panels(parts.clock)
        self._seat = Seat()
        self._pages = Pages(parts.receipts, parts.clock, parts.timezone, parts.version)
        self.feed = LiveFeed(parts.inbox, self._seat, uuid7(parts.clock.now().at_ms))

    # Reading

    async def page(self, request: Request) -> Response:
        """The whole page of the moment."""
        caller = self._caller(request)
        view = self._view(request, caller)
        html = self._pages.full(view, self._issue(caller))
        return self._answer(caller, html, view)

    async def part(self, request: Request) -> Response:
        """The main part, for a page that is open; 304 when a person would see no difference."""
        caller = self._caller(request)
        view = self._view(request, caller)
        if request.headers.get("if-none-match") == f'"{view.etag}"':
            return Response(status_code=304, headers={"kiosk-rev": str(self.feed.rev)})
        html = self._pages.part(view, self._issue(caller))
        return self._answer(caller, html, view)

    def _caller(self, request: Request) -> Caller:
        panel = self._panels.of(request.cookies.get(COOKIE))
        tab = request.headers.get(TAB_HEADER) or request.query_params.get("tab") or ""
        return Caller(panel, tab if _TAB.fullmatch(tab) else "")

    def _view(self, request: Request, caller: Caller) -> View:
        state = self._parts.inbox.state
        return View(
            screen=screen(state),
            layout=state.layout,
            look=Look.parse(request.cookies.get(LOOK_COOKIE, "")),
            notice=self._panels.notice_of(caller.panel, place_of(state.visit)),
            is_elsewhere=not self._may_act(caller, state),
            is_starting=not state.doors and not state.lost_banks,
        )

    def _may_act(self, caller: Caller, state: State) -> bool:
        """Whether a page shows the visit: nobody is at the screen, or it is this page's visit."""
        if state.visit.step is Step.HOME:
            return True
        if not caller.tab:
            return self._seat.is_free_for_browser(caller.panel.id)
        return self._seat.is_free_for(caller.page)

    def _issue(self, caller: Caller) -> Issue:
        place = place_of(self._parts.inbox.state.visit)
        return Issue(self._panels.new_form(caller.panel, place), self.feed.rev, self.feed.boot)

    def _answer(self, caller: Caller, html: str, view: View) -> Response:
        headers = {"etag": f'"{view.etag}"', "kiosk-rev": str(self.feed.rev)}
        response = Response(html, media_type="text/html", headers=headers)
        response.set_cookie(COOKIE, caller.panel.id, httponly=True, samesite="strict")
        return response

    # Touching

    async def act(self, request: Request) -> Response:
        """One touch: done at most once, then the page of the moment."""
        caller = self._caller(request)
        if not self._panels.may_post(caller.panel):
            return PlainTextResponse("Too fast: wait a second.\n", 429, {"retry-after": "1"})
        response = RedirectResponse("/", 303)
        response.set_cookie(COOKIE, caller.panel.id, httponly=True, samesite="strict")
        try:
            post = read_post(await request.body())
        except Malformed:
            self._say(caller, MALFORMED)
            return response
        match self._panels.claim(caller.panel, post.token, place_of(self._parts.inbox.state.visit)):
            case Claim.STALE:
                self._say(caller, STALE_PAGE)
            case Claim.REPEATED:
                await caller.panel.forms[post.token].done.wait()
            case Claim.FRESH:
                await self._act_once(caller, post)
        if post.action == CHANGE_LOOK:
            response.set_cookie(LOOK_COOKIE, str(Look.parse(post.value)), LOOK_KEPT_S, samesite="strict")
        return response

    def _say(self, caller: Caller, notice: str) -> None:
        self._panels.say(caller.panel, notice, place_of(self._parts.inbox.state.visit))

    async def _act_once(self, caller: Caller, post: Post) -> None:
        form = caller.panel.forms[post.token]
        try:
            refusal = await self._touch(caller, post)
        except Malformed:
            self._say(caller, MALFORMED)
        else:
            self._say(caller, refusal.value if refusal else "")
        finally:
            form.done.set()

    async def _touch(self, caller: Caller, post: Post) -> Refusal | None:
        state = self._parts.inbox.state
        if post.action == TAKE_OVER:
            self._sit(caller)
            return await self._submit(StayHere(), post)
        if post.action == CHANGE_LOOK or not self._may_act(caller, state):
            return None
        wanted = touch_of(post, state, self._parts.codes)
        self._sit(caller)
        return await self._submit(await self._with_staff(wanted, state), post)

    def _sit(self, caller: Caller) -> None:
        self._seat.take(caller.page)
        self.feed.hurry()

    async def _with_staff(self, wanted: PanelTouch | StaffPin, state: State) -> PanelTouch:
        """Check a staff PIN's slow hash first, and only where the screen asks for one."""
        if not isinstance(wanted, StaffPin):
            return wanted
        asked = state.visit.step is Step.STAFF_SIGN_IN
        staff = await self._parts.staff_pins.check(wanted.account, wanted.pin) if asked else None
        return PresentStaffPin(wanted.account, staff)

    async def _submit(self, touch: PanelTouch, post: Post) -> Refusal | None:
        answer = await self._parts.inbox.submit(touch, intent=IntentId(post.token))
        return answer.refusal

    # Staying in touch

    async def live(self, request: Request) -> Response:
        """Revisions as they come."""
        return StreamingResponse(self.feed.stream(self._caller(request).page), media_type="text/event-stream")

    async def beat(self, request: Request) -> Response:
        """The page is alive."""
        self._caller(request)
        self._parts.beats.beat()
        return Response(status_code=204)

    async def health(self, request: Request) -> Response:
        """That the server answers, and how long ago a page said that it lives; for this machine only."""
        if not _is_near(request):
            return PlainTextResponse("Not here.\n", 404)
        return JSONResponse({"status": "ok", "page_seen_s_ago": self._parts.beats.seen_s_ago})


def _is_near(request: Request) -> bool:
    return request.client is not None and ipaddress.ip_address(request.client.host).is_loopback
