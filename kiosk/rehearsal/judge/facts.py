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
    times = [entry.at_ms for entry in record.entries]
    seqs = [seq for seq, _ in marks]
    return [
        Fact(row.type, at_ms, _place(row.seq, at_ms, seqs, marks, times), row, body)
        for row, body in zip(record.rows, bodies, strict=True)
        for at_ms in (record.boots.get(row.boot, 0) + row.mono_ms,)
    ]


def _place(seq: int, at_ms: int, seqs: list[int], marks: list[tuple[int, int]], times: list[int]) -> int:
    """Where its commit stands; of one that nobody saw, where its time would stand."""
    index = bisect_left(seqs, seq)
    return marks[index][1] if index < len(marks) else bisect_left(times, at_ms)
