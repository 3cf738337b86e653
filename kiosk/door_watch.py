"""Watches every door: reads each bank, confirms what changed, and tells levels, never guesses."""

import asyncio
import logging
from collections.abc import Mapping

from hal.errors import HalError, LinkLost, Unwatched, WiringError
from hal.lock_bank import BankReading, DoorReading, LockBank
from kiosk.device_faults import fault_of
from kiosk.domain.inputs import BankGone, BankSeen, DoorSeen, DoorsRead, Fact
from kiosk.domain.model.compartment import DoorState, Layout
from kiosk.domain.model.ids import BankId, CompartmentId
from kiosk.domain.rules.unlocking import waits_for_reads
from kiosk.ports import Cadence, Inbox

IDLE_LOOK_S = 0.5
HURRIED_LOOK_S = 0.12
HURRY_S = 15.0
"""How long a bank is read fast after an unlock: both pulses and the verdict fit in."""
FAILED_READS = 3
GAP_S = 4.0
"""Not read for so long (the process was stopped, say), a door may have opened and closed unseen."""
RETRY_S = 1.0
FORBIDDEN_RETRY_S = 60.0
STEADY_S = 60.0
"""A bank that was up for so long is tried again at once; one that flaps waits longer each time."""
FLAP_RETRY_S = 30.0
LOG_EVERY_S = 60.0

_log = logging.getLogger(__name__)
_SEEN = {
    DoorReading.OPEN: DoorState.OPEN,
    DoorReading.CLOSED: DoorState.CLOSED,
    DoorReading.UNKNOWN: DoorState.UNKNOWN,
}


def _now() -> float:
    return asyncio.get_running_loop().time()


class PollCadence:
    """Reads a bank twice a second, and eight times while one of its doors is expected to move."""

    def __init__(self) -> None:
        self._hurried_until: dict[BankId, float] = {}
        self._called: dict[BankId, asyncio.Event] = {}

    async def next_look(self, bank: BankId) -> None:
        """Sleep until the bank should be read again."""
        called = self._called.setdefault(bank, asyncio.Event())
        called.clear()
        is_hurried = _now() < self._hurried_until.get(bank, 0.0)
        try:
            async with asyncio.timeout(HURRIED_LOOK_S if is_hurried else IDLE_LOOK_S):
                await called.wait()
        except TimeoutError:
            return

    def hurry(self, bank: BankId) -> None:
        """Read this bank fast for a while, starting now."""
        self._hurried_until[bank] = _now() + HURRY_S
        if called := self._called.get(bank):
            called.set()


class DoorWatch:
    """One task a bank. A bank that is away is tried for ever; the others do not wait for it.

    `gap_s` is how long a bank may go unread before its doors count as unseen; infinite where the cadence
    itself knows that nothing has moved.
    """

    def __init__(
        self,
        banks: Mapping[BankId, LockBank],
        layout: Layout,
        inbox: Inbox,
        cadence: Cadence,
        *,
        gap_s: float = GAP_S,
    ) -> None:
        self._watches = [_BankWatch(name, banks[name], layout, inbox) for name in banks]
        self._cadence = cadence
        self._gap_s = gap_s

    def forget(self) -> None:
        """Say every door again at the next look: what was said may have been lost."""
        for watch in self._watches:
            watch.forget()

    async def run(self) -> None:
        """Watch for ever."""
        async with asyncio.TaskGroup() as watches:
            for watch in self._watches:
                work = watch.run(self._cadence, self._gap_s)
                watches.create_task(work, name=f"watch {watch.name}")


