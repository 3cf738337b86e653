"""Judges a performance from outside: by the log, by what people saw and did, by what truly moved."""

from kiosk.rehearsal.judge.books import Books, keep_books
from kiosk.rehearsal.judge.matching import match_pulses
from kiosk.rehearsal.judge.measures import measures
from kiosk.rehearsal.judge.promises import PROMISES
from kiosk.rehearsal.judge.reached import reached
from kiosk.rehearsal.judge.record import Numbers, Record, record_of
from kiosk.rehearsal.judge.settled import unsettled
from kiosk.rehearsal.judge.sight import sight_of
from kiosk.rehearsal.judge.telling import take_in
from kiosk.rehearsal.judge.verdict import Broken, Hearing, Judged, Standing, Verdict

__all__ = ["Broken", "Judged", "Numbers", "Record", "Standing", "Verdict", "judge", "record_of"]


def judge(record: Record, *, is_quiet: bool = False) -> Verdict:
    """All twelve promises; after the quiet phase also whether everything is at rest."""
    books = books_of(record)
    sight = sight_of(books)
    found, broken, counts = list[Judged](), list[Broken](), reached(books)
    for promise in PROMISES:
        hearing = Hearing(f"{promise.number} {promise.name}")
        promise.hear(books, sight, hearing)
        broken += hearing.broken
        counts.update(hearing.reached)
        found.append(Judged(promise.number, promise.name, _standing(hearing), hearing.tried))
    broken += unsettled(books) if is_quiet else ()
    return Verdict(
        promises=tuple(found),
        broken=tuple(sorted(broken, key=lambda one: one.at_ms)),
        reached={name: count for name, count in counts.items() if count},
        measures=measures(books),
    )


def _standing(hearing: Hearing) -> Standing:
    if hearing.broken:
        return Standing.BROKEN
    return Standing.HELD if hearing.tried else Standing.UNTRIED


def books_of(record: Record) -> Books:
    """The books alone, for whoever wants to see what a verdict rests on."""
    books = keep_books(record, take_in)
    books.matches += match_pulses(books)
    return books
