"""One door: where it stands, whether its latch holds, what is behind it. Values and what hands do to them."""

import enum
from dataclasses import dataclass, field, replace

from sim.faults import DoorFaults, Sensor

CHATTER_MS = 7
"""A bouncing feedback changes sides this often."""


class Position(enum.StrEnum):
    """Where a door stands. Ajar: sprung open by a hand's width, as freed doors do."""

    CLOSED = "closed"
    AJAR = "ajar"
    OPEN = "open"


class NotPossible(Exception):
    """A hand tried what the made-up world does not let it do; the message says why."""


@dataclass(frozen=True, slots=True)
class Parcel:
    """A thing behind a door."""

    id: str
    what: str


@dataclass(frozen=True, slots=True)
class Door:
    """A door at one moment. `is_latched`: the hook holds it; only a closed door can be latched."""

    position: Position = Position.CLOSED
    is_latched: bool = True
    parcels: tuple[Parcel, ...] = ()
    faults: DoorFaults = field(default_factory=DoorFaults)
    vain_pulses: int = 0
    is_eased: bool = False
    """Somebody pressed it shut, which takes the load off a sticky latch for the next pulse."""
    hook_moved_ms: int | None = None

    def feedback(self, now_ms: int) -> bool:
        """What the latch feedback says: True is hooked."""
        if self.faults.sensor is Sensor.WORKS:
            return self.is_latched != self._chatters(now_ms)
        return self.faults.sensor is Sensor.STUCK_CLOSED

    def _chatters(self, now_ms: int) -> bool:
        if self.hook_moved_ms is None:
            return False
        since = now_ms - self.hook_moved_ms
        return since < self.faults.bounce_ms and since // CHATTER_MS % 2 == 1

    def next_chatter(self, now_ms: int) -> int | None:
        """When the feedback may change sides next by bouncing alone."""
        if self.hook_moved_ms is None or now_ms >= self.hook_moved_ms + self.faults.bounce_ms:
            return None
        since = now_ms - self.hook_moved_ms
        return self.hook_moved_ms + min((since // CHATTER_MS + 1) * CHATTER_MS, self.faults.bounce_ms)


def pulsed(door: Door) -> tuple[Door, bool]:
    """A coil pulled with full power: the door after it, and whether the latch will come free."""
    if door.faults.jammed or not door.is_latched:
        return replace(door, is_eased=False), False
    if door.vain_pulses < door.faults.sticky_pulses and not door.is_eased:
        return replace(door, vain_pulses=door.vain_pulses + 1), False
    return replace(door, vain_pulses=0, is_eased=False), True


def freed(door: Door, now_ms: int) -> Door:
    """The latch lets go; the spring pushes the door ajar unless it is held."""
    position = Position.CLOSED if door.faults.held_shut else Position.AJAR
    return replace(door, position=position, is_latched=False, hook_moved_ms=now_ms)


def caught(door: Door, now_ms: int) -> Door:
    """The latch of a closed door catches, or the spring pushes the door ajar again."""
    if door.faults.latch_fails:
        return sprung(door)
    return replace(door, is_latched=True, hook_moved_ms=now_ms)


def sprung(door: Door) -> Door:
    """The spring moves a closed door that no latch and no hand holds."""
    if door.position is not Position.CLOSED or door.is_latched or door.faults.held_shut:
        return door
    return replace(door, position=Position.AJAR)


def pulled(door: Door) -> Door:
    """A hand swings the door wide open; NotPossible when it is locked, held or open already."""
    if door.position is Position.OPEN:
        raise NotPossible("it is wide open already")
    if door.is_latched:
        raise NotPossible("it is locked and does not give way")
    if door.position is Position.CLOSED and door.faults.held_shut:
        raise NotPossible("it is held shut")
    return replace(door, position=Position.OPEN)


def pressed(door: Door) -> Door:
    """A hand pushes the door to, or presses a closed one; whether it catches is decided after."""
    if door.position is Position.CLOSED:
        return replace(door, is_eased=door.is_latched)
    if door.faults.blocked:
        raise NotPossible("something sticks out and it does not go shut")
    return replace(door, position=Position.CLOSED)


def keyed(door: Door, now_ms: int) -> Door:
    """The mechanical key turns the latch, jammed or not."""
    if not door.is_latched:
        raise NotPossible("its latch is free already, there is nothing to turn")
    return freed(door, now_ms)


def filled(door: Door, parcel: Parcel) -> Door:
    """A parcel goes in; a door that is ajar swings wide for it."""
    _reachable(door)
    return replace(door, position=Position.OPEN, parcels=(*door.parcels, parcel))


def emptied(door: Door, parcel_id: str | None) -> Door:
    """A parcel comes out: the one named, or the one put in last."""
    _reachable(door)
    if not door.parcels:
        raise NotPossible("there is nothing inside")
    wanted = parcel_id or door.parcels[-1].id
    taken = next((parcel for parcel in door.parcels if parcel.id == wanted), None)
    if taken is None:
        raise NotPossible(f"parcel {wanted} is not inside")
    rest = tuple(parcel for parcel in door.parcels if parcel is not taken)
    return replace(door, position=Position.OPEN, parcels=rest)


def _reachable(door: Door) -> None:
    if door.position is Position.CLOSED:
        raise NotPossible("it is closed, nobody can reach inside")
