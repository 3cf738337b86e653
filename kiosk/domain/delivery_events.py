"""Events of deliveries: from the reservation to the hand-over, with their codes."""

from dataclasses import dataclass
from typing import ClassVar

from kiosk.domain.event import OfDelivery
from kiosk.domain.model.compartment import SizeClass
from kiosk.domain.model.delivery import DeliveryFlag, RemovalWay
from kiosk.domain.model.ids import (
    CarrierCodeId,
    CarrierId,
    CompartmentId,
    DeliveryId,
    MessageId,
    RecipientId,
    SessionId,
    UnitId,
)
from kiosk.domain.model.vacancy import VacancyFact


@dataclass(frozen=True, slots=True)
class DeliveryReserved(OfDelivery):
    """A compartment was set aside for a parcel."""

    PRIVATE: ClassVar[frozenset[str]] = frozenset({"unit_label"})

    compartment: CompartmentId
    unit: UnitId
    recipient: RecipientId
    carrier: CarrierId
    carrier_code: CarrierCodeId
    session: SessionId
    size: SizeClass
    unit_label: str = ""


@dataclass(frozen=True, slots=True)
class DeliveryRelocated(OfDelivery):
    """The parcel did not fit: the same delivery takes another compartment."""

    compartment: CompartmentId
    size: SizeClass


@dataclass(frozen=True, slots=True)
class DeliveryReaddressed(OfDelivery):
    """The parcel is for another unit than was typed, and stays where it is; its proof names the new one."""

    PRIVATE: ClassVar[frozenset[str]] = frozenset({"unit_label"})

    unit: UnitId
    recipient: RecipientId
    why: str
    unit_label: str = ""


@dataclass(frozen=True, slots=True)
class DeliveryResumed(OfDelivery):
    """Somebody is at the parcel's open door again: signed in while it stood open, or it sprang open."""

    session: SessionId


@dataclass(frozen=True, slots=True)
class DeliveryStored(OfDelivery):
    """The parcel is in custody. `proof` is the short text that the courier was shown.

    Without a clock to believe it is due at no day yet; how long it waits is told by monotonic time.
    """

    V: ClassVar[int] = 2

    proof: str
    due_at_ms: int | None
    settled_by: str = ""
    """Empty when the door told; otherwise who answered for it."""
    boot: str = ""
    mono_ms: int = 0


@dataclass(frozen=True, slots=True)
class PickupTimeSet(OfDelivery):
    """Until when a parcel is to be collected, now that the clock may be believed or a hold has ended."""

    stored_at_ms: int
    """Since when it has waited, as far as anybody can tell."""
    due_at_ms: int


@dataclass(frozen=True, slots=True)
class RecipientReminded(OfDelivery):
    """Messages wait that remind of a parcel; several parcels of one recipient share them.

    `reminded`: so many of the moments to remind at are over now, whether or not each had its own message.
    """

    reminded: int
    messages: tuple[MessageId, ...]
    code_of: DeliveryId
    """The parcel whose code they carry."""


@dataclass(frozen=True, slots=True)
class DeliveryUncertain(OfDelivery):
    """Nobody saw whether the parcel stayed inside."""

    why: str


@dataclass(frozen=True, slots=True)
class DeliveryCancelled(OfDelivery):
    """The parcel is not here."""

    why: str
    fact: VacancyFact


@dataclass(frozen=True, slots=True)
class DeliveryCollected(OfDelivery):
    """The recipient has the parcel; `fact` says how sure we are that the compartment is empty."""

    fact: VacancyFact
    boot: str
    mono_ms: int


@dataclass(frozen=True, slots=True)
class DeliveryKept(OfDelivery):
    """An opening ended with the parcel still inside."""

    why: str


@dataclass(frozen=True, slots=True)
class DamageReported(OfDelivery):
    """Its recipient says that the parcel is damaged; `is_taken`: they have it all the same."""

    compartment: CompartmentId
    carrier: CarrierId
    is_taken: bool


@dataclass(frozen=True, slots=True)
class ParcelCarried(OfDelivery):
    """Staff have the parcel in hand and bring it to another door; `fact` is of the one it has left."""

    compartment: CompartmentId
    size: SizeClass
    fact: VacancyFact


@dataclass(frozen=True, slots=True)
class DisposalAnnounced(OfDelivery):
    """Messages wait that tell the recipient from when on the parcel may be disposed of."""

    from_at_ms: int
    messages: tuple[MessageId, ...]


@dataclass(frozen=True, slots=True)
class DeliveryRemoved(OfDelivery):
    """Staff took the parcel out (`way`: where to), or found it gone. `reason` is free text of theirs."""

    V: ClassVar[int] = 2
    PRIVATE: ClassVar[frozenset[str]] = frozenset({"reason"})

    why: str
    fact: VacancyFact
    way: RemovalWay | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class DeliveryFlagged(OfDelivery):
    """A flag was set or cleared. A hold has an end."""

    V: ClassVar[int] = 2

    flag: DeliveryFlag
    is_set: bool
    until_at_ms: int | None = None


@dataclass(frozen=True, slots=True)
class CodeIssued(OfDelivery):
    """A pickup code was made, and messages that carry it wait to be sent."""

    messages: tuple[MessageId, ...]


@dataclass(frozen=True, slots=True)
class CodeSentAgain(OfDelivery):
    """Messages wait that carry the same code once more."""

    messages: tuple[MessageId, ...]


@dataclass(frozen=True, slots=True)
class CodeRevoked(OfDelivery):
    """A code that had been sent opens nothing any more, and messages that say so wait."""

    why: str
    messages: tuple[MessageId, ...]


@dataclass(frozen=True, slots=True)
class RecipientToldOfOpening(OfDelivery):
    """Messages wait that tell the recipient who opened the compartment and why."""

    messages: tuple[MessageId, ...]
