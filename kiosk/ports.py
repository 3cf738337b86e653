"""The few protocols through which the parts of the shell meet. They never import one another."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from kiosk.domain.changes import Change, MessageQueued
from kiosk.domain.events import AnyEvent
from kiosk.domain.inputs import Fact, Stamp
from kiosk.domain.model.directory import Directory, Resident
from kiosk.domain.model.ids import BankId, DeliveryId, Digest, IntentId, MessageId, StaffId
from kiosk.domain.refusals import Refusal
from kiosk.domain.state import State


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of an input: done (`refusal` empty) or refused, and the last event number it wrote."""

    refusal: Refusal | None
    seq: int | None


class Inbox(Protocol):
    """Where facts and touches come in; the engine decides them one after another."""

    async def submit(self, fact: Fact, *, intent: IntentId | None = None) -> Answer:
        """Decide, commit, answer. The same intent gets the first answer again."""

    @property
    def state(self) -> State:
        """The state as of the last commit."""

    @property
    def revision(self) -> int:
        """Grows with every change that a screen could show."""

    async def changed(self, after: int) -> int:
        """Wait until the revision is greater than `after`; returns it."""


@dataclass(frozen=True, slots=True)
class Decision:
    """One decided input, as the journal writes it; touches among the changes are not written."""

    intent: IntentId
    actor: str
    stamp: Stamp
    changes: tuple[Change, ...]
    refusal: Refusal | None = None
    """Kept beside the intent, so that a repeated one gets the first answer after a restart too."""


@dataclass(frozen=True, slots=True)
class Written:
    """An event as it stands in the log."""

    epoch: int
    seq: int
    event: AnyEvent
    head: str
    """Hex SHA-256 of the row: the chain's head after it."""
    at_ms: int
    trusted: bool


@dataclass(frozen=True, slots=True)
class EventRow:
    """One row of the log as it is read back; `body` is the JSON text as it was hashed."""

    epoch: int
    seq: int
    type: str
    v: int
    at_ms: int
    mono_ms: int
    boot: str
    trusted: bool
    intent: str
    actor: str
    subject: str
    body: str


@dataclass(frozen=True, slots=True)
class ActiveRows:
    """What start-up loads: the state's durable parts, and where the log stands."""

    state: State
    epoch: int
    seq: int


class JournalRefused(Exception):
    """The batch was refused by a definite database error; nothing of it is on disk."""


class JournalBroken(Exception):
    """An I/O error: nobody knows whether the batch is on disk. Reopen and look the intents up."""


class Journal(Protocol):
    """The only writer of custody: rows and events in one transaction, on its own thread."""

    async def load(self, empty: State) -> ActiveRows:
        """`empty` with its durable parts filled in from the active rows."""

    async def commit(self, decisions: Sequence[Decision], before: State, after: State) -> Sequence[Written]:
        """Write a batch in one transaction; JournalRefused or JournalBroken."""

    async def reopen(self) -> None:
        """Close and open the database again after JournalBroken."""

    async def seq_of(self, intent: IntentId) -> int | None:
        """The last event number that an intent wrote, if it is on disk."""

    async def answer_of(self, intent: IntentId) -> Answer | None:
        """The answer that an intent got, if it is on disk."""

    async def idle(self) -> None:
        """The inbox has been empty for a while: a passive checkpoint if one is worth it."""


class Cadence(Protocol):
    """When to look at a bank's doors again."""

    async def next_look(self, bank: BankId) -> None:
        """Return when the bank should be read again."""

    def hurry(self, bank: BankId) -> None:
        """A door of this bank is expected to move."""


class CodeMaker(Protocol):
    """Draws and reads codes; the keys stay inside."""

    def digest_of(self, digits: str) -> Digest:
        """The keyed digest of a pickup code as typed."""

    def carrier_digest_of(self, digits: str) -> Digest:
        """The keyed digest of a carrier code as typed; never equal to one of a pickup code."""

    def unseal(self, sealed: bytes) -> str:
        """The twelve digits of a sealed copy."""


class StaffPins(Protocol):
    """Checks staff PINs with a slow hash, one at a time, off the loop."""

    async def check(self, account: str, pin: str) -> StaffId | None:
        """Who it is, or nobody."""


@dataclass(frozen=True, slots=True)
class WaitingMessage:
    """A message row that has not been handed over; `sealed` holds the code where the kind carries one."""

    message: MessageQueued
    sealed: bytes | None
    tries: int


class MessageQueue(Protocol):
    """The message rows, as the notifier sees them."""

    async def waiting(self, now_ms: int, limit: int) -> Sequence[WaitingMessage]:
        """Messages that are due and not handed over, oldest first."""

    async def handed_over(self, message: MessageId, at_ms: int) -> None:
        """The channel took it."""

    async def put_off(self, message: MessageId, until_ms: int, why: str) -> None:
        """The channel did not take it; try again later."""


@dataclass(frozen=True, slots=True)
class OutgoingMessage:
    """A rendered message for one person."""

    id: MessageId
    resident: Resident
    subject: str
    text: str


class MessageChannel(Protocol):
    """A way to reach a person."""

    async def send(self, message: OutgoingMessage) -> None:
        """Hand a message over; OSError when it could not be done now. Sending one id twice shows it once."""


class DirectoryStore(Protocol):
    """The directory on disk."""

    async def read_directory(self) -> Directory:
        """The present snapshot."""

    async def replace_directory(self, directory: Directory, staff_hashes: Mapping[StaffId, str]) -> None:
        """Replace it whole, all or nothing."""

    async def staff_hash(self, account: str) -> tuple[StaffId, str] | None:
        """A staff member's PIN hash."""


class Receipts(Protocol):
    """Signed proofs of parcels stored since the start."""

    def proof_text(self, delivery: DeliveryId) -> str | None:
        """The QR text of one parcel."""

    def session_text(self, deliveries: Sequence[DeliveryId]) -> str | None:
        """One QR text for a session."""
