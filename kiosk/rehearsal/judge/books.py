"""One walk through log and diary side by side: everything that the promises are judged by, kept in order."""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field

from kiosk.rehearsal.diary import (
    Answered,
    BrokerTook,
    CoilOn,
    CommitFailed,
    Crashed,
    Entry,
    FaultFired,
    HandDid,
    LatchSaid,
    MessageArrived,
    PlaceDid,
    Shown,
    Started,
    Touched,
)
from kiosk.rehearsal.judge.facts import Fact, facts_of
from kiosk.rehearsal.judge.nouns import DoorBook, Inside, Life, Reservation, SignIn, Trouble, Unlock
from kiosk.rehearsal.judge.pulses import Match, Pulse
from kiosk.rehearsal.judge.record import Record


@dataclass(slots=True)
class Books:
    """What happened, by thing and in order."""

    record: Record
    facts: list[Fact]
    doors: dict[str, DoorBook]
    by_kind: dict[str, list[Fact]] = field(default_factory=lambda: defaultdict(list))
    by_intent: dict[str, list[Fact]] = field(default_factory=lambda: defaultdict(list))
    unlocks: dict[str, Unlock] = field(default_factory=dict)
    sign_ins: dict[str, SignIn] = field(default_factory=dict)
    lives: dict[str, Life] = field(default_factory=dict)
    placed: dict[str, Life] = field(default_factory=dict)
    """Deliveries on shelves and at the desk; their door is the name of the place."""
    at_places: dict[str, dict[str, None]] = field(default_factory=lambda: defaultdict(dict))
    """By place, the parcels that truly lie there."""
    live_in: dict[str, dict[str, None]] = field(default_factory=lambda: defaultdict(dict))
    """By door, the deliveries that are there as far as the log goes by now."""
    reservations: list[Reservation] = field(default_factory=list)
    troubles: dict[str, Trouble] = field(default_factory=dict)
    troubles_at: dict[tuple[str, str], list[Trouble]] = field(default_factory=lambda: defaultdict(list))
    """By kind and place."""

    shown: list[tuple[int, Shown]] = field(default_factory=list)
    touches: dict[str, tuple[int, Touched]] = field(default_factory=dict)
    """By the token of the form."""
    touched: list[Touched] = field(default_factory=list)
    answers: dict[str, tuple[int, Answered]] = field(default_factory=dict)
    pulses: list[Pulse] = field(default_factory=list)
    tests: list[Pulse] = field(default_factory=list)
    """Those that the button on a board made."""
    matches: list[Match] = field(default_factory=list)
    """Every pulse of the kiosk with what allowed it."""
    hands: dict[str, list[HandDid]] = field(default_factory=lambda: defaultdict(list))
    arrivals: list[tuple[int, MessageArrived]] = field(default_factory=list)
    by_message: dict[str, MessageArrived] = field(default_factory=dict)
    taken: list[tuple[int, BrokerTook]] = field(default_factory=list)
    """What the broker took, by place."""
    ends: list[tuple[int, int]] = field(default_factory=list)
    """Place and time of each end of the process that was not in order."""
    starts: list[tuple[int, int]] = field(default_factory=list)
    disk_failed: list[int] = field(default_factory=list)
    """When a transaction failed."""
    faults: list[FaultFired] = field(default_factory=list)
    names: dict[str, str] = field(default_factory=dict)
    orphans: list[Fact] = field(default_factory=list)
    """Events about a thing of which the log never told before."""

    def life(self, delivery: str) -> Life | None:
        """A delivery, wherever it is."""
        return self.lives.get(delivery) or self.placed.get(delivery)

    @property
    def all_lives(self) -> tuple[Life, ...]:
        """Every delivery, behind doors and elsewhere."""
        return (*self.lives.values(), *self.placed.values())

    def name(self, door: str) -> str:
        """A door as people call it."""
        return self.names.get(door) or f"door {door}"

    def touched_with(self, intent: str, *actions: str) -> bool:
        """Whether a person touched one of these, and that is what an event bears the intent of."""
        touch = self.touches.get(intent)
        return touch is not None and touch[1].action in actions


def keep_books(record: Record, apply: Callable[[Books, Fact], None]) -> Books:
    """Walk through everything once; `apply` takes in one event after another."""
    books = Books(record, facts_of(record), {door: DoorBook(door) for door in record.doors})
    books.names = {door: f"door {plan.label} ({door})" for door, plan in record.doors.items()}
    wired = {(plan.bank, plan.channel): door for door, plan in record.doors.items()}
    place = 0
    for fact in books.facts:
        place = _walk_to(books, wired, place, fact.place)
        books.by_kind[fact.kind].append(fact)
        books.by_intent[fact.row.intent].append(fact)
        apply(books, fact)
    _walk_to(books, wired, place, len(record.entries))
    return books


def _walk_to(books: Books, wired: dict[tuple[str, int], str], place: int, end: int) -> int:
    entries = books.record.entries
    for here in range(place, end):
        entry = entries[here]
        if isinstance(entry, CoilOn | LatchSaid):
            _note_board(books, wired.get((entry.bank, entry.channel), ""), here, entry)
        elif isinstance(entry, HandDid):
            _note_hand(books, here, entry)
        elif isinstance(entry, Shown | Touched | Answered):
            _note_screen(books, here, entry)
        else:
            _note_rest(books, here, entry)
    return max(place, end)


def _note_board(books: Books, door: str, here: int, entry: CoilOn | LatchSaid) -> None:
    if isinstance(entry, LatchSaid):
        if door:
            books.doors[door].latch.append((entry.at_ms, entry.is_hooked))
        return
    plan = books.record.doors.get(door)
    supply = plan.supply if plan else ""
    pulse = Pulse(here, entry.at_ms, door, entry.bank, supply, entry.pulse_ms)
    (books.tests if entry.is_test else books.pulses).append(pulse)


def _note_hand(books: Books, here: int, entry: HandDid) -> None:
    books.hands[entry.door].append(entry)
    inside = books.doors[entry.door].inside
    if entry.verb == "put in":
        inside[entry.parcel] = Inside(entry.parcel, here, entry.at_ms, entry.person)
    elif entry.verb == "take out":
        inside.pop(entry.parcel, None)


def _note_screen(books: Books, here: int, entry: Shown | Touched | Answered) -> None:
    match entry:
        case Shown():
            books.shown.append((here, entry))
        case Touched():
            books.touched.append(entry)
            if entry.intent:
                books.touches.setdefault(entry.intent, (here, entry))
        case Answered():
            books.answers[entry.intent] = here, entry


def _note_rest(books: Books, here: int, entry: Entry) -> None:
    match entry:
        case PlaceDid(verb="put at", place=where, parcel=parcel):
            books.at_places[where][parcel] = None
        case PlaceDid(place=where, parcel=parcel):
            books.at_places[where].pop(parcel, None)
        case MessageArrived():
            books.arrivals.append((here, entry))
            books.by_message[entry.message] = entry
        case BrokerTook():
            books.taken.append((here, entry))
        case CommitFailed():
            books.disk_failed.append(entry.at_ms)
        case Crashed():
            books.ends.append((here, entry.at_ms))
        case Started():
            books.starts.append((here, entry.at_ms))
        case FaultFired():
            books.faults.append(entry)
        case _:
            return
