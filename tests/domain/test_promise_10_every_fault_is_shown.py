"""Promise 10: every fault is shown to the person with a next step, and to staff as an incident."""

import random
from collections.abc import Callable
from dataclasses import replace

import pytest

from kiosk.domain import inputs as i
from kiosk.domain.model.compartment import DoorState
from kiosk.domain.model.incident import IncidentKind
from kiosk.domain.model.screen import Action, Screen, ScreenKind
from kiosk.domain.refusals import Refusal
from tests.domain.building import Building
from tests.domain.hands import fact_of
from tests.domain.rig import BANKS, Rig
from tests.domain.test_machine import choices

A = Action


def courier_jam(rig: Rig) -> None:
    rig.sign_in_courier()
    rig.reserve()
    rig.jam()


def courier_not_sent(rig: Rig) -> None:
    rig.sign_in_courier()
    rig.reserve()
    rig.do(i.UnlockFailed(rig.last_unlock().unlock, "late", is_certain=True))


def courier_bank_lost(rig: Rig) -> None:
    rig.sign_in_courier()
    rig.reserve()
    rig.pulse()
    rig.do(i.BankGone(BANKS[0], "unplugged"))


def courier_left_open(rig: Rig) -> None:
    rig.sign_in_courier()
    rig.open(rig.reserve())
    rig.wait(121)


def resident_jam(rig: Rig) -> None:
    rig.present(rig.code_of(rig.deliver()))
    rig.jam()


def resident_not_sent(rig: Rig) -> None:
    rig.present(rig.code_of(rig.deliver()))
    rig.do(i.UnlockFailed(rig.last_unlock().unlock, "late", is_certain=True))


def resident_bank_lost(rig: Rig) -> None:
    rig.present(rig.code_of(rig.deliver()))
    rig.pulse()
    rig.do(i.BankGone(BANKS[0], "unplugged"))


def door_unreachable(rig: Rig) -> None:
    delivery = rig.deliver()
    rig.do(i.BankGone(BANKS[0], "unplugged"))
    rig.present(rig.code_of(delivery))


K, N = ScreenKind, IncidentKind
CASES: list[tuple[Callable[[Rig], None], ScreenKind, Refusal | None, set[Action], IncidentKind]] = [
    (courier_jam, K.JAMMED, None, {A.ANOTHER_DOOR, A.FINISH}, N.DOOR_JAMMED),
    (courier_not_sent, K.JAMMED, None, {A.ANOTHER_DOOR, A.FINISH}, N.UNLOCK_NOT_SENT),
    (
        courier_bank_lost,
        K.QUESTION,
        Refusal.DOOR_UNREACHABLE,
        {A.INSIDE_NO, A.NEXT, A.FINISH},
        N.BANK_LOST,
    ),
    (courier_left_open, K.PUT_IN, None, {A.NEXT, A.FINISH, A.DOES_NOT_FIT}, N.DOOR_LEFT_OPEN),
    (resident_jam, K.JAMMED, None, {A.REOPEN, A.FINISH}, N.DOOR_JAMMED),
    (resident_not_sent, K.JAMMED, None, {A.REOPEN, A.FINISH}, N.UNLOCK_NOT_SENT),
    (resident_bank_lost, K.JAMMED, Refusal.DOOR_UNREACHABLE, {A.FINISH}, N.BANK_LOST),
    (door_unreachable, K.CODE, Refusal.DOOR_UNREACHABLE, {A.CODE, A.BACK}, N.BANK_LOST),
]


@pytest.mark.parametrize(("fault", "kind", "notice", "steps", "incident"), CASES)
def test_a_fault_has_a_page_a_next_step_help_and_an_incident(
    fault: Callable[[Rig], None],
    kind: ScreenKind,
    notice: Refusal | None,
    steps: set[Action],
    incident: IncidentKind,
) -> None:
    rig = Rig().start()
    fault(rig)
    offers = {offer.action for offer in rig.screen().offers}
    assert (rig.screen().kind, rig.screen().notice) == (kind, notice)
    assert steps <= offers
    assert A.HELP in offers
    assert incident in rig.incidents()


def test_a_second_pulse_tells_the_person_to_push_the_door() -> None:
    rig = Rig().start()
    rig.sign_in_courier()
    rig.reserve()
    rig.pulse()
    rig.wait(3)
    rig.pulse()
    assert (rig.screen().kind, rig.screen().pulses) == (ScreenKind.OPENING, 2)
    assert rig.screen().offers_action(A.PUSH_AGAIN)


def test_the_home_page_says_that_doors_are_out_of_reach() -> None:
    rig = Rig().start()
    rig.do(i.BankGone(BANKS[1], "unplugged"))
    assert (rig.screen().kind, rig.screen().lost_banks) == (ScreenKind.HOME, ("b",))


def test_the_help_page_names_who_answers_and_the_door() -> None:
    rig = Rig().start()
    rig.sign_in_courier()
    rig.reserve()
    rig.do(i.AskHelp())
    assert (rig.screen().help_contact, rig.screen().door) == ("desk", "1")


def test_nobody_to_tell_is_told_to_staff_for_each_parcel() -> None:
    rig = Rig().start()
    rig.do(i.ChangeDirectory(replace(rig.state.directory, residents={})))
    rig.deliver("412")
    rig.deliver("101")
    assert rig.events().count("IncidentRaised") == 2


def dead_ends(rig: Rig) -> Screen | None:
    """The page, if none of its offers does anything."""
    before, screen = rig.state, rig.screen()
    at_hand = before.visit.compartment
    if at_hand and (before.unlock_of(at_hand) or before.door(at_hand) is DoorState.OPEN):
        return None  # the next step is at the door
    for offer in screen.offers:
        if offer.action in (A.HELP, A.STAY):
            continue
        trial = Rig(before, mono_ms=rig.mono_ms)
        if trial.do(fact_of(rig, offer)).refusal is None:
            return None
    return screen


@pytest.mark.parametrize("seed", range(300, 312))
def test_no_page_is_a_dead_end(seed: int) -> None:
    """Wherever random days lead, some touch is taken, and a sentence that is shown has a page around it."""
    dice, day = random.Random(seed), Building()
    day.start()
    for _ in range(100):
        weights, steps = zip(*choices(day, dice), strict=True)
        dice.choices(steps, weights)[0]()
        assert dead_ends(day.rig) is None
