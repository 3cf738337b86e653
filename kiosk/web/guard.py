"""Stands before the pages: only the kiosk's own page at the kiosk's own address gets through to a write.

A pure ASGI guard. It judges address, origin, fetch metadata, content type and size, and sets the headers
that keep a page from being framed, cached or given foreign script. Form tokens are judged by the pages.
"""

import asyncio
from dataclasses import dataclass

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

BODY_LIMIT = 4096
BODY_TIME_S = 5.0
FORM = "application/x-www-form-urlencoded"

_READS = ("GET", "HEAD")
_SAME = ("same-origin", "none")
_HEADERS = {
    "content-security-policy": "default-src 'self'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'none'; object-src 'none'",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
    # Not `no-referrer`: with that one a browser posts our own forms as "Origin: null".
    "referrer-policy": "same-origin",
    "x-content-type-options": "nosniff",
}


@dataclass(frozen=True, slots=True)
class Turned:
    """Why a request is turned away."""

    status: int
    why: str


class Guard:
    """Wraps an application."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request through, or answer it in one plain line."""
        if scope["type"] != "http":
            return
        send = _with_headers(send)
        turned = judge(scope)
        body = b""
        if turned is None and scope["method"] not in _READS:
            body, turned = await _read(receive)
        if turned:
            await PlainTextResponse(f"{turned.why}\n", turned.status)(scope, receive, send)
            return
        await self._app(scope, _again(body, receive), send)


def judge(scope: Scope) -> Turned | None:
    """Whether the head of a request is that of our own page."""
    headers, address = Headers(scope=scope), own_address(scope)
    own = f"http://{address}"
    if headers.getlist("host") != [address]:
        return Turned(421, f"This is not the address of this kiosk: use {own}/")
    if scope["method"] not in (*_READS, "POST"):
        return Turned(405, f"{scope['method']} is not used here, expected GET or POST")
    if headers.get("sec-fetch-site", "none") not in _SAME and not _is_visit(scope, headers):
        return Turned(403, "Another page asked for this. Only the kiosk's own page may.")
    is_write = scope["method"] == "POST"
    if headers.getlist("origin") not in ([[own]] if is_write else [[], [own]]):
        return Turned(403, "Another page sent this. Only the kiosk's own page may.")
    return _judge_body(headers) if is_write else None


def own_address(scope: Scope) -> str:
    """Host and port that the request came in at, as a browser names them."""
    host, port = scope["server"]
    name = f"[{host}]" if ":" in host else str(host)
    return name if port == 80 else f"{name}:{port}"


def _is_visit(scope: Scope, headers: Headers) -> bool:
    """A person followed a link to the first page: it may be read, and nothing else."""
    return (
        scope["method"] == "GET"
        and scope["path"] == "/"
        and headers.get("sec-fetch-mode") == "navigate"
        and headers.get("sec-fetch-dest") == "document"
    )


def _judge_body(headers: Headers) -> Turned | None:
    if headers.get("content-type", "").partition(";")[0].strip().lower() != FORM:
        return Turned(415, f"This body cannot be read here, expected {FORM}")
    return None


async def _read(receive: Receive) -> tuple[bytes, Turned | None]:
    body = bytearray()
    try:
        async with asyncio.timeout(BODY_TIME_S):
            while len(body) <= BODY_LIMIT:
                message = await receive()
                body += message.get("body", b"")
                if not message.get("more_body", False):
                    break
    except TimeoutError:
        return b"", Turned(408, f"The body did not arrive within {BODY_TIME_S:.0f} s")
    if len(body) > BODY_LIMIT:
        return b"", Turned(413, f"The body is too large, expected {BODY_LIMIT} bytes at most")
    return bytes(body), None


def _again(body: bytes, receive: Receive) -> Receive:
    """Hand out a body that was read already; after it, what the connection says."""
    waiting: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def next_message() -> Message:
        return waiting.pop() if waiting else await receive()

    return next_message


def _with_headers(send: Send) -> Send:
    async def send_with_headers(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in _HEADERS.items():
                headers[name] = value
            headers.setdefault("cache-control", "no-store")
        await send(message)

    return send_with_headers
