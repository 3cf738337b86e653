"""What each event tells, taken in one after another. Written from the design, not from the rules."""

from collections.abc import Callable

from kiosk.rehearsal.judge.at_places import take_in_placed
from kiosk.rehearsal.judge.books import Books
from kiosk.rehearsal.judge.facts import Fact
from kiosk.rehearsal.judge.nouns import Belief, Code, DoorBook, Life, Reservation, SignIn, Trouble, Unlock

EMPTY = frozenset({"verified", "presumed"})
_OCCUPIED = frozenset({"stored", "still_inside", "seen_parcel"})
_UNKNOWN = frozenset({"left_open", "seen_foreign"})
_UNSEEN = frozenset({"gap", "opened_unexplained"})
_PRESUMED = frozenset({"moved_on", "collected_silently"})
_TAKEN_BACK = "taken_back"
_VERIFIED = frozenset({"collected_confirmed", "seen_empty"})


def believed_after(before: str, claim: str) -> str:
    """What a fact about the inside makes of what was believed of it."""
    if claim in _OCCUPIED:
        return "occupied"
    if claim in _UNKNOWN:
        return "unknown"
    if claim in _VERIFIED:
        return "verified"
    if claim in _UNSEEN:
        return "occupied" if before == "occupied" else "unknown"
    if claim == _TAKEN_BACK:
        return "presumed"
    if claim in _PRESUMED:
        return "unknown" if before == "unknown" else "presumed"
    return before


def take_in(books: Books, fact: Fact) -> None:
    """One event."""
    tell = _TELLINGS.get(fact.kind)
    if take_in_placed(books, fact) or tell is None:
        return
    try:
        tell(books, fact)
    except KeyError:
        books.orphans.append(fact)


def _claim(door: DoorBook, fact: Fact, claim: str) -> None:
    before = door.belief
    vacancy = believed_after(before.vacancy if before else "unknown", claim)
    door.beliefs.append(Belief(vacancy, fact, claim))


# Doors and unlocks


def _compartment_added(books: Books, fact: Fact) -> None:
    books.doors[fact.body["compartment"]].beliefs.append(Belief(fact.body["vacancy"], fact, "added"))


def _compartment_settled(books: Books, fact: Fact) -> None:
    _claim(books.doors[fact.body["compartment"]], fact, fact.body["fact"])


def _condition_changed(books: Books, fact: Fact) -> None:
    books.doors[fact.body["compartment"]].conditions.append(fact)


def _door_opened(books: Books, fact: Fact) -> None:
    books.doors[fact.body["compartment"]].moves.append((fact.at_ms, True, fact))


def _door_closed(books: Books, fact: Fact) -> None:
    books.doors[fact.body["compartment"]].moves.append((fact.at_ms, False, fact))


def _unlock_authorised(books: Books, fact: Fact) -> None:
    body = fact.body
    unlock = Unlock(
        id=body["unlock"],
        door=body["compartment"],
        fact=fact,
        deadline_ms=body["deadline_mono_ms"] + books.record.boots.get(fact.row.boot, 0),
        purpose=body["purpose"],
        attempt=body["attempt"],
        session=body.get("session") or "",
        delivery=body.get("delivery") or "",
    )
    books.unlocks[unlock.id] = unlock
    books.doors[unlock.door].unlocks.append(unlock)


def _bench_unlocked(books: Books, fact: Fact) -> None:
    deadline_ms = fact.at_ms + books.record.numbers.unlock_deadline
    unlock = Unlock(f"bench {fact.row.seq}", fact.body["compartment"], fact, deadline_ms, "bench", 1, "", "")
    books.doors[unlock.door].unlocks.append(unlock)


def _unlock_not_sent(books: Books, fact: Fact) -> None:
    books.unlocks[fact.body["unlock"]].not_sent = fact


# Sign-ins


def _session_started(books: Books, fact: Fact) -> None:
    body = fact.body
    books.sign_ins[body["session"]] = SignIn(
        id=body["session"],
        kind=body["kind"],
        fact=fact,
        carrier=body.get("carrier") or "",
        carrier_code=body.get("carrier_code") or "",
        delivery=body.get("delivery") or "",
    )


def _session_parked(books: Books, fact: Fact) -> None:
    books.sign_ins[fact.body["session"]].parked = fact


def _session_resumed(books: Books, fact: Fact) -> None:
    books.sign_ins[fact.body["session"]].parked = None


def _session_ended(books: Books, fact: Fact) -> None:
    books.sign_ins[fact.body["session"]].ended = fact


# Deliveries


def _delivery_reserved(books: Books, fact: Fact) -> None:
    body = fact.body
    door = body["compartment"]
    life = Life(body["delivery"], body["recipient"], body["unit"], [(fact, door)])
    life.sessions.add(body["session"])
    books.lives[life.id] = life
    _reserve(books, fact, life.id, door, body["session"])


def _delivery_relocated(books: Books, fact: Fact) -> None:
    life, door = books.lives[fact.body["delivery"]], fact.body["compartment"]
    books.live_in[life.door].pop(life.id, None)
    _reserve(books, fact, life.id, door, "")
    life.places.append((fact, door))


def _parcel_carried(books: Books, fact: Fact) -> None:
    """By staff, to another door: nobody is given that one meanwhile."""
    life, door = books.lives[fact.body["delivery"]], fact.body["compartment"]
    left = life.door
    books.live_in[left].pop(life.id, None)
    if not books.live_in[left]:
        _claim(books.doors[left], fact, fact.body["fact"])
    _reserve(books, fact, life.id, door, "")
    life.places.append((fact, door))


