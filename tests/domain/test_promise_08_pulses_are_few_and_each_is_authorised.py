"""Promise 8: one pulse by itself at most, on two reads; three in all; none by start, reconnect or a retry."""

import pytest

from kiosk.domain import events as e
from kiosk.domain import inputs as i
from kiosk.domain.refusals import Refusal
from tests.domain.rig import BANKS, Rig


@pytest.fixture
def rig() -> Rig:
    """A courier whose first pulse has left."""
    made = Rig().start()
    made.sign_in_courier()
    made.reserve()
    made.pulse()
    return made


def test_the_second_pulse_comes_two_seconds_after_the_end_of_the_first(rig: Rig) -> None:
    sent = rig.mono_ms
    rig.wait(4)
    assert len(rig.unlocks()) == 2
    second = rig.of_type(e.UnlockAuthorised)[-1]
    at = second.deadline_mono_ms - rig.state.limits.unlock_deadline_ms
    assert 2500 <= at - sent <= 2700


def test_without_two_reads_that_say_closed_there_is_no_second_pulse(rig: Rig) -> None:
    rig.is_watching = False
    rig.wait(1)
    rig.do(i.DoorsRead(BANKS[0]))
    rig.wait(8)
    assert len(rig.unlocks()) == 1
    rig.do(i.DoorsRead(BANKS[0]))
    assert len(rig.unlocks()) == 2


def test_reads_during_the_pulse_do_not_count(rig: Rig) -> None:
    rig.is_watching = False
    for _ in range(4):
        rig.mono_ms += 100
        rig.do(i.DoorsRead(BANKS[0]))
    rig.wait(9)
    assert len(rig.unlocks()) == 1


def test_reads_of_another_bank_do_not_count(rig: Rig) -> None:
    rig.is_watching = False
    rig.wait(1)
    for _ in range(4):
        rig.do(i.DoorsRead(BANKS[1]))
    rig.wait(8)
    assert len(rig.unlocks()) == 1


def test_a_door_that_opened_is_not_pulsed_again(rig: Rig) -> None:
    rig.open("c1")
    rig.wait(10)
    assert len(rig.unlocks()) == 1


def test_only_one_pulse_comes_by_itself_and_the_third_is_the_last(rig: Rig) -> None:
    rig.wait(3)
    rig.pulse()
    rig.wait(5)
    assert len(rig.unlocks()) == 2
    assert rig.do(i.PushAgain()).refusal is None
    rig.pulse()
    rig.wait(5)
    assert rig.do(i.PushAgain()).refusal is Refusal.NOT_NOW
    rig.wait(60)
    assert len(rig.unlocks()) == 3
    assert [event.attempt for event in rig.of_type(e.UnlockAuthorised)] == [1, 2, 3]


def test_hammering_the_screen_pulses_three_times_at_most(rig: Rig) -> None:
    for _ in range(100):
        rig.do(i.PushAgain())
        rig.do(i.UseAnotherDoor())
        rig.do(i.Reopen())
        rig.wait(0.1)
        if rig.unlocks()[-1].unlock in rig.state.unlocks:
            rig.pulse()
    assert len({unlock.compartment for unlock in rig.unlocks()}) == 1
    assert len(rig.unlocks()) <= 3


def test_a_touch_while_a_pulse_waits_for_its_turn_adds_none(rig: Rig) -> None:
    rig.wait(3)
    assert len(rig.unlocks()) == 2
    assert rig.do(i.PushAgain()).refusal is Refusal.NOT_NOW
    assert len(rig.unlocks()) == 2


def test_no_pulse_comes_by_itself_when_nobody_is_there() -> None:
    rig = Rig().start()
    delivery = rig.deliver()
    rig.present(rig.code_of(delivery))
    rig.pulse()
    rig.do(i.KioskStart("test"))
    rig.see_banks()
    rig.wait(60)
    assert not [unlock for unlock in rig.unlocks() if unlock.not_after_mono_ms > rig.mono_ms]
    assert rig.of_type(e.UnlockAuthorised)[-1].attempt == 1


@pytest.mark.parametrize("how", ["start", "reconnect"])
def test_a_start_or_a_reconnect_pulses_nothing(rig: Rig, how: str) -> None:
    before = len(rig.of_type(e.UnlockAuthorised))
    if how == "start":
        rig.restart()
    else:
        rig.do(i.BankGone(BANKS[0], "unplugged"))
        rig.see_bank(BANKS[0])
    rig.wait(120)
    assert len(rig.of_type(e.UnlockAuthorised)) == before


def test_a_report_that_comes_twice_or_late_pulses_nothing(rig: Rig) -> None:
    unlock = rig.last_unlock().unlock
    rig.open("c1")
    for fact in (
        i.UnlockSent(unlock),
        i.UnlockFailed(unlock, "late", is_certain=True),
        i.UnlockFailed(unlock, "?", is_certain=False),
    ):
        rig.do(fact)
    rig.wait(60)
    assert len(rig.unlocks()) == 1
    assert not rig.state.unlocks


def test_each_pulse_has_its_own_deadline_of_eight_seconds(rig: Rig) -> None:
    rig.wait(3)
    first, second = rig.unlocks()
    assert first.not_after_mono_ms == 1_000_000 + 8000
    assert second.not_after_mono_ms - first.not_after_mono_ms >= 2500


def test_nobody_knows_whether_a_pulse_left_and_it_is_watched_like_one() -> None:
    rig = Rig().start()
    rig.sign_in_courier()
    compartment = rig.reserve()
    rig.do(i.UnlockFailed(rig.last_unlock().unlock, "no reply", is_certain=False))
    rig.open(compartment)
    assert rig.state.deliveries_in(compartment)[0].state.value == "depositing"
