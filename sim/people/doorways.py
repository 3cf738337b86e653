"""What two hands do at a door: open it wide, shut it, put in, take out. What cannot be done is not done."""

import contextlib

from sim.cabinet import DoorId
from sim.doors import NotPossible, Parcel, Position
from sim.people.kiosk import Hands
from sim.people.memory import Memory


def is_shut(hands: Hands, door: DoorId) -> bool:
    """Whether anybody sees it shut."""
    return hands.door(door).position is Position.CLOSED


def shut(hands: Hands, door: DoorId) -> bool:
    """Push a door that is not shut; whether it is shut now."""
    if not is_shut(hands, door):
        with contextlib.suppress(NotPossible):
            hands.push_door(door)
    return is_shut(hands, door)


def press(hands: Hands, door: DoorId) -> None:
    """Push against a door, shut or not."""
    with contextlib.suppress(NotPossible):
        hands.push_door(door)


def open_wide(hands: Hands, door: DoorId) -> bool:
    """Swing it open; whether a hand reaches inside now."""
    if hands.door(door).position is not Position.OPEN:
        with contextlib.suppress(NotPossible):
            hands.pull_door(door)
    return not is_shut(hands, door)


def inside(hands: Hands, door: DoorId) -> tuple[Parcel, ...]:
    """What is seen behind a door; nothing where it is shut."""
    seen = hands.door(door)
    return () if seen.position is Position.CLOSED else seen.parcels


def put(hands: Hands, memory: Memory, door: DoorId, parcel: Parcel) -> None:
    """Put a parcel behind an open door."""
    hands.put_in(door, parcel)
    memory.behind[door] = None


def take(hands: Hands, memory: Memory, door: DoorId, parcel: Parcel) -> bool:
    """Take one parcel out; whether that was possible."""
    try:
        hands.take_out(door, parcel.id)
    except NotPossible:
        return False
    if not hands.door(door).parcels:
        memory.behind.pop(door, None)
    return True


def label_of(unit: str, carrier: str) -> str:
    """What stands on a parcel."""
    return f"for {unit} by {carrier}"


def is_for(parcel: Parcel, unit: str) -> bool:
    """Whether a parcel's label names this unit."""
    return parcel.what.startswith(f"for {unit} ")
