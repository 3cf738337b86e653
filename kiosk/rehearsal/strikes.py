"""Whether a fault that was ordered met anything: a jammed door that nobody opens proves nothing."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from kiosk.rehearsal.broker_faults import BROKER_FAULTS
from kiosk.rehearsal.diary import CoilOn, HandDid, LatchSaid
from kiosk.rehearsal.disk_faults import DiskFault
from kiosk.rehearsal.memory_broker import Met
from kiosk.rehearsal.stage import Stage
from sim.boards.line import Fault
from sim.cabinet import DoorId, DoorPlan
from sim.scenario.draw_faults import AT_DOORS, AT_SUPPLIES
from sim.scenario.script import FaultKind, FaultOrder

LINE_FAULTS: Mapping[FaultKind, Fault] = {
    FaultKind.LINE_GARBLES: Fault.GARBLE,
    FaultKind.LINE_DROPS_REQUESTS: Fault.DROP_REQUEST,
    FaultKind.LINE_DROPS_REPLIES: Fault.DROP_REPLY,
    FaultKind.LINE_IS_LATE: Fault.LATE,
    FaultKind.LINE_HAS_JUNK: Fault.JUNK,
    FaultKind.LINE_CHOPS: Fault.CHOP,
    FaultKind.LINE_ECHOES: Fault.ECHO,
    FaultKind.LINE_IS_MUTE: Fault.MUTE,
}
DISK_FAULTS: Mapping[FaultKind, DiskFault] = {
    FaultKind.DISK_FULL: DiskFault.FULL,
    FaultKind.DISK_GONE: DiskFault.GONE,
}
_ALWAYS = frozenset(
    {
        FaultKind.SENSOR_STUCK_OPEN,
        FaultKind.BOARD_IS_DEAD,
        FaultKind.ADAPTER_UNPLUGGED,
        FaultKind.CLOCK_NOT_TRUSTED,
    }
)
"""These strike by being there."""
_MEETS: Mapping[FaultKind, frozenset[str]] = {
    FaultKind.DOOR_BLOCKED: frozenset({"latch"}),
    FaultKind.LATCH_FAILS: frozenset({"push"}),
    FaultKind.SENSOR_BOUNCES: frozenset({"latch"}),
    FaultKind.SENSOR_STUCK_CLOSED: frozenset({"coil", "pull", "push"}),
}
"""What a broken door must meet; the others meet a coil."""


def _meets(kind: FaultKind, what: str) -> bool:
    return what in _MEETS.get(kind, ("coil",))


@dataclass(frozen=True, slots=True)
class Mark:
    """How far everything was that counts when a fault began."""

    entries: int
    lines: Counter[Fault]
    disk: Counter[DiskFault]
    refused: int
    broker: Counter[Met]


class Strikes:
    """How often each kind has struck: orders that met something, and single strikes of commits and kills."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self.struck: Counter[FaultKind] = Counter()

    def mark(self) -> Mark:
        """Note how far everything is."""
        stage = self._stage
        return Mark(
            entries=len(stage.diary.entries),
            lines=self._lines(),
            disk=stage.disk.struck.copy(),
            refused=stage.phones.refused,
            broker=stage.broker.met.copy(),
        )

    def note(self, order: FaultOrder, mark: Mark) -> None:
        """A fault that began at the mark is over: count it if it met anything."""
        self.struck[order.kind] += self._has_struck(order, mark)

    def _has_struck(self, order: FaultOrder, mark: Mark) -> bool:
        kind = order.kind
        if kind in _ALWAYS:
            return True
        if kind in AT_DOORS:
            return any(_meets(kind, what) for what, door in self._uses(mark) if door.id == order.where)
        if kind in AT_SUPPLIES:
            return any(what == "coil" and door.supply == order.where for what, door in self._uses(mark))
        if kind is FaultKind.PHONES_SILENT:
            return self._stage.phones.refused > mark.refused
        if trouble := BROKER_FAULTS.get(kind):
            return self._stage.broker.met[trouble] > mark.broker[trouble]
        if away := DISK_FAULTS.get(kind):
            return self._stage.disk.struck[away] > mark.disk[away]
        fault = LINE_FAULTS[kind]
        return self._lines()[fault] > mark.lines[fault]

    def _uses(self, mark: Mark) -> Iterator[tuple[str, DoorPlan]]:
        """What coils, latches and hands have done since, and at which door."""
        cabinet = self._stage.room.world.cabinet
        for entry in self._stage.diary.entries[mark.entries :]:
            match entry:
                case CoilOn(bank=bank, channel=channel):
                    what, plan = "coil", cabinet.wired_to(bank, channel)
                case LatchSaid(bank=bank, channel=channel):
                    what, plan = "latch", cabinet.wired_to(bank, channel)
                case HandDid(verb=verb, door=door):
                    what, plan = verb, cabinet.doors[DoorId(door)]
                case _:
                    continue
            if plan is not None:
                yield what, plan

    def _lines(self) -> Counter[Fault]:
        counts: Counter[Fault] = Counter()
        for wire in self._stage.wires.wires.values():
            counts += wire.line.counts
        return counts
