"""One uvicorn server around the panel's socket; signals are somebody else's, a stop ends streams first."""

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager

import uvicorn
from starlette.types import ASGIApp

GRACE_S = 1


class AddressTaken(Exception):
    """Nothing can listen at the address."""


def listen(host: str, port: int) -> socket.socket:
    """A listening socket; AddressTaken says what to do."""
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        listener.listen()
    except OSError as error:
        listener.close()
        raise AddressTaken(
            f"the panel's address {host}:{port} cannot be used ({error.strerror}); "
            f"stop what listens there, or choose another with --listen HOST:PORT"
        ) from error
    listener.setblocking(False)
    return listener


class _Server(uvicorn.Server):
    def __init__(self, app: ASGIApp) -> None:
        super().__init__(
            uvicorn.Config(
                app,
                loop="none",
                http="h11",
                ws="none",
                lifespan="off",
                log_config=None,
                access_log=False,
                server_header=False,
                date_header=False,
                timeout_graceful_shutdown=GRACE_S,
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


@asynccontextmanager
async def serving(
    app: ASGIApp, listener: socket.socket, end_streams: Callable[[], None]
) -> AsyncIterator[None]:
    """Answer requests until the end; entered once the server is up."""
    server = _Server(app)
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(server.serve(sockets=[listener]), name="panel")
        await server.is_up.wait()
        try:
            yield
        finally:
            end_streams()
            server.should_exit = True
