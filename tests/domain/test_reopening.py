"""Once more: by touch for two minutes, by the same code for half an hour, three times, until given out."""

import pytest

from kiosk.domain import inputs as i
from kiosk.domain.model.delivery import Delivery
from kiosk.domain.model.screen import Action, ScreenKind
from kiosk.domain.model.vacancy import Vacancy
from kiosk.domain.refusals import Refusal
from tests.domain.rig import Rig


@pytest.fixture
def collected() -> tuple[Rig, Delivery]:
    """A parcel that was collected a moment ago."""
    rig = Rig().start()
    delivery = rig.deliver()
    rig.pick_up(delivery)
    rig.answer()
    return rig, delivery


def go_through(rig: Rig, delivery: Delivery) -> None:
    rig.pulse()
    rig.open(delivery.compartment)
    assert rig.screen().kind is ScreenKind.TAKE_OUT
    rig.close(delivery.compartment)
    assert rig.screen().kind is ScreenKind.PICKUP_DONE


def test_one_touch_reopens_for_two_minutes(collected: tuple[Rig, Delivery]) -> None:
    rig, delivery = collected
    rig.wait(119)
    assert rig.screen().offers_action(Action.REOPEN)
    assert rig.do(i.Reopen()).refusal is None
    go_through(rig, delivery)


def test_the_last_page_ends_after_two_minutes(collected: tuple[Rig, Delivery]) -> None:
    rig, _ = collected
    rig.wait(121)
    assert rig.screen().kind is ScreenKind.HOME
    assert rig.do(i.Reopen()).refusal is Refusal.NOT_NOW


def test_a_touch_that_comes_too_late_is_told_to_key_the_code_in(collected: tuple[Rig, Delivery]) -> None:
    """The page should have ended: a timer that is late opens nothing."""
    rig, _ = collected
    rig.mono_ms += 121_000
    assert rig.do(i.Reopen()).refusal is Refusal.TOO_LATE_TO_REOPEN


def test_a_door_out_of_sight_is_not_reopened(collected: tuple[Rig, Delivery]) -> None:
    rig, delivery = collected
    rig.do(i.BankGone(rig.state.place(delivery.compartment).bank, "unplugged"))
    assert not rig.screen().offers_action(Action.REOPEN)
    assert rig.do(i.Reopen()).refusal is Refusal.DOOR_UNREACHABLE
    rig.do(i.Finish())
    assert rig.present(rig.code_of(delivery)).refusal is Refusal.DOOR_UNREACHABLE


def test_a_reopened_door_that_jams_may_be_tried_again(collected: tuple[Rig, Delivery]) -> None:
    rig, delivery = collected
    rig.do(i.Reopen())
    assert rig.do(i.Reopen()).refusal is Refusal.NOT_NOW
    rig.jam()
    assert (rig.screen().kind, rig.screen().offers_action(Action.REOPEN)) == (ScreenKind.JAMMED, True)
    assert rig.do(i.Reopen()).refusal is None
    go_through(rig, delivery)


def test_help_and_a_jam_stay_on_the_screen_however_long_the_last_page_stood(
    collected: tuple[Rig, Delivery],
) -> None:
    """The last page outlives the idle time of every other; the page after it gets its own in full."""
    rig, _ = collected
    rig.wait(70)
    rig.do(i.AskHelp())
    rig.wait(30)
    assert rig.screen().kind is ScreenKind.HELP
    rig.do(i.GoBack())
    rig.do(i.Reopen())
    rig.jam()
    rig.wait(20)
    assert rig.screen().kind is ScreenKind.JAMMED


def test_a_spent_code_does_not_open_the_foreign_parcel_that_staff_found(
    collected: tuple[Rig, Delivery],
) -> None:
    rig, delivery = collected
    rig.do(i.Finish())
    rig.open(delivery.compartment)
    rig.close(delivery.compartment)
    rig.sign_in_staff()
    rig.look(delivery.compartment, i.Found.FOREIGN)
    rig.do(i.Finish())
    assert rig.present(rig.code_of(delivery)).refusal is Refusal.CODE_COLLECTED


