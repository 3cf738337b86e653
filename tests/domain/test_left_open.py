"""Doors left open: called out at 20 and 60 seconds, given up at 120, and what a later close means."""

from kiosk.domain import inputs as i
from kiosk.domain.model.compartment import Condition
from kiosk.domain.model.delivery import Delivery, DeliveryState
from kiosk.domain.model.ids import CompartmentId
from kiosk.domain.model.incident import IncidentKind
from kiosk.domain.model.screen import Action, ScreenKind
from kiosk.domain.model.session import SessionState
from kiosk.domain.model.vacancy import Vacancy
from kiosk.domain.rules.staff import tasks
from tests.domain.rig import Rig


def courier_at_open_door() -> tuple[Rig, CompartmentId]:
    rig = Rig().start()
    rig.sign_in_courier()
    compartment = rig.reserve()
    rig.pulse()
    rig.open(compartment)
    return rig, compartment


def resident_at_open_door() -> tuple[Rig, Delivery]:
    rig = Rig().start()
    delivery = rig.deliver()
    rig.present(rig.code_of(delivery))
    rig.pulse()
    rig.open(delivery.compartment)
    return rig, delivery


def test_it_is_called_out_at_twenty_and_sixty_seconds() -> None:
    rig, _ = courier_at_open_door()
    seen = []
    for seconds in (19, 2, 38, 2):
        rig.wait(seconds)
        seen.append((rig.screen().is_left_open, rig.screen().open_calls))
    assert seen == [(False, 0), (True, 1), (True, 1), (True, 2)]


def test_a_door_that_is_not_at_hand_any_more_is_called_out_too() -> None:
    rig, compartment = courier_at_open_door()
    rig.do(i.NextParcel())
    second = rig.reserve("101")
    rig.pulse()
    rig.open(second)
    rig.wait(21)
    assert rig.screen().door == "2"
    assert rig.screen().open_calls == 1
    assert [one.door for one in rig.screen().open_doors] == ["1"]
    rig.close(compartment)


def test_nobody_is_hurried_out_while_a_door_of_theirs_is_open() -> None:
    rig, _ = courier_at_open_door()
    rig.do(i.NextParcel())
    rig.wait(119)
    assert rig.state.active_session is not None
    assert rig.screen().warning_s is None


def test_at_two_minutes_that_delivery_alone_parks_and_the_session_goes_on() -> None:
    rig, compartment = courier_at_open_door()
    rig.do(i.NextParcel())
    second = rig.reserve("101")
    rig.pulse()
    rig.open(second)
    rig.close(second)
    rig.wait(112)
    assert rig.condition(compartment) is Condition.HELD_OPEN
    assert IncidentKind.DOOR_LEFT_OPEN in rig.incidents()
    assert rig.state.active_session is not None
    assert rig.screen().kind is ScreenKind.STORED
    assert rig.do(i.NextParcel()).refusal is None
    third = rig.reserve("102")
    rig.pulse()
    rig.open(third)
    rig.close(third)
    assert {one.compartment for one in rig.stored()} == {second, third}


def test_a_late_close_in_the_same_session_is_stored() -> None:
    rig, compartment = courier_at_open_door()
    rig.wait(130)
    assert rig.screen().offers_action(Action.FINISH)
    rig.close(compartment)
    assert rig.state.deliveries_in(compartment)[0].state is DeliveryState.STORED
    assert rig.condition(compartment) is Condition.SERVICEABLE
    assert not rig.incidents()


def test_if_the_session_ends_first_it_is_uncertain_and_a_later_close_changes_nothing() -> None:
    rig, compartment = courier_at_open_door()
    rig.wait(121)
    rig.do(i.Finish())
    (delivery,) = rig.state.deliveries_in(compartment)
    assert delivery.state is DeliveryState.UNCERTAIN
    rig.close(compartment)
    rig.wait(300)
    assert rig.state.deliveries[delivery.id].state is DeliveryState.UNCERTAIN
    assert rig.vacancy(compartment) is Vacancy.UNKNOWN
    assert not rig.messages()


def test_a_courier_who_walks_off_is_signed_out_after_the_door_was_given_up() -> None:
    rig, compartment = courier_at_open_door()
    rig.wait(121)
    assert rig.state.active_session is not None
    rig.wait(81)
    assert rig.screen().kind is ScreenKind.HOME
    assert rig.state.deliveries_in(compartment)[0].state is DeliveryState.UNCERTAIN


