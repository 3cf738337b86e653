"""A clock that jumps when a made-up world says so, and nowhere else."""

from pathlib import Path

import pytest

from kiosk.service.clock import SystemClock, TrustSource
from kiosk.service.made_up import MARKER, NotASimulation, file_clock

DAY_MS = 86_400_000


@pytest.fixture
def file(tmp_path: Path) -> Path:
    (tmp_path / MARKER).touch()
    return tmp_path / "clock"


def test_it_is_as_far_ahead_as_the_file_says_at_every_look(file: Path) -> None:
    clock = SystemClock(TrustSource.ASSUME, ahead_ms=file_clock(file))
    plain = SystemClock(TrustSource.ASSUME)
    for text, days in (("", 0), (str(2 * DAY_MS), 2), (str(-400 * DAY_MS), -400), ("nonsense", 0)):
        file.write_text(text)
        off_ms = clock.now().at_ms - plain.now().at_ms
        assert round(off_ms / DAY_MS) == days
        assert abs(clock.now().mono_ms - plain.now().mono_ms) < DAY_MS


def test_a_jump_breaks_trust(file: Path) -> None:
    clock = SystemClock(TrustSource.ASSUME, ahead_ms=file_clock(file))
    assert clock.now().is_trusted
    file.write_text(str(DAY_MS))
    assert not clock.now().is_trusted


def test_without_the_worlds_mark_it_is_refused(tmp_path: Path) -> None:
    with pytest.raises(NotASimulation, match=r"file_clock\.file.*simulation only"):
        file_clock(tmp_path / "sim" / "clock")
