"""Promise 12: what the board reports decides, not what was asked for."""

from bisect import bisect_right

from kiosk.rehearsal.judge.books import Books
from kiosk.rehearsal.judge.facts import Fact
from kiosk.rehearsal.judge.nouns import DoorBook, Life
from kiosk.rehearsal.judge.sight import Sight
from kiosk.rehearsal.judge.verdict import Hearing

SEEN_AFTER_MS = 15_000
"""What a latch says for so long in full sight must stand in the log."""
SLACK_MS = 1_000
_SETTLED_BY = ("inside_yes", "found_parcel", "put_it_in")


def hear(books: Books, sight: Sight, hearing: Hearing) -> None:
    """Every move in the log against the latch, every lasting state of a latch against the log."""
    for door, book in books.doors.items():
        _hear_moves(books, book, hearing)
        _hear_latch(books, sight, door, hearing)
    for life in books.lives.values():
        for fact in life.stored:
            _hear_stored(books, life, fact, hearing)
        if life.ended is not None and life.ended.kind == "DeliveryCollected":
            _hear_collected(books, life, life.ended, hearing)


def _hear_moves(books: Books, book: DoorBook, hearing: Hearing) -> None:
    """A move in the log needs a latch that said so since the move before."""
    before = 0
    for at_ms, is_open, fact in book.moves:
        is_so = _has_said(book, not is_open, before, at_ms)
        verb = "opened" if is_open else "closed"
        hearing.demand(
            is_so, at_ms, f"{books.name(book.name)} stands in the log as {verb}, and its latch never said so"
        )
        unlock = books.unlocks.get(fact.body.get("unlock") or "") if is_open else None
        if unlock is not None:
            hearing.demand(
                unlock.door == book.name and unlock.fact.row.seq < fact.row.seq,
                at_ms,
                f"{books.name(book.name)} opened for unlock {unlock.id} of {books.name(unlock.door)}",
            )
        before = at_ms


def _has_said(book: DoorBook, is_hooked: bool, start_ms: int, end_ms: int) -> bool:
    """Whether the feedback said so at any time from start to end; before anything moved, it said hooked."""
    index = bisect_right(book.latch, end_ms, key=lambda one: one[0]) - 1
    while index >= 0:
        since, said = book.latch[index]
        if said == is_hooked:
            return True
        if since <= start_ms:
            return False
        index -= 1
    return is_hooked


def _hear_latch(books: Books, sight: Sight, door: str, hearing: Hearing) -> None:
    book, bank = books.doors[door], books.record.doors[door].bank
    ends = [*(since for since, _ in book.latch[1:]), books.record.end_ms]
    times = [at_ms for at_ms, _, _ in book.moves]
    for (since, is_hooked), end in zip(book.latch, ends, strict=False):
        by_ms = since + SEEN_AFTER_MS
        if end < by_ms or not sight.saw(bank, since - SLACK_MS, by_ms):
            continue
        index = bisect_right(times, by_ms) - 1
        is_open = index >= 0 and book.moves[index][1]
        says = "closed" if is_hooked else "open"
        hearing.demand(
            is_open is not is_hooked,
            by_ms,
            f"{books.name(door)} has been {says} for {SEEN_AFTER_MS // 1000} s in full sight, "
            "and the log does not say so",
        )


def _hear_stored(books: Books, life: Life, fact: Fact, hearing: Hearing) -> None:
    """Stored at a close that was seen, or on the word of somebody who looked or knows."""
    door = life.door_at(fact.row.seq)
    name = f"delivery {life.id} in {books.name(door)}"
    if fact.body["settled_by"]:
        is_so = books.touched_with(fact.intent, *_SETTLED_BY)
        hearing.demand(is_so, fact.at_ms, f"{name} was settled as stored, and nobody said so")
        return
    closed = any(
        one.kind == "DoorClosed" and one.body["compartment"] == door for one in books.by_intent[fact.intent]
    )
    hearing.demand(closed, fact.at_ms, f"{name} was stored without a close of its door")
    placed = max(one.row.seq for one, _ in life.places if one.row.seq <= fact.row.seq)
    moves = books.doors[door].moves
    index = bisect_right(moves, fact.row.seq, key=lambda one: one[2].row.seq) - 1
    opened = any(
        is_open and placed < move.row.seq for _, is_open, move in moves[max(0, index - 8) : index + 1]
    )
    hearing.demand(opened, fact.at_ms, f"{name} was stored, and its door was never seen open")


def _hear_collected(books: Books, life: Life, fact: Fact, hearing: Hearing) -> None:
    """Collected only after its door was seen open since it was stored, and shut again."""
    name = f"delivery {life.id} in {books.name(life.door)}"
    moves = books.doors[life.door].moves
    index = bisect_right(moves, fact.row.seq, key=lambda one: one[2].row.seq) - 1
    if index < 0:
        hearing.demand(None, fact.at_ms, f"{name} was collected, and its door never moved")
        return
    stored = life.stored[-1].row.seq if life.stored else 0
    lately = [move for move in moves[max(0, index - 20) : index + 1] if move[2].row.seq > stored]
    hearing.demand(
        any(is_open for _, is_open, _ in lately),
        fact.at_ms,
        f"{name} was collected, and its door stayed shut",
    )
    last = moves[index]
    if fact.body["fact"] == "collected_silently":
        unlocks = [one.fact.row.seq for one in books.doors[life.door].unlocks]
        since = unlocks[bisect_right(unlocks, fact.row.seq) - 1] if unlocks else 0
        closes = [move for _, is_open, move in lately if move.row.seq > since and not is_open]
        open_ms = max(
            (one.body.get("open_ms") or 0 for one in closes), default=0
        )  # a latch may bounce at the end of a long opening
        is_so = not last[1] and open_ms >= books.record.numbers.taken_after
        hearing.demand(is_so, fact.at_ms, f"{name} was collected without a word after {open_ms} ms")
