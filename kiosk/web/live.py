"""`GET /live`: tells open pages that there is something newer, never what: they fetch the whole screen."""

import asyncio
import json
from collections.abc import AsyncGenerator

from kiosk.ports import Inbox
from kiosk.web.seat import Seat

QUIET_S = 5.0
"""A comment line so often, so that a dead connection is noticed at both ends."""


class LiveFeed:
    """Every stream of one server; they all end when it stops."""

    def __init__(self, inbox: Inbox, seat: Seat, boot: str) -> None:
        self.boot = boot
        self._inbox = inbox
        self._seat = seat
        self._waits: set[asyncio.Timeout] = set()
        self._is_stopped = False

    @property
    def rev(self) -> int:
        """Grows with everything that a page could show."""
        return self._inbox.revision + self._seat.turns

    async def stream(self, page: str) -> AsyncGenerator[str, None]:
        """Revisions for one page, newest only, until it leaves or the server stops."""
        self._seat.arrive(page)
        told = 0
        try:
            yield "retry: 1000\n"
            while not self._is_stopped:
                rev = self.rev
                yield ": still here\n\n" if rev == told else _message(rev, self.boot)
                told = rev
                await self._newer(rev)
        finally:
            self._seat.leave(page)

    async def _newer(self, than: int) -> None:
        """Return when there is something newer, after a while, or when somebody hurries the streams."""
        try:
            async with asyncio.timeout(QUIET_S) as wait:
                self._waits.add(wait)
                try:
                    await self._inbox.changed(than - self._seat.turns)
                finally:
                    self._waits.discard(wait)
        except TimeoutError:
            return

    def hurry(self) -> None:
        """Let every stream look again now."""
        now = asyncio.get_running_loop().time()
        for wait in self._waits:
            if not wait.expired():
                wait.reschedule(now)

    def stop(self) -> None:
        """End every stream."""
        self._is_stopped = True
        self.hurry()


def _message(rev: int, boot: str) -> str:
    return f"data: {json.dumps({'rev': rev, 'boot': boot})}\n\n"
