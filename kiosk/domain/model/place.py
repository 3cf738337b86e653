"""Places without a door: shelves of the package room and the desk, and what goes there.

Their identities stand where a compartment's does, and none can be taken for one: a compartment's name holds
no colon. Nobody sees what happens at them, so each step there is somebody's word.
"""

import enum
from dataclasses import dataclass

from kiosk.domain.model.ids import CompartmentId

DESK = CompartmentId("desk:")
_SHELF = "shelf:"


class PlaceKind(enum.StrEnum):
    """Where a parcel can be in the building's custody."""

    COMPARTMENT = "compartment"
    SHELF = "shelf"
    DESK = "desk"


def shelf_place(label: str) -> CompartmentId:
    """The identity of a shelf by its label."""
    return CompartmentId(f"{_SHELF}{label}")


def kind_of(place: CompartmentId) -> PlaceKind:
    """What sort of place an identity names."""
    if place == DESK:
        return PlaceKind.DESK
    return PlaceKind.SHELF if place.startswith(_SHELF) else PlaceKind.COMPARTMENT


def has_door(place: CompartmentId) -> bool:
    """Whether it is a compartment, whose door is locked and seen."""
    return kind_of(place) is PlaceKind.COMPARTMENT


def shelf_label(place: CompartmentId) -> str:
    """What stands on a shelf."""
    return place.removeprefix(_SHELF)


class Outlet(enum.StrEnum):
    """Who or what takes a parcel that no compartment takes."""

    ROOM = "room"
    DESK = "desk"
    CARRIER = "carrier"


class OverflowWhy(enum.StrEnum):
    """Why no compartment takes a parcel."""

    TOO_LARGE = "too_large"
    NOTHING_FREE = "nothing_free"
    SIGNATURE = "signature"
    AGE_CHECK = "age_check"
    CASH = "cash"

    @property
    def needs_person(self) -> bool:
        """Whether somebody must sign, be looked at or pay: then no shelf takes it either."""
        return self in (OverflowWhy.SIGNATURE, OverflowWhy.AGE_CHECK, OverflowWhy.CASH)


class Identified(enum.StrEnum):
    """How staff knew whom they handed a parcel to."""

    KNOWN = "known"
    DOCUMENT = "document"
    CODE = "code"
    """They showed the message with the code."""


@dataclass(frozen=True, slots=True)
class Shelf:
    """A shelf of the package room, and how many parcels it takes."""

    label: str
    capacity: int = 1

    @property
    def place(self) -> CompartmentId:
        """Its identity."""
        return shelf_place(self.label)


@dataclass(frozen=True, slots=True)
class Overflow:
    """What the building does with parcels that no compartment takes; it ends with the carrier."""

    order: tuple[Outlet, ...] = (Outlet.CARRIER,)
    shelves: tuple[Shelf, ...] = ()
    room: str = ""
    """The package room as people call it."""
    room_entry: str = ""
    """How one gets into it."""
    desk: str = ""
    """The desk as people call it."""
    desk_hours: str = ""

    @property
    def has_places(self) -> bool:
        """Whether parcels may be anywhere but behind a door."""
        return bool(self.shelves or self.desk)
