"""Promise 9: a clock that jumps expires nothing early and reorders nothing."""

from bisect import bisect_left

from kiosk.rehearsal.judge.books import Books
from kiosk.rehearsal.judge.excuses import physical_opening
from kiosk.rehearsal.judge.facts import Fact
from kiosk.rehearsal.judge.reminders import hear_reminders
from kiosk.rehearsal.judge.sight import Sight
from kiosk.rehearsal.judge.verdict import Hearing

_TOLERANCE_MS = 5


_OF_THE_DISK = ("not_durable", "outcome_unknown", "stopping")
"""The screen says so: nothing has come of such a touch, not even more time."""


def hear(books: Books, sight: Sight, hearing: Hearing) -> None:
    """The order of the log, and everything that ends by time."""
    _hear_order(books, hearing)
    _hear_idle(books, hearing)
    _hear_jams(books, hearing)
    _hear_left_open(books, sight, hearing)
    for fact in books.by_kind["DeliveryStored"]:
        _hear_due(books, fact, hearing)
    hear_reminders(books, hearing)


def _hear_order(books: Books, hearing: Hearing) -> None:
    """Numbers without a gap; within a boot the monotonic clock never runs back; boots do not mix."""
    seen: set[str] = set()
    before = None
    for fact in books.facts:
        row = fact.row
        if before is not None:
            is_next = row.seq == before.seq + 1 and row.epoch >= before.epoch
            is_later = row.mono_ms >= before.mono_ms if row.boot == before.boot else row.boot not in seen
            hearing.demand(
                is_next and is_later,
                fact.at_ms,
                f"event {row.seq} of {row.boot} at {row.mono_ms} ms follows {before.seq} of {before.boot} "
                f"at {before.mono_ms} ms",
            )
        hearing.demand(row.boot in books.record.boots, fact.at_ms, f"event {row.seq} is of no known boot")
        seen.add(row.boot)
        before = row


def _hear_idle(books: Books, hearing: Hearing) -> None:
    """Nobody's sign-in ends sooner than its time after the last touch that the disk did not refuse."""
    refused = {intent for intent, (_, one) in books.answers.items() if one.refusal in _OF_THE_DISK}
    times = [one.at_ms for one in books.touched if one.is_offered and one.intent not in refused]
    numbers = books.record.numbers
    for sign_in in books.sign_ins.values():
        for fact in (sign_in.ended, sign_in.parked):
            if fact is None or fact.body["why"] != "idle":
                continue
            index = bisect_left(times, fact.at_ms) - 1
            waited = fact.at_ms - times[index] if index >= 0 else fact.at_ms
            wanted = numbers.idle[sign_in.kind] + numbers.warning
            hearing.demand(
                waited >= wanted - _TOLERANCE_MS,
                fact.at_ms,
                f"the {sign_in.kind} sign-in {sign_in.id} ended as idle {waited} ms after a touch",
            )


def _hear_jams(books: Books, hearing: Hearing) -> None:
    """A door is called jammed only so long after its last pulse."""
    spent = {match.unlock.id: match.pulse for match in books.matches if match.unlock}
    for fact in books.by_kind["UnlockNotOpened"]:
        pulse = spent.get(fact.body["unlock"])
        unlock = books.unlocks.get(fact.body["unlock"])
        since = pulse.at_ms + pulse.pulse_ms if pulse else unlock.fact.at_ms if unlock else fact.at_ms
        waited = fact.at_ms - since
        hearing.demand(
            waited >= books.record.numbers.jam_verdict - _TOLERANCE_MS,
            fact.at_ms,
            f"{books.name(fact.body['compartment'])} was called jammed {waited} ms after its pulse",
        )


def _hear_left_open(books: Books, sight: Sight, hearing: Hearing) -> None:
    """A door is called left open only after it was seen open for so long."""
    for (kind, door), raised in books.troubles_at.items():
        if kind != "door_left_open" or door not in books.doors:
            continue
        for trouble in raised:
            opened = _open_since(books, sight, door, trouble.fact)
            if opened is not None:
                waited = trouble.fact.at_ms - opened
                hearing.demand(
                    waited >= books.record.numbers.left_open - _TOLERANCE_MS,
                    trouble.fact.at_ms,
                    f"{books.name(door)} was called left open after {waited} ms",
                )


def _open_since(books: Books, sight: Sight, door: str, fact: Fact) -> int | None:
    """Since when the kiosk can have known it open: the log has no move of a door that its bank found open."""
    since = None
    for at_ms, is_open, move in books.doors[door].moves:
        if move.row.seq > fact.row.seq:
            break
        if not is_open:
            since = None
        elif since is None:
            since = at_ms
    freed, _ = physical_opening(books.doors[door], fact.at_ms)
    span = sight.span(books.record.doors[door].bank, fact.at_ms)
    if since is None or freed is None or span is None:
        return since
    return min(since, max(freed, span[0]))


def _hear_due(books: Books, fact: Fact, hearing: Hearing) -> None:
    """A day to collect by is set only while the clock is trusted, and never sooner than promised."""
    due = fact.body.get("due_at_ms")
    wanted = fact.row.at_ms + books.record.numbers.pickup if fact.row.trusted else None
    hearing.demand(
        due == wanted,
        fact.at_ms,
        f"delivery {fact.body['delivery']} is due at {due}, stored at {fact.row.at_ms}"
        f"{'' if fact.row.trusted else ' by a clock that is not trusted'}",
    )
