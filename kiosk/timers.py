"""Timers: sleep until the next deadline of the state, then let the core judge what is due."""

import asyncio

from kiosk.domain.inputs import TimeElapsed
from kiosk.domain.rules.deadlines import moments
from kiosk.domain.state import State
from kiosk.ports import Inbox
from kiosk.service.clock import Clock


def next_moment(state: State, after_ms: int) -> int | None:
    """The first deadline later than a monotonic time."""
    return min((moment for moment in moments(state) if moment > after_ms), default=None)


class Timers:
    """One task for every deadline; a deadline that lies in the past is judged once, not for ever."""

    def __init__(self, inbox: Inbox, clock: Clock) -> None:
        self._inbox = inbox
        self._clock = clock
        self._judged_ms = 0

    async def run(self) -> None:
        """Judge deadlines for ever."""
        while True:
            revision = self._inbox.revision
            moment = next_moment(self._inbox.state, self._judged_ms)
            if await self._is_reached(moment, revision):
                now_ms = self._clock.now().mono_ms
                await self._inbox.submit(TimeElapsed())
                self._judged_ms = now_ms

    async def _is_reached(self, moment: int | None, revision: int) -> bool:
        """Wait for a moment; False when the state changed before it."""
        wait_s = None if moment is None else (moment - self._clock.now().mono_ms) / 1000
        if wait_s is not None and wait_s <= 0:
            return True
        try:
            async with asyncio.timeout(wait_s):
                await self._inbox.changed(revision)
        except TimeoutError:
            return True
        return False
