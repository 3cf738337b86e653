"""The calendar: sleeps until something is due by it, and lets the core judge once the clock is believed."""

import asyncio
from dataclasses import dataclass, field

from kiosk.domain.inputs import CalendarRead
from kiosk.domain.model.ids import BootId
from kiosk.domain.rules.pickup_time import Moment, next_due_ms
from kiosk.ports import Inbox
from kiosk.service.clock import Clock, Now
from kiosk.service.clock_trust import STEP_MS
from kiosk.service.quiet_hours import QuietHours

BELIEVED_AFTER_MS = 10 * 60 * 1000
"""The wall clock counts after so long without a break of trust."""
LOOK_AGAIN_S = 600.0
"""The clock is looked at this often, for nobody says that it was set."""
LOOK_SOON_S = 60.0
"""While it is not believed yet, or when something that was due could not be judged."""
_SHORTEST_S = 0.001


@dataclass(slots=True)
class Steadiness:
    """Since when the wall clock has been trusted without a break, as far as it was looked at."""

    _since_mono_ms: int | None = field(default=None, init=False)
    _offset_ms: int | None = field(default=None, init=False)

    def is_proven(self, now: Now) -> bool:
        """Whether it may be believed by now."""
        offset_ms = now.at_ms - now.mono_ms
        is_set = self._offset_ms is not None and abs(offset_ms - self._offset_ms) > STEP_MS
        self._offset_ms = offset_ms
        if not now.is_trusted:
            self._since_mono_ms = None
            return False
        if self._since_mono_ms is None or is_set:
            self._since_mono_ms = now.mono_ms
        return now.mono_ms - self._since_mono_ms >= BELIEVED_AFTER_MS


class Calendar:
    """One task for everything that hangs on the time of day."""

    def __init__(self, inbox: Inbox, clock: Clock, quiet: QuietHours) -> None:
        self._inbox = inbox
        self._clock = clock
        self._quiet = quiet
        self._steadiness = Steadiness()

    async def run(self) -> None:
        """Look for ever."""
        while True:
            pause_s = await self._look()
            await asyncio.sleep(pause_s)

    async def _look(self) -> float:
        """Judge what is due, and say in how many seconds to look again."""
        now = self._clock.now()
        if not self._steadiness.is_proven(now):
            return LOOK_SOON_S
        is_quiet = self._quiet.are_at(now.at_ms)
        due_ms = self._due_ms(now, is_quiet=is_quiet)
        if due_ms is not None and due_ms <= 0:
            await self._inbox.submit(CalendarRead(is_quiet))
            due_ms = self._due_ms(now, is_quiet=is_quiet)
        waits_s = [LOOK_AGAIN_S]
        if due_ms is not None:
            waits_s.append(due_ms / 1000 if due_ms > 0 else LOOK_SOON_S)
        if is_quiet:
            waits_s.append((self._quiet.end_ms(now.at_ms) - now.at_ms) / 1000)
        return max(_SHORTEST_S, min(waits_s))

    def _due_ms(self, now: Now, *, is_quiet: bool) -> int | None:
        moment = Moment(now.at_ms, now.mono_ms, BootId(self._clock.boot))
        return next_due_ms(self._inbox.state, moment, is_quiet=is_quiet)
