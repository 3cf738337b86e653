"""One opening, one verdict: bounces belong to it, and one that was brief is no proof of anything."""

import pytest

from kiosk.domain import inputs as i
from kiosk.domain.model.compartment import DoorState
from kiosk.domain.model.delivery import Delivery, DeliveryState
from kiosk.domain.model.ids import CompartmentId
from kiosk.domain.model.incident import IncidentKind
from kiosk.domain.model.screen import Action, ScreenKind
from kiosk.domain.model.session import SessionState
from kiosk.domain.model.vacancy import Vacancy
from kiosk.domain.refusals import Refusal
from tests.domain.rig import Rig


def at_drop_off(*, open_s: float) -> tuple[Rig, CompartmentId]:
    """A courier's door was open for so long and is shut."""
    rig = Rig().start()
    rig.sign_in_courier()
    compartment = rig.reserve()
    rig.pulse()
    rig.open(compartment)
    rig.close(compartment, after_s=open_s)
    return rig, compartment


def at_pickup(*, open_s: float) -> tuple[Rig, Delivery]:
    """A resident's door was open for so long and is shut."""
    rig = Rig().start()
    delivery = rig.deliver()
    rig.pick_up(delivery, open_s=open_s)
    return rig, delivery


def chatter(rig: Rig, compartment: CompartmentId, times: int = 4) -> None:
    """The shut door bounces: open for 30 ms, shut for 30 ms, again and again."""
    for door in (DoorState.OPEN, DoorState.CLOSED) * times:
        rig.mono_ms += 30
        rig.do(i.DoorSeen(compartment, door))


def state_in(rig: Rig, compartment: CompartmentId) -> DeliveryState:
    return rig.state.deliveries_in(compartment)[0].state


def count(rig: Rig, name: str) -> int:
    return rig.events().count(name)


# A drop-off that was open for a moment


def test_a_drop_off_door_open_for_a_moment_stores_nothing_and_the_courier_is_asked_at_once() -> None:
    rig, compartment = at_drop_off(open_s=0.45)
    assert state_in(rig, compartment) is DeliveryState.DEPOSITING
    rig.wait(2)
    assert state_in(rig, compartment) is DeliveryState.UNCERTAIN
    assert count(rig, "DeliveryStored") == 0
    assert rig.screen().kind is ScreenKind.QUESTION
    assert rig.screen().was_short
    assert all(
        rig.screen().offers_action(one) for one in (Action.INSIDE_YES, Action.INSIDE_NO, Action.REOPEN)
    )
    rig.wait(300)
    assert not rig.messages()


def test_a_door_open_for_two_seconds_stores_at_once() -> None:
    rig, compartment = at_drop_off(open_s=2)
    assert state_in(rig, compartment) is DeliveryState.STORED
    assert rig.screen().kind is ScreenKind.STORED


def test_the_courier_says_that_it_is_inside_and_sees_the_proof() -> None:
    rig, compartment = at_drop_off(open_s=1)
    rig.wait(2)
    (delivery,) = rig.state.deliveries_in(compartment)
    assert rig.do(i.AnswerQuestion(delivery.id, is_inside=True)).refusal is None
    assert rig.screen().kind is ScreenKind.STORED
    assert rig.screen().proofs
    assert not rig.incidents()


def test_the_courier_has_it_still_and_goes_on_with_another_unit() -> None:
    rig, compartment = at_drop_off(open_s=1)
    rig.wait(2)
    (delivery,) = rig.state.deliveries_in(compartment)
    assert rig.do(i.AnswerQuestion(delivery.id, is_inside=False)).refusal is None
    assert rig.screen().kind is ScreenKind.UNIT
    assert not rig.state.deliveries
    assert rig.vacancy(compartment) is Vacancy.PRESUMED


def test_the_courier_opens_it_again_and_puts_the_parcel_in() -> None:
    rig, compartment = at_drop_off(open_s=1)
    rig.wait(2)
    assert rig.do(i.Reopen()).refusal is None
    rig.pulse()
    rig.open(compartment)
    assert state_in(rig, compartment) is DeliveryState.DEPOSITING
    assert rig.screen().kind is ScreenKind.PUT_IN
    rig.close(compartment)
    assert state_in(rig, compartment) is DeliveryState.STORED
    assert rig.vacancy(compartment) is Vacancy.OCCUPIED
    assert not rig.incidents()
    rig.do(i.Finish())
    assert len(rig.messages()) == 1


def test_it_is_opened_again_three_times_at_most() -> None:
    rig, compartment = at_drop_off(open_s=1)
    rig.wait(2)
    for _ in range(3):
        assert rig.do(i.Reopen()).refusal is None
        rig.open(rig.pulse())
        rig.close(compartment, after_s=1)
        rig.wait(2)
    assert not rig.screen().offers_action(Action.REOPEN)
    assert rig.do(i.Reopen()).refusal is Refusal.REOPENED_TOO_OFTEN


