"""What a decision changes besides the log: side tables (same transaction) and memory (never on disk)."""

from dataclasses import dataclass

from kiosk.domain.events import AnyEvent
from kiosk.domain.model.compartment import DoorState
from kiosk.domain.model.credential import Credential, SpentCode
from kiosk.domain.model.directory import Directory
from kiosk.domain.model.ids import (
    BankId,
    CompartmentId,
    DeliveryId,
    Digest,
    MessageId,
    RecipientId,
    ResidentId,
    StaffId,
    UnlockId,
)
from kiosk.domain.model.rescue import Rescue
from kiosk.domain.model.session import Aside, Visit


@dataclass(frozen=True, slots=True)
class CredentialAdded:
    """Side table: a live code with its sealed copy."""

    credential: Credential
    sealed: bytes


@dataclass(frozen=True, slots=True)
class CredentialSpent:
    """Side table: the live code and its sealed copy go, its digest stays for 90 days."""

    spent: SpentCode


@dataclass(frozen=True, slots=True)
class MessageQueued:
    """Side table: a message to one resident waits; `kind` names its template."""

    id: MessageId
    kind: str
    delivery: DeliveryId
    resident: ResidentId
    due_at_ms: int
    door: str = ""
    detail: str = ""


@dataclass(frozen=True, slots=True)
class MessageToldOtherwise:
    """Side table: staff told the person another way, so the message need not be sent any more."""

    message: MessageId
    at_ms: int


@dataclass(frozen=True, slots=True)
class DirectoryReplaced:
    """Side table: a new snapshot of the directory; staff without a new PIN keep the one they have.

    Messages to `forgotten` go, and so do the personal parts of the log on parcels of `recipients`.
    """

    directory: Directory
    pin_hashes: tuple[tuple[StaffId, str], ...] = ()
    forgotten: tuple[ResidentId, ...] = ()
    recipients: tuple[RecipientId, ...] = ()


SideChange = CredentialAdded | CredentialSpent | MessageQueued | MessageToldOtherwise | DirectoryReplaced


@dataclass(frozen=True, slots=True)
class VisitChanged:
    """Memory: the screen moved on."""

    visit: Visit


@dataclass(frozen=True, slots=True)
class VisitPutAside:
    """Memory: a courier lets a resident cut in, or that is over."""

    aside: Aside | None


@dataclass(frozen=True, slots=True)
class DoorsSighted:
    """Memory: the state of doors that were read for the first time, or lost from sight."""

    bank: BankId
    doors: tuple[tuple[CompartmentId, DoorState], ...]
    mono_ms: int
    is_bounce: bool = False


@dataclass(frozen=True, slots=True)
class FaultRenamed:
    """Memory: a bank that is away is away for another reason now."""

    bank: BankId
    fault: str


@dataclass(frozen=True, slots=True)
class PulseSent:
    """Memory: the bytes of an authorised unlock have left."""

    unlock: UnlockId
    mono_ms: int


@dataclass(frozen=True, slots=True)
class StillClosed:
    """Memory: one more read after the pulse of an unlock says that its door is closed."""

    unlock: UnlockId


@dataclass(frozen=True, slots=True)
class LongCodeTried:
    """Memory: when all twelve digits were last tried (one try per 5 s)."""

    mono_ms: int


@dataclass(frozen=True, slots=True)
class SpentCodeTried:
    """Memory: when the log was last told that a spent code is keyed in."""

    digest: Digest
    mono_ms: int


@dataclass(frozen=True, slots=True)
class RefusalWritten:
    """Memory: the log was told of a refusal, and need not be told of the same one until then."""

    key: str
    until_mono_ms: int
    mono_ms: int


@dataclass(frozen=True, slots=True)
class SpentCodesForgotten:
    """Memory: codes that ended so long ago that nobody is told why any more."""

    digests: frozenset[Digest]


@dataclass(frozen=True, slots=True)
class DoubtBegan:
    """Memory: since when nobody is sure of a parcel."""

    delivery: DeliveryId
    mono_ms: int


@dataclass(frozen=True, slots=True)
class SentAgain:
    """Memory: the message of a parcel was sent once more."""

    delivery: DeliveryId
    mono_ms: int


@dataclass(frozen=True, slots=True)
class MessagesHeld:
    """Memory: since when messages wait for a way to leave (UTC milliseconds); none while they leave."""

    since_ms: int | None


@dataclass(frozen=True, slots=True)
class RescueChanged:
    """Memory: which doors are still to open for somebody who is locked in; none once that is done."""

    rescue: Rescue | None


CodeTouch = LongCodeTried | SpentCodeTried | RefusalWritten | SpentCodesForgotten
MemoryTouch = VisitChanged | VisitPutAside | DoubtBegan | MessagesHeld | SentAgain | RescueChanged
Touch = DoorsSighted | FaultRenamed | PulseSent | StillClosed | MemoryTouch | CodeTouch

Change = AnyEvent | SideChange | Touch
