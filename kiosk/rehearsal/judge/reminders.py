"""Of promise 9: nobody is reminded early, at night or of what is gone; nothing is overdue before its time."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from kiosk.rehearsal.judge.books import Books
from kiosk.rehearsal.judge.facts import Fact
from kiosk.rehearsal.judge.nouns import Life
from kiosk.rehearsal.judge.record import Numbers
from kiosk.rehearsal.judge.verdict import Hearing
from sim.scenario.script import FaultKind

_TOLERANCE_MS = 1_000
_PATIENCE_MS = 14 * 3_600_000
"""A night, and what a kiosk that was away needs until it believes its clock again."""
_OF_CLOCKS = (FaultKind.CLOCK_JUMPS, FaultKind.CLOCK_NOT_TRUSTED)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def hear_reminders(books: Books, hearing: Hearing) -> None:
    """Every reminder, every parcel called overdue, and every parcel that has waited for long."""
    for fact in books.by_kind["RecipientReminded"]:
        _hear_reminder(books, fact, hearing)
    for fact in books.by_kind["DeliveryFlagged"]:
        if fact.body["flag"] == "overdue" and fact.body["is_set"]:
            _hear_time(books, fact, books.record.numbers.pickup, "called overdue", hearing)
    if not any(fault.kind in _OF_CLOCKS for fault in books.faults):
        for life in books.all_lives:
            _hear_silence(books, life, hearing)


def _marks(numbers: Numbers) -> tuple[int, ...]:
    last = numbers.pickup - numbers.last_reminder
    return (*(one for one in numbers.reminders if one < last), last, numbers.pickup)


def _hear_reminder(books: Books, fact: Fact, hearing: Hearing) -> None:
    marks, count = _marks(books.record.numbers), fact.body["reminded"]
    name = f"delivery {fact.body['delivery']}"
    hearing.demand(0 < count <= len(marks), fact.at_ms, f"{name} has {count} reminders behind it")
    _hear_time(books, fact, marks[min(count, len(marks)) - 1], f"reminded of for time {count}", hearing)
    hearing.demand(fact.row.trusted, fact.at_ms, f"{name} was reminded of by a clock that is not trusted")
    local = (_EPOCH + timedelta(milliseconds=fact.row.at_ms)).astimezone(ZoneInfo(books.record.zone))
    is_day = books.record.numbers.wakes_h <= local.hour < books.record.numbers.sleeps_h
    hearing.demand(is_day, fact.at_ms, f"{name} was reminded of at {local:%H:%M}")


def _hear_time(books: Books, fact: Fact, least_ms: int, what: str, hearing: Hearing) -> None:
    life = books.life(fact.body["delivery"])
    if life is None:
        return
    stored = life.stored[0]
    is_other_boot = stored.row.boot != fact.row.boot
    if is_other_boot and any(fault.kind is FaultKind.CLOCK_JUMPS for fault in books.faults):
        return  # who started anew has only the wall clock, and somebody has set it
    waited = fact.at_ms - stored.at_ms
    hearing.demand(
        waited >= least_ms - _TOLERANCE_MS,
        fact.at_ms,
        f"delivery {life.id} was {what} {waited / 3_600_000:.1f} h after its drop-off",
    )


def _hear_silence(books: Books, life: Life, hearing: Hearing) -> None:
    """Who has not come for a day and a night has heard of it again."""
    first_ms = _marks(books.record.numbers)[0]
    if life.ended or not life.stored or not life.codes or life.is_held:
        return
    live = life.codes[-1]
    if live.ended or books.record.end_ms - live.issued.at_ms < first_ms + _PATIENCE_MS:
        return
    is_told = any(one.body["delivery"] == life.id for one in books.by_kind["RecipientReminded"])
    hearing.demand(
        is_told, books.record.end_ms, f"delivery {life.id} waits for long, and nobody was reminded"
    )
