"""The local interface: what the daemon knows, as JSON over a socket that only its user and group reach.

It reads without people; orders over the directory are posted, and only their answers name people.
"""

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from kiosk.domain.model.session import SessionState
from kiosk.reports.views import (
    banks_view,
    deliveries_view,
    doors_view,
    event_view,
    incidents_view,
    proof_view,
)
from kiosk.web.order_desk import OrderDesk
from kiosk.web.parts import WebParts
from kiosk.web.server import WebApp

EVENTS_AT_MOST = 500
EVENTS_USUALLY = 100


def local_app(parts: WebParts) -> WebApp:
    """The application behind the local socket."""
    local = LocalInterface(parts)
    routes = [
        Route("/status", local.status),
        Route("/doors", local.doors),
        Route("/deliveries", local.deliveries),
        Route("/incidents", local.incidents),
        Route("/events", local.events),
        Route("/proofs", local.proofs),
        Route("/directory", OrderDesk(parts.orders), methods=["POST"]),
    ]
    return WebApp(Starlette(routes=routes))


class LocalInterface:
    """One method a question."""

    def __init__(self, parts: WebParts) -> None:
        self._parts = parts

    async def status(self, request: Request) -> JSONResponse:
        """Which kiosk this is, where its log stands, which banks answer, how clock and screen are."""
        state = self._parts.inbox.state
        epoch, seq = self._parts.log_head()
        active = [one for one in state.sessions.values() if one.state is SessionState.ACTIVE]
        return JSONResponse(
            {
                "version": self._parts.version,
                "kiosk": state.building.kiosk,
                "public_key": self._parts.public_key,
                "boot": self._parts.clock.boot,
                "clock_trusted": self._parts.clock.now().is_trusted,
                "page_seen_s_ago": self._parts.beats.seen_s_ago,
                "epoch": epoch,
                "seq": seq,
                "banks": banks_view(state),
                "sessions_active": len(active),
                "incidents_open": len(state.incidents),
            }
        )

    async def doors(self, request: Request) -> JSONResponse:
        """Every compartment."""
        return JSONResponse(doors_view(self._parts.inbox.state))

    async def deliveries(self, request: Request) -> JSONResponse:
        """Every active delivery."""
        return JSONResponse(deliveries_view(self._parts.inbox.state))

    async def incidents(self, request: Request) -> JSONResponse:
        """Every open incident."""
        return JSONResponse(incidents_view(self._parts.inbox.state))

    async def proofs(self, request: Request) -> JSONResponse:
        """Proofs of delivery by their six characters, newest first."""
        code = request.query_params.get("code", "")
        return JSONResponse([proof_view(one) for one in await self._parts.read_proofs(code)])

    async def events(self, request: Request) -> JSONResponse:
        """Rows of the log after a number, oldest first; a page of them at a time."""
        try:
            after = int(request.query_params.get("after", "0"))
            limit = int(request.query_params.get("limit", str(EVENTS_USUALLY)))
        except ValueError:
            why = "expected whole numbers, such as /events?after=120&limit=50"
            return JSONResponse({"error": why}, status_code=400)
        if after < 0 or not 1 <= limit <= EVENTS_AT_MOST:
            why = f"expected after from 0 and limit from 1 to {EVENTS_AT_MOST}"
            return JSONResponse({"error": why}, status_code=400)
        rows = await self._parts.read_events(after, limit)
        return JSONResponse([event_view(row) for row in rows])
