"""Promise 3: vacancy rests on what was seen; nothing that may hold a parcel is given out as empty."""

from bisect import bisect_left

from kiosk.rehearsal.diary import Shown
from kiosk.rehearsal.judge.books import Books
from kiosk.rehearsal.judge.excuses import is_logged_open, why_wrong
from kiosk.rehearsal.judge.nouns import Reservation
from kiosk.rehearsal.judge.sight import Sight
from kiosk.rehearsal.judge.telling import EMPTY
from kiosk.rehearsal.judge.verdict import Hearing

SETTLED_MS = 5_000
"""A door counts as free for a courier when everything about it has been the same for so long."""
BUSY_MS = 60_000
"""A door that was unlocked so lately may still be somebody's."""


def hear(books: Books, sight: Sight, hearing: Hearing) -> None:
    """Every compartment given out, every page that says what is free."""
    for given in books.reservations:
        _hear_given(books, sight, given, hearing)
    _hear_look_first(books, hearing)
    for place, shown in books.shown:
        if shown.screen.kind == "size":
            _hear_offer(books, sight, (place, shown), hearing)


def _hear_given(books: Books, sight: Sight, given: Reservation, hearing: Hearing) -> None:
    name, belief, at_ms = books.name(given.door), given.belief, given.fact.at_ms
    if given.is_added:
        hearing.reached["added to a filled door"] += 1
        return
    hearing.demand(
        belief.vacancy in EMPTY,
        at_ms,
        f"{name} is given out for delivery {given.delivery}, and is {belief.vacancy} since {belief.claim}",
    )
    is_open = is_logged_open(books, given.door, given.fact.row.seq)
    hearing.demand(not is_open, at_ms, f"{name} is given out while it stands open")
    if belief.vacancy not in EMPTY:
        return
    for inside in given.inside:
        why = why_wrong(books, sight, given.door, inside, belief)
        hearing.demand(
            not why,
            at_ms,
            f"{name} is given out for delivery {given.delivery} with parcel {inside.parcel} inside: {why}",
        )
        hearing.reached["given out with a parcel inside, excused"] += not why


def _hear_look_first(books: Books, hearing: Hearing) -> None:
    """Whoever puts a parcel into a compartment that is only presumed empty is told to look first."""
    labels = {plan.label: door for door, plan in books.record.doors.items()}
    given: dict[str, list[Reservation]] = {}
    for one in books.reservations:
        given.setdefault(one.door, []).append(one)
    places = {door: [one.fact.place for one in found] for door, found in given.items()}
    for place, shown in books.shown:
        door = labels.get(shown.screen.door, "")
        if shown.screen.kind != "put_in" or door not in places or shown.screen.is_left_open:
            continue
        index = bisect_left(places[door], place) - 1
        if index < 0:
            continue
        reserved = given[door][index]
        life = books.lives[reserved.delivery]
        if life.stored and life.stored[0].place < place:
            continue
        is_presumed = reserved.belief.vacancy == "presumed"
        hearing.demand(
            shown.screen.look_first or not is_presumed,
            shown.at_ms,
            f"{shown.person} is not told to look first at {books.name(door)}, which is presumed empty",
        )


def _hear_offer(books: Books, sight: Sight, page: tuple[int, Shown], hearing: Hearing) -> None:
    """No size is called full while a door of it stands verified, shut, whole and in sight."""
    place, shown = page
    full = {one.size.value for one in shown.screen.sizes if not one.free}
    hearing.reached["size pages"] += 1
    if not full:
        return
    for door, plan in books.record.doors.items():
        if plan.size in full and _is_surely_free(books, sight, door, (place, shown.at_ms)):
            hearing.demand(
                None, shown.at_ms, f"size {plan.size} is called full while {books.name(door)} is free"
            )


def _is_surely_free(books: Books, sight: Sight, door: str, now: tuple[int, int]) -> bool:
    place, at_ms = now
    book, since = books.doors[door], at_ms - SETTLED_MS
    beliefs = [one for one in book.beliefs if one.fact.place < place]
    if not beliefs or beliefs[-1].vacancy != "verified" or beliefs[-1].fact.at_ms > since:
        return False
    if any(abs(when - at_ms) < SETTLED_MS for when, _, _ in book.moves):
        return False
    conditions = [one.body["condition"] for one in book.conditions if one.place < place]
    if conditions and conditions[-1] != "serviceable":
        return False
    if any(0 <= at_ms - one.fact.at_ms < BUSY_MS for one in book.unlocks):
        return False
    plan = books.record.doors[door]
    return sight.saw(plan.bank, since, at_ms) and not _is_taken(books, door, place)


def _is_taken(books: Books, door: str, place: int) -> bool:
    return any(
        one.door == door
        and one.fact.place < place
        and not ((ended := books.lives[one.delivery].ended) and ended.place < place)
        for one in books.reservations
    )
