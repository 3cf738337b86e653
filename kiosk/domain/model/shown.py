"""Parts of a page about places and about large compartments."""

from dataclasses import dataclass

from kiosk.domain.model.ids import DeliveryId
from kiosk.domain.model.place import PlaceKind


@dataclass(frozen=True, slots=True)
class ShownPlace:
    """A place without a door: what stands on the shelf or how the desk is called, and how to get there."""

    kind: PlaceKind
    label: str
    room: str = ""
    hint: str = ""


@dataclass(frozen=True, slots=True)
class PlacedParcel:
    """A parcel on a shelf or at the desk, as staff see it."""

    delivery: DeliveryId
    place: str
    kind: PlaceKind
    unit: str
    carrier: str
    is_on_the_way: bool
    """A courier is about to put it there."""
    is_accepted: bool
    """Whether it is in custody; otherwise a courier says so and staff do not yet."""
    is_in_doubt: bool


@dataclass(frozen=True, slots=True)
class LargeDoors:
    """What somebody reads who says that a person is locked in; doors as they are labelled."""

    emergency_number: str
    is_told: bool
    """Whether staff were told at this visit."""
    is_opening: bool
    open: tuple[str, ...]
    for_staff: tuple[str, ...]