@pytest.mark.parametrize("wait_s", [0, 2])
def test_a_session_that_ends_without_an_answer_leaves_it_uncertain_for_staff(wait_s: int) -> None:
    rig, compartment = at_drop_off(open_s=1)
    rig.wait(wait_s)
    assert rig.do(i.Finish()).refusal is None
    rig.wait(300)
    assert state_in(rig, compartment) is DeliveryState.UNCERTAIN
    assert rig.incidents() == {IncidentKind.DROP_OFF_UNCERTAIN}
    rig.sign_in_staff()
    assert [task.why for task in rig.screen().tasks] == ["drop_off_uncertain"]


def test_a_courier_who_went_on_at_once_is_asked_before_the_next_parcel() -> None:
    rig, compartment = at_drop_off(open_s=1)
    assert rig.screen().offers_action(Action.NEXT)
    assert not rig.screen().offers_action(Action.DOES_NOT_FIT)
    assert rig.do(i.DoesNotFit()).refusal is Refusal.NOT_NOW
    assert rig.do(i.NotDeposited()).refusal is Refusal.NOT_NOW
    rig.do(i.NextParcel())
    rig.wait(2)
    second = rig.reserve("101")
    rig.pulse()
    rig.open(second)
    rig.close(second)
    rig.do(i.NextParcel())
    assert rig.screen().kind is ScreenKind.QUESTION
    assert rig.screen().door == rig.state.place(compartment).label


def test_a_stored_parcel_whose_door_is_opened_again_for_a_moment_stays_stored() -> None:
    rig, compartment = at_drop_off(open_s=10)
    rig.do(i.Reopen())
    rig.open(rig.pulse())
    rig.close(compartment, after_s=1)
    rig.wait(2)
    assert state_in(rig, compartment) is DeliveryState.STORED
    assert count(rig, "DeliveryStored") == 1
    assert not rig.incidents()


def test_a_parcel_that_took_another_door_is_asked_about_when_that_one_was_open_for_a_moment() -> None:
    rig, compartment = at_drop_off(open_s=10)
    rig.do(i.Reopen())
    rig.open(rig.pulse())
    rig.do(i.DoesNotFit())
    second = rig.pulse()
    rig.open(second)
    rig.close(second, after_s=1)
    rig.wait(2)
    assert second != compartment
    assert state_in(rig, second) is DeliveryState.UNCERTAIN


def test_a_door_found_open_after_a_gap_was_open_for_long_enough() -> None:
    rig, compartment = at_drop_off(open_s=1)
    rig.do(i.Finish())
    rig = Rig().start()
    rig.sign_in_courier()
    compartment = rig.reserve()
    rig.pulse()
    rig.open(compartment)
    rig.do(i.DoorSeen(compartment, DoorState.UNKNOWN))
    rig.do(i.DoorSeen(compartment, DoorState.OPEN))
    rig.close(compartment, after_s=0.5)
    assert state_in(rig, compartment) is DeliveryState.STORED


# Bounces


def test_a_drop_off_that_bounces_at_its_close_is_stored_once() -> None:
    rig, compartment = at_drop_off(open_s=20)
    chatter(rig, compartment)
    rig.wait(3)
    assert state_in(rig, compartment) is DeliveryState.STORED
    assert [count(rig, name) for name in ("DeliveryStored", "DeliveryResumed", "DeliveryKept")] == [1, 0, 0]
    assert rig.screen().kind is ScreenKind.STORED


def test_a_pickup_that_bounces_at_its_close_is_collected_all_the_same() -> None:
    rig, delivery = at_pickup(open_s=19.9)
    chatter(rig, delivery.compartment)
    rig.wait(3)
    assert rig.screen().kind is ScreenKind.GOT_EVERYTHING
    assert not rig.screen().was_short
    rig.do(i.Finish())
    rig.wait(100)
    assert not rig.state.deliveries
    assert count(rig, "DeliveryKept") == 0
    assert rig.vacancy(delivery.compartment) is Vacancy.PRESUMED


@pytest.mark.parametrize("is_pickup", [True, False])
def test_a_door_that_bounces_while_it_opens_is_judged_at_its_real_close(is_pickup: bool) -> None:
    rig = Rig().start()
    if is_pickup:
        delivery = rig.deliver()
        rig.present(rig.code_of(delivery))
    else:
        rig.sign_in_courier()
        rig.reserve()
    compartment = rig.pulse()
    rig.open(compartment)
    rig.mono_ms += 30
    rig.do(i.DoorSeen(compartment, DoorState.CLOSED))
    rig.mono_ms += 30
    rig.do(i.DoorSeen(compartment, DoorState.OPEN))
    assert rig.screen().kind is (ScreenKind.TAKE_OUT if is_pickup else ScreenKind.PUT_IN)
    rig.close(compartment, after_s=10)
    assert state_in(rig, compartment) is (DeliveryState.COLLECTING if is_pickup else DeliveryState.STORED)
    assert not rig.screen().was_short
    assert not rig.incidents()


