"""Events: what happened, in the past tense, durable. One class a fact; the class name is its type on disk.

A change of meaning is a new version `V` with an upcaster. Fields in `PRIVATE` are personal: they are kept
apart from the log, which holds only their keyed digest.
"""

from dataclasses import dataclass
from typing import ClassVar, get_args

from kiosk.domain.model.command import CommandRefusal
from kiosk.domain.model.compartment import Condition, SizeClass
from kiosk.domain.model.delivery import DeliveryFlag
from kiosk.domain.model.ids import (
    BankId,
    CarrierCodeId,
    CarrierId,
    CompartmentId,
    DeliveryId,
    IncidentId,
    MessageId,
    RecipientId,
    SessionId,
    StaffId,
    UnitId,
    UnlockId,
)
from kiosk.domain.model.incident import IncidentKind, Severity
from kiosk.domain.model.session import SessionKind
from kiosk.domain.model.unlock import UnlockPurpose
from kiosk.domain.model.vacancy import Vacancy, VacancyFact


@dataclass(frozen=True, slots=True)
class Event:
    """A durable fact. `V` is the version of its form, `PRIVATE` names its personal fields."""

    V: ClassVar[int] = 1
    PRIVATE: ClassVar[frozenset[str]] = frozenset()

    @property
    def subject(self) -> str:
        """What the log's only extra index finds this event by."""
        return ""


@dataclass(frozen=True, slots=True)
class _OfCompartment(Event):
    compartment: CompartmentId

    @property
    def subject(self) -> str:
        return self.compartment


@dataclass(frozen=True, slots=True)
class _OfDelivery(Event):
    delivery: DeliveryId

    @property
    def subject(self) -> str:
        return self.delivery


@dataclass(frozen=True, slots=True)
class _OfSession(Event):
    session: SessionId

    @property
    def subject(self) -> str:
        return self.session


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
class CompartmentAdded(_OfCompartment):
    """A compartment appeared in the settings for the first time."""

    vacancy: Vacancy


@dataclass(frozen=True, slots=True)
class DoorOpened(_OfCompartment):
    """The sensor saw a door open; `unlock` is the authorisation it belongs to, empty when nobody asked."""

    unlock: UnlockId | None


@dataclass(frozen=True, slots=True)
class DoorClosed(_OfCompartment):
    """The sensor saw a door close."""

    open_ms: int | None
    """How long it was open, where both ends were seen."""


@dataclass(frozen=True, slots=True)
class CompartmentSettled(_OfCompartment):
    """A fact about the inside that comes with no delivery's end."""

    fact: VacancyFact


@dataclass(frozen=True, slots=True)
class ConditionChanged(_OfCompartment):
    """A compartment became usable, or stopped being so."""

    condition: Condition


@dataclass(frozen=True, slots=True)
class UnlockAuthorised(_OfCompartment):
    """A coil may be energised once, for this reason, before this deadline (monotonic milliseconds)."""

    unlock: UnlockId
    purpose: UnlockPurpose
    attempt: int
    session: SessionId | None
    delivery: DeliveryId | None
    deadline_mono_ms: int
    reason: str = ""


@dataclass(frozen=True, slots=True)
class UnlockNotSent(_OfCompartment):
    """The bytes of an authorised unlock certainly never left: too late, or the port was gone."""

    unlock: UnlockId
    fault: str


@dataclass(frozen=True, slots=True)
class UnlockNotOpened(_OfCompartment):
    """Pulses were sent, the door was watched and did not open (jam verdict)."""

    unlock: UnlockId


@dataclass(frozen=True, slots=True)
class BenchUnlocked(_OfCompartment):
    """A technician's bench tool was allowed one pulse on an unoccupied compartment."""

    reason: str


# Sessions


@dataclass(frozen=True, slots=True)
class SessionStarted(_OfSession):
    """Somebody signed in."""

    kind: SessionKind
    carrier: CarrierId | None = None
    carrier_code: CarrierCodeId | None = None
    staff: StaffId | None = None
    delivery: DeliveryId | None = None


@dataclass(frozen=True, slots=True)
class SessionParked(_OfSession):
    """The person left a door behind, or the kiosk restarted; the session waits for that door only."""

    why: str


