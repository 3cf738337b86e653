"""The daemon's seams to the outside, each with a kill point before and after whatever passes through it."""

import socket
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from drivers.kerong.frames import REPLIES, REQUESTS, FrameReader, StatusReply, Unlock
from hal.byte_link import ByteLink
from kiosk.ports import MessageChannel, OutgoingMessage
from kiosk.store.database import Database, Work
from kiosk.wiring import Listeners
from tests.kill.points import Points

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

T = TypeVar("T")
UPKEEP = "SqliteJournal._upkeep"
"""Comes two seconds after the last touch whatever is going on, and moves no parcel: no point of an act."""


# Commits


class CutDatabase(Database):
    """Dies with the rows written and not committed, or committed and nobody told."""

    def __init__(
        self, path: Path, *, writer: ThreadPoolExecutor, reader: ThreadPoolExecutor, points: Points
    ) -> None:
        super().__init__(path, writer=writer, reader=reader)
        self._points = points

    async def commit(self, work: Work[T]) -> T:
        """One transaction."""
        if UPKEEP in repr(work):
            return await super().commit(work)
        written = await super().commit(lambda connection: self._last_moment(work(connection)))
        self._points.pass_by("after commit")
        return written

    def _last_moment(self, written: T) -> T:
        self._points.pass_by("before commit")
        return written


def opening(points: Points) -> Callable[[Path], AbstractAsyncContextManager[Database]]:
    """How such a database is opened."""

    @asynccontextmanager
    async def opened(path: Path) -> AsyncIterator[Database]:
        with ThreadPoolExecutor(1) as writer, ThreadPoolExecutor(1) as reader:
            database = CutDatabase(path, writer=writer, reader=reader, points=points)
            try:
                await database.open()
                yield database
            finally:
                await database.close()

    return opened


# Frames


class CutLink:
    """Dies around every unlock that is sent, and around every status reply that says something new."""

    def __init__(self, link: ByteLink, points: Points) -> None:
        self._link = link
        self._points = points
        self._replies = FrameReader(REPLIES)
        self._said: dict[int, int] = {}
        self._has_news = False

    @property
    def name(self) -> str:
        """The port."""
        return self._link.name

    @property
    def is_open(self) -> bool:
        """Whether bytes can be sent."""
        return self._link.is_open

    async def open(self) -> None:
        """Open the real one."""
        await self._link.open()

    def close(self) -> None:
        """Close the real one."""
        self._link.close()

    async def send(self, frame: bytes) -> None:
        """Pass bytes on; whoever sends again has taken in what was received before."""
        if self._has_news:
            self._has_news = False
            self._points.pass_by("after reply")
        is_unlock = any(isinstance(one, Unlock) for one in FrameReader(REQUESTS).feed(frame))
        if is_unlock:
            self._points.pass_by("before unlock frame")
        await self._link.send(frame)
        if is_unlock:
            self._points.pass_by("after unlock frame")

    async def receive(self, until: float) -> bytes:
        """Pass bytes back."""
        chunk = await self._link.receive(until)
        for frame in self._replies.feed(chunk):
            if isinstance(frame, StatusReply):
                self._take(frame)
        return chunk

    def _take(self, reply: StatusReply) -> None:
        before, self._said[reply.address] = self._said.get(reply.address), reply.bits
        if before not in (None, reply.bits):
            self._has_news = True
            self._points.pass_by("before reply")

    def discard(self) -> int:
        """Throw away what has arrived."""
        return self._link.discard()


# Answers and messages


class CutConnection(socket.socket):
    """One connection of a browser: dies before and after the answer to a touch leaves."""

    def __init__(self, accepted: socket.socket, points: Points) -> None:
        super().__init__(fileno=accepted.detach())
        self._points = points
        self._was_touched = False

    def recv(self, size: int, flags: int = 0, /) -> bytes:
        """What the browser sends; the first touch begins the act."""
        chunk = super().recv(size, flags)
        if chunk.startswith(b"POST /act "):
            self._was_touched = True
            self._points.arm()
        return chunk

    def send(self, chunk: "ReadableBuffer", flags: int = 0, /) -> int:
        """What the browser gets."""
        is_answer, self._was_touched = self._was_touched, False
        if is_answer:
            self._points.pass_by("before answer")
        count = super().send(chunk, flags)
        if is_answer:
            self._points.pass_by("after answer")
        return count


class CutListener(socket.socket):
    """The page's listening socket."""

    def __init__(self, listener: socket.socket, points: Points) -> None:
        super().__init__(fileno=listener.detach())
        self.setblocking(False)
        self._points = points

    def accept(self) -> tuple[socket.socket, tuple[str, int]]:
        """The next browser."""
        accepted, address = super().accept()
        return CutConnection(accepted, self._points), address


def cut_page(listeners: Listeners, points: Points) -> Listeners:
    """The same listeners, with kill points around the answers to touches."""
    return Listeners(CutListener(listeners.page, points), listeners.local, listeners.path)


class CutChannel:
    """Dies before and after a message reaches a phone."""

    def __init__(self, channel: MessageChannel, points: Points) -> None:
        self._channel = channel
        self._points = points

    async def send(self, message: OutgoingMessage) -> None:
        """Hand a message over."""
        self._points.pass_by("before message")
        await self._channel.send(message)
        self._points.pass_by("after message")
