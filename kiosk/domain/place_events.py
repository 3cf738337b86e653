"""Events of parcels on shelves and at the desk, and of parcels that found no place at all."""

from dataclasses import dataclass
from typing import ClassVar

from kiosk.domain.event import OfDelivery, OfSession
from kiosk.domain.model.compartment import SizeClass
from kiosk.domain.model.ids import (
    CarrierCodeId,
    CarrierId,
    CompartmentId,
    MessageId,
    RecipientId,
    SessionId,
    UnitId,
)
from kiosk.domain.model.place import Identified, OverflowWhy


@dataclass(frozen=True, slots=True)
class PlaceAssigned(OfDelivery):
    """A shelf or the desk is meant to take a parcel that no compartment takes; nobody has it yet."""

    PRIVATE: ClassVar[frozenset[str]] = frozenset({"unit_label"})

    place: CompartmentId
    why: OverflowWhy
    unit: UnitId
    recipient: RecipientId
    carrier: CarrierId
    carrier_code: CarrierCodeId
    session: SessionId
    size: SizeClass
    """The size that was asked for, or the largest there is."""
    unit_label: str = ""


@dataclass(frozen=True, slots=True)
class HandedToDesk(OfDelivery):
    """The courier says that the desk took the parcel; it is in custody once staff say so too.

    `receipt` is the short text that the courier was shown.
    """

    receipt: str


@dataclass(frozen=True, slots=True)
class DeliveryMoved(OfDelivery):
    """Staff put a stored parcel on a shelf or behind the desk."""

    place: CompartmentId
    messages: tuple[MessageId, ...]
    """Say where it is now, and carry the code once more."""


@dataclass(frozen=True, slots=True)
class HandedOver(OfDelivery):
    """Staff gave the parcel to its recipient; the collection follows."""

    identified: Identified
    messages: tuple[MessageId, ...]


@dataclass(frozen=True, slots=True)
class DropOffRefused(OfSession):
    """The carrier keeps a parcel: no place here takes it. `receipt` is what the courier was shown."""

    PRIVATE: ClassVar[frozenset[str]] = frozenset({"unit_label"})

    why: OverflowWhy
    unit: UnitId
    carrier: CarrierId
    receipt: str
    unit_label: str = ""
