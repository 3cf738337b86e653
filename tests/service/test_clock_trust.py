"""Whether the wall clock is believed: a step breaks trust until its source speaks anew."""

import os
from pathlib import Path

import pytest

from kiosk.service.clock import SystemClock
from kiosk.service.clock_trust import (
    PLAUSIBLE_FROM_MS,
    RTC_AGAIN_MS,
    STEADY_MS,
    STEP_MS,
    ClockTrust,
    FileVoucher,
    RtcVoucher,
    SteadyVoucher,
    TrustJudge,
    TrustSource,
)

NOON_MS = 1_790_000_000_000
DAY_MS = 24 * 3600 * 1000


class Machine:
    """A machine whose clocks are moved by hand."""

    def __init__(self, judge: TrustJudge) -> None:
        self.judge = judge
        self.at_ms, self.mono_ms = NOON_MS, 10_000

    def wait(self, ms: int) -> bool:
        """Time passes; is the clock believed?"""
        self.at_ms += ms
        self.mono_ms += ms
        return self.judge.believes(self.at_ms, self.mono_ms)

    def step(self, ms: int) -> bool:
        """Somebody sets the clock; is it believed?"""
        self.at_ms += ms
        return self.wait(10)


def touch(path: Path, second: int) -> None:
    """The time service says yes (its file gets a new time)."""
    path.touch()
    os.utime(path, (second, second))


@pytest.fixture
def word(tmp_path: Path) -> Path:
    """The file that a time service touches; not there yet."""
    return tmp_path / "synchronised"


@pytest.fixture
def machine(word: Path) -> Machine:
    return Machine(TrustJudge(FileVoucher(word)))


@pytest.mark.parametrize(
    ("text", "trust"),
    [
        ("kernel", ClockTrust(TrustSource.KERNEL)),
        ("rtc", ClockTrust(TrustSource.RTC)),
        ("assume", ClockTrust(TrustSource.ASSUME)),
        ("file:sim/clock", ClockTrust(TrustSource.FILE, Path("sim/clock"))),
        ("file:/run/a:b", ClockTrust(TrustSource.FILE, Path("/run/a:b"))),
    ],
)
def test_the_four_spellings(text: str, trust: ClockTrust) -> None:
    assert ClockTrust.parse(text) == trust


@pytest.mark.parametrize(
    "text", ["", "ntp", "file", "file:", "kernel:", "rtc:/dev/rtc0", "File:/x", "assume "]
)
def test_every_other_spelling_is_answered_with_the_four(text: str) -> None:
    with pytest.raises(ValueError, match="'kernel', 'rtc', 'assume' or 'file:PATH'"):
        ClockTrust.parse(text)


def test_nobody_is_believed_before_the_time_service_has_spoken(machine: Machine, word: Path) -> None:
    assert not machine.wait(DAY_MS)
    touch(word, 1)
    assert machine.wait(1000)


def test_the_first_answer_of_a_time_server_sets_the_clock_and_is_believed(
    machine: Machine, word: Path
) -> None:
    machine.wait(1000)
    touch(word, 1)
    assert machine.step(400 * DAY_MS)


@pytest.mark.parametrize("ms", [STEP_MS + 1000, -STEP_MS - 1000, 2 * DAY_MS, -400 * DAY_MS])
def test_a_step_breaks_trust_until_the_time_service_speaks_again(
    machine: Machine, word: Path, ms: int
) -> None:
    touch(word, 1)
    machine.wait(1000)
    assert not machine.step(ms)
    assert not machine.wait(30 * DAY_MS)
    touch(word, 2)
    assert machine.wait(1000)


def test_a_small_correction_breaks_nothing(machine: Machine, word: Path) -> None:
    touch(word, 1)
    machine.wait(1000)
    assert machine.step(STEP_MS - 1000)
    assert machine.step(-STEP_MS + 1000)


def test_a_time_service_that_takes_its_word_back_is_heard(machine: Machine, word: Path) -> None:
    touch(word, 1)
    machine.wait(1000)
    word.unlink()
    assert not machine.wait(1000)


def test_a_clock_that_is_assumed_right_is_believed_again_only_after_ten_steady_minutes() -> None:
    machine = Machine(TrustJudge(SteadyVoucher()))
    assert machine.wait(1)
    assert not machine.step(DAY_MS)
    assert not machine.wait(STEADY_MS // 2)
    assert not machine.step(-DAY_MS)
    assert not machine.wait(STEADY_MS - 1000)
    assert machine.wait(1000)


def write_chip(path: Path, at_ms: int) -> None:
    path.write_text(f"{at_ms // 1000}\n", encoding="ascii")


def test_a_clock_chip_is_believed_when_it_agrees_and_asked_again_after_a_step(tmp_path: Path) -> None:
    chip = tmp_path / "since_epoch"
    machine = Machine(TrustJudge(RtcVoucher(chip)))
    write_chip(chip, machine.at_ms)
    assert machine.wait(1000)
    chip.unlink()
    assert machine.wait(DAY_MS), "it is asked after a step only"
    assert not machine.step(2 * DAY_MS)
    write_chip(chip, machine.at_ms)
    assert not machine.wait(1000), "not before ten seconds"
    write_chip(chip, machine.at_ms + RTC_AGAIN_MS)
    assert machine.wait(RTC_AGAIN_MS)


@pytest.mark.parametrize(
    "content",
    [
        pytest.param("", id="says nothing"),
        pytest.param("battery low", id="says no number"),
        pytest.param(str((NOON_MS + DAY_MS) // 1000), id="says another day"),
    ],
)
def test_a_clock_chip_that_does_not_agree_is_not_believed(tmp_path: Path, content: str) -> None:
    chip = tmp_path / "since_epoch"
    chip.write_text(content, encoding="ascii")
    assert not Machine(TrustJudge(RtcVoucher(chip))).wait(1000)


def test_a_machine_without_a_clock_chip_is_not_believed(tmp_path: Path) -> None:
    assert not Machine(TrustJudge(RtcVoucher(tmp_path / "none"))).wait(1000)


def test_a_chip_with_a_dead_battery_is_not_believed_though_it_agrees(tmp_path: Path) -> None:
    chip = tmp_path / "since_epoch"
    machine = Machine(TrustJudge(RtcVoucher(chip)))
    machine.at_ms = PLAUSIBLE_FROM_MS - 20 * 365 * DAY_MS
    write_chip(chip, machine.at_ms)
    assert not machine.wait(1000)


def test_the_machines_clock_follows_the_file_it_was_told_of(tmp_path: Path) -> None:
    word = tmp_path / "synchronised"
    clock = SystemClock(TrustSource.FILE, word)
    assert not clock.now().is_trusted
    word.touch()
    assert clock.now().is_trusted


def test_the_machines_clocks_run_forward_and_its_boot_has_a_name() -> None:
    clock = SystemClock(TrustSource.ASSUME)
    first, second = clock.now(), clock.now()
    assert 0 <= second.mono_ms - first.mono_ms < 60_000
    assert first.at_ms > PLAUSIBLE_FROM_MS
    assert clock.boot == SystemClock(TrustSource.ASSUME).boot != ""
