"""Touches at the screen that are about parcels no compartment takes, and about shelves and the desk."""

from dataclasses import dataclass

from kiosk.domain.model.ids import DeliveryId
from kiosk.domain.model.place import Identified, Outlet, OverflowWhy

# Couriers


@dataclass(frozen=True, slots=True)
class NeedsPerson:
    """Somebody must sign for the parcel, show their age or pay."""


@dataclass(frozen=True, slots=True)
class FitsNowhere:
    """No compartment takes the parcel, and why."""

    why: OverflowWhy


@dataclass(frozen=True, slots=True)
class ChooseOutlet:
    """The room, the desk, or back with the carrier."""

    outlet: Outlet


@dataclass(frozen=True, slots=True)
class Placed:
    """The courier says that the parcel is on its shelf, or that the desk has it."""


@dataclass(frozen=True, slots=True)
class NotPlaced:
    """The courier has the parcel still, or again."""


# Residents


@dataclass(frozen=True, slots=True)
class HaveIt:
    """The resident has the parcel from its shelf."""


@dataclass(frozen=True, slots=True)
class NotOnShelf:
    """The resident looked and did not find it."""


# Staff


@dataclass(frozen=True, slots=True)
class ShowPlaces:
    """Staff look at what is on shelves and at the desk."""


@dataclass(frozen=True, slots=True)
class ChoosePlaced:
    """One of these parcels."""

    delivery: DeliveryId


@dataclass(frozen=True, slots=True)
class SayWhetherHere:
    """Staff say whether the parcel at hand is where it should be."""

    is_here: bool


@dataclass(frozen=True, slots=True)
class HandOver:
    """Staff give the parcel at hand to its recipient, known in this way."""

    identified: Identified


@dataclass(frozen=True, slots=True)
class BringTo:
    """Staff bring the parcel at hand to a shelf or to the desk."""

    outlet: Outlet


CourierPlaceTouch = NeedsPerson | FitsNowhere | ChooseOutlet | Placed | NotPlaced
ResidentPlaceTouch = HaveIt | NotOnShelf
StaffPlaceTouch = ShowPlaces | ChoosePlaced | SayWhetherHere | HandOver | BringTo
PlaceTouch = CourierPlaceTouch | ResidentPlaceTouch | StaffPlaceTouch
