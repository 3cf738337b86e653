"""What is wrong with a parcel behind a shut door: not theirs, damaged, and somebody wants a person."""

import pytest

from kiosk.domain import events as e
from kiosk.domain import inputs as i
from kiosk.domain.model.credential import SpentWhy
from kiosk.domain.model.delivery import Delivery, DeliveryState
from kiosk.domain.model.ids import IncidentId
from kiosk.domain.model.incident import IncidentKind
from kiosk.domain.model.screen import Action, ScreenKind
from kiosk.domain.model.vacancy import Vacancy
from kiosk.domain.refusals import Refusal
from kiosk.domain.rules.custody import PARCEL_DISPUTED, PARCEL_NOT_FOUND, PARCEL_WAITING
from tests.domain.rig import Rig

NOT_MINE = i.PickupAnswer.NOT_MINE


def said(answer: i.PickupAnswer, *, open_s: float = 10) -> tuple[Rig, Delivery]:
    """A parcel is looked at, left or taken, and this is said about it."""
    rig = Rig().start()
    delivery = rig.deliver()
    rig.pick_up(delivery, open_s=open_s)
    assert rig.do(i.SomethingWrong()).refusal is None
    assert rig.screen().kind is ScreenKind.PICKUP_TROUBLE
    assert rig.answer(answer).refusal is None
    return rig, delivery


def kinds(rig: Rig) -> list[str]:
    return [message.kind for message in rig.messages()]


@pytest.mark.parametrize("open_s", [1, 10])
def test_a_parcel_that_is_not_theirs_stays_occupied_and_its_code_is_dead(open_s: float) -> None:
    rig, delivery = said(NOT_MINE, open_s=open_s)
    kept = rig.state.deliveries[delivery.id]
    assert (kept.state, kept.is_disputed, kept.has_code) == (DeliveryState.STORED, True, False)
    assert rig.vacancy(delivery.compartment) is Vacancy.OCCUPIED
    assert rig.incidents() == {IncidentKind.PARCEL_DISPUTED}
    assert rig.state.spent[rig.code_of(delivery)].why is SpentWhy.DISPUTED
    rig.do(i.Finish())
    assert rig.present(rig.code_of(delivery)).refusal is Refusal.CODE_DISPUTED


def test_nobody_is_told_once_more_that_a_disputed_parcel_waits() -> None:
    rig, delivery = said(NOT_MINE)
    rig.do(i.Finish())
    rig.wait(400)
    rig.restart()
    rig.wait(400)
    assert kinds(rig) == [PARCEL_WAITING, PARCEL_DISPUTED]
    assert not rig.state.deliveries[delivery.id].has_code


def test_the_screen_names_the_case_after_a_word_that_staff_hear_of() -> None:
    rig, _ = said(NOT_MINE)
    shown = rig.screen()
    assert shown.kind is ScreenKind.PICKUP_DONE
    assert len(shown.case.replace(" ", "")) == 6
    rig.do(i.AskHelp())
    assert rig.screen().case == shown.case
    rig.do(i.GoBack())
    rig.do(i.Finish())
    assert not rig.screen().case


def test_staff_who_find_it_theirs_after_all_let_a_new_code_go_out() -> None:
    rig, delivery = said(NOT_MINE)
    rig.do(i.Finish())
    rig.sign_in_staff()
    assert [task.why for task in rig.screen().tasks] == ["parcel_disputed"]
    rig.look(delivery.compartment, i.Found.PARCEL)
    assert not rig.incidents()
    assert kinds(rig) == [PARCEL_WAITING, PARCEL_DISPUTED, PARCEL_WAITING]
    rig.do(i.Finish())
    assert rig.present(rig.code_of(delivery)).refusal is None


def test_staff_who_do_not_find_it_settle_the_dispute_and_look_for_the_parcel() -> None:
    rig, delivery = said(NOT_MINE)
    rig.do(i.Finish())
    rig.sign_in_staff()
    rig.look(delivery.compartment, i.Found.EMPTY)
    assert rig.incidents() == {IncidentKind.PARCEL_MISSING}
    assert kinds(rig)[-1] == PARCEL_NOT_FOUND
    assert not rig.state.deliveries


def test_a_damaged_parcel_that_was_taken_is_collected_and_on_record() -> None:
    rig, delivery = said(i.PickupAnswer.DAMAGED_TAKEN)
    assert not rig.state.deliveries
    assert rig.of_type(e.DamageReported) == [
        e.DamageReported(delivery.id, delivery.compartment, delivery.carrier, is_taken=True)
    ]
    assert rig.incidents() == {IncidentKind.PARCEL_DAMAGED}


