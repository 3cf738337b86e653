"""Carries out effects: an unlock is tried once, and what became of the bytes goes back as an input."""

import asyncio
from collections.abc import Mapping
from typing import Protocol

from hal.errors import HalError, NotSent
from hal.lock_bank import LockBank
from kiosk.domain.effects import Effect, SendMessages, Unlock
from kiosk.domain.inputs import Fact, UnlockFailed, UnlockSent
from kiosk.domain.model.ids import BankId
from kiosk.ports import Cadence, Inbox
from kiosk.service.clock import Clock

AGAIN_S = 1.0
"""What became of the bytes is said again so often where it could not be written down."""


class Wake(Protocol):
    """Somebody who waits for work."""

    def wake(self) -> None:
        """There is work."""


class EffectRunner:
    """Gives each unlock its own task: supplies and buses make them wait for one another, not this class."""

    def __init__(
        self,
        banks: Mapping[BankId, LockBank],
        inbox: Inbox,
        *,
        clock: Clock,
        cadence: Cadence,
        notifier: Wake,
    ) -> None:
        self._banks = banks
        self._inbox = inbox
        self._clock = clock
        self._cadence = cadence
        self._notifier = notifier
        self._unlocks: asyncio.Queue[Unlock] = asyncio.Queue()

    def take(self, effect: Effect) -> None:
        """Take an effect whose decision is on disk."""
        match effect:
            case Unlock():
                self._unlocks.put_nowait(effect)
            case SendMessages():
                self._notifier.wake()

    async def run(self) -> None:
        """Carry out effects for ever; unlocks of one supply keep the order of their decisions."""
        async with asyncio.TaskGroup() as unlocks:
            while True:
                unlock = await self._unlocks.get()
                unlocks.create_task(self._unlock(unlock), name=f"unlock {unlock.compartment}")

    async def _unlock(self, unlock: Unlock) -> None:
        left_ms = unlock.not_after_mono_ms - self._clock.now().mono_ms
        not_after = asyncio.get_running_loop().time() + left_ms / 1000
        self._cadence.hurry(unlock.bank)
        report = await self._try(unlock, not_after)
        self._cadence.hurry(unlock.bank)
        await self._report(report)

    async def _report(self, report: Fact) -> None:
        while True:
            answer = await self._inbox.submit(report)
            if answer.refusal is None:
                return
            await asyncio.sleep(AGAIN_S)

    async def _try(self, unlock: Unlock, not_after: float) -> Fact:
        """One try. Too late is known without asking the board."""
        if asyncio.get_running_loop().time() >= not_after:
            return UnlockFailed(unlock.unlock, "its deadline had passed", is_certain=True)
        try:
            await self._banks[unlock.bank].unlock(unlock.channel, not_after=not_after)
        except NotSent as error:
            return UnlockFailed(unlock.unlock, str(error), is_certain=True)
        except HalError as error:
            return UnlockFailed(unlock.unlock, str(error), is_certain=False)
        return UnlockSent(unlock.unlock)
