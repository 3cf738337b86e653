"""Looks at the doors when something has changed, and on time only while something may go wrong unseen."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field

from kiosk.domain.model.ids import BankId
from kiosk.door_watch import HURRIED_LOOK_S, IDLE_LOOK_S


@dataclass(slots=True)
class _Bell:
    """Rings where a bank waits: to look, or only to think again about when to look."""

    rung: asyncio.Event = field(default_factory=asyncio.Event)
    is_to_look: bool = False


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
        period_s = self._period_s(bank)
        if period_s is None:
            await bell.rung.wait()
            return
        timer = asyncio.get_running_loop().call_later(period_s, self.stir, bank)
        try:
            await bell.rung.wait()
        finally:
            timer.cancel()

    def _period_s(self, bank: BankId) -> float | None:
        is_unsettled = self._is_unsettled(bank)
        if self._is_counting(bank):
            return HURRIED_LOOK_S
        return IDLE_LOOK_S if is_unsettled else None

    def hurry(self, bank: BankId) -> None:
        """A door of this bank is expected to move: whether it does, the world will tell."""
        self._bell(bank).rung.set()

    def stir(self, bank: BankId) -> None:
        """Something of this bank has changed: look."""
        bell = self._bell(bank)
        bell.is_to_look = True
        bell.rung.set()

    def _bell(self, bank: BankId) -> _Bell:
        if bank not in self._bells:
            self._bells[bank] = _Bell()
        return self._bells[bank]
