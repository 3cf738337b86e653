"""Every pulse with the one authorisation that it spends, or why there is none."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator

from kiosk.rehearsal.judge.books import Books
from kiosk.rehearsal.judge.nouns import Unlock
from kiosk.rehearsal.judge.pulses import Fault, Match, Pulse


def match_pulses(books: Books) -> Iterator[Match]:
    """Door by door; where several would do, the one that ends first is spent."""
    by_door: dict[str, list[Pulse]] = defaultdict(list)
    for pulse in books.pulses:
        by_door[pulse.door].append(pulse)
    ends = [place for place, _ in books.ends]
    for door, pulses in by_door.items():
        unlocks = books.doors[door].unlocks if door else []
        yield from _of_door(pulses, unlocks, ends)


def _of_door(pulses: list[Pulse], unlocks: list[Unlock], ends: list[int]) -> Iterator[Match]:
    spent: set[str] = set()
    first = 0
    for pulse in pulses:
        while first < len(unlocks) and unlocks[first].deadline_ms < pulse.at_ms - 60_000:
            first += 1
        near = unlocks[first:]
        fitting = (one for one in near if one.id not in spent and _fault(pulse, one, ends) is None)
        unlock = min(fitting, key=lambda one: one.deadline_ms, default=None)
        if unlock is not None:
            spent.add(unlock.id)
            yield Match(pulse, unlock, None)
        else:
            yield Match(pulse, None, _why_not(pulse, near, spent, ends))


def _fault(pulse: Pulse, unlock: Unlock, ends: list[int]) -> Fault | None:
    if unlock.fact.place > pulse.place:
        return Fault.EARLY
    if unlock.not_sent is not None:
        return Fault.NOT_SENT
    if bisect_right(ends, unlock.fact.place) != bisect_right(ends, pulse.place):
        return Fault.EARLIER_LIFE
    return Fault.LATE if pulse.at_ms > unlock.deadline_ms else None


def _why_not(pulse: Pulse, unlocks: list[Unlock], spent: set[str], ends: list[int]) -> Fault:
    near = [one for one in unlocks if one.fact.at_ms <= pulse.at_ms]
    if not near:
        return Fault.NONE
    fault = _fault(pulse, near[-1], ends)
    return Fault.TWICE if fault is None and near[-1].id in spent else fault or Fault.NONE
