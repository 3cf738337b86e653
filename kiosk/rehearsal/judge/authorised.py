"""Promise 1: no coil is energised without a durable authorisation that names who, why and which door."""

from kiosk.rehearsal.judge.books import Books
from kiosk.rehearsal.judge.pulses import Fault
from kiosk.rehearsal.judge.sight import Sight
from kiosk.rehearsal.judge.verdict import Hearing

_OURS = (None, Fault.NONE, Fault.EARLY, Fault.NOT_SENT)


def hear(books: Books, _: Sight, hearing: Hearing) -> None:
    """Every pulse of the kiosk has its authorisation, on disk before it."""
    for match in books.matches:
        pulse, unlock = match.pulse, match.unlock
        if match.fault in _OURS:
            hearing.demand(unlock, pulse.at_ms, f"{books.name(pulse.door)} was energised {match.fault}")
        if unlock is not None:
            hearing.demand(
                unlock.fact.row.actor and unlock.purpose,
                pulse.at_ms,
                f"the unlock of {books.name(pulse.door)} does not say who and why",
            )
