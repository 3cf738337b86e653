"""A server that the daemon talks to, at the end of a made-up line: it can be away, or fall silent."""

import asyncio
import contextlib
import enum
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

CHUNK = 65_536


class Passage(enum.StrEnum):
    """What the line does."""

    OPEN = "open"
    AWAY = "away"
    """Connections end, and none is made."""
    SILENT = "silent"
    """Connections stand, and no byte comes through in either direction."""


class Relay:
    """Listens where the settings say that the server is, and passes on to where it really is."""

    def __init__(self, here: tuple[str, int], there: tuple[str, int], tell: Callable[[], None]) -> None:
        self.here = here
        self.there = there
        self.passage = Passage.OPEN
        self._tell = tell
        self._flows = asyncio.Event()
        self._server: asyncio.Server | None = None
        self._writers: set[asyncio.StreamWriter] = set()
        self._wanted = asyncio.Event()

    def set(self, passage: Passage) -> None:
        """Let it be so from now on."""
        self.passage = passage
        self._wanted.set()
        self._tell()

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Until the context is left; OSError where something else listens there."""
        await self._open()
        async with asyncio.TaskGroup() as tasks:
            following = tasks.create_task(self._follow(), name=f"relay to {self.there[0]}:{self.there[1]}")
            try:
                yield
            finally:
                following.cancel()
                self._close()

    async def _follow(self) -> None:
        while True:
            await self._wanted.wait()
            self._wanted.clear()
            if self.passage is Passage.OPEN:
                self._flows.set()
            else:
                self._flows.clear()
            if self.passage is Passage.AWAY:
                self._close()
            else:
                await self._open()

    async def _open(self) -> None:
        if self._server is None:
            self._flows.set()
            self._server = await asyncio.start_server(self._serve, *self.here)
            if self.passage is Passage.SILENT:
                self._flows.clear()

    def _close(self) -> None:
        if self._server is not None:
            self._server.close()
            self._server = None
        for writer in tuple(self._writers):
            writer.transport.abort()
        self._flows.set()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            onward_reader, onward_writer = await asyncio.open_connection(*self.there)
        except OSError:
            writer.transport.abort()
            return
        self._writers |= {writer, onward_writer}
        try:
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(self._pump(reader, onward_writer))
                tasks.create_task(self._pump(onward_reader, writer))
        finally:
            self._writers -= {writer, onward_writer}

    async def _pump(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError):
            while chunk := await reader.read(CHUNK):
                await self._flows.wait()
                writer.write(chunk)
                await writer.drain()
        writer.close()
