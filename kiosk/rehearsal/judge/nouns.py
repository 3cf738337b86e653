"""What the log tells of each thing: unlocks, sign-ins, deliveries, doors, incidents."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from kiosk.rehearsal.judge.facts import Fact


@dataclass(slots=True)
class Unlock:
    """One authorisation."""

    id: str
    door: str
    fact: Fact
    deadline_ms: int
    purpose: str
    attempt: int
    session: str
    delivery: str
    not_sent: Fact | None = None


@dataclass(slots=True)
class SignIn:
    """One session."""

    id: str
    kind: str
    fact: Fact
    carrier: str
    carrier_code: str
    delivery: str
    parked: Fact | None = None
    ended: Fact | None = None


@dataclass(slots=True)
class Code:
    """One pickup code of a delivery."""

    issued: Fact
    ended: Fact | None = None
    again: list[Fact] = field(default_factory=list)
    """What told it once more."""

    def told(self) -> Iterator[tuple[str, Fact]]:
        """Every message that carried it, and what the log says of it."""
        for fact in (self.issued, *self.again):
            for message in fact.body["messages"]:
                yield message, fact


@dataclass(slots=True)
class Life:
    """One delivery from its first reservation on."""

    id: str
    recipient: str
    unit: str
    places: list[tuple[Fact, str]]
    """Where it was to be, and where it went when it did not fit."""
    stored: list[Fact] = field(default_factory=list)
    parcel: str = ""
    """What was put behind its door last before it was stored; empty where nothing was."""
    codes: list[Code] = field(default_factory=list)
    sessions: set[str] = field(default_factory=set)
    """Sign-ins that had its door in hand."""
    uncertain: Fact | None = None
    kept: Fact | None = None
    ended: Fact | None = None
    in_doubt: Fact | None = None
    is_held: bool = False
    elsewhere: Fact | None = None
    """Since when it has been on a shelf or at the desk."""

    @property
    def door(self) -> str:
        """Where it is now."""
        return self.places[-1][1]

    def door_at(self, seq: int) -> str:
        """Where it was when an event was written."""
        return next((door for fact, door in reversed(self.places) if fact.row.seq <= seq), self.door)


@dataclass(frozen=True, slots=True)
class Belief:
    """What the log lets one believe of the inside of a compartment, and the fact that says so."""

    vacancy: str
    fact: Fact
    claim: str


@dataclass(slots=True)
class Inside:
    """A parcel behind a door: when it came there."""

    parcel: str
    place: int
    at_ms: int
    person: str


@dataclass(slots=True)
class Reservation:
    """A compartment given out as empty: what was believed, what was truly inside, who else had it."""

    fact: Fact
    door: str
    delivery: str
    session: str
    belief: Belief
    inside: tuple[Inside, ...]
    others: tuple[str, ...]
    is_added: bool = False
    """The others are of the same recipient and the same sign-in: one more parcel behind a filled door."""


@dataclass(slots=True)
class Trouble:
    """One incident."""

    id: str
    kind: str
    where: str
    """The bank or the compartment."""
    fact: Fact
    settled: Fact | None = None

    def is_open_at(self, at_ms: int) -> bool:
        """Whether it was raised by then and not settled before."""
        return self.fact.at_ms <= at_ms and (self.settled is None or self.settled.at_ms >= at_ms)


@dataclass(slots=True)
class DoorBook:
    """One door as the log tells of it, and as it truly was."""

    name: str
    beliefs: list[Belief] = field(default_factory=list)
    moves: list[tuple[int, bool, Fact]] = field(default_factory=list)
    """When the log had it open (true) or closed."""
    latch: list[tuple[int, bool]] = field(default_factory=list)
    """When its feedback began to say hooked (true) or free."""
    unlocks: list[Unlock] = field(default_factory=list)
    inside: dict[str, Inside] = field(default_factory=dict)
    """What is behind it now."""
    conditions: list[Fact] = field(default_factory=list)
    """Each change of whether it can be used."""

    @property
    def belief(self) -> Belief | None:
        """What the log lets one believe now."""
        return self.beliefs[-1] if self.beliefs else None
