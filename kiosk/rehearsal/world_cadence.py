"""Looks at the doors when something has changed, and on time only while something may go wrong unseen."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field

from kiosk.domain.model.ids import BankId
from kiosk.door_watch import HURRIED_LOOK_S, IDLE_LOOK_S

KEEN_LOOKS = 8
"""So many looks in a row at the true period after anything moved: whatever a failed read hid is found."""
LONGEST_LOOK_S = 16.0
MOST_DOUBLINGS = 16
"""By then it is the longest; a bank that is away for hours must not be counted out of range."""


@dataclass(slots=True)
class _Bell:
    """Rings where a bank waits: to look, or only to think again about when to look."""

    rung: asyncio.Event = field(default_factory=asyncio.Event)
    is_to_look: bool = False
    idle_looks: int = 0
    """Looks on time alone since anything moved."""


class WorldCadence:
    """A bank is read when one of its doors reads otherwise; fast while reads are counted for a second pulse.

    `is_counting` says whether they are, `is_unsettled` whether a read may fail or its news may get lost.
    """

    def __init__(self, is_counting: Callable[[BankId], bool], is_unsettled: Callable[[BankId], bool]) -> None:
        self._is_counting = is_counting
        self._is_unsettled = is_unsettled
        self._bells: dict[BankId, _Bell] = {}

    async def next_look(self, bank: BankId) -> None:
        """Return when the bank should be read again."""
        bell = self._bell(bank)
        while not bell.is_to_look:
            bell.rung.clear()
            await self._ring(bank, bell)
        bell.is_to_look = False

    async def _ring(self, bank: BankId, bell: _Bell) -> None:
        period_s = self._period_s(bank, bell)
        if period_s is None:
            await bell.rung.wait()
            return
        timer = asyncio.get_running_loop().call_later(period_s, self._time_passed, bell)
        try:
            await bell.rung.wait()
        finally:
            timer.cancel()

    def _period_s(self, bank: BankId, bell: _Bell) -> float | None:
        is_unsettled = self._is_unsettled(bank)
        if self._is_counting(bank):
            return HURRIED_LOOK_S
        return _eased_s(bell.idle_looks) if is_unsettled else None

    def _time_passed(self, bell: _Bell) -> None:
        bell.idle_looks += 1
        bell.is_to_look = True
        bell.rung.set()

    def hurry(self, bank: BankId) -> None:
        """A door of this bank is expected to move: whether it does, the world will tell."""
        bell = self._bell(bank)
        bell.idle_looks = 0
        bell.rung.set()

    def stir(self, bank: BankId) -> None:
        """Something of this bank has changed: look."""
        bell = self._bell(bank)
        bell.idle_looks = 0
        bell.is_to_look = True
        bell.rung.set()

    def _bell(self, bank: BankId) -> _Bell:
        if bank not in self._bells:
            self._bells[bank] = _Bell()
        return self._bells[bank]


def _eased_s(idle_looks: int) -> float:
    """Where nothing moves a bank that may fail is read more and more seldom."""
    doublings = min(max(0, idle_looks - KEEN_LOOKS), MOST_DOUBLINGS)
    return min(IDLE_LOOK_S * 2.0**doublings, LONGEST_LOOK_S)