@dataclass(frozen=True, slots=True)
class SessionEnded(_OfSession):
    """The session is over."""

    why: str


# Deliveries


@dataclass(frozen=True, slots=True)
class DeliveryReserved(_OfDelivery):
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
class DeliveryRelocated(_OfDelivery):
    """The parcel did not fit: the same delivery takes another compartment."""

    compartment: CompartmentId
    size: SizeClass


@dataclass(frozen=True, slots=True)
class DeliveryResumed(_OfDelivery):
    """Somebody is at the parcel's open door again: signed in while it stood open, or it sprang open."""

    session: SessionId


@dataclass(frozen=True, slots=True)
class DeliveryStored(_OfDelivery):
    """The parcel is in custody. `proof` is the short text that the courier was shown."""

    proof: str
    due_at_ms: int | None
    settled_by: str = ""
    """Empty when the door told; otherwise who answered for it."""


@dataclass(frozen=True, slots=True)
class DeliveryUncertain(_OfDelivery):
    """Nobody saw whether the parcel stayed inside."""

    why: str


@dataclass(frozen=True, slots=True)
class DeliveryCancelled(_OfDelivery):
    """The parcel is not here."""

    why: str
    fact: VacancyFact


@dataclass(frozen=True, slots=True)
class DeliveryCollected(_OfDelivery):
    """The recipient has the parcel; `fact` says how sure we are that the compartment is empty."""

    fact: VacancyFact
    boot: str
    mono_ms: int


@dataclass(frozen=True, slots=True)
class DeliveryKept(_OfDelivery):
    """An opening ended with the parcel still inside."""

    why: str


@dataclass(frozen=True, slots=True)
class DeliveryRemoved(_OfDelivery):
    """Staff took the parcel out, or found it gone."""

    why: str
    fact: VacancyFact


@dataclass(frozen=True, slots=True)
class DeliveryFlagged(_OfDelivery):
    """A flag was set or cleared."""

    flag: DeliveryFlag
    is_set: bool


@dataclass(frozen=True, slots=True)
class CodeIssued(_OfDelivery):
    """A pickup code was made, and messages that carry it wait to be sent."""

    messages: tuple[MessageId, ...]


@dataclass(frozen=True, slots=True)
class CodeRevoked(_OfDelivery):
    """A code that had been sent opens nothing any more, and messages that say so wait."""

    why: str
    messages: tuple[MessageId, ...]


@dataclass(frozen=True, slots=True)
class RecipientToldOfOpening(_OfDelivery):
    """Messages wait that tell the recipient who opened the compartment and why."""

    messages: tuple[MessageId, ...]


# The directory


@dataclass(frozen=True, slots=True)
class DirectoryChanged(Event):
    """Who lives, delivers or works here was changed; how many entries, never who."""

    what: str
    added: int
    changed: int
    moved_out: int


# Guessing and incidents


@dataclass(frozen=True, slots=True)
class CodeRefused(Event):
    """A code was refused; `left` is what its bucket holds after this try."""

    bucket: str
    why: str
    left: int
    boot: str
    mono_ms: int


@dataclass(frozen=True, slots=True)
class IncidentRaised(Event):
    """Staff must know."""

    incident: IncidentId
    kind: IncidentKind
    severity: Severity
    bank: BankId | None = None
    compartment: CompartmentId | None = None
    delivery: DeliveryId | None = None

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
class CommandRefused(_OfDelivery):
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
    | SessionStarted
    | SessionParked
    | SessionEnded
    | DeliveryReserved
    | DeliveryRelocated
    | DeliveryResumed
    | DeliveryStored
    | DeliveryUncertain
    | DeliveryCancelled
    | DeliveryCollected
    | DeliveryKept
    | DeliveryRemoved
    | DeliveryFlagged
    | CodeIssued
    | CodeRevoked
    | RecipientToldOfOpening
    | DirectoryChanged
    | CodeRefused
    | IncidentRaised
    | IncidentSettled
    | CommandRefused
)

EVENT_TYPES: dict[str, type[AnyEvent]] = {kind.__name__: kind for kind in get_args(AnyEvent)}
"""Every event by the name that stands in the log."""
