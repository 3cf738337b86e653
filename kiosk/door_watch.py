"""Watches every door: reads each bank, confirms what changed, and tells levels, never guesses."""

import asyncio
import logging
from collections.abc import Mapping

from hal.errors import HalError, LinkLost, WiringError
from hal.lock_bank import BankReading, DoorReading, LockBank
from kiosk.domain.inputs import BankGone, BankSeen, DoorSeen
from kiosk.domain.model.compartment import DoorState, Layout
from kiosk.domain.model.ids import BankId, CompartmentId
from kiosk.ports import Cadence, Inbox

IDLE_LOOK_S = 0.5
HURRIED_LOOK_S = 0.12
HURRY_S = 15.0
"""How long a bank is read fast after an unlock: both pulses and the verdict fit in."""
FAILED_READS = 3
RETRY_S = 1.0
FORBIDDEN_RETRY_S = 60.0
LOG_EVERY_S = 60.0

_log = logging.getLogger(__name__)
_SEEN = {
    DoorReading.OPEN: DoorState.OPEN,
    DoorReading.CLOSED: DoorState.CLOSED,
    DoorReading.UNKNOWN: DoorState.UNKNOWN,
}


class PollCadence:
    """Reads a bank twice a second, and eight times while one of its doors is expected to move."""

    def __init__(self) -> None:
        self._hurried_until: dict[BankId, float] = {}
        self._called: dict[BankId, asyncio.Event] = {}

    async def next_look(self, bank: BankId) -> None:
        """Sleep until the bank should be read again."""
        called = self._called.setdefault(bank, asyncio.Event())
        called.clear()
        is_hurried = asyncio.get_running_loop().time() < self._hurried_until.get(bank, 0.0)
        try:
            async with asyncio.timeout(HURRIED_LOOK_S if is_hurried else IDLE_LOOK_S):
                await called.wait()
        except TimeoutError:
            return

    def hurry(self, bank: BankId) -> None:
        """Read this bank fast for a while, starting now."""
        self._hurried_until[bank] = asyncio.get_running_loop().time() + HURRY_S
        if called := self._called.get(bank):
            called.set()


class DoorWatch:
    """One task a bank. A bank that is away is tried for ever; the others do not wait for it."""

    def __init__(
        self, banks: Mapping[BankId, LockBank], layout: Layout, inbox: Inbox, cadence: Cadence
    ) -> None:
        self._watches = [_BankWatch(name, bank, layout, inbox, cadence) for name, bank in banks.items()]

    def forget(self) -> None:
        """Say every door again at the next look: what was said may have been lost."""
        for watch in self._watches:
            watch.forget()

    async def run(self) -> None:
        """Watch for ever."""
        async with asyncio.TaskGroup() as watches:
            for watch in self._watches:
                watches.create_task(watch.run(), name=f"watch {watch.name}")


class _BankWatch:
    def __init__(self, name: BankId, bank: LockBank, layout: Layout, inbox: Inbox, cadence: Cadence) -> None:
        self.name = name
        self._bank = bank
        self._wired = {place.channel: place.id for place in layout.of_bank(name)}
        self._inbox = inbox
        self._cadence = cadence
        self._told: dict[CompartmentId, DoorState] = {}
        self._logged_at: float | None = None

    def forget(self) -> None:
        self._told.clear()

    async def run(self) -> None:
        while True:
            pause_s = RETRY_S
            try:
                await self._come_up()
                await self._look_on()
            except WiringError as error:
                pause_s = FORBIDDEN_RETRY_S
                await self._lost(error)
            except HalError as error:
                await self._lost(error)
            await asyncio.sleep(pause_s)

    async def _come_up(self) -> None:
        reading = await self._bank.connect()
        doors = self._doors(reading)
        await self._inbox.submit(BankSeen(self.name, doors))
        self._told = doors
        self._logged_at = None

    async def _lost(self, error: HalError) -> None:
        self._told.clear()
        self._bank.close()
        now = asyncio.get_running_loop().time()
        if self._logged_at is None or now - self._logged_at >= LOG_EVERY_S:
            self._logged_at = now
            _log.error("bank %s is away: %s", self.name, error)
        await self._inbox.submit(BankGone(self.name, str(error)))

    def _doors(self, reading: BankReading) -> dict[CompartmentId, DoorState]:
        return {place: _SEEN[reading.doors[channel - 1]] for channel, place in self._wired.items()}

    async def _look_on(self) -> None:
        failed = 0
        while True:
            await self._cadence.next_look(self.name)
            try:
                await self._look()
            except LinkLost:
                raise
            except HalError:
                failed += 1
                if failed >= FAILED_READS:
                    raise
            else:
                failed = 0

    async def _look(self) -> None:
        first = self._doors(await self._bank.read_states())
        if all(self._told.get(place) is door for place, door in first.items()):
            return
        second = self._doors(await self._bank.read_states())
        for place, door in second.items():
            if door is first[place] and self._told.get(place) is not door:
                await self._inbox.submit(DoorSeen(place, door))
                self._told[place] = door