def test_a_pickup_door_left_open_parks_the_session_and_keeps_the_code_live() -> None:
    rig, delivery = resident_at_open_door()
    rig.wait(121)
    assert rig.screen().kind is ScreenKind.HOME
    assert [session.state for session in rig.state.sessions.values()] == [SessionState.PARKED]
    assert rig.state.deliveries[delivery.id].state is DeliveryState.COLLECTING
    assert rig.vacancy(delivery.compartment) is Vacancy.OCCUPIED
    assert IncidentKind.DOOR_LEFT_OPEN in rig.incidents()
    assert [(one.door, one.unit) for one in rig.screen().open_doors] == [("1", "")]


def test_a_pickup_door_closed_later_without_a_session_is_stored_in_doubt() -> None:
    rig, delivery = resident_at_open_door()
    rig.wait(121)
    rig.close(delivery.compartment)
    kept = rig.state.deliveries[delivery.id]
    assert (kept.state, kept.is_in_doubt) == (DeliveryState.STORED, True)
    assert rig.vacancy(delivery.compartment) is Vacancy.OCCUPIED
    assert not rig.state.sessions
    rig.sign_in_staff()
    assert [task.why for task in rig.screen().tasks] == ["pickup_in_doubt"]


def test_a_pickup_door_left_open_is_on_the_staff_list_who_look_and_settle_it() -> None:
    rig, delivery = resident_at_open_door()
    rig.wait(121)
    rig.sign_in_staff()
    (task,) = rig.screen().tasks
    assert (task.door, task.why, task.unit, task.is_in_use) == ("1", "door_left_open", "412", False)
    assert rig.do(i.StaffOpen(delivery.compartment)).refusal is None
    rig.pulse()
    assert rig.screen().kind is ScreenKind.STAFF_LOOK
    rig.close(delivery.compartment)
    assert rig.do(i.StaffSettle(i.Found.PARCEL)).refusal is None
    kept = rig.state.deliveries[delivery.id]
    assert (kept.state, kept.is_in_doubt) == (DeliveryState.STORED, False)
    assert not rig.screen().tasks
    assert not rig.incidents()


def test_a_courier_at_an_open_door_is_nobody_elses_task_until_the_kiosk_starts_again() -> None:
    rig, compartment = courier_at_open_door()
    assert not tasks(rig.state)
    rig.restart(compartment)
    assert [(task.compartment, task.why) for task in tasks(rig.state)] == [(compartment, "door_left_open")]


def test_a_code_keyed_at_an_open_door_watches_it_and_pulses_once_if_touched() -> None:
    rig, delivery = resident_at_open_door()
    rig.wait(121)
    before = len(rig.unlocks())
    assert rig.present(rig.code_of(delivery)).refusal is None
    assert rig.screen().kind is ScreenKind.TAKE_OUT
    assert len(rig.unlocks()) == before
    assert rig.screen().offers_action(Action.REOPEN)
    assert rig.do(i.Reopen()).refusal is None
    rig.pulse()
    assert rig.screen().kind is ScreenKind.TAKE_OUT
    assert not rig.screen().offers_action(Action.REOPEN)
    rig.wait(20)
    assert len(rig.unlocks()) == before + 1
    rig.close(delivery.compartment)
    assert rig.screen().kind is ScreenKind.GOT_EVERYTHING


def test_the_session_that_a_new_code_takes_over_from_is_not_left_behind() -> None:
    rig, delivery = resident_at_open_door()
    rig.wait(121)
    rig.present(rig.code_of(delivery))
    assert [session.state for session in rig.state.sessions.values()] == [SessionState.ACTIVE]
    rig.close(delivery.compartment)
    rig.answer()
    rig.do(i.Finish())
    assert not rig.state.sessions


def test_other_parcels_of_a_parked_pickup_stay_stored() -> None:
    rig = Rig().start()
    rig.sign_in_courier()
    one = rig.drop_off("412")
    rig.do(i.NextParcel())
    other = rig.drop_off("412")
    rig.do(i.Finish())
    rig.do(i.Finish())
    rig.present(rig.code_of(one))
    rig.pulse()
    rig.open(one.compartment)
    rig.wait(121)
    kept = rig.state.deliveries[other.id]
    assert (kept.state, kept.is_in_doubt) == (DeliveryState.STORED, False)


def test_a_held_door_that_closed_unseen_is_held_no_more() -> None:
    rig, compartment = courier_at_open_door()
    rig.wait(121)
    rig.restart()
    assert rig.condition(compartment) is Condition.SERVICEABLE
    assert IncidentKind.DOOR_LEFT_OPEN not in rig.incidents()


def test_a_door_left_open_is_one_incident_however_long_it_stands() -> None:
    rig, _ = courier_at_open_door()
    rig.wait(3600)
    assert rig.events().count("IncidentRaised") == 2
    assert rig.incidents() == {IncidentKind.DOOR_LEFT_OPEN, IncidentKind.DROP_OFF_UNCERTAIN}
