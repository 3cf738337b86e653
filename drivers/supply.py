"""Lock supplies: one coil at a time, a pause between two pulses, a rest for every coil.

A supply may feed locks of several boards on several ports, so their banks share it. It knows no bytes, and no
time but the loop's.
"""

import asyncio
import itertools
import math
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from hal.errors import NotSent


class Supply:
    """Hands out turns. A turn is held for the whole pulse: a door that opens sooner does not end it."""

    def __init__(self, name: str, *, gap_s: float, rest_s: float) -> None:
        self._name = name
        self._gap_s = gap_s
        self._rest_s = rest_s
        self._free_at = -math.inf
        self._is_sending = False
        self._rested_at: dict[str, float] = {}
        self._waiting: dict[int, str] = {}
        self._numbers = itertools.count()
        self._changed = asyncio.Event()

    @property
    def rest_s(self) -> float:
        """How long a coil rests after its pulse."""
        return self._rest_s

    def keep_quiet(self, until: float) -> None:
        """Give no turn before this loop time: what was energised before we came must have ended."""
        self._free_at = max(self._free_at, until)
        self._tell_all()

    def rest(self, coil: str, until: float) -> None:
        """Give this coil no turn before this loop time."""
        self._rested_at[coil] = max(self._rested_at.get(coil, -math.inf), until)
        self._tell_all()

    @asynccontextmanager
    async def turn(self, coil: str, *, pulse_s: float, not_after: float) -> AsyncIterator[None]:
        """Wait for this coil's turn and send the pulse inside; NotSent if it does not come in time.

        Whatever else goes wrong inside may have energised the coil, so only NotSent leaves the supply free.
        """
        await self._wait(coil, not_after)
        self._is_sending = True
        may_be_energised = True
        try:
            yield
        except NotSent:
            may_be_energised = False
            raise
        finally:
            self._is_sending = False
            if may_be_energised:
                self._hold(coil, pulse_s)
            self._tell_all()

    def _hold(self, coil: str, pulse_s: float) -> None:
        ends_at = asyncio.get_running_loop().time() + pulse_s
        self._free_at = max(self._free_at, ends_at + self._gap_s)
        self._rested_at[coil] = ends_at + self._rest_s

    async def _wait(self, coil: str, not_after: float) -> None:
        number = next(self._numbers)
        self._waiting[number] = coil
        try:
            while not self._is_next(number):
                await self._sleep(coil, not_after)
        finally:
            del self._waiting[number]

    def _is_next(self, number: int) -> bool:
        """Whether this is the first in the queue whose coil is ready; a resting one holds nobody up."""
        now = asyncio.get_running_loop().time()
        able = (waiting for waiting, coil in self._waiting.items() if self._ready_at(coil) <= now)
        return next(able, None) == number

    def _ready_at(self, coil: str) -> float:
        if self._is_sending:
            return math.inf
        return max(self._free_at, self._rested_at.get(coil, -math.inf))

    async def _sleep(self, coil: str, not_after: float) -> None:
        loop = asyncio.get_running_loop()
        ready_at = self._ready_at(coil)
        if loop.time() >= not_after or not_after < ready_at < math.inf:
            raise NotSent(f"supply {self._name}: no turn for {coil} in time")
        # Ready and yet not next: somebody before us takes the turn now, and will say so.
        until = not_after if ready_at <= loop.time() else min(ready_at, not_after)
        timer = loop.call_at(until, self._tell_all)
        try:
            await self._changed.wait()
        finally:
            timer.cancel()

    def _tell_all(self) -> None:
        self._changed.set()
        self._changed = asyncio.Event()


@dataclass(frozen=True, slots=True)
class Coil:
    """One lock's coil: its name across the kiosk, what feeds it, and how long its board energises it."""

    name: str
    supply: Supply
    pulse_s: float
