"""Ends of the program by itself: right where the disk had failed it, a defect everywhere else."""

from collections.abc import Iterable, Iterator

from kiosk.rehearsal.diary import CommitFailed, Crashed, Entry, FaultFired, Started
from sim.scenario.script import FaultKind

ENDED = "ended: "
"""So the diary begins what it says of a program that ended by itself."""
_DISK_IS_AWAY = frozenset({FaultKind.DISK_FULL, FaultKind.DISK_GONE})
_TAKES_MS = 60_000
"""So long after the disk is back a start that began before may still fail."""


def unexplained_ends(entries: Iterable[Entry]) -> Iterator[tuple[int, str]]:
    """When and how the program ended although nothing of the disk had failed in that life."""
    has_failed, away_until_ms = False, 0
    for entry in entries:
        match entry:
            case CommitFailed():
                has_failed = True
            case FaultFired(at_ms, kind, _, lasts_s) if kind in _DISK_IS_AWAY:
                away_until_ms = max(away_until_ms, at_ms + round(lasts_s * 1000) + _TAKES_MS)
            case Crashed(at_ms, where):
                if where.startswith(ENDED) and not has_failed and at_ms > away_until_ms:
                    yield at_ms, where
            case Started():
                has_failed = False
            case _:
                continue
