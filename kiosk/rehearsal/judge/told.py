"""Promise 11: the event log verifies, and who opens a compartment that holds a parcel is told about."""

from bisect import bisect_left
from collections import defaultdict

from kiosk.rehearsal.judge.books import Books
from kiosk.rehearsal.judge.facts import Fact
from kiosk.rehearsal.judge.nouns import Life
from kiosk.rehearsal.judge.sight import Sight
from kiosk.rehearsal.judge.unexplained import told_by
from kiosk.rehearsal.judge.verdict import Hearing

_BY_STAFF = ("look", "remove", "move")


def hear(books: Books, _: Sight, hearing: Hearing) -> None:
    """What the audit found, every opening to look, and every one that nobody explained."""
    hearing.demand(not books.record.problems, books.record.end_ms, "; ".join(books.record.problems[:3]))
    by_door: dict[str, list[Life]] = defaultdict(list)
    for life in books.lives.values():
        for _fact, door in life.places:
            by_door[door].append(life)
    for fact in books.by_kind["DoorOpened"]:
        unlock = books.unlocks.get(fact.body.get("unlock") or "")
        if unlock is None or unlock.purpose not in _BY_STAFF or _stood_open(books, unlock.door, fact):
            continue
        for life in by_door[unlock.door]:
            if _is_owed(life, unlock.door, fact):
                is_later = unlock.purpose != "look" and life.id == unlock.delivery
                _hear_opening(books, life, fact, hearing, is_later=is_later)
    for life in books.lives.values():
        _hear_by_itself(books, life, hearing)


def _stood_open(books: Books, door: str, fact: Fact) -> bool:
    """Whether the door was open already, so that nobody opened it."""
    moves = books.doors[door].moves
    index = bisect_left(moves, fact.row.seq, key=lambda move: move[2].row.seq) - 1
    return index >= 0 and moves[index][1]


def _is_owed(life: Life, door: str, fact: Fact) -> bool:
    seq = fact.row.seq
    if life.elsewhere is not None and life.elsewhere.row.seq < seq:
        return False
    if life.door_at(seq) != door:
        return False
    return any(
        code.issued.row.seq <= seq and (code.ended is None or code.ended.row.seq > seq) for code in life.codes
    )


def _hear_by_itself(books: Books, life: Life, hearing: Hearing) -> None:
    """Of a door that opened by key, by the button or by force the recipient hears, but not at once."""
    openings = [one for one in books.by_kind["OpeningUnexplained"] if one.body["compartment"] == life.door]
    alarms = [fact for fact in openings if _is_owed(life, life.door, fact)]
    tellings = books.by_kind["RecipientToldOfOpening"] if alarms else ()
    told = [one for one in tellings if one.body["delivery"] == life.id]
    where = f"{books.name(life.door)} with delivery {life.id} inside opened by itself"
    for fact in alarms:
        latest = told_by(books, fact)
        if latest < (life.ended.at_ms if life.ended else books.record.end_ms):
            is_told = any(fact.row.seq < one.row.seq and one.at_ms <= latest for one in told)
            hearing.demand(is_told, fact.at_ms, f"{where}, and {life.recipient} is not told")
    for one in told:
        if one.row.actor != "kiosk":
            continue
        is_late = any(fact.at_ms + books.record.numbers.explained <= one.at_ms for fact in alarms)
        hearing.demand(is_late, one.at_ms, f"{where}, and {life.recipient} is told at once")


def _hear_opening(books: Books, life: Life, fact: Fact, hearing: Hearing, *, is_later: bool) -> None:
    """What staff take out is told of with what became of it; anything else at once."""
    told = [
        one
        for one in books.by_kind["RecipientToldOfOpening"]
        if one.body["delivery"] == life.id
        and (one.row.seq > fact.row.seq if is_later else one.intent == fact.intent)
    ]
    is_told = any(one.body["messages"] for one in told)
    if told and not is_told:
        is_told = bool(books.troubles_at.get(("nobody_to_tell", life.door)))
    where = f"{books.name(life.door)} with delivery {life.id} inside"
    hearing.demand(is_told, fact.at_ms, f"staff opened {where}, and {life.recipient} is not told")