def _delivery_moved(books: Books, fact: Fact) -> None:
    """To a shelf or the desk, where nothing is seen: what is known of its door is told beside it."""
    life = books.lives[fact.body["delivery"]]
    books.live_in[life.door].pop(life.id, None)
    life.elsewhere = fact


def _reserve(books: Books, fact: Fact, delivery: str, door: str, session: str) -> None:
    book, others = books.doors[door], books.live_in[door]
    belief = book.belief or Belief("unknown", fact, "never added")
    inside = tuple(book.inside.values())
    there, recipient = [books.lives[other] for other in others], books.lives[delivery].recipient
    is_added = bool(there) and all(
        one.stored and one.recipient == recipient and session in one.sessions for one in there
    )
    books.reservations.append(
        Reservation(fact, door, delivery, session, belief, inside, tuple(others), is_added)
    )
    others[delivery] = None


def _delivery_readdressed(books: Books, fact: Fact) -> None:
    life = books.lives[fact.body["delivery"]]
    life.recipient, life.unit = fact.body["recipient"], fact.body["unit"]


def _delivery_resumed(books: Books, fact: Fact) -> None:
    books.lives[fact.body["delivery"]].sessions.add(fact.body["session"])


def _delivery_stored(books: Books, fact: Fact) -> None:
    life = books.lives[fact.body["delivery"]]
    book = books.doors[life.door]
    life.stored.append(fact)
    inside = tuple(book.inside)
    life.parcel = inside[-1] if inside else ""
    _claim(book, fact, "stored")


def _delivery_uncertain(books: Books, fact: Fact) -> None:
    life = books.lives[fact.body["delivery"]]
    life.uncertain = fact
    _claim(books.doors[life.door], fact, "gap")


def _delivery_kept(books: Books, fact: Fact) -> None:
    life = books.lives[fact.body["delivery"]]
    life.kept = fact
    _claim(books.doors[life.door], fact, "still_inside")


def _delivery_ended(books: Books, fact: Fact) -> None:
    life = books.lives[fact.body["delivery"]]
    life.ended = fact
    if life.codes and life.codes[-1].ended is None:
        life.codes[-1].ended = fact
    there = books.live_in[life.door]
    there.pop(life.id, None)
    if not there:
        _claim(books.doors[life.door], fact, fact.body["fact"])


def _delivery_flagged(books: Books, fact: Fact) -> None:
    if fact.body["flag"] == "in_doubt":
        _life(books, fact).in_doubt = fact if fact.body["is_set"] else None
    elif fact.body["flag"] == "held":
        _life(books, fact).is_held = fact.body["is_set"]


def _code_issued(books: Books, fact: Fact) -> None:
    _life(books, fact).codes.append(Code(fact))


def _code_told_again(books: Books, fact: Fact) -> None:
    """More messages carry the code of this parcel, unless they carry that of another one of its recipient."""
    if fact.body.get("code_of", fact.body["delivery"]) == fact.body["delivery"]:
        _life(books, fact).codes[-1].again.append(fact)


def _code_revoked(books: Books, fact: Fact) -> None:
    for code in _life(books, fact).codes:
        code.ended = code.ended or fact


def _life(books: Books, fact: Fact) -> Life:
    return books.lives.get(fact.body["delivery"]) or books.placed[fact.body["delivery"]]


# Incidents


def _incident_raised(books: Books, fact: Fact) -> None:
    body = fact.body
    where = body.get("compartment") or body.get("bank") or ""
    trouble = Trouble(body["incident"], body["kind"], where, fact)
    books.troubles[trouble.id] = trouble
    books.troubles_at[trouble.kind, where].append(trouble)


def _incident_settled(books: Books, fact: Fact) -> None:
    books.troubles[fact.body["incident"]].settled = fact


_TELLINGS: dict[str, Callable[[Books, Fact], None]] = {
    "CompartmentAdded": _compartment_added,
    "CompartmentSettled": _compartment_settled,
    "ConditionChanged": _condition_changed,
    "DoorOpened": _door_opened,
    "DoorClosed": _door_closed,
    "UnlockAuthorised": _unlock_authorised,
    "BenchUnlocked": _bench_unlocked,
    "UnlockNotSent": _unlock_not_sent,
    "SessionStarted": _session_started,
    "SessionParked": _session_parked,
    "SessionResumed": _session_resumed,
    "SessionEnded": _session_ended,
    "DeliveryReserved": _delivery_reserved,
    "DeliveryRelocated": _delivery_relocated,
    "DeliveryReaddressed": _delivery_readdressed,
    "DeliveryMoved": _delivery_moved,
    "ParcelCarried": _parcel_carried,
    "DeliveryResumed": _delivery_resumed,
    "DeliveryStored": _delivery_stored,
    "DeliveryUncertain": _delivery_uncertain,
    "DeliveryKept": _delivery_kept,
    "DeliveryCancelled": _delivery_ended,
    "DeliveryCollected": _delivery_ended,
    "DeliveryRemoved": _delivery_ended,
    "DeliveryFlagged": _delivery_flagged,
    "CodeIssued": _code_issued,
    "CodeRevoked": _code_revoked,
    "RecipientReminded": _code_told_again,
    "CodeSentAgain": _code_told_again,
    "IncidentRaised": _incident_raised,
    "IncidentSettled": _incident_settled,
}
