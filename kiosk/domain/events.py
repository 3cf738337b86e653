"""Events: what happened, in the past tense, durable. One class a fact; the class name is its type on disk.

A change of meaning is a new version `V` with an upcaster. Fields in `PRIVATE` are personal: they are kept
apart from the log, which holds only their keyed digest.
"""

from dataclasses import dataclass
from typing import ClassVar, get_args

from kiosk.domain.delivery_events import (
    CodeIssued,
    CodeRevoked,
    CodeSentAgain,
    DamageReported,
    DeliveryCancelled,
    DeliveryCollected,
    DeliveryFlagged,
    DeliveryKept,
    DeliveryReaddressed,
    DeliveryRelocated,
    DeliveryRemoved,
    DeliveryReserved,
    DeliveryResumed,
    DeliveryStored,
    DeliveryUncertain,
    DisposalAnnounced,
    ParcelCarried,
    PickupTimeSet,
    RecipientReminded,
    RecipientToldOfOpening,
)
from kiosk.domain.event import Event, OfCompartment, OfDelivery, OfSession
from kiosk.domain.key_events import OpeningAnswered, OpeningUnexplained
from kiosk.domain.model.command import CommandRefusal
from kiosk.domain.model.compartment import Condition
from kiosk.domain.model.ids import (
    BankId,
    CarrierCodeId,
    CarrierId,
    CompartmentId,
    DeliveryId,
    IncidentId,
    MessageId,
    ResidentId,
    SessionId,
    StaffId,
    UnlockId,
)
from kiosk.domain.model.incident import IncidentKind, Severity
from kiosk.domain.model.session import SessionKind
from kiosk.domain.model.unlock import UnlockPurpose
from kiosk.domain.model.vacancy import Vacancy, VacancyFact
from kiosk.domain.place_events import (
    DeliveryMoved,
    DropOffRefused,
    HandedOver,
    HandedToDesk,
    PlaceAssigned,
)
from kiosk.domain.refusal_events import AccessRefused, CodeRefused
from kiosk.domain.rescue_events import LockedInReported

__all__ = [
    "EVENT_TYPES",
    "AccessRefused",
    "AnyEvent",
    "BankAnswered",
    "BankLost",
    "BenchUnlocked",
    "CodeIssued",
    "CodeRefused",
    "CodeRevoked",
    "CodeSentAgain",
    "CommandRefused",
    "CompartmentAdded",
    "CompartmentSettled",
    "ConditionChanged",
    "DamageReported",
    "DeliveryCancelled",
    "DeliveryCollected",
    "DeliveryFlagged",
    "DeliveryKept",
    "DeliveryMoved",
    "DeliveryReaddressed",
    "DeliveryRelocated",
    "DeliveryRemoved",
    "DeliveryReserved",
    "DeliveryResumed",
    "DeliveryStored",
    "DeliveryUncertain",
    "DirectoryChanged",
    "DisposalAnnounced",
    "DoorClosed",
    "DoorOpened",
    "DropOffRefused",
    "Event",
    "HandedOver",
    "HandedToDesk",
    "IncidentRaised",
    "IncidentSettled",
    "KioskStarted",
    "LockedInReported",
    "NameLookedUp",
    "OpeningAnswered",
    "OpeningUnexplained",
    "ParcelCarried",
    "PickupTimeSet",
    "PlaceAssigned",
    "RecipientReminded",
    "RecipientToldOfOpening",
    "SessionEnded",
    "SessionParked",
    "SessionResumed",
    "SessionStarted",
    "UnlockAuthorised",
    "UnlockNotOpened",
    "UnlockNotSent",
]


# The kiosk and its banks


@dataclass(frozen=True, slots=True)
class KioskStarted(Event):
    """The daemon took up its work; nothing is believed about any door until its bank answers.

    After a boot of the machine monotonic time counts anew: buckets of wrong tries fill from here on.
    """

    V: ClassVar[int] = 2

    version: str
    boot: str
    mono_ms: int


@dataclass(frozen=True, slots=True)
class BankAnswered(Event):
    """A bank came up and its doors were read."""

    bank: BankId

    @property
    def subject(self) -> str:
        return self.bank


@dataclass(frozen=True, slots=True)
class BankLost(Event):
    """A bank stopped answering; its doors are unknown, not closed."""

    bank: BankId
    fault: str

    @property
    def subject(self) -> str:
        return self.bank


# Compartments, doors and unlocks


@dataclass(frozen=True, slots=True)
class CompartmentAdded(OfCompartment):
    """A compartment appeared in the settings for the first time."""

    vacancy: Vacancy


@dataclass(frozen=True, slots=True)
class DoorOpened(OfCompartment):
    """The sensor saw a door open; `unlock` is the authorisation it belongs to, empty when nobody asked."""

    unlock: UnlockId | None


@dataclass(frozen=True, slots=True)
class DoorClosed(OfCompartment):
    """The sensor saw a door close."""

    open_ms: int | None
    """How long it was open, where both ends were seen."""


