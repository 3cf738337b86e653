"""An interrupted drop-off: the same carrier is asked at the next sign-in, or finds its open door again."""

from dataclasses import replace

import pytest

from kiosk.domain import inputs as i
from kiosk.domain.limits import DAY_MS
from kiosk.domain.model.delivery import DeliveryState
from kiosk.domain.model.ids import CompartmentId
from kiosk.domain.model.incident import IncidentKind
from kiosk.domain.model.screen import Action, ScreenKind
from kiosk.domain.model.session import SessionState
from kiosk.domain.model.vacancy import Vacancy
from kiosk.domain.refusals import Refusal
from tests.domain.hands import answered
from tests.domain.rig import BANKS, Rig


def interrupted(*open_doors: str) -> tuple[Rig, CompartmentId]:
    """Power fails in front of an open door and comes back."""
    rig = Rig().start()
    rig.sign_in_courier()
    compartment = rig.reserve()
    rig.pulse()
    rig.open(compartment)
    rig.restart(*open_doors)
    return rig, compartment


def test_after_a_start_every_session_is_parked_and_the_page_names_the_open_door() -> None:
    rig, compartment = interrupted("c1")
    assert {session.state for session in rig.state.sessions.values()} == {SessionState.PARKED}
    (door,) = rig.screen().open_doors
    assert (door.door, door.unit, door.is_drop_off) == ("1", "412", True)
    assert rig.state.deliveries_in(compartment)[0].state is DeliveryState.DEPOSITING


def test_nothing_opens_after_a_start_without_a_new_sign_in() -> None:
    rig, _ = interrupted("c1")
    for touch in (i.Reopen(), i.PushAgain(), i.UseAnotherDoor(), i.DoesNotFit(), i.NotDeposited()):
        assert rig.do(touch).refusal is Refusal.NOT_NOW
    rig.wait(300)
    assert not rig.unlocks()


def test_closed_before_that_carrier_signs_in_is_uncertain() -> None:
    rig, compartment = interrupted("c1")
    rig.close(compartment)
    assert rig.state.deliveries_in(compartment)[0].state is DeliveryState.UNCERTAIN
    assert not rig.state.sessions
    assert IncidentKind.DROP_OFF_UNCERTAIN in rig.incidents()


def test_closed_after_that_carrier_signed_in_is_stored() -> None:
    rig, compartment = interrupted("c1")
    rig.sign_in_courier()
    rig.close(compartment)
    assert rig.state.deliveries_in(compartment)[0].state is DeliveryState.STORED
    rig.do(i.Finish())
    assert len(rig.messages()) == 1


def test_another_carrier_is_not_asked_and_does_not_get_the_door() -> None:
    rig, compartment = interrupted("c1")
    rig.sign_in_courier("222222")
    assert rig.screen().kind is ScreenKind.UNIT
    rig.close(compartment)
    assert rig.state.deliveries_in(compartment)[0].state is DeliveryState.UNCERTAIN


def test_yes_behind_a_closed_door_stores_the_parcel_and_sends_its_code() -> None:
    rig, compartment = interrupted()
    rig.sign_in_courier()
    (delivery,) = rig.state.deliveries_in(compartment)
    assert rig.do(i.AnswerQuestion(delivery.id, is_inside=True)).refusal is None
    assert rig.state.deliveries[delivery.id].state is DeliveryState.STORED
    assert rig.vacancy(compartment) is Vacancy.OCCUPIED
    assert len(rig.messages()) == 1
    assert not rig.incidents()
    rig.do(i.Finish())
    assert [proof.unit for proof in rig.screen().proofs] == ["412"]


def test_no_presumes_the_compartment_empty_and_the_next_courier_looks_first() -> None:
    rig, compartment = interrupted()
    rig.sign_in_courier()
    (delivery,) = rig.state.deliveries_in(compartment)
    rig.do(i.AnswerQuestion(delivery.id, is_inside=False))
    assert not rig.state.deliveries
    assert not rig.incidents()
    assert rig.vacancy(compartment) is Vacancy.PRESUMED


def test_no_leaves_a_compartment_to_staff_that_somebody_else_has_opened() -> None:
    rig, compartment = interrupted()
    rig.open(compartment)
    rig.close(compartment)
    rig.sign_in_courier()
    (delivery,) = rig.state.deliveries_in(compartment)
    rig.do(i.AnswerQuestion(delivery.id, is_inside=False))
    assert not rig.state.deliveries
    assert rig.vacancy(compartment) is Vacancy.UNKNOWN
    rig.do(i.Finish())
    rig.sign_in_staff()
    rig.do(answered(compartment, "not_me"))
    assert [(task.door, task.why) for task in rig.screen().tasks] == [("1", "vacancy_unknown")]


