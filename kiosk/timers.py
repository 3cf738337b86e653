"""Timers: sleep until the next deadline of the state, then let the core judge what is due."""

import asyncio

from kiosk.domain.inputs import TimeElapsed
from kiosk.domain.rules.deadlines import is_code_late, moments
from kiosk.domain.state import State
from kiosk.ports import Inbox
from kiosk.service.clock import Clock

LATE_MS = 2000
"""A deadline missed by so much: the process was stopped, and doors may have moved meanwhile."""
LOOK_FIRST_S = 1.5
"""So long the doors are read before a missed deadline is judged."""
RETRY_S = 1.0


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
            moment = self._next()
            if not await self._is_reached(moment, revision):
                continue
            if moment is not None and self._now_ms() - moment > LATE_MS:
                await asyncio.sleep(LOOK_FIRST_S)
            await self._judge()

    def _now_ms(self) -> int:
        return self._clock.now().mono_ms

    def _next(self) -> int | None:
        """The next deadline, or now where codes are owed: one stamp brings only a few."""
        now_ms = self._now_ms()
        if is_code_late(self._inbox.state, now_ms):
            return now_ms
        return next_moment(self._inbox.state, self._judged_ms)

    async def _judge(self) -> None:
        """Until it is written down; not at once again where a code was owed and none was at hand."""
        while True:
            now_ms, before = self._now_ms(), self._inbox.revision
            answer = await self._inbox.submit(TimeElapsed())
            if answer.refusal is None:
                break
            await asyncio.sleep(RETRY_S)
        self._judged_ms = now_ms
        if self._inbox.revision == before and is_code_late(self._inbox.state, now_ms):
            await asyncio.sleep(RETRY_S)

    async def _is_reached(self, moment: int | None, revision: int) -> bool:
        """Wait for a moment; False when the state changed before it."""
        wait_s = None if moment is None else (moment - self._now_ms()) / 1000
        if wait_s is not None and wait_s <= 0:
            return True
        try:
            async with asyncio.timeout(wait_s):
                await self._inbox.changed(revision)
        except TimeoutError:
            return True
        return False
