"""The rows of the log on the stage's time, each at its place in the diary."""

import json
from bisect import bisect_left
from collections.abc import Mapping
from typing import Any, NamedTuple

from kiosk.ports import EventRow
from kiosk.rehearsal.diary import Committed
from kiosk.rehearsal.judge.record import Record


class Fact(NamedTuple):
    """One event. `place` is the entry of the diary before which it was not on disk."""

    kind: str
    at_ms: int
    place: int
    row: EventRow
    body: Mapping[str, Any]

    @property
    def intent(self) -> str:
        """What was decided together bears one."""
        return self.row.intent


def facts_of(record: Record) -> list[Fact]:
    """Every row, in order of number."""
    bodies = json.loads(f"[{','.join(row.body for row in record.rows)}]")
    marks = [(entry.seq, place) for place, entry in enumerate(record.entries) if type(entry) is Committed]
    facts: list[Fact] = []
    mark = 0
    for row, body in zip(record.rows, bodies, strict=True):
        while mark < len(marks) and marks[mark][0] < row.seq:
            mark += 1
        at_ms = record.boots.get(row.boot, 0) + row.mono_ms
        place = marks[mark][1] if mark < len(marks) else _by_time(record, at_ms)
        facts.append(Fact(row.type, at_ms, place, row, body))
    return facts


def _by_time(record: Record, at_ms: int) -> int:
    """Where a commit that nobody saw would stand."""
    return bisect_left(record.entries, at_ms, key=lambda entry: entry.at_ms)
