"""Figures that only many performances together can judge: door-hours unknown, drop-offs turned away."""

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise

from kiosk.domain.model.screen import OfferedSize
from kiosk.rehearsal.diary import Shown, Touched
from kiosk.rehearsal.judge.books import Books

UNKNOWN = "unknown_door_ms"
IN_VAIN = "turned_away_in_vain"


def measures(books: Books) -> dict[str, int]:
    """Milliseconds of doors in all and unknown, by why they are; drop-offs tried, and turned away."""
    start_ms, end_ms = books.record.measured_ms or (0, books.record.end_ms)
    found = Counter({"door_ms": (end_ms - start_ms) * len(books.doors), UNKNOWN: 0})
    for claim, since_ms, until_ms in _unknown(books):
        unknown_ms = max(0, min(until_ms, end_ms) - max(since_ms, start_ms))
        found[UNKNOWN] += unknown_ms
        found[f"{UNKNOWN} {claim}"] += unknown_ms
    away = [one for one in _turned_away(books) if start_ms <= one[0] < end_ms]
    given = sum(start_ms <= one.fact.at_ms < end_ms for one in books.reservations)
    found["drop_offs"] = given + len(away)
    found["turned_away"] = len(away)
    found["turned_away_beside_empty"] = sum(bool(_empty(books, *one)) for one in away)
    found[IN_VAIN] = _in_vain(books, away)
    return dict(found)


def _unknown(books: Books) -> Iterator[tuple[str, int, int]]:
    """What made a compartment unknown, from when and until when."""
    for book in books.doors.values():
        ends = [*(after.fact.at_ms for _, after in pairwise(book.beliefs)), books.record.end_ms]
        for belief, until_ms in zip(book.beliefs, ends, strict=False):
            if belief.vacancy == "unknown":
                yield belief.claim, belief.fact.at_ms, until_ms


def _turned_away(books: Books) -> Iterator[tuple[int, frozenset[str]]]:
    """When somebody got no compartment, and which sizes were said to be full from theirs on upward.

    A courier who leaves the page of sizes while the largest is full may have had a parcel for any of the full
    ones above the largest that is free.
    """
    pages: dict[str, Shown] = {}
    entries: Sequence[object] = books.record.entries
    answers = {one.intent: one.refusal for _, one in books.answers.values()}
    for entry in entries:
        if isinstance(entry, Shown):
            pages[entry.person] = entry
        elif isinstance(entry, Touched) and _is_at_sizes(pages.get(entry.person)):
            full = _full_from(pages[entry.person].screen.sizes)
            is_refused = entry.action == "size" and answers.get(entry.intent) == "nothing_free"
            has_left = entry.action == "back" and entry.person.startswith("courier") and bool(full)
            if is_refused or has_left:
                yield entry.at_ms, full or frozenset({entry.value})


def _is_at_sizes(page: Shown | None) -> bool:
    return page is not None and page.screen.kind == "size"


def _full_from(sizes: Sequence[OfferedSize]) -> frozenset[str]:
    """The largest sizes, as long as none of them is free."""
    full: list[str] = []
    for one in sorted(sizes, key=lambda one: one.size.rank, reverse=True):
        if one.free:
            break
        full.append(one.size.value)
    return frozenset(full)


def _empty(books: Books, at_ms: int, sizes: frozenset[str]) -> list[str]:
    """The doors of these sizes that truly have nothing behind."""
    doors = (door for door, plan in books.record.doors.items() if plan.size in sizes)
    return [door for door in doors if not _parcels_inside(books, door, at_ms)]


def _in_vain(books: Books, away: Sequence[tuple[int, frozenset[str]]]) -> int:
    """How many the kiosk could have taken, had it known: an empty door takes one, until it opens again."""
    given: dict[str, int] = {}
    count = 0
    for at_ms, sizes in away:
        for door in _empty(books, at_ms, sizes):
            if door not in given or _has_opened(books, door, given[door], at_ms):
                given[door] = at_ms
                count += 1
                break
    return count


def _has_opened(books: Books, door: str, since_ms: int, at_ms: int) -> bool:
    return any(since_ms < one <= at_ms and not is_hooked for one, is_hooked in books.doors[door].latch)


def _parcels_inside(books: Books, door: str, at_ms: int) -> int:
    hands = [one.verb for one in books.hands[door] if one.at_ms <= at_ms]
    return hands.count("put in") - hands.count("take out")