def test_a_yes_is_not_taken_while_the_door_is_open() -> None:
    rig = Rig().start()
    rig.sign_in_courier()
    compartment = rig.reserve()
    rig.pulse()
    rig.do(i.BankGone(BANKS[0], "unplugged"))
    (delivery,) = rig.state.deliveries_in(compartment)
    rig.see_bank(BANKS[0], compartment)
    assert not rig.screen().offers_action(Action.INSIDE_YES)
    assert rig.do(i.AnswerQuestion(delivery.id, is_inside=True)).refusal is Refusal.CLOSE_THE_DOOR_FIRST
    rig.close(compartment)
    assert rig.screen().offers_action(Action.INSIDE_YES)
    assert rig.do(i.AnswerQuestion(delivery.id, is_inside=True)).refusal is None


def test_a_yes_is_not_taken_about_a_door_that_nobody_can_see() -> None:
    rig = Rig().start()
    rig.sign_in_courier()
    compartment = rig.reserve()
    rig.pulse()
    rig.do(i.BankGone(BANKS[0], "unplugged"))
    (delivery,) = rig.state.deliveries_in(compartment)
    assert rig.do(i.AnswerQuestion(delivery.id, is_inside=True)).refusal is Refusal.DOOR_UNREACHABLE
    assert rig.screen().offers_action(Action.NEXT)
    assert rig.do(i.NextParcel()).refusal is None
    assert rig.screen().kind is ScreenKind.UNIT


def test_a_question_about_a_delivery_that_is_settled_meanwhile_makes_room_for_the_unit() -> None:
    rig, compartment = interrupted()
    rig.sign_in_courier()
    (delivery,) = rig.state.deliveries_in(compartment)
    rig.state = replace(rig.state, deliveries={})
    assert rig.screen().kind is ScreenKind.UNIT
    assert rig.do(i.AnswerQuestion(delivery.id, is_inside=True)).refusal is Refusal.NOT_NOW
    assert rig.do(i.ChooseUnit("412")).refusal is None


def test_every_interrupted_door_is_asked_about_in_turn_and_may_be_skipped() -> None:
    rig = Rig().start()
    rig.sign_in_courier()
    first = rig.reserve("412")
    rig.pulse()
    rig.open(first)
    rig.do(i.NextParcel())
    second = rig.reserve("101")
    rig.pulse()
    rig.open(second)
    rig.restart()
    rig.sign_in_courier()
    assert (rig.screen().kind, rig.screen().unit) == (ScreenKind.QUESTION, "412")
    rig.do(i.NextParcel())
    assert (rig.screen().kind, rig.screen().unit) == (ScreenKind.QUESTION, "101")
    rig.do(i.NextParcel())
    assert rig.screen().kind is ScreenKind.UNIT
    assert rig.state.deliveries_in(first)[0].state is DeliveryState.UNCERTAIN


def walked_away() -> tuple[Rig, CompartmentId]:
    """A courier left a door open, and somebody pushed it shut."""
    rig = Rig().start()
    rig.sign_in_courier()
    compartment = rig.reserve()
    rig.pulse()
    rig.open(compartment)
    rig.wait(300)
    rig.close(compartment)
    return rig, compartment


@pytest.mark.parametrize("set_by_days", [0, 400, -400])
def test_the_courier_is_asked_for_two_hours_whatever_the_wall_clock_says(set_by_days: int) -> None:
    rig, _ = walked_away()
    rig.wall_ms += set_by_days * DAY_MS
    rig.wait(3600)
    rig.sign_in_courier()
    assert rig.screen().kind is ScreenKind.QUESTION
    rig.do(i.GoBack())
    rig.wait(3600)
    rig.sign_in_courier()
    assert rig.screen().kind is ScreenKind.UNIT


@pytest.mark.parametrize("set_by_days", [0, 400])
def test_after_a_start_nobody_knows_how_long_ago_it_was_and_the_courier_is_asked(set_by_days: int) -> None:
    rig, _ = walked_away()
    rig.wall_ms += set_by_days * DAY_MS
    rig.restart()
    rig.wait(3 * 3600)
    rig.sign_in_courier()
    assert rig.screen().kind is ScreenKind.QUESTION