@dataclass(frozen=True, slots=True)
class CompartmentSettled(OfCompartment):
    """A fact about the inside that comes with no delivery's end."""

    fact: VacancyFact


@dataclass(frozen=True, slots=True)
class ConditionChanged(OfCompartment):
    """A compartment became usable, or stopped being so."""

    condition: Condition


@dataclass(frozen=True, slots=True)
class UnlockAuthorised(OfCompartment):
    """A coil may be energised once, for this reason, before this deadline (monotonic milliseconds)."""

    unlock: UnlockId
    purpose: UnlockPurpose
    attempt: int
    session: SessionId | None
    delivery: DeliveryId | None
    deadline_mono_ms: int
    reason: str = ""


@dataclass(frozen=True, slots=True)
class UnlockNotSent(OfCompartment):
    """The bytes of an authorised unlock certainly never left: too late, or the port was gone."""

    unlock: UnlockId
    fault: str


@dataclass(frozen=True, slots=True)
class UnlockNotOpened(OfCompartment):
    """Pulses were sent, the door was watched and did not open (jam verdict)."""

    unlock: UnlockId


@dataclass(frozen=True, slots=True)
class BenchUnlocked(OfCompartment):
    """A technician's bench tool was allowed one pulse on an unoccupied compartment."""

    reason: str


# Sessions


@dataclass(frozen=True, slots=True)
class SessionStarted(OfSession):
    """Somebody signed in."""

    kind: SessionKind
    carrier: CarrierId | None = None
    carrier_code: CarrierCodeId | None = None
    staff: StaffId | None = None
    delivery: DeliveryId | None = None


@dataclass(frozen=True, slots=True)
class SessionParked(OfSession):
    """The person left a door behind, or the kiosk restarted; the session waits for that door only."""

    why: str


@dataclass(frozen=True, slots=True)
class SessionResumed(OfSession):
    """The courier whom somebody had cut in on is back."""


@dataclass(frozen=True, slots=True)
class SessionEnded(OfSession):
    """The session is over."""

    why: str


@dataclass(frozen=True, slots=True)
class NameLookedUp(OfSession):
    """A courier looked for a name: how many were found, never which; `left` is what the bucket holds."""

    found: int
    left: int
    boot: str
    mono_ms: int


# The directory


@dataclass(frozen=True, slots=True)
class DirectoryChanged(Event):
    """Who lives, delivers or works here was changed; how many entries, never who."""

    what: str
    added: int
    changed: int
    moved_out: int


# Incidents


@dataclass(frozen=True, slots=True)
class IncidentRaised(Event):
    """Staff must know. `since_pulse_ms` is of openings that nobody asked for, where there was a pulse."""

    V: ClassVar[int] = 2

    incident: IncidentId
    kind: IncidentKind
    severity: Severity
    bank: BankId | None = None
    compartment: CompartmentId | None = None
    delivery: DeliveryId | None = None
    message: MessageId | None = None
    resident: ResidentId | None = None
    since_pulse_ms: int | None = None

    @property
    def subject(self) -> str:
        return self.incident


@dataclass(frozen=True, slots=True)
class IncidentSettled(Event):
    """An incident is over."""

    incident: IncidentId
    by: str

    @property
    def subject(self) -> str:
        return self.incident


# Commands from afar


@dataclass(frozen=True, slots=True)
class CommandRefused(OfDelivery):
    """A command was not obeyed; the same command gets this answer again."""

    command: str
    why: CommandRefusal


AnyEvent = (
    KioskStarted
    | BankAnswered
    | BankLost
    | CompartmentAdded
    | DoorOpened
    | DoorClosed
    | CompartmentSettled
    | ConditionChanged
    | UnlockAuthorised
    | UnlockNotSent
    | UnlockNotOpened
    | BenchUnlocked
    | OpeningUnexplained
    | OpeningAnswered
    | SessionStarted
    | SessionParked
    | SessionResumed
    | SessionEnded
    | NameLookedUp
    | DeliveryReserved
    | DeliveryRelocated
    | DeliveryReaddressed
    | DeliveryResumed
    | DeliveryStored
    | DeliveryUncertain
    | DeliveryCancelled
    | DeliveryCollected
    | DeliveryKept
    | ParcelCarried
    | DamageReported
    | DisposalAnnounced
    | DeliveryRemoved
    | DeliveryFlagged
    | CodeIssued
    | CodeRevoked
    | CodeSentAgain
    | PickupTimeSet
    | RecipientReminded
    | RecipientToldOfOpening
    | DirectoryChanged
    | CodeRefused
    | AccessRefused
    | IncidentRaised
    | IncidentSettled
    | CommandRefused
    | PlaceAssigned
    | HandedToDesk
    | DeliveryMoved
    | HandedOver
    | DropOffRefused
    | LockedInReported
)

EVENT_TYPES: dict[str, type[AnyEvent]] = {kind.__name__: kind for kind in get_args(AnyEvent)}
"""Every event by the name that stands in the log."""
