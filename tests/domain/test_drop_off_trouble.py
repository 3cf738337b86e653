"""What goes wrong at a courier's door, and what the next step is."""

from kiosk.domain import inputs as i
from kiosk.domain.allocation import free_of
from kiosk.domain.model.compartment import Condition, DoorState, SizeClass
from kiosk.domain.model.credential import SpentWhy
from kiosk.domain.model.delivery import DeliveryState
from kiosk.domain.model.ids import CompartmentId
from kiosk.domain.model.incident import IncidentKind
from kiosk.domain.model.screen import Action, ScreenKind
from kiosk.domain.model.vacancy import Vacancy
from kiosk.domain.refusals import Refusal
from kiosk.domain.rules.custody import PARCEL_WAITING, PARCEL_WITHDRAWN
from tests.domain.rig import Rig


def at_open_door(unit: str = "412", size: SizeClass = SizeClass.S) -> tuple[Rig, CompartmentId]:
    """A courier in front of an open door."""
    rig = Rig().start()
    rig.sign_in_courier()
    compartment = rig.reserve(unit, size)
    rig.pulse()
    rig.open(compartment)
    return rig, compartment


def reopened(seconds_stored: float) -> tuple[Rig, CompartmentId]:
    """A stored parcel whose door the courier has open once more."""
    rig, compartment = at_open_door()
    rig.close(compartment)
    rig.wait(seconds_stored)
    assert rig.do(i.Reopen()).refusal is None
    rig.pulse()
    rig.open(compartment)
    assert rig.screen().kind is ScreenKind.PUT_IN
    return rig, compartment


def test_a_reopened_door_stores_the_same_parcel_again() -> None:
    rig, compartment = reopened(5)
    proof = rig.state.deliveries_in(compartment)[0].proof
    rig.close(compartment)
    assert rig.screen().kind is ScreenKind.STORED
    assert [one.proof for one in rig.stored()] == [proof]


def test_a_courier_reopens_three_times_at_most() -> None:
    rig, compartment = at_open_door()
    rig.close(compartment)
    for _ in range(3):
        assert rig.do(i.Reopen()).refusal is None
        rig.pulse()
        rig.open(compartment)
        rig.close(compartment)
    assert rig.do(i.Reopen()).refusal is Refusal.REOPENED_TOO_OFTEN


def test_touching_reopen_twice_pulses_once() -> None:
    rig, compartment = at_open_door()
    rig.close(compartment)
    rig.do(i.Reopen())
    before = len(rig.unlocks())
    assert rig.do(i.Reopen()).refusal is Refusal.NOT_NOW
    assert len(rig.unlocks()) == before


def test_a_parcel_taken_out_before_its_code_was_sent_leaves_no_code() -> None:
    rig, compartment = reopened(5)
    rig.do(i.NotDeposited())
    rig.close(compartment)
    (delivery,) = rig.state.deliveries_in(compartment)
    rig.do(i.AnswerQuestion(delivery.id, is_inside=False))
    rig.wait(200)
    assert not rig.state.deliveries
    assert not rig.messages()
    assert rig.vacancy(compartment) is Vacancy.PRESUMED


def test_a_parcel_taken_out_after_its_code_was_sent_revokes_the_code_and_tells_the_recipient() -> None:
    rig, compartment = reopened(61)
    code = rig.code_of(rig.state.deliveries_in(compartment)[0])
    rig.do(i.NotDeposited())
    assert [message.kind for message in rig.messages()] == [PARCEL_WAITING, PARCEL_WITHDRAWN]
    assert rig.state.spent[code].why is SpentWhy.WITHDRAWN
    rig.close(compartment)
    rig.do(i.Finish())
    assert rig.present(code).refusal is Refusal.CODE_WITHDRAWN


def test_a_parcel_moved_after_its_code_was_sent_gets_a_new_code_for_the_new_door() -> None:
    rig, first = reopened(61)
    old = rig.code_of(rig.state.deliveries_in(first)[0])
    rig.do(i.DoesNotFit())
    second = rig.pulse()
    rig.open(second)
    rig.close(first)
    rig.close(second)
    rig.do(i.Finish())
    (delivery,) = rig.stored()
    assert delivery.compartment == second
    assert rig.code_of(delivery) != old
    assert [message.kind for message in rig.messages()] == [PARCEL_WAITING, PARCEL_WITHDRAWN, PARCEL_WAITING]
    assert [message.door for message in rig.messages()] == ["1", "1", "4"]
    assert rig.vacancy(first) is Vacancy.PRESUMED


def test_walking_away_from_a_reopened_door_keeps_a_code_that_is_out_alive() -> None:
    rig, compartment = reopened(61)
    code = rig.code_of(rig.state.deliveries_in(compartment)[0])
    rig.wait(220)
    (delivery,) = rig.state.deliveries_in(compartment)
    assert (delivery.state, delivery.is_in_doubt) == (DeliveryState.STORED, True)
    rig.close(compartment)
    assert rig.present(code).refusal is None


