"""The few protocols through which the parts of the shell meet. They never import one another."""

from collections.abc import Awaitable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
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

    async def recall(self, decisions: Sequence[Decision], last_seq: int) -> Sequence[Written]:
        """What `commit` would have told of a batch that turned out to be on disk, up to this number."""

    async def seq_of(self, intent: IntentId) -> int | None:
        """The last event number that an intent wrote, if it is on disk."""

    async def answer_of(self, intent: IntentId) -> Answer | None:
        """The answer that an intent got, if it is on disk."""

    @property
    def has_upkeep(self) -> bool:
        """Whether something waits for a time when nobody does."""

    async def idle(self) -> None:
        """The inbox has been empty for a while: what has waited for this is done, a checkpoint say."""


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
    """A message row that waits to be handed over; `sealed` holds the code where the kind carries one."""

    message: MessageQueued
    sealed: bytes | None
    tries: int


class MessageQueue(Protocol):
    """The message rows, as the notifier sees them."""

    async def waiting(self, limit: int) -> Sequence[WaitingMessage]:
        """Messages that wait: those that were never tried first, oldest first, then by their next try."""

    async def handed_over(self, message: MessageId, at_ms: int) -> None:
        """The channel took it."""

    async def put_off(self, message: MessageId, until_ms: int, why: str) -> None:
        """The channel did not take it; try again later, by this wall clock as far as it can be believed."""

    async def dropped(self, message: MessageId, at_ms: int, why: str) -> None:
        """It is not worth sending any more; why is kept as long as a message that was handed over."""


@dataclass(frozen=True, slots=True)
class OutgoingMessage:
    """A rendered message for one person."""

    id: MessageId
    resident: Resident
    subject: str
    text: str


class NotDeliverable(Exception):
    """A message cannot reach its person as things are, however often it is tried; the reason says why."""


class MessageChannel(Protocol):
    """A way to reach a person."""

    async def send(self, message: OutgoingMessage) -> None:
        """Hand a message over; OSError when it could not be done now, NotDeliverable when it never can.

        Sending one id twice shows it once where the way allows it.
        """


class DirectoryStore(Protocol):
    """The directory on disk."""

    async def read_directory(self) -> Directory:
        """The present snapshot."""

    async def replace_directory(self, directory: Directory, staff_hashes: Mapping[StaffId, str]) -> None:
        """Replace it whole, all or nothing."""

    async def staff_hash(self, account: str) -> tuple[StaffId, str] | None:
        """A staff member's PIN hash."""


@dataclass(frozen=True, slots=True)
class KeptProof:
    """A signed proof of delivery as it is kept; `code` is the six characters that the courier was shown."""

    seq: int
    delivery: str
    code: str
    at_ms: int
    text: str


class Receipts(Protocol):
    """Signed proofs of parcels stored since the start."""

    def proof_text(self, delivery: DeliveryId) -> str | None:
        """The QR text of one parcel."""

    def session_text(self, deliveries: Sequence[DeliveryId]) -> str | None:
        """One QR text for a session."""


# The broker


class BrokerAway(Exception):
    """The broker cannot be reached, or has gone; what was not acknowledged may or may not be there."""


class BrokerRefused(Exception):
    """The broker answered and will not: who we are, what we subscribe to, or what we publish."""


@dataclass(frozen=True, slots=True)
class Publication:
    """A message for the broker. A retained one is kept there for whoever subscribes later."""

    topic: str
    payload: bytes
    is_retained: bool = False


@dataclass(frozen=True, slots=True)
class Arrival:
    """A message from the broker; `is_retained`: it was kept there, so nobody knows when it was meant."""

    topic: str
    payload: bytes
    is_retained: bool


@dataclass(frozen=True, slots=True)
class Greeting:
    """What a connection begins with: what to subscribe to, and what the broker says if we are lost."""

    subscriptions: tuple[str, ...]
    will: Publication


class BrokerSession(Protocol):
    """One connection, subscribed. Every message is delivered at least once (QoS 1)."""

    def publish(self, publication: Publication) -> Awaitable[None]:
        """Queue it now, in order; await it for the broker's acknowledgement: BrokerAway, BrokerRefused."""

    async def receive(self) -> Arrival:
        """The next message, from the moment of connecting on; BrokerAway when the connection has ended."""

    def waiting(self) -> Sequence[Arrival]:
        """Messages that have come and were not received; they are taken out."""


class BrokerLink(Protocol):
    """The way to a broker. Each connection is made afresh, nothing of an earlier one is used again."""

    def connected(self, greeting: Greeting) -> AbstractAsyncContextManager[BrokerSession]:
        """One connection; BrokerAway, BrokerRefused. Left in order, the broker does not speak our will."""


# What follows the log


@dataclass(frozen=True, slots=True)
class ChainedRow:
    """An event as it leaves the kiosk: its row without the personal part, and the chain's head after it."""

    row: EventRow
    head: str


class EventPages(Protocol):
    """The log, as those outside may see it."""

    async def read_chained(self, after_seq: int, limit: int) -> Sequence[ChainedRow]:
        """Events after a number, in order."""


class FollowerCursors(Protocol):
    """How far each follower of the log has come."""

    async def read(self, name: str) -> int:
        """The number of the last event a follower is done with; 0 for a new one."""

    async def advance(self, name: str, seq: int, mono_ms: int) -> None:
        """A follower is done up to here; written with the next decision, or alone when many have waited."""