def test_a_pickup_that_chatters_for_a_moment_is_kept_once_and_asked_about() -> None:
    rig, delivery = at_pickup(open_s=0.1)
    chatter(rig, delivery.compartment)
    assert rig.screen().was_short
    rig.wait(3)
    assert rig.state.deliveries[delivery.id].state is DeliveryState.STORED
    assert count(rig, "DeliveryKept") == 1
    assert rig.screen().was_short


def test_an_answer_right_after_a_brief_opening_collects_nothing() -> None:
    rig, delivery = at_pickup(open_s=1)
    rig.answer()
    kept = rig.state.deliveries[delivery.id]
    assert (kept.state, kept.is_in_doubt) == (DeliveryState.STORED, True)


def test_a_resident_who_leaves_right_after_a_brief_opening_has_collected_nothing() -> None:
    rig, delivery = at_pickup(open_s=1)
    rig.do(i.Finish())
    kept = rig.state.deliveries[delivery.id]
    assert (kept.state, kept.is_in_doubt) == (DeliveryState.STORED, False)


# Sprung open for longer


def test_a_stored_parcels_door_that_springs_open_and_stays_is_in_the_couriers_hands_again() -> None:
    rig, compartment = at_drop_off(open_s=10)
    rig.open(compartment)
    rig.wait(2)
    assert state_in(rig, compartment) is DeliveryState.DEPOSITING
    assert rig.screen().kind is ScreenKind.PUT_IN
    rig.close(compartment)
    assert state_in(rig, compartment) is DeliveryState.STORED
    assert not rig.incidents()


def test_a_courier_who_leaves_a_door_that_just_sprang_open_leaves_it_uncertain() -> None:
    rig, compartment = at_drop_off(open_s=10)
    rig.do(i.NextParcel())
    rig.open(compartment)
    rig.do(i.Finish())
    assert not [
        one
        for one in rig.state.deliveries.values()
        if one.state is DeliveryState.STORED and not one.is_in_doubt
    ]


def test_a_door_that_springs_open_with_nobody_at_it_any_more_is_unexplained_if_it_stays() -> None:
    rig, compartment = at_drop_off(open_s=10)
    rig.do(i.Finish())
    rig.open(compartment)
    assert not rig.incidents()
    rig.wait(2)
    assert rig.state.compartments[compartment].is_unexplained
    assert rig.state.deliveries_in(compartment)[0].is_in_doubt
    rig.wait(30)
    assert IncidentKind.UNEXPLAINED_OPENING in rig.incidents()


def test_a_collected_compartment_that_springs_open_with_nobody_at_it_is_unknown_if_it_stays() -> None:
    rig, delivery = at_pickup(open_s=10)
    rig.do(i.Finish())
    assert rig.vacancy(delivery.compartment) is Vacancy.PRESUMED
    rig.open(delivery.compartment)
    rig.close(delivery.compartment, after_s=3)
    assert rig.vacancy(delivery.compartment) is Vacancy.UNKNOWN


def test_a_compartment_told_to_be_empty_that_bounces_is_presumed_empty() -> None:
    rig, delivery = at_pickup(open_s=10)
    rig.answer()
    assert rig.vacancy(delivery.compartment) is Vacancy.VERIFIED
    chatter(rig, delivery.compartment)
    assert rig.vacancy(delivery.compartment) is Vacancy.PRESUMED


def test_a_door_that_staff_shut_and_that_springs_open_is_in_doubt_again_if_it_stays() -> None:
    rig, delivery = at_pickup(open_s=10)
    rig.restart()
    rig.sign_in_staff()
    rig.look(delivery.compartment, i.Found.PARCEL)
    assert not rig.state.deliveries[delivery.id].is_in_doubt
    rig.do(i.DoorSeen(delivery.compartment, DoorState.OPEN))
    rig.wait(3)
    assert rig.state.deliveries[delivery.id].is_in_doubt
    assert all(one.state is SessionState.ACTIVE for one in rig.state.sessions.values())


# When staff hear of it


def test_staff_hear_nothing_while_the_courier_is_there_to_be_asked() -> None:
    rig, compartment = at_drop_off(open_s=1)
    rig.wait(2)
    assert not rig.incidents()
    rig.do(i.Reopen())
    rig.open(rig.pulse())
    rig.do(i.NotDeposited())
    rig.close(compartment)
    assert not rig.incidents()
    rig.wait(100)
    assert rig.incidents() == {IncidentKind.DROP_OFF_UNCERTAIN}


def test_a_kiosk_that_ends_while_the_courier_is_asked_tells_staff_at_its_start() -> None:
    rig, _ = at_drop_off(open_s=1)
    rig.wait(2)
    rig.restart()
    assert rig.incidents() == {IncidentKind.DROP_OFF_UNCERTAIN}
