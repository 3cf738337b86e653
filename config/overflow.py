"""What the building does with parcels that no compartment takes: package room, desk, carrier."""

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Annotated

from pydantic import Field

from config.parts import Line, Part
from kiosk.domain.model.place import Outlet, Overflow, Shelf

ShelfLabel = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9-]{0,5}$")]


class ShelfSettings(Part):
    """One shelf of the package room."""

    label: ShelfLabel = Field(description="what stands on the shelf: letters, digits, hyphens, at most 6")
    capacity: int = Field(default=1, ge=1, le=50, description="parcels that it takes at once")


class RoomSettings(Part):
    """The package room."""

    name: Line = Field(min_length=1, max_length=40, description="the room as people call it")
    entry: Line = Field(
        default="", max_length=120, description="how one gets into the room: who opens, or where the key is"
    )
    shelf: tuple[ShelfSettings, ...] = Field(default=(), description="shelves, one table each")


class DeskSettings(Part):
    """The desk where staff take parcels in and hand them out."""

    name: Line = Field(min_length=1, max_length=40, description="the desk as people call it")
    hours: Line = Field(default="", max_length=120, description="when somebody is there")


class OverflowSettings(Part):
    """In which order places are tried, and what they are."""

    order: tuple[Outlet, ...] = Field(
        default=(Outlet.CARRIER,),
        description="room, desk and carrier in the order to try; carrier comes last",
    )
    room: RoomSettings | None = Field(default=None, description="the package room")
    desk: DeskSettings | None = Field(default=None, description="the desk")


def overflow_problems(overflow: OverflowSettings, door_labels: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Key and text of everything that does not go together."""
    yield from _order_problems(overflow.order)
    if Outlet.ROOM in overflow.order and not (overflow.room and overflow.room.shelf):
        yield "order", "room is in the order, expected at least one table [[overflow.room.shelf]]"
    if Outlet.DESK in overflow.order and not overflow.desk:
        yield "order", "desk is in the order, expected a table [overflow.desk]"
    if overflow.room:
        yield from _shelf_problems(overflow.room.shelf, {label.upper() for label in door_labels})


def _order_problems(order: tuple[Outlet, ...]) -> Iterator[tuple[str, str]]:
    doubled = [outlet.value for outlet, times in Counter(order).items() if times > 1]
    if doubled:
        yield "order", f"expected each once, {doubled[0]} is there more than once"
    elif Outlet.CARRIER not in order or order[-1] is not Outlet.CARRIER:
        yield "order", "expected carrier as the last: whoever brings a parcel always gets an answer"


def _shelf_problems(shelves: tuple[ShelfSettings, ...], doors: set[str]) -> Iterator[tuple[str, str]]:
    first: dict[str, int] = {}
    for number, shelf in enumerate(shelves):
        label, where = shelf.label.upper(), f"room.shelf[{number}].label"
        if first.setdefault(label, number) != number:
            yield where, f"label {shelf.label} is used by overflow.room.shelf[{first[label]}] already"
        if label in doors:
            yield where, f"label {shelf.label} is used by a compartment already"


def overflow_of(overflow: OverflowSettings | None) -> Overflow:
    """What the rules must know of it; without such a table the carrier keeps what no compartment takes."""
    if overflow is None:
        return Overflow()
    room, desk = overflow.room, overflow.desk
    return Overflow(
        order=overflow.order,
        shelves=tuple(Shelf(one.label, one.capacity) for one in room.shelf) if room else (),
        room=room.name if room else "",
        room_entry=room.entry if room else "",
        desk=desk.name if desk else "",
        desk_hours=desk.hours if desk else "",
    )
