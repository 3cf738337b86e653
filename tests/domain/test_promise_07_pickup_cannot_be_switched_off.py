"""Promise 7: a code is refused only when used up, revoked or never made, and the screen says which."""

import random
from dataclasses import replace

import pytest

from kiosk.domain import inputs as i
from kiosk.domain.model.compartment import DoorState
from kiosk.domain.model.delivery import Delivery, DeliveryState
from kiosk.domain.model.directory import Directory
from kiosk.domain.model.screen import Action, ScreenKind
from kiosk.domain.refusals import Refusal
from tests.domain.building import Building
from tests.domain.rig import BANKS, Rig, digest
from tests.domain.test_machine import choices

WORDS = {
    Refusal.CODE_COLLECTED,
    Refusal.CODE_REMOVED,
    Refusal.CODE_REVOKED,
    Refusal.CODE_WITHDRAWN,
    Refusal.WRONG_CODE,
}
NOT_A_REFUSAL = {Refusal.CODE_NEEDS_MORE, Refusal.CODE_TOO_SOON}
OUT_OF_REACH = {Refusal.DOOR_UNREACHABLE}


@pytest.fixture
def waiting() -> tuple[Rig, Delivery]:
    """A kiosk with a parcel for 412."""
    rig = Rig().start()
    return rig, rig.deliver()


def opens(rig: Rig, delivery: Delivery) -> bool:
    before = len(rig.unlocks())
    return rig.present(rig.code_of(delivery)).refusal is None and len(rig.unlocks()) == before + 1


def test_an_empty_directory_refuses_no_code(waiting: tuple[Rig, Delivery]) -> None:
    rig, delivery = waiting
    rig.do(i.ChangeDirectory(Directory()))
    assert opens(rig, delivery)


def test_a_clock_that_nobody_trusts_refuses_no_code(waiting: tuple[Rig, Delivery]) -> None:
    rig, delivery = waiting
    rig.is_trusted, rig.wall_ms = False, -400 * 86_400_000
    rig.restart()
    assert opens(rig, delivery)


def test_a_parcel_long_overdue_is_still_handed_over(waiting: tuple[Rig, Delivery]) -> None:
    rig, delivery = waiting
    rig.wall_ms += 300 * 86_400_000
    assert opens(rig, delivery)


def test_a_lost_bank_elsewhere_refuses_no_code(waiting: tuple[Rig, Delivery]) -> None:
    rig, delivery = waiting
    rig.do(i.BankGone(BANKS[1], "unplugged"))
    assert opens(rig, delivery)


def test_a_parcel_in_doubt_is_still_handed_over(waiting: tuple[Rig, Delivery]) -> None:
    rig, delivery = waiting
    rig.open(delivery.compartment)
    rig.close(delivery.compartment)
    assert rig.state.deliveries[delivery.id].is_in_doubt
    assert opens(rig, delivery)


def test_a_jammed_door_is_tried_again_by_the_same_code(waiting: tuple[Rig, Delivery]) -> None:
    rig, delivery = waiting
    for _ in range(3):
        assert opens(rig, delivery)
        rig.jam()
        rig.do(i.Finish())
    assert rig.state.deliveries[delivery.id].state is DeliveryState.STORED


def test_a_sensor_stuck_open_does_not_lock_the_parcel_in(waiting: tuple[Rig, Delivery]) -> None:
    """The lock is pulsed although its door reads open, and once more when touched."""
    rig, delivery = waiting
    rig.do(i.DoorSeen(delivery.compartment, DoorState.OPEN))
    assert opens(rig, delivery)
    rig.pulse()
    rig.wait(121)
    assert rig.screen().kind is ScreenKind.HOME
    rig.present(rig.code_of(delivery))
    assert rig.screen().offers_action(Action.REOPEN)
    assert rig.do(i.Reopen()).refusal is None


def test_a_strangers_guesses_shut_nobody_out(waiting: tuple[Rig, Delivery]) -> None:
    rig, delivery = waiting
    rig.do(i.ChooseFlow(i.Flow.PICK_UP))
    for number in range(50):
        rig.do(i.PresentCode(digest(f"guess {number}"), is_long=False))
    live = rig.state.credentials[rig.code_of(delivery)]
    assert rig.do(i.PresentCode(live.digest, is_long=False)).refusal is Refusal.CODE_NEEDS_MORE
    assert rig.do(i.PresentCode(live.long_digest, is_long=True)).refusal is None


def test_the_screen_says_which_of_the_three_it_is(waiting: tuple[Rig, Delivery]) -> None:
    rig, delivery = waiting
    rig.pick_up(delivery)
    rig.answer()
    rig.do(i.Finish())
    rig.wait(31 * 60)
    assert rig.present(rig.code_of(delivery)).refusal is Refusal.CODE_COLLECTED
    assert rig.screen().notice is Refusal.CODE_COLLECTED
    assert rig.do(i.PresentCode(digest("never"), is_long=False)).refusal is Refusal.WRONG_CODE
    assert rig.screen().notice is Refusal.WRONG_CODE


def test_a_full_cabinet_and_no_carriers_refuse_no_code(waiting: tuple[Rig, Delivery]) -> None:
    rig, delivery = waiting
    rig.do(i.ChangeDirectory(replace(rig.state.directory, carriers={}, carrier_codes={}, staff={})))
    assert opens(rig, delivery)


@pytest.mark.parametrize("seed", range(200, 216))
def test_after_anything_every_live_code_opens_once_its_door_is_in_sight(seed: int) -> None:
    """Random days, then everybody leaves and the boards answer: each code that is out moves its lock."""
    dice, day = random.Random(seed), Building()
    day.start()
    for _ in range(120):
        weights, steps = zip(*choices(day, dice), strict=True)
        dice.choices(steps, weights)[0]()
    day.teardown()
    rig = day.rig
    for delivery in [one for one in rig.state.deliveries.values() if one.has_code]:
        rig.wait(2000)
        live = rig.state.credentials[rig.code_of(delivery)]
        rig.do(i.ChooseFlow(i.Flow.PICK_UP))
        outcome = rig.do(i.PresentCode(live.long_digest, is_long=True))
        assert outcome.refusal is None
        assert rig.last_unlock().compartment == delivery.compartment
