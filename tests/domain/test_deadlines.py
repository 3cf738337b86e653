"""Deadlines lead somewhere: each moment is judged once, and a kiosk that is left alone comes to rest."""

import random

import pytest

from kiosk.domain import inputs as i
from kiosk.domain.model.screen import ScreenKind
from kiosk.domain.rules.deadlines import moments
from tests.domain.building import Building
from tests.domain.rig import BANKS, Rig
from tests.domain.test_machine import choices

ENOUGH = 60


def next_moment(rig: Rig) -> int | None:
    return min((moment for moment in moments(rig.state) if moment > rig.mono_ms), default=None)


@pytest.mark.parametrize("seed", range(100, 124))
@pytest.mark.parametrize("are_banks_there", [True, False])
def test_from_anywhere_time_alone_leads_to_rest_in_few_steps(seed: int, are_banks_there: bool) -> None:
    """Whatever happened before: no moment comes twice, and judging it again changes nothing."""
    dice, day = random.Random(seed), Building()
    day.start()
    for _ in range(40):
        weights, steps = zip(*choices(day, dice), strict=True)
        dice.choices(steps, weights)[0]()
    rig = day.rig
    if not are_banks_there:
        for bank in BANKS:
            rig.do(i.BankGone(bank, "unplugged"))
    seen: list[int] = []
    while (moment := next_moment(rig)) is not None:
        seen.append(moment)
        assert len(seen) < ENOUGH, "no end"
        rig.mono_ms = moment
        rig.judge()
        assert not rig.do(i.TimeElapsed()).changes
    assert seen == sorted(set(seen))


def test_an_idle_kiosk_waits_for_nothing() -> None:
    rig = Rig().start()
    rig.deliver()
    assert [moment for moment in moments(rig.state) if moment > rig.mono_ms] == []


def test_a_clock_that_jumps_ahead_judges_everything_once() -> None:
    """A process that was stopped for an hour fires each deadline once, and pulses nothing."""
    rig = Rig().start()
    rig.sign_in_courier()
    rig.reserve()
    rig.pulse()
    rig.mono_ms += 3_600_000
    rig.judge()
    assert len(rig.unlocks()) == 1
    assert not rig.do(i.TimeElapsed()).changes


@pytest.mark.parametrize("days", [2, -400])
def test_a_wall_clock_that_jumps_ends_nothing_early(days: int) -> None:
    rig = Rig().start()
    rig.sign_in_courier()
    delivery = rig.drop_off()
    rig.wall_ms += days * 86_400_000
    rig.wait(59)
    assert not rig.messages()
    assert rig.state.active_session is not None
    rig.wait(2)
    assert len(rig.messages()) == 1
    rig.do(i.Finish())
    assert rig.present(rig.code_of(delivery)).refusal is None


def test_no_due_date_is_set_while_the_clock_is_not_trusted() -> None:
    rig = Rig().start()
    rig.is_trusted = False
    assert rig.deliver().due_at_ms is None


def test_an_interrupted_door_is_asked_about_however_far_an_untrusted_clock_has_jumped() -> None:
    rig = Rig().start()
    rig.sign_in_courier()
    rig.reserve()
    rig.open(rig.pulse())
    rig.restart()
    rig.is_trusted = False
    rig.wall_ms += 86_400_000
    rig.sign_in_courier()
    assert rig.screen().kind is ScreenKind.QUESTION