class _BankWatch:
    def __init__(self, name: BankId, bank: LockBank, layout: Layout, inbox: Inbox) -> None:
        self.name = name
        self._bank = bank
        self._wired = {place.channel: place.id for place in layout.of_bank(name)}
        self._inbox = inbox
        self._told: dict[CompartmentId, DoorState] = {}
        self._told_fault: str | None = None
        """Why the bank is away, as the core has written it down."""
        self._read_last: tuple[DoorReading, ...] | None = None
        self._seen: dict[CompartmentId, DoorState] = {}
        self._read_at = 0.0
        self._troubles = _Troubles(name)

    def forget(self) -> None:
        self._told.clear()
        self._told_fault = None

    async def run(self, cadence: Cadence, gap_s: float) -> None:
        try:
            while True:
                try:
                    await self._come_up()
                    await self._look_on(cadence, gap_s)
                except HalError as error:
                    await self._lost(error)
                    await asyncio.sleep(self._troubles.pause_s(error))
        finally:
            self._bank.close()

    async def _come_up(self) -> None:
        doors = self._doors(await self._bank.connect())
        while not await self._say(BankSeen(self.name, doors)):
            await asyncio.sleep(RETRY_S)
            doors = self._doors(await self._bank.read_states())
        self._told, self._told_fault = doors, None
        self._read_at = _now()
        self._troubles.came_up()

    async def _lost(self, error: HalError) -> None:
        self._told.clear()
        self._bank.close()
        said = f"{fault_of(error).number} {error}"
        self._troubles.lost(said)
        await self._tell_fault(said)

    async def _tell_fault(self, fault: str) -> None:
        """A bank that is away is tried every second, and its fault said once."""
        if fault != self._told_fault and await self._say(BankGone(self.name, fault)):
            self._told_fault = fault

    async def _say(self, fact: Fact) -> bool:
        """Tell the core; False when it could not be written down and has to be said again."""
        return (await self._inbox.submit(fact)).refusal is None

    def _doors(self, reading: BankReading) -> dict[CompartmentId, DoorState]:
        """Every door that is wired; one that the board says nothing about is unknown."""
        if reading.doors != self._read_last:
            self._read_last = reading.doors
            seen = dict(enumerate(reading.doors, 1))
            self._seen = {
                place: _SEEN[seen.get(channel, DoorReading.UNKNOWN)] for channel, place in self._wired.items()
            }
        return dict(self._seen)

    async def _look_on(self, cadence: Cadence, gap_s: float) -> None:
        failed = 0
        while True:
            await cadence.next_look(self.name)
            try:
                await self._look(gap_s)
            except LinkLost:
                raise
            except HalError:
                failed += 1
                if failed >= FAILED_READS:
                    raise
            else:
                failed = 0

    async def _look(self, gap_s: float) -> None:
        first = await self._read(gap_s)
        if any(self._told.get(place) is not door for place, door in first.items()):
            second = await self._read(gap_s)
            await self._tell({place: door for place, door in second.items() if door is first[place]})
            first = second
        if first == self._told and waits_for_reads(self._inbox.state, self.name):
            await self._say(DoorsRead(self.name))

    async def _read(self, gap_s: float) -> dict[CompartmentId, DoorState]:
        unread_s = _now() - self._read_at
        if unread_s > gap_s:
            raise Unwatched(f"bank {self.name}: not read for {unread_s:.0f} s, expected every {gap_s:g} s")
        doors = self._doors(await self._bank.read_states())
        self._read_at = _now()
        return doors

    async def _tell(self, confirmed: Mapping[CompartmentId, DoorState]) -> None:
        """Say what two reads agree on, all at once, so that it is one commit."""
        news = [(place, door) for place, door in confirmed.items() if self._told.get(place) is not door]
        if len(news) == 1:
            await self._tell_door(*news[0])
            return
        async with asyncio.TaskGroup() as saying:
            for place, door in news:
                saying.create_task(self._tell_door(place, door), name=f"tell {place}")

    async def _tell_door(self, place: CompartmentId, door: DoorState) -> None:
        if await self._say(DoorSeen(place, door)):
            self._told[place] = door


class _Troubles:
    """How often a bank was lost: how long to wait before it is tried again, and whether to log it."""

    def __init__(self, name: BankId) -> None:
        self._name = name
        self._up_since: float | None = None
        self._flap_pause_s = RETRY_S
        self._is_away = False
        self._logged_at: float | None = None

    def came_up(self) -> None:
        """The bank answers."""
        self._up_since = _now()
        if self._is_away:
            _log.info("bank %s answers again", self._name)
        self._is_away = False

    def lost(self, said: str) -> None:
        """The bank is away; said once, and again every minute."""
        self._is_away = True
        if self._logged_at is None or _now() - self._logged_at >= LOG_EVERY_S:
            self._logged_at = _now()
            _log.error("bank %s is away: %s", self._name, said)

    def pause_s(self, error: HalError) -> float:
        """How long to wait before the next try."""
        up_since, self._up_since = self._up_since, None
        if isinstance(error, WiringError):
            return FORBIDDEN_RETRY_S
        if up_since is None:
            return RETRY_S
        pause_s = RETRY_S if _now() - up_since >= STEADY_S else self._flap_pause_s
        self._flap_pause_s = min(2 * pause_s, FLAP_RETRY_S)
        return pause_s
