"""Stands before the panel: only its own page, or a program on this machine, changes a thing.

A pure ASGI guard over address, origin, kind and size of a request. The form token is judged by the panel.
"""

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

FORM, JSON = "application/x-www-form-urlencoded", "application/json"
BODY_LIMIT = 16384
_READS = ("GET", "HEAD")
_HEADERS = {
    "cache-control": "no-store",
    "content-security-policy": "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    # Not `no-referrer`: with that one a browser posts our own forms as "Origin: null".
    "referrer-policy": "same-origin",
    "x-content-type-options": "nosniff",
}


class Guard:
    """Wraps the panel at `address`, HOST:PORT."""

    def __init__(self, app: ASGIApp, address: str) -> None:
        self._app = app
        self._address = address

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request through, or answer it in one plain line."""
        if scope["type"] != "http":
            return
        turned = self._judge(scope)
        if turned is None:
            await self._app(scope, receive, _with_headers(send))
        else:
            status, why = turned
            await PlainTextResponse(f"{why}\n", status)(scope, receive, _with_headers(send))

    def _judge(self, scope: Scope) -> tuple[int, str] | None:
        headers, method = Headers(scope=scope), scope["method"]
        if headers.getlist("host") != [self._address]:
            return 421, f"This is not the address of this panel: use http://{self._address}/"
        if method not in (*_READS, "POST"):
            return 405, f"{method} is not used here, expected GET or POST"
        is_foreign = headers.get("sec-fetch-site", "none") not in {"same-origin", "none"}
        if is_foreign and not (method == "GET" and scope["path"] == "/"):
            return 403, "Another page asked for this. Only the panel's own page may."
        return self._judge_write(headers) if method == "POST" else None

    def _judge_write(self, headers: Headers) -> tuple[int, str] | None:
        kind = headers.get("content-type", "").partition(";")[0].strip().lower()
        if kind not in {FORM, JSON}:
            return 415, f"This body cannot be read here, expected {FORM} or {JSON}"
        origins = headers.getlist("origin")
        if origins != [f"http://{self._address}"] and (origins or kind == FORM):
            return 403, "Another page posted this. Only the panel's own page may."
        length = headers.get("content-length", "")
        if not length.isdecimal() or int(length) > BODY_LIMIT:
            return 413, f"The body is too large or of no known length, expected {BODY_LIMIT} bytes at most"
        return None


def _with_headers(send: Send) -> Send:
    async def send_with_headers(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in _HEADERS.items():
                headers[name] = value
        await send(message)

    return send_with_headers
