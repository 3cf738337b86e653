"""Doors that opened by themselves: staff may say that it was them, and half a minute later it is an alarm."""

from bisect import bisect_right

from kiosk.rehearsal.judge.books import Books
from kiosk.rehearsal.judge.facts import Fact
from kiosk.rehearsal.judge.verdict import Hearing

BOUNCE_MS = 2_500
"""A door that springs open so soon after its close is its person's still."""
_SOON_MS = 5_000
_LATEST_MS = 3_600_000
"""However long the program was down or its disk full meanwhile."""
_NOT_ME = "not_me"


def told_by(books: Books, fact: Fact) -> int:
    """Half a minute after an opening, or later where the program could not go on meanwhile."""
    latest = fact.at_ms + books.record.numbers.explained + _SOON_MS
    moments = (*(at_ms for _, at_ms in (*books.ends, *books.starts)), *books.disk_failed)
    is_cut = any(fact.at_ms <= at_ms <= latest for at_ms in moments)
    return fact.at_ms + _LATEST_MS if is_cut else latest


def hear_unexplained(books: Books, hearing: Hearing) -> None:
    """A door that opens and nobody had asked for it is in question, unless its person is still at it."""
    for door, book in books.doors.items():
        closed_ms = None
        for at_ms, is_open, fact in book.moves:
            if not is_open:
                closed_ms = at_ms
            elif not fact.body.get("unlock") and not _is_explained(books, door, fact, closed_ms):
                is_so = _is_in_question(books, door, fact)
                where = f"{fact.kind} at {books.name(door)}"
                hearing.demand(is_so, fact.at_ms, f"{where} is in question nowhere, nor an incident")
    for fact in books.by_kind["OpeningUnexplained"]:
        _hear_question(books, fact, hearing)


def _is_in_question(books: Books, door: str, fact: Fact) -> bool:
    seq = fact.row.seq
    for asked in books.by_kind["OpeningUnexplained"]:
        if asked.body["compartment"] != door:
            continue
        end = _end_of(books, asked)
        is_before = asked.row.seq < seq and (end is None or end.row.seq > seq)
        if is_before or asked.row.intent == fact.row.intent:
            return True
    alarms = books.troubles_at.get(("unexplained_opening", door), ())
    return any(
        one.fact.row.seq < seq and (one.settled is None or one.settled.row.seq > seq) for one in alarms
    )


def _end_of(books: Books, asked: Fact) -> Fact | None:
    """Staff say that it was them, or it becomes an incident."""
    door, seq = asked.body["compartment"], asked.row.seq
    said = (
        one
        for one in books.by_kind["OpeningAnswered"]
        if one.body["compartment"] == door and one.body["answer"] != _NOT_ME
    )
    alarms = (one.fact for one in books.troubles_at.get(("unexplained_opening", door), ()))
    later = (one for one in (*said, *alarms) if one.row.seq > seq)
    return min(later, key=lambda one: one.row.seq, default=None)


def _hear_question(books: Books, asked: Fact, hearing: Hearing) -> None:
    """Neither longer than half a minute, nor an incident before that unless somebody looked."""
    end, latest = _end_of(books, asked), told_by(books, asked)
    where = f"{asked.kind} at {books.name(asked.body['compartment'])}"
    is_over = latest >= books.record.end_ms if end is None else end.at_ms <= latest
    hearing.demand(is_over, asked.at_ms, f"{where} raised no incident, and nobody said that it was them")


def _is_explained(books: Books, door: str, fact: Fact, closed_ms: int | None) -> bool:
    if closed_ms is not None and fact.at_ms - closed_ms <= BOUNCE_MS:
        return True
    book = books.doors[door]
    conditions = [one.body["condition"] for one in book.conditions if one.row.seq < fact.row.seq]
    if conditions and conditions[-1] == "held_open":
        return True
    index = bisect_right(book.unlocks, fact.row.seq, key=lambda one: one.fact.row.seq) - 1
    sign_in = books.sign_ins.get(book.unlocks[index].session) if index >= 0 else None
    return sign_in is not None and (sign_in.ended is None or sign_in.ended.row.seq >= fact.row.seq)
