"""A program that ends by itself: excused by its disk, and by nothing else."""

import pytest

from kiosk.rehearsal.diary import CommitFailed, Crashed, Entry, FaultFired, Started
from kiosk.rehearsal.ends import unexplained_ends

END = Crashed(100_000, "ended: the journal broke")
START = Started(1000, "boot-1")


@pytest.mark.parametrize(
    "before",
    [
        [START, CommitFailed(99_000, "lost")],
        [START, FaultFired(50_000, "disk_gone", "", 60)],
        [START, FaultFired(30_000, "disk_full", "", 20)],
        [START, CommitFailed(2000, "gone"), Crashed(3000, "ended: the disk is gone")],
    ],
)
def test_the_disk_excuses_an_end(before: list[Entry]) -> None:
    assert not list(unexplained_ends([*before, END]))


@pytest.mark.parametrize(
    "before",
    [
        [START],
        [CommitFailed(500, "lost"), START],
        [FaultFired(0, "disk_gone", "", 10), START],
        [START, FaultFired(50_000, "board_is_dead", "a", 600)],
    ],
)
def test_nothing_else_does(before: list[Entry]) -> None:
    assert list(unexplained_ends([*before, END])) == [(100_000, END.where)]


def test_a_kill_is_no_end_of_its_own() -> None:
    assert not list(unexplained_ends([START, Crashed(100_000, "after commit")]))
