"""When the kiosk could see: its process was up, the bank answered, and no fault stood in the way."""

from bisect import bisect_right
from collections import defaultdict
from dataclasses import dataclass, field

from kiosk.rehearsal.judge.books import Books
from sim.scenario.script import FaultKind

AFTERMATH_MS = 20_000
"""A fault that has ended may be felt for so long."""
_NOT_IN_THE_WAY = frozenset(
    {
        FaultKind.DOOR_JAMMED,
        FaultKind.DOOR_STICKY,
        FaultKind.DOOR_BLOCKED,
        FaultKind.LATCH_FAILS,
        FaultKind.SENSOR_STUCK_OPEN,
        FaultKind.SENSOR_STUCK_CLOSED,
        FaultKind.SLOW_LOCK,
        FaultKind.SUPPLY_WEAK,
        FaultKind.SUPPLY_NONE,
        FaultKind.CLOCK_JUMPS,
        FaultKind.CLOCK_NOT_TRUSTED,
        FaultKind.PHONES_SILENT,
    }
)
_OF_ONE_BANK = frozenset({FaultKind.BOARD_IS_DEAD})
Span = tuple[int, int]


@dataclass(slots=True)
class Sight:
    """By bank, when its doors were watched; and when faults could hide something."""

    spans: dict[str, list[Span]] = field(default_factory=lambda: defaultdict(list))
    faults: list[tuple[int, int, str]] = field(default_factory=list)
    """From when, until when, and at which bank; empty for all."""

    def span(self, bank: str, at_ms: int) -> Span | None:
        """The span of watching that holds a moment."""
        spans = self.spans.get(bank, [])
        index = bisect_right(spans, (at_ms, 1 << 62)) - 1
        return spans[index] if index >= 0 and spans[index][1] > at_ms else None

    def is_clear(self, bank: str, start_ms: int, end_ms: int) -> bool:
        """Whether no fault stood in the way of a bank from start to end."""
        met = (where for start, end, where in self.faults if start < end_ms and end > start_ms)
        return not any(where in ("", bank) for where in met)

    def saw(self, bank: str, start_ms: int, end_ms: int) -> bool:
        """Whether everything from start to end was watched, and nothing stood in the way."""
        span = self.span(bank, start_ms)
        return span is not None and span[1] >= end_ms and self.is_clear(bank, start_ms, end_ms)

    def was_blind(self, bank: str, at_ms: int) -> bool:
        """Whether anything kept the kiosk from seeing this bank's doors around a moment."""
        return not self.saw(bank, max(0, at_ms - AFTERMATH_MS), at_ms)


def sight_of(books: Books) -> Sight:
    """When each bank was watched, from what the log says and when the process was up."""
    sight, since = Sight(), dict[str, int]()
    for at_ms, _, bank, is_seen in sorted(_changes(books)):
        ended = list(since) if not bank else [bank] if bank in since else []
        for one in ended:
            if (start := since.pop(one)) < at_ms:
                sight.spans[one].append((start, at_ms))
        if is_seen:
            since[bank] = at_ms
    for bank, start in since.items():
        sight.spans[bank].append((start, books.record.end_ms + 1))
    for fault in books.faults:
        if fault.kind not in _NOT_IN_THE_WAY:
            end_ms = fault.at_ms + round(fault.lasts_s * 1000) + AFTERMATH_MS
            where = fault.where if fault.kind in _OF_ONE_BANK else ""
            sight.faults.append((fault.at_ms, end_ms, where))
    sight.faults += [(start, end + AFTERMATH_MS, "") for start, end in _spells(books.disk_failed)]
    return sight


def _spells(times: list[int]) -> list[Span]:
    """Times close to one another, as one span each."""
    spells: list[Span] = []
    for at_ms in times:
        if spells and at_ms - spells[-1][1] <= AFTERMATH_MS:
            spells[-1] = spells[-1][0], at_ms
        else:
            spells.append((at_ms, at_ms))
    return spells


def _changes(books: Books) -> list[tuple[int, int, str, bool]]:
    """Time, place, bank (empty for all) and whether it is seen from then on."""
    changes = [(at_ms, place, "", False) for place, at_ms in books.ends]
    changes += [(fact.at_ms, fact.place, "", False) for fact in books.by_kind["KioskStarted"]]
    for kind, is_seen in (("BankAnswered", True), ("BankLost", False)):
        changes += [(one.at_ms, one.place, one.body["bank"], is_seen) for one in books.by_kind[kind]]
    return changes