def test_walking_away_from_a_reopened_door_without_a_code_is_uncertain() -> None:
    rig, compartment = reopened(5)
    rig.wait(220)
    (delivery,) = rig.state.deliveries_in(compartment)
    assert delivery.state is DeliveryState.UNCERTAIN
    assert not rig.messages()


def test_nothing_larger_is_said_and_the_parcel_stays_in_hand() -> None:
    rig, compartment = at_open_door(size=SizeClass.XL)
    assert rig.do(i.DoesNotFit()).refusal is Refusal.NOTHING_LARGER
    assert rig.screen().notice is Refusal.NOTHING_LARGER
    assert rig.screen().offers_action(Action.NOT_DEPOSITED)
    assert rig.state.deliveries_in(compartment)[0].state is DeliveryState.DEPOSITING


def test_another_door_is_larger_when_nothing_of_the_size_is_left() -> None:
    rig = Rig().start()
    rig.sign_in_courier()
    for _ in range(2):
        rig.drop_off(size=SizeClass.S)
        rig.do(i.NextParcel())
    rig.reserve(size=SizeClass.S)
    rig.jam()
    rig.do(i.UseAnotherDoor())
    assert rig.state.place(rig.last_unlock().compartment).size is SizeClass.M


def test_another_door_when_nothing_is_left_leads_to_the_sizes() -> None:
    rig = Rig().start()
    rig.sign_in_courier()
    rig.reserve(size=SizeClass.XL)
    rig.jam()
    assert rig.do(i.UseAnotherDoor()).refusal is Refusal.NOTHING_FREE
    assert rig.screen().kind is ScreenKind.SIZE
    assert rig.screen().unit == "412"


def test_a_second_pulse_that_was_never_sent_leaves_the_first_one_its_verdict() -> None:
    rig = Rig().start()
    rig.sign_in_courier()
    compartment = rig.reserve()
    rig.pulse()
    rig.wait(3)
    rig.do(i.UnlockFailed(rig.last_unlock().unlock, "late", is_certain=True))
    assert rig.screen().kind is ScreenKind.OPENING
    rig.open(compartment)
    assert rig.screen().kind is ScreenKind.PUT_IN
    assert not rig.incidents()


def test_an_unlock_that_nobody_reports_on_ends_by_itself() -> None:
    rig = Rig().start()
    rig.sign_in_courier()
    compartment = rig.reserve()
    rig.wait(25)
    assert rig.screen().kind is ScreenKind.JAMMED
    assert not rig.state.unlocks
    assert rig.vacancy(compartment) is Vacancy.VERIFIED
    assert len(rig.unlocks()) == 1


def test_a_door_that_springs_open_right_after_its_close_was_never_shut() -> None:
    rig, compartment = at_open_door()
    rig.close(compartment)
    rig.open(compartment)
    assert rig.screen().kind is ScreenKind.PUT_IN
    assert IncidentKind.UNEXPLAINED_OPENING not in rig.incidents()
    rig.close(compartment)
    assert rig.screen().kind is ScreenKind.STORED
    assert not rig.stored()[0].is_in_doubt


def test_a_vacant_door_that_stands_open_when_the_courier_leaves_is_unknown() -> None:
    rig, first = at_open_door()
    rig.do(i.DoesNotFit())
    second = rig.pulse()
    rig.open(second)
    rig.close(second)
    assert rig.vacancy(first) is Vacancy.PRESUMED
    rig.do(i.Finish())
    assert rig.vacancy(first) is Vacancy.UNKNOWN
    rig.close(first)
    assert first not in {place.id for place in free_of(rig.state, SizeClass.S)}


def test_a_door_that_did_not_fit_is_uncertain_territory_when_its_parcel_is_given_up() -> None:
    rig, first = at_open_door()
    rig.do(i.DoesNotFit())
    rig.close(first)
    rig.jam()
    assert rig.screen().kind is ScreenKind.JAMMED
    assert rig.vacancy(first) is Vacancy.UNKNOWN
    assert rig.do(i.UseAnotherDoor()).refusal is None


def test_a_jam_stays_a_jam_until_somebody_opens_the_door() -> None:
    rig = Rig().start()
    rig.sign_in_courier()
    compartment = rig.reserve()
    rig.jam()
    rig.restart()
    assert rig.condition(compartment) is Condition.JAMMED
    assert rig.state.door(compartment) is DoorState.CLOSED
    assert IncidentKind.DOOR_JAMMED in rig.incidents()