def test_the_same_code_reopens_for_half_an_hour(collected: tuple[Rig, Delivery]) -> None:
    rig, delivery = collected
    rig.do(i.Finish())
    rig.wait(29 * 60)
    assert rig.present(rig.code_of(delivery)).refusal is None
    go_through(rig, delivery)
    rig.do(i.Finish())
    rig.wait(2 * 60)
    assert rig.present(rig.code_of(delivery)).refusal is Refusal.CODE_COLLECTED


def test_touch_and_code_together_reopen_three_times(collected: tuple[Rig, Delivery]) -> None:
    rig, delivery = collected
    rig.do(i.Reopen())
    go_through(rig, delivery)
    rig.do(i.Finish())
    for _ in range(2):
        assert rig.present(rig.code_of(delivery)).refusal is None
        go_through(rig, delivery)
        rig.do(i.Finish())
    assert rig.present(rig.code_of(delivery)).refusal is Refusal.REOPENED_TOO_OFTEN
    assert rig.screen().kind is ScreenKind.CODE


def test_an_offer_to_reopen_goes_with_the_third_time(collected: tuple[Rig, Delivery]) -> None:
    rig, delivery = collected
    for _ in range(3):
        assert rig.do(i.Reopen()).refusal is None
        go_through(rig, delivery)
    assert not rig.screen().offers_action(Action.REOPEN)
    assert rig.do(i.Reopen()).refusal is Refusal.REOPENED_TOO_OFTEN


def test_a_compartment_given_out_is_not_reopened(collected: tuple[Rig, Delivery]) -> None:
    rig, delivery = collected
    rig.do(i.Finish())
    rig.sign_in_courier()
    while rig.state.deliveries_in(delivery.compartment) == ():
        rig.drop_off("101")
        rig.do(i.NextParcel())
    rig.do(i.Finish())
    rig.do(i.Finish())
    before = len(rig.unlocks())
    assert rig.present(rig.code_of(delivery)).refusal is Refusal.CODE_COLLECTED
    assert len(rig.unlocks()) == before


def test_a_reopened_compartment_is_only_presumed_empty(collected: tuple[Rig, Delivery]) -> None:
    rig, delivery = collected
    assert rig.vacancy(delivery.compartment) is Vacancy.VERIFIED
    rig.do(i.Reopen())
    assert rig.vacancy(delivery.compartment) is Vacancy.PRESUMED


def test_a_reopened_door_left_standing_open_is_unknown(collected: tuple[Rig, Delivery]) -> None:
    rig, delivery = collected
    rig.do(i.Reopen())
    rig.pulse()
    rig.open(delivery.compartment)
    rig.wait(121)
    assert rig.screen().kind is ScreenKind.HOME
    assert rig.vacancy(delivery.compartment) is Vacancy.UNKNOWN


def test_a_restart_in_the_same_boot_forgets_the_reopening(collected: tuple[Rig, Delivery]) -> None:
    rig, delivery = collected
    rig.restart()
    assert rig.present(rig.code_of(delivery)).refusal is Refusal.CODE_COLLECTED


def test_a_parcel_at_hand_is_reopened_three_times_at_most() -> None:
    rig = Rig().start()
    delivery = rig.deliver()
    rig.pick_up(delivery)
    for _ in range(3):
        assert rig.do(i.Reopen()).refusal is None
        rig.pulse()
        rig.open(delivery.compartment)
        rig.close(delivery.compartment)
    assert not rig.screen().offers_action(Action.REOPEN)
    assert rig.do(i.Reopen()).refusal is Refusal.REOPENED_TOO_OFTEN
    assert rig.answer().refusal is None
    assert rig.do(i.Reopen()).refusal is Refusal.REOPENED_TOO_OFTEN


def test_the_last_page_shows_no_name(collected: tuple[Rig, Delivery]) -> None:
    rig, _ = collected
    assert (rig.screen().unit, rig.screen().initial, rig.screen().carrier) == ("", "", "")
