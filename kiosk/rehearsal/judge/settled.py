"""After the quiet phase: the screen at home, nobody signed in, every bank and every door known."""

from collections.abc import Iterator

from kiosk.rehearsal.judge.books import Books
from kiosk.rehearsal.judge.verdict import Broken

SETTLES = "settles"
"""When nothing is broken any more and staff have looked, every door is known and shut, the screen home."""


def unsettled(books: Books) -> Iterator[Broken]:
    """Whatever is not at rest."""
    for line in _lines(books):
        yield Broken(SETTLES, line, books.record.end_ms)


def _lines(books: Books) -> Iterator[str]:
    page = books.record.last_page
    if page is None or page.kind != "home":
        yield f"the screen shows {page.kind if page else 'nothing'}"
    if page is not None and page.lost_banks:
        yield f"lost banks: {', '.join(page.lost_banks)}"
    for sign_in in books.sign_ins.values():
        if sign_in.ended is None and sign_in.parked is None:
            yield f"the {sign_in.kind} sign-in {sign_in.id} is not over"
    yield from _doors(books)


def _doors(books: Books) -> Iterator[str]:
    started = books.by_kind["KioskStarted"][-1:]
    since = started[0].row.seq if started else 0
    answered = {one.body["bank"] for one in books.by_kind["BankAnswered"] if one.row.seq > since}
    for bank in sorted({plan.bank for plan in books.record.doors.values()} - answered):
        yield f"bank {bank} has not answered since the start"
    for door, book in books.doors.items():
        if book.latch and not book.latch[-1][1]:
            yield f"{books.name(door)} stands open"
