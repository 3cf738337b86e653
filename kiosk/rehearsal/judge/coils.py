"""Promise 8: few pulses, short ones, never two at once; nothing is energised by start, retry or reconnect."""

from bisect import bisect_right

from kiosk.rehearsal.judge.books import Books
from kiosk.rehearsal.judge.nouns import Unlock
from kiosk.rehearsal.judge.pulses import Fault, Match, Pulse
from kiosk.rehearsal.judge.sight import Sight
from kiosk.rehearsal.judge.verdict import Hearing

_OURS = (None, Fault.LATE, Fault.TWICE, Fault.EARLIER_LIFE)
_TOLERANCE_MS = 5


def hear(books: Books, _: Sight, hearing: Hearing) -> None:
    """Every pulse by itself, then against the one before it on its supply and on its coil."""
    for match in books.matches:
        if match.fault in _OURS:
            _hear_authorised(books, match, hearing)
    spent = {match.unlock.id: match.pulse for match in books.matches if match.unlock}
    for book in books.doors.values():
        for before, unlock in zip(book.unlocks, book.unlocks[1:], strict=False):
            _hear_attempt(books, (before, spent.get(before.id)), unlock, hearing)
    _hear_neighbours(books, hearing)
    _hear_quiet(books, hearing)
    _hear_world(books, hearing)


def _hear_authorised(books: Books, match: Match, hearing: Hearing) -> None:
    pulse = match.pulse
    hearing.demand(match.unlock, pulse.at_ms, f"{books.name(pulse.door)} was energised {match.fault}")


def _hear_attempt(
    books: Books, before: tuple[Unlock, Pulse | None], unlock: Unlock, hearing: Hearing
) -> None:
    """The second pulse comes by itself after a pause, the third only when asked for, a fourth never."""
    if unlock.attempt == 1:
        return
    numbers, (_, pulse) = books.record.numbers, before
    is_touched = books.touched_with(unlock.fact.intent, "push_again")
    name = books.name(unlock.door)
    at_ms = unlock.fact.at_ms
    hearing.demand(unlock.attempt <= numbers.pulses_at_most, at_ms, f"{name} gets pulse {unlock.attempt}")
    hearing.demand(unlock.attempt == 2 or is_touched, at_ms, f"{name} gets pulse {unlock.attempt} unasked")
    if pulse is not None and pulse.place < unlock.fact.place and not is_touched:
        waited = at_ms - pulse.at_ms - pulse.pulse_ms
        hearing.demand(
            waited >= numbers.second_pulse_after - _TOLERANCE_MS,
            at_ms,
            f"{name} gets its second pulse {waited} ms after the end of the first",
        )


def _hear_neighbours(books: Books, hearing: Hearing) -> None:
    numbers = books.record.numbers
    last_on: dict[str, Pulse] = {}
    last_of: dict[str, Pulse] = {}
    for pulse in books.pulses:
        for what, known, key, pause in (
            ("on its supply", last_on, pulse.supply, numbers.gap_on_supply),
            ("of the same coil", last_of, pulse.door, numbers.rest_of_coil),
        ):
            before = known.get(key)
            if before is not None:
                _hear_pause(books, before, pulse, (what, pause), hearing)
            known[key] = pulse


def _hear_pause(books: Books, before: Pulse, pulse: Pulse, wanted: tuple[str, int], hearing: Hearing) -> None:
    what, pause = wanted
    waited = pulse.at_ms - before.at_ms - before.pulse_ms
    hearing.demand(
        waited >= pause - _TOLERANCE_MS,
        pulse.at_ms,
        f"{books.name(pulse.door)} was energised {waited} ms after the last pulse {what} ended",
    )


def _hear_quiet(books: Books, hearing: Hearing) -> None:
    """Right after a start something that was energised before may still be."""
    numbers = books.record.numbers
    quiet = max(numbers.pulse[plan.lock] for plan in books.record.doors.values()) + numbers.rest_of_coil
    starts = [at_ms for _, at_ms in books.starts]
    for pulse in books.pulses:
        index = bisect_right(starts, pulse.at_ms) - 1
        if index >= 0:
            since = pulse.at_ms - starts[index]
            hearing.demand(
                since >= quiet - 500,
                pulse.at_ms,
                f"{books.name(pulse.door)} was energised {since} ms after the start",
            )


def _hear_world(books: Books, hearing: Hearing) -> None:
    """No coil was on for longer than its board may, whatever became of the process."""
    numbers = books.record.numbers
    limits: dict[str, int] = {}
    for plan in books.record.doors.values():
        limits[plan.bank] = max(limits.get(plan.bank, 0), numbers.pulse[plan.lock])
    for energised in books.record.pulses:
        lasted = energised.end_ms - energised.start_ms
        limit = limits.get(energised.bank, 0)
        if lasted > limit * 1.1:
            name = books.name(energised.door or f"{energised.bank}/{energised.channel}")
            hearing.demand(None, energised.start_ms, f"{name} was on for {lasted} ms")
