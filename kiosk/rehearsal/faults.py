"""Breaks what a script says, at the moment it says, and mends it in time. Notes which orders truly struck."""

import asyncio
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace

from config.settings import Settings
from kiosk.rehearsal.broker_faults import BrokerFaults
from kiosk.rehearsal.crash import Boundary
from kiosk.rehearsal.diary import FaultFired
from kiosk.rehearsal.disk_faults import DiskFault
from kiosk.rehearsal.keeper import RESTART_MS
from kiosk.rehearsal.occasions import Occasions, is_to_wait, placed_at_once
from kiosk.rehearsal.stage import Stage
from kiosk.rehearsal.strikes import LINE_FAULTS, Mark, Strikes
from kiosk.rehearsal.virtual_clock import loop_ms
from sim.boards.line import Switch
from sim.cabinet import DoorId
from sim.faults import DoorFaults, Power, Sensor
from sim.scenario.draw_faults import AT_BANKS, AT_BOUNDARIES, AT_BROKER, AT_DOORS, AT_SUPPLIES
from sim.scenario.script import FaultKind, FaultOrder

BY_CHANCE = frozenset({FaultKind.LINE_GARBLES, FaultKind.LINE_DROPS_REQUESTS, FaultKind.LINE_DROPS_REPLIES})
"""Where the amount of an order is the chance of each strike."""
COMMITS: Mapping[FaultKind, DiskFault] = {
    FaultKind.COMMIT_REFUSED: DiskFault.REFUSED,
    FaultKind.COMMIT_LOST: DiskFault.LOST,
    FaultKind.COMMIT_KEPT: DiskFault.KEPT,
}
NO_WAY = "the phones are silent (rehearsed)"
MOMENT_S = 0.001
"""Longer than everything that happens at one instant."""


@dataclass(frozen=True, slots=True)
class _Begun:
    """A fault that has begun, and how far everything was then."""

    order: FaultOrder
    mark: Mark


