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
            moment = await self._reached()
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

    async def _reached(self) -> int | None:
        """Wait for the next deadline, whichever that is by then; the alarm is set anew only if it moves."""
        set_for = moment = None
        try:
            async with asyncio.timeout(None) as alarm:
                while (moment := self._next()) is None or moment > self._now_ms():
                    if moment != set_for:
                        alarm.reschedule(self._loop_time(moment))
                        set_for = moment
                    await self._inbox.changed(self._inbox.revision)
        except TimeoutError:
            return moment
        return moment

    def _loop_time(self, moment: int | None) -> float | None:
        if moment is None:
            return None
        return asyncio.get_running_loop().time() + (moment - self._now_ms()) / 1000