@pytest.mark.parametrize("open_s", [1, 10])
def test_a_damaged_parcel_that_was_left_stays_with_its_code_live(open_s: float) -> None:
    rig, delivery = said(i.PickupAnswer.DAMAGED_LEFT, open_s=open_s)
    assert rig.state.deliveries[delivery.id].state is DeliveryState.STORED
    assert [one.is_taken for one in rig.of_type(e.DamageReported)] == [False]
    rig.do(i.Finish())
    assert rig.present(rig.code_of(delivery)).refusal is None


def test_a_damaged_parcel_taken_through_a_door_that_was_hardly_open_is_in_doubt() -> None:
    rig, delivery = said(i.PickupAnswer.DAMAGED_TAKEN, open_s=1)
    assert rig.state.deliveries[delivery.id].is_in_doubt
    assert rig.incidents() == {IncidentKind.PARCEL_DAMAGED, IncidentKind.PICKUP_IN_DOUBT}


def test_whoever_says_that_something_is_wrong_can_go_back_to_the_question() -> None:
    rig = Rig().start()
    rig.pick_up(rig.deliver())
    rig.do(i.SomethingWrong())
    rig.do(i.GoBack())
    assert rig.screen().kind is ScreenKind.GOT_EVERYTHING


def test_nothing_is_wrong_with_a_parcel_whose_door_is_open() -> None:
    rig = Rig().start()
    delivery = rig.deliver()
    rig.present(rig.code_of(delivery))
    rig.pulse()
    rig.open(delivery.compartment)
    assert rig.do(i.SomethingWrong()).refusal is Refusal.NOT_NOW
    rig.close(delivery.compartment)
    rig.do(i.SomethingWrong())
    rig.do(i.Reopen())
    rig.pulse()
    rig.open(delivery.compartment)
    assert rig.screen().kind is ScreenKind.TAKE_OUT
    rig.close(delivery.compartment)
    assert rig.screen().kind is ScreenKind.GOT_EVERYTHING


# Help


def test_whoever_asks_for_staff_gets_one_case_number_however_often_they_ask() -> None:
    rig = Rig().start()
    rig.do(i.AskHelp())
    assert rig.screen().offers_action(Action.CALL_STAFF)
    rig.do(i.CallStaff())
    number = rig.screen().case
    rig.do(i.CallStaff())
    assert rig.screen().case == number
    assert rig.incidents() == {IncidentKind.HELP_WANTED}
    assert rig.events().count("IncidentRaised") == 1


def test_a_call_names_the_door_and_the_parcel_at_hand() -> None:
    rig = Rig().start()
    delivery = rig.deliver()
    rig.present(rig.code_of(delivery))
    rig.jam()
    rig.do(i.AskHelp())
    rig.do(i.CallStaff())
    raised = rig.of_type(e.IncidentRaised)[-1]
    assert (raised.kind, raised.compartment, raised.delivery) == (
        IncidentKind.HELP_WANTED,
        delivery.compartment,
        delivery.id,
    )


def test_staff_read_of_a_call_and_say_that_it_is_done() -> None:
    rig = Rig().start()
    rig.do(i.AskHelp())
    rig.do(i.CallStaff())
    number = rig.screen().case
    rig.do(i.GoBack())
    rig.sign_in_staff()
    rig.do(i.ShowCases())
    (case,) = rig.screen().cases
    assert case.number == number
    assert rig.do(i.CloseCase(IncidentId("none"))).refusal is Refusal.NOT_NOW
    assert rig.do(i.CloseCase(case.incident)).refusal is None
    assert not rig.state.incidents
    assert rig.of_type(e.IncidentSettled)[-1].by == "staff:7"
    rig.do(i.GoBack())
    assert rig.screen().kind is ScreenKind.STAFF_LIST


def test_only_staff_at_their_list_see_and_close_cases() -> None:
    rig = Rig().start()
    assert rig.do(i.CallStaff()).refusal is Refusal.NOT_NOW
    assert rig.do(i.ShowCases()).refusal is Refusal.NOT_NOW
    rig.do(i.AskHelp())
    rig.do(i.CallStaff())
    known = next(iter(rig.state.incidents))
    assert rig.do(i.CloseCase(known)).refusal is Refusal.NOT_NOW
    assert rig.state.incidents
