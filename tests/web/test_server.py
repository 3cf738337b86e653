"""The server's life: no signals of its own, nothing left whichever way its context ends."""

import asyncio
import contextlib
import signal
from collections.abc import AsyncIterator

import pytest
from starlette.types import Receive, Scope, Send

from kiosk.service.sockets import listen_tcp
from kiosk.web.server import WebApp, WebServer
from tests.virtual import REAL_TIME
from tests.web.client import Visitor

pytestmark = REAL_TIME


class Slow:
    """Answers never, unless it is told to end."""

    def __init__(self) -> None:
        self.end = asyncio.Event()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Begin an answer and wait."""
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"begun", "more_body": True})
        await self.end.wait()
        await send({"type": "http.response.body", "body": b"", "more_body": False})


class OutsideFailed(Exception):
    """Something else of the daemon went wrong."""


@contextlib.asynccontextmanager
async def asking(port: int) -> AsyncIterator[None]:
    """Somebody waits for the rest of an answer."""
    visitor = Visitor(port)
    async with visitor.connection() as (reader, writer):
        writer.write(visitor.head("GET", "/", {}, None))
        await reader.readuntil(b"begun")
        yield


async def test_an_error_outside_leaves_nothing_running() -> None:
    app = Slow()
    listener = listen_tcp("127.0.0.1", 0)
    port = listener.getsockname()[1]
    with pytest.raises(OutsideFailed):
        async with WebServer(WebApp(app, app.end.set), listener), asking(port):
            raise OutsideFailed
    with pytest.raises(ConnectionRefusedError):
        await asyncio.open_connection("127.0.0.1", port)


async def test_an_answer_that_never_ends_is_cut_at_a_stop() -> None:
    loop, app = asyncio.get_running_loop(), Slow()
    listener = listen_tcp("127.0.0.1", 0)
    port = listener.getsockname()[1]
    async with contextlib.AsyncExitStack() as stack:
        async with WebServer(WebApp(app), listener):
            await stack.enter_async_context(asking(port))
            began = loop.time()
        assert loop.time() - began < 2.0


async def test_signals_stay_with_the_root_of_the_process() -> None:
    before = [signal.getsignal(one) for one in (signal.SIGTERM, signal.SIGINT)]
    app = Slow()
    async with WebServer(WebApp(app, app.end.set), listen_tcp("127.0.0.1", 0)):
        assert [signal.getsignal(one) for one in (signal.SIGTERM, signal.SIGINT)] == before