class Faults:
    """Every fault of one play. Two that overlap end one by one."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self._active: list[FaultOrder] = []
        self._kills: list[FaultOrder] = []
        self.strikes = Strikes(stage)
        self._occasions = Occasions(stage, self._begin)
        self._broker = BrokerFaults(stage.broker)
        stage.keeper.passing = self._passing

    async def carry_out(self, order: FaultOrder) -> None:
        """Break it now or at the next use, and return when it has been mended or called off."""
        if order.kind in AT_BOUNDARIES:
            self._note(order)
            self._kill(order)
        elif order.kind in COMMITS:
            self._note(order)
            self._stage.disk.strike_next(COMMITS[order.kind])
        elif order.kind is FaultKind.CLOCK_JUMPS:
            self._note(order)
            await self._jump(order)
        elif is_to_wait(order):
            begun = await self._occasions.wait(order)
            if begun is not None:
                await self._last(begun)
        else:
            await self._last(self._begin(placed_at_once(order)))

    def _note(self, order: FaultOrder) -> None:
        self._stage.diary.add(FaultFired(loop_ms(), order.kind, order.where, order.lasts_s))

    def _begin(self, order: FaultOrder) -> _Begun:
        begun = _Begun(order, self.strikes.mark())
        self._note(order)
        self._active.append(order)
        self._settle(order)
        return begun

    async def _last(self, begun: _Begun) -> None:
        await asyncio.sleep(begun.order.lasts_s)
        self.strikes.note(begun.order, begun.mark)
        if begun.order in self._active:
            self._active.remove(begun.order)
            self._settle(begun.order)

    async def _jump(self, order: FaultOrder) -> None:
        by_ms = round(order.amount * 1000)
        self.strikes.struck[order.kind] += 1
        self._stage.clock.jump(by_ms)
        if order.lasts_s:
            await asyncio.sleep(order.lasts_s)
            self._stage.clock.jump(-by_ms)

    def call_off(self) -> None:
        """Let no order wait any longer for the next use of what it breaks."""
        self._occasions.call_off()

    def mend_all(self) -> None:
        """Make everything whole; what still waits for its boundary or its use waits no longer."""
        self.call_off()
        ended, self._active = self._active, []
        for order in ended:
            self._settle(order)
        self._kills.clear()
        self._stage.disk.forgive()

    # The process

    def _kill(self, order: FaultOrder) -> None:
        if order.where:
            self._kills.append(order)
            return
        self._go_down(order)
        self._stage.keeper.kill("at once", is_power_cut=order.kind is FaultKind.POWER_CUT)

    def _passing(self, boundary: Boundary) -> bool:
        for order in self._kills:
            if order.where == boundary:
                self._kills.remove(order)
                self._go_down(order)
                self._stage.keeper.kill(boundary, is_power_cut=order.kind is FaultKind.POWER_CUT)
                return True
        return False

    def _go_down(self, order: FaultOrder) -> None:
        keeper = self._stage.keeper
        keeper.down_ms = round(order.lasts_s * 1000) or RESTART_MS
        self.strikes.struck[order.kind] += 1
        asyncio.get_running_loop().call_later(MOMENT_S, self._usual_pause)

    def _usual_pause(self) -> None:
        self._stage.keeper.down_ms = RESTART_MS

    # What lasts

    def _settle(self, order: FaultOrder) -> None:
        """Make the stage as the active orders of this place say."""
        kind, where = order.kind, order.where
        if kind in AT_DOORS:
            self._settle_door(DoorId(where))
        elif kind in LINE_FAULTS:
            self._stage.wires.set_fault(where, LINE_FAULTS[kind], self._switch(kind, where))
        elif kind in AT_BANKS:
            self._settle_bank(kind, where)
        elif kind in AT_SUPPLIES:
            self._settle_supply(where)
        elif kind in AT_BROKER:
            self._broker.settle({order.kind for order in self._active})
        else:
            self._settle_rest(kind)

    def _of(self, *kinds: FaultKind, where: Iterable[str] | None = None) -> list[FaultOrder]:
        places = None if where is None else frozenset(where)
        return [
            order
            for order in self._active
            if order.kind in kinds and (places is None or order.where in places)
        ]

    def _settle_door(self, door: DoorId) -> None:
        by_hand = self._stage.room.world.door(door).faults.held_shut
        faults = DoorFaults(held_shut=by_hand)
        for order in self._of(*AT_DOORS, where=(door,)):
            faults = DOOR_FAULTS[order.kind](faults, order)
        self._stage.room.do(lambda world: world.set_faults(door, faults))

    def _switch(self, kind: FaultKind, bank: str) -> Switch | None:
        orders = self._of(kind, where=_on_one_port(self._stage.play.settings, bank))
        if not orders:
            return None
        amount = orders[-1].amount
        return Switch(chance=amount or 1.0) if kind in BY_CHANCE else Switch(amount=round(amount))

    def _settle_bank(self, kind: FaultKind, bank: str) -> None:
        wires = self._stage.wires
        if kind is FaultKind.BOARD_IS_DEAD:
            wires.mute(bank, is_dead=bool(self._of(kind, where=(bank,))))
        elif self._of(kind, where=_on_one_port(self._stage.play.settings, bank)):
            wires.unplug(bank)
        else:
            wires.plug(bank)

    def _settle_supply(self, supply: str) -> None:
        power = Power.FULL
        if self._of(FaultKind.SUPPLY_NONE, where=(supply,)):
            power = Power.NONE
        elif self._of(FaultKind.SUPPLY_WEAK, where=(supply,)):
            power = Power.WEAK
        self._stage.room.do(lambda world: world.set_supply(supply, power))

    def _settle_rest(self, kind: FaultKind) -> None:
        is_on = bool(self._of(kind))
        match kind:
            case FaultKind.DISK_FULL:
                self._stage.disk.is_full = is_on
            case FaultKind.DISK_GONE:
                self._stage.disk.is_gone = is_on
            case FaultKind.CLOCK_NOT_TRUSTED:
                self._stage.clock.set_word(is_given=not is_on)
            case FaultKind.PHONES_SILENT:
                self._stage.phones.trouble = NO_WAY if is_on else ""
            case _:
                raise ValueError(f"{kind} does not last")


def _on_one_port(settings: Settings, bank: str) -> tuple[str, ...]:
    """Every bank behind the port of this one."""
    port = next(one.port for one in settings.bank if one.id == bank)
    return tuple(one.id for one in settings.bank if one.port == port)


DOOR_FAULTS: Mapping[FaultKind, Callable[[DoorFaults, FaultOrder], DoorFaults]] = {
    FaultKind.DOOR_JAMMED: lambda faults, _: replace(faults, jammed=True),
    FaultKind.DOOR_STICKY: lambda faults, order: replace(faults, sticky_pulses=round(order.amount) or 1),
    FaultKind.DOOR_BLOCKED: lambda faults, _: replace(faults, blocked=True),
    FaultKind.LATCH_FAILS: lambda faults, _: replace(faults, latch_fails=True),
    FaultKind.SENSOR_STUCK_OPEN: lambda faults, _: replace(faults, sensor=Sensor.STUCK_OPEN),
    FaultKind.SENSOR_STUCK_CLOSED: lambda faults, _: replace(faults, sensor=Sensor.STUCK_CLOSED),
    FaultKind.SENSOR_BOUNCES: lambda faults, order: replace(faults, bounce_ms=round(order.amount) or 100),
    FaultKind.SLOW_LOCK: lambda faults, order: replace(faults, open_delay_ms=round(order.amount) or 400),
}


def ordered(orders: Iterable[FaultOrder]) -> Counter[FaultKind]:
    """How often each kind was asked for."""
    return Counter(order.kind for order in orders)
