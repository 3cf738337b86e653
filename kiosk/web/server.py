"""One uvicorn server around one socket. Signals are somebody else's; a stop ends event streams first."""

import asyncio
import contextlib
import socket
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from types import TracebackType
from typing import Self

import uvicorn
from starlette.types import ASGIApp, Receive, Scope, Send

KEEP_ALIVE_S = 30
"""Longer than a page's beat, so that it never meets a connection that is just being closed."""
GRACE_S = 1
"""What is still being answered at a stop gets this long."""
CONNECTIONS = 200


def _nothing() -> None:
    """An application without streams has nothing to end."""


@dataclass(frozen=True, slots=True)
class WebApp:
    """An ASGI application, and how to end the answers of it that never end by themselves."""

    asgi: ASGIApp
    end_streams: Callable[[], None] = _nothing

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        await self.asgi(scope, receive, send)


class _Server(uvicorn.Server):
    """uvicorn without its own signal handling."""

    def __init__(self, app: WebApp) -> None:
        super().__init__(
            uvicorn.Config(
                app,
                loop="none",
                http="h11",
                ws="none",
                lifespan="off",
                log_config=None,
                log_level="warning",
                access_log=False,  # addresses of the local interface and of the page are of no use to anyone
                server_header=False,
                proxy_headers=False,  # nobody stands between, so nobody may say whose request it is
                date_header=False,
                timeout_keep_alive=KEEP_ALIVE_S,
                timeout_graceful_shutdown=GRACE_S,
                limit_concurrency=CONNECTIONS,
            )
        )
        self.is_up = asyncio.Event()

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave signals to the root of the process."""
        yield

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Listen, and say so."""
        await super().startup(sockets)
        self.is_up.set()


class WebServer:
    """Serves while the context lasts; leaving it closes the socket and every connection, error or not."""

    def __init__(self, app: WebApp, listener: socket.socket) -> None:
        self._app = app
        self._listener = listener
        self._server = _Server(app)
        self._stack = contextlib.AsyncExitStack()

    async def __aenter__(self) -> Self:
        """Return once the server answers."""
        async with contextlib.AsyncExitStack() as stack:
            tasks = await stack.enter_async_context(asyncio.TaskGroup())
            stack.callback(self._stop)
            tasks.create_task(self._server.serve(sockets=[self._listener]), name="web server")
            await self._server.is_up.wait()
            self._stack = stack.pop_all()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop in order, whatever the reason: an error outside must not leave connections behind."""
        await self._stack.aclose()

    def _stop(self) -> None:
        self._app.end_streams()
        self._server.should_exit = True
