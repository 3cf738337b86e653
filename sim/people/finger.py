"""One finger at the screen: how long a touch takes, and what it does to a page that is somebody else's."""

import asyncio
import random
from dataclasses import dataclass

from sim.people.doorways import shut
from sim.people.kiosk import Hands, Kiosk, ScreenDark
from sim.people.seen import Seen, offers
from sim.people.standing import Next

QUICKEST_S, SLOWEST_S = 0.4, 2.0
"""Between seeing a page and touching it."""
_WAYS_OUT = ("finish", "back")


@dataclass(slots=True)
class Finger:
    """Touches for one person."""

    kiosk: Kiosk
    dice: random.Random
    is_doubled: bool = False
    """Every touch is made twice, as fast as a finger can."""

    async def touch(self, action: str, value: str = "", account: str = "") -> Next:
        """Touch something, and look at what comes of it; ScreenDark."""
        await asyncio.sleep(self.dice.uniform(QUICKEST_S, SLOWEST_S))
        if self.is_doubled:
            await self._twice(action, value)
        else:
            await self.kiosk.touch(action, value, account)
        return Next.LOOK

    async def _twice(self, action: str, value: str) -> None:
        try:
            async with asyncio.TaskGroup() as taps:
                taps.create_task(self.kiosk.touch(action, value))
                taps.create_task(self.kiosk.touch(action, value))
        except* ScreenDark:
            raise ScreenDark from None

    async def touch_any(self, seen: Seen, *actions: str) -> Next | None:
        """Touch the first of these that is offered; None where none is."""
        for action in actions:
            if offers(seen, action):
                return await self.touch(action)
        return None

    async def step_past(self, seen: Seen, hands: Hands) -> Next:
        """Leave a page that somebody else left standing: shut its door, and touch the way out."""
        if seen.door:
            shut(hands, hands.door_labelled(seen.door))
        if seen.notice:
            return Next.WAIT
        return await self.touch_any(seen, *_WAYS_OUT) or Next.WAIT
