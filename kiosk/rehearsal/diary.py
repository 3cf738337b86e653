"""What happened on the stage, as somebody would know who saw everything. The judge reads it."""

from dataclasses import dataclass
from hashlib import blake2s

from kiosk.domain.model.screen import Screen


def code_mark(digits: str) -> str:
    """What the diary writes in the place of a code: the same for the same digits, and no way back."""
    return blake2s(digits.encode(), digest_size=8).hexdigest() if digits else ""


@dataclass(frozen=True, slots=True)
class Shown:
    """A person saw another page than before."""

    at_ms: int
    person: str
    screen: Screen


@dataclass(frozen=True, slots=True)
class Touched:
    """A person touched the screen; `is_offered` says whether the page of the moment had it."""

    at_ms: int
    person: str
    action: str
    is_offered: bool
    value: str = ""
    """What was chosen; empty where digits of a code were typed."""
    code: str = ""
    """The mark of the digits that were typed."""
    intent: str = ""
    """The token of the form: what the log says of this touch bears it too."""


@dataclass(frozen=True, slots=True)
class Answered:
    """What became of a touch; `refusal` is empty where it was done."""

    at_ms: int
    person: str
    intent: str
    refusal: str


@dataclass(frozen=True, slots=True)
class HandDid:
    """A hand did something to a door; what it could not do is not here."""

    at_ms: int
    person: str
    verb: str
    door: str
    parcel: str = ""


@dataclass(frozen=True, slots=True)
class PlaceDid:
    """A hand put a parcel on a shelf or gave it to the desk, or took it from there."""

    at_ms: int
    person: str
    verb: str
    place: str
    parcel: str


@dataclass(frozen=True, slots=True)
class CoilOn:
    """A board put current on a coil; `is_test` where the button on the board made it."""

    at_ms: int
    bank: str
    channel: int
    pulse_ms: int
    is_test: bool = False


@dataclass(frozen=True, slots=True)
class LatchSaid:
    """The latch feedback of a channel changed, whether or not a board was asked for it."""

    at_ms: int
    bank: str
    channel: int
    is_hooked: bool


@dataclass(frozen=True, slots=True)
class Committed:
    """A transaction with events was on disk, up to the one with this number."""

    at_ms: int
    seq: int


@dataclass(frozen=True, slots=True)
class CommitFailed:
    """The disk failed a transaction, and how."""

    at_ms: int
    fault: str


@dataclass(frozen=True, slots=True)
class Crashed:
    """The kiosk's process ended, and where it was."""

    at_ms: int
    where: str


@dataclass(frozen=True, slots=True)
class Started:
    """The kiosk's process is up, on this start of the machine."""

    at_ms: int
    boot: str


@dataclass(frozen=True, slots=True)
class FaultFired:
    """A fault struck; zero seconds where it is over at once."""

    at_ms: int
    kind: str
    where: str
    lasts_s: float = 0.0


@dataclass(frozen=True, slots=True)
class MessageArrived:
    """A message reached a phone; `has_code` says whether it carries a pickup code."""

    at_ms: int
    resident: str
    has_code: bool
    message: str = ""
    code: str = ""
    """The mark of the code."""
    long_code: str = ""
    """The mark of the code with the digits that the screen asks for while somebody is guessing."""


@dataclass(frozen=True, slots=True)
class BrokerTook:
    """The broker has a message, and so has whoever listens there."""

    at_ms: int
    topic: str
    payload: bytes


Entry = (
    Shown
    | Touched
    | Answered
    | HandDid
    | PlaceDid
    | CoilOn
    | LatchSaid
    | Committed
    | CommitFailed
    | Crashed
    | Started
    | FaultFired
    | MessageArrived
    | BrokerTook
)


class Diary:
    """Entries in order of time."""

    def __init__(self) -> None:
        self.entries: list[Entry] = []

    def add(self, entry: Entry) -> None:
        """Write one down."""
        self.entries.append(entry)
