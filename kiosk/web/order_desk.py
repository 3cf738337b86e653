"""Takes orders over the directory from the local socket: one JSON object in, one out, never a traceback."""

import asyncio
import json
from collections.abc import Mapping

from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse
from starlette.types import Receive, Scope, Send

from config.residents_file import LARGEST_BYTES
from kiosk.directory_orders import DirectoryOrders
from kiosk.order_forms import Failure, OrderFailed, read_order

BODY_LIMIT = 2 * LARGEST_BYTES + 4096
"""A list of residents as a JSON string: line ends and quotes take two characters."""
BODY_TIME_S = 10.0
JSON = "application/json"

_STATUS = {
    Failure.MALFORMED: 400,
    Failure.BAD_LIST: 422,
    Failure.REFUSED: 409,
    Failure.NOT_WRITTEN: 503,
}


class _Turned(Exception):
    """A request that holds no order."""

    def __init__(self, status: int, why: str) -> None:
        super().__init__(why)
        self.status = status


class OrderDesk:
    """An ASGI application for one address."""

    def __init__(self, orders: DirectoryOrders) -> None:
        self._orders = orders

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one order: 200 and what came of it, or a status, `error` and which `failure` it is."""
        request = Request(scope, receive)
        try:
            answer = JSONResponse(await self._orders.obey(read_order(await _fields(request))))
        except _Turned as turned:
            answer = _said(turned.status, str(turned), Failure.MALFORMED)
        except OrderFailed as failed:
            answer = _said(_STATUS[failed.failure], str(failed), failed.failure)
        except ClientDisconnect:
            return
        await answer(scope, receive, send)


def _said(status: int, why: str, failure: Failure) -> JSONResponse:
    return JSONResponse({"error": why, "failure": failure.value}, status_code=status)


async def _fields(request: Request) -> Mapping[str, object]:
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != JSON:
        raise _Turned(415, f"this body cannot be read here, expected {JSON}")
    try:
        found: object = json.loads(await _body(request))
    except (ValueError, RecursionError):
        raise _Turned(400, "the body is not JSON") from None
    if not isinstance(found, dict):
        raise _Turned(400, "expected one JSON object with the key order")
    return found


async def _body(request: Request) -> bytes:
    body = bytearray()
    try:
        async with asyncio.timeout(BODY_TIME_S):
            async for chunk in request.stream():
                body += chunk
                if len(body) > BODY_LIMIT:
                    raise _Turned(413, f"the body is too large, expected {BODY_LIMIT} bytes at most")
    except TimeoutError:
        raise _Turned(408, f"the body did not arrive within {BODY_TIME_S:.0f} s") from None
    return bytes(body)
