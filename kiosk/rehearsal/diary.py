"""What happened on the stage, as somebody would know who saw everything. The judge reads it."""

from dataclasses import dataclass

from kiosk.domain.model.screen import Screen


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


@dataclass(frozen=True, slots=True)
class HandDid:
    """A hand did something to a door; what it could not do is not here."""

    at_ms: int
    person: str
    verb: str
    door: str
    parcel: str = ""


@dataclass(frozen=True, slots=True)
class CoilOn:
    """A board put current on a coil."""

    at_ms: int
    bank: str
    channel: int
    pulse_ms: int


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
    """A fault struck."""

    at_ms: int
    kind: str
    where: str


@dataclass(frozen=True, slots=True)
class MessageArrived:
    """A message reached a phone; `has_code` says whether it carries a pickup code."""

    at_ms: int
    resident: str
    has_code: bool


Entry = Shown | Touched | HandDid | CoilOn | Crashed | Started | FaultFired | MessageArrived


class Diary:
    """Entries in order of time."""

    def __init__(self) -> None:
        self.entries: list[Entry] = []

    def add(self, entry: Entry) -> None:
        """Write one down."""
        self.entries.append(entry)