def test_an_unsent_unlock_is_no_standing_fault_once_the_door_opens() -> None:
    rig = Rig().start()
    rig.sign_in_courier()
    compartment = rig.reserve()
    rig.do(i.UnlockFailed(rig.last_unlock().unlock, "late", is_certain=True))
    assert rig.incidents() == {IncidentKind.UNLOCK_NOT_SENT}
    rig.open(compartment)
    assert not rig.incidents()
    rig.wait(30)
    assert rig.incidents() == {IncidentKind.UNEXPLAINED_OPENING}


# Something inside


def test_a_compartment_that_is_not_empty_is_for_staff_and_the_parcel_takes_another() -> None:
    rig, foreign = at_open_door()
    assert rig.screen().offers_action(Action.SOMETHING_INSIDE)
    assert rig.do(i.SomethingInside()).refusal is None
    second = rig.last_unlock().compartment
    assert second != foreign
    assert rig.state.place(second).size is SizeClass.S
    assert rig.vacancy(foreign) is Vacancy.UNKNOWN
    assert rig.incidents() == {IncidentKind.FOREIGN_PARCEL}
    rig.close(foreign)
    rig.open(rig.pulse())
    rig.close(second)
    assert [one.compartment for one in rig.stored()] == [second]
    assert rig.vacancy(foreign) is Vacancy.UNKNOWN
    rig.do(i.Finish())
    rig.do(i.Finish())
    rig.sign_in_staff()
    assert [(task.compartment, task.why) for task in rig.screen().tasks] == [(foreign, "vacancy_unknown")]
    rig.look(foreign, i.Found.EMPTY)
    assert not rig.incidents()
    assert rig.vacancy(foreign) is Vacancy.VERIFIED


def test_with_no_other_door_the_parcel_stays_with_the_courier() -> None:
    rig, foreign = at_open_door(size=SizeClass.XL)
    assert rig.do(i.SomethingInside()).refusal is Refusal.NOTHING_FREE
    assert rig.screen().kind is ScreenKind.UNIT
    assert rig.screen().notice is Refusal.NOTHING_FREE
    assert not rig.state.deliveries
    assert rig.vacancy(foreign) is Vacancy.UNKNOWN
    assert rig.incidents() == {IncidentKind.FOREIGN_PARCEL}
    rig.close(foreign)
    rig.wait(300)
    assert rig.vacancy(foreign) is Vacancy.UNKNOWN


def test_the_couriers_own_parcel_behind_a_reopened_door_is_nothing_foreign() -> None:
    rig, compartment = at_open_door()
    rig.close(compartment)
    rig.do(i.Reopen())
    rig.open(rig.pulse())
    assert not rig.screen().offers_action(Action.SOMETHING_INSIDE)
    assert rig.do(i.SomethingInside()).refusal is Refusal.NOT_NOW


def test_not_deposited_is_asked_about_once_the_door_is_shut() -> None:
    rig = Rig().start()
    rig.sign_in_courier()
    compartment = rig.reserve()
    rig.pulse()
    rig.open(compartment)
    rig.do(i.NotDeposited())
    (delivery,) = rig.state.deliveries_in(compartment)
    assert delivery.state is DeliveryState.UNCERTAIN
    assert (rig.screen().kind, rig.screen().notice) == (ScreenKind.QUESTION, Refusal.CLOSE_THE_DOOR_FIRST)
    assert not rig.screen().offers_action(Action.INSIDE_NO)
    rig.close(compartment)
    assert rig.vacancy(compartment) is Vacancy.UNKNOWN
    assert rig.do(i.AnswerQuestion(delivery.id, is_inside=False)).refusal is None
    assert not rig.state.deliveries
    assert rig.vacancy(compartment) is Vacancy.PRESUMED
    assert not rig.incidents()
    assert rig.screen().kind is ScreenKind.UNIT


def test_a_parcel_that_is_inside_although_the_courier_touched_otherwise_is_stored() -> None:
    rig = Rig().start()
    rig.sign_in_courier()
    compartment = rig.reserve()
    rig.pulse()
    rig.open(compartment)
    rig.do(i.NotDeposited())
    rig.close(compartment)
    (delivery,) = rig.state.deliveries_in(compartment)
    rig.do(i.AnswerQuestion(delivery.id, is_inside=True))
    assert rig.screen().kind is ScreenKind.STORED
    rig.do(i.Finish())
    assert len(rig.messages()) == 1


def test_not_deposited_and_gone_is_asked_about_at_the_next_sign_in() -> None:
    rig = Rig().start()
    rig.sign_in_courier()
    compartment = rig.reserve()
    rig.pulse()
    rig.open(compartment)
    rig.do(i.NotDeposited())
    rig.close(compartment)
    rig.wait(200)
    assert rig.vacancy(compartment) is Vacancy.UNKNOWN
    rig.sign_in_courier()
    assert rig.screen().kind is ScreenKind.QUESTION
    assert rig.screen().door == rig.state.place(compartment).label
