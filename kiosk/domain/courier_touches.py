"""What only a courier asks for at the screen."""

from dataclasses import dataclass

from kiosk.domain.model.compartment import SizeClass
from kiosk.domain.model.ids import DeliveryId


@dataclass(frozen=True, slots=True)
class AnswerQuestion:
    """The courier's answer about an interrupted door."""

    delivery: DeliveryId
    is_inside: bool


@dataclass(frozen=True, slots=True)
class ChooseUnit:
    """The unit as typed."""

    label: str


@dataclass(frozen=True, slots=True)
class ChooseSize:
    """The size of the parcel."""

    size: SizeClass


@dataclass(frozen=True, slots=True)
class UseAnotherDoor:
    """The door at hand did not open: take another one of the size."""


@dataclass(frozen=True, slots=True)
class DoesNotFit:
    """The parcel needs a larger compartment."""


@dataclass(frozen=True, slots=True)
class NotDeposited:
    """The courier took the parcel back out."""


@dataclass(frozen=True, slots=True)
class SomethingInside:
    """The compartment that opened for the courier is not empty."""


@dataclass(frozen=True, slots=True)
class FindByName:
    """There is no unit on the label, or the unit does not say whose parcel it is."""


@dataclass(frozen=True, slots=True)
class TypeName:
    """The first letters of the surname on the label."""

    letters: str


@dataclass(frozen=True, slots=True)
class ChooseMatch:
    """One of the names that the screen shows, counted from 0."""

    number: int


@dataclass(frozen=True, slots=True)
class ShowParcels:
    """The parcels that this sign-in has put behind doors."""


@dataclass(frozen=True, slots=True)
class ChooseParcel:
    """One of those parcels, counted from 0: back to its door."""

    number: int


@dataclass(frozen=True, slots=True)
class WrongUnit:
    """The parcel at hand is for another unit."""


@dataclass(frozen=True, slots=True)
class AddToDoor:
    """One more parcel behind the door that this sign-in filled for the same household."""


@dataclass(frozen=True, slots=True)
class FirstTime:
    """The four steps explained to a new courier, before any sign-in."""


@dataclass(frozen=True, slots=True)
class QuickPickup:
    """The courier lets a resident cut in."""


CourierTouch = (
    AnswerQuestion
    | ChooseUnit
    | FindByName
    | TypeName
    | ChooseMatch
    | ChooseSize
    | UseAnotherDoor
    | DoesNotFit
    | NotDeposited
    | SomethingInside
    | ShowParcels
    | ChooseParcel
    | WrongUnit
    | AddToDoor
    | QuickPickup
)
