"""Timers: sleep until the next deadline of the state, then let the core judge what is due."""

import asyncio
from contextlib import suppress

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
            moment = await self._reached()
            if self._now_ms() - moment > LATE_MS:
                await asyncio.sleep(LOOK_FIRST_S)
            await self._judge()

    def _now_ms(self) -> int:
        return self._clock.now().mono_ms

    def _next(self, now_ms: int) -> int | None:
        """The next deadline, or now where codes are owed: one stamp brings only a few."""
        state = self._inbox.state
        return now_ms if is_code_late(state, now_ms) else next_moment(state, self._judged_ms)

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

    async def _reached(self) -> int:
        """Wait for the next deadline, whichever that is by then."""
        while True:
            now_ms = self._now_ms()
            moment = self._next(now_ms)
            if moment is not None and moment <= now_ms:
                return moment
            with suppress(TimeoutError):
                async with asyncio.timeout(None if moment is None else (moment - now_ms) / 1000):
                    await self._sooner_than(moment)

    async def _sooner_than(self, alarm_ms: int | None) -> None:
        """Wait until a deadline lies before the alarm. One that moves away, as touches move it, is let be."""
        while True:
            await self._inbox.changed(self._inbox.revision)
            moment = self._next(self._now_ms())
            if moment is not None and (alarm_ms is None or moment < alarm_ms):
                return
