"""Parcels of one household behind one door: added by the same sign-in, and asked about one by one."""

from dataclasses import replace

import pytest

from kiosk.domain import inputs as i
from kiosk.domain.model.compartment import Condition, SizeClass
from kiosk.domain.model.delivery import Delivery, DeliveryState
from kiosk.domain.model.directory import Unit, UnitMode
from kiosk.domain.model.ids import UnitId
from kiosk.domain.model.screen import Action, ScreenKind
from kiosk.domain.model.vacancy import Vacancy
from kiosk.domain.refusals import Refusal
from tests.domain.rig import Rig


def first_in() -> tuple[Rig, Delivery]:
    """A courier who put one parcel in for 412 and brings the next one."""
    rig = Rig().start()
    rig.sign_in_courier()
    delivery = rig.drop_off("412", SizeClass.M)
    rig.do(i.NextParcel())
    return rig, delivery


def add(rig: Rig, *, after_s: float = 10) -> Delivery:
    """One more parcel for 412 behind the same door."""
    rig.do(i.ChooseUnit("412"))
    assert rig.do(i.AddToDoor()).refusal is None
    compartment = rig.pulse()
    rig.open(compartment)
    rig.close(compartment, after_s=after_s)
    return rig.state.deliveries_in(compartment)[-1]


def two_inside() -> tuple[Rig, Delivery, Delivery]:
    rig, first = first_in()
    second = add(rig)
    rig.do(i.Finish())
    rig.do(i.Finish())
    return rig, rig.state.deliveries[first.id], rig.state.deliveries[second.id]


def test_a_second_parcel_goes_behind_the_door_that_holds_the_first() -> None:
    rig, first, second = two_inside()
    assert second.compartment == first.compartment
    assert (second.state, second.size) == (DeliveryState.STORED, SizeClass.M)
    assert len({rig.code_of(first), rig.code_of(second)}) == 2
    assert {one.proof for one in (first, second)} != {None}
    assert rig.vacancy(first.compartment) is Vacancy.OCCUPIED


def test_the_size_page_names_the_door() -> None:
    rig, first = first_in()
    rig.do(i.ChooseUnit("412"))
    assert (rig.screen().kind, rig.screen().add_to) == (
        ScreenKind.SIZE,
        rig.state.place(first.compartment).label,
    )
    assert rig.screen().offers_action(Action.ADD_TO)


def test_it_is_not_called_empty_where_the_first_parcel_lies() -> None:
    rig, _ = first_in()
    rig.do(i.ChooseUnit("412"))
    rig.do(i.AddToDoor())
    rig.open(rig.pulse())
    assert (rig.screen().kind, rig.screen().look_first) == (ScreenKind.PUT_IN, False)
    assert not rig.screen().offers_action(Action.SOMETHING_INSIDE)
    assert rig.do(i.SomethingInside()).refusal is Refusal.NOT_NOW


@pytest.mark.parametrize("unit", ["101", "102"])
def test_nobody_elses_parcel_is_added(unit: str) -> None:
    rig, _ = first_in()
    rig.do(i.ChooseUnit(unit))
    assert not rig.screen().offers_action(Action.ADD_TO)
    assert rig.do(i.AddToDoor()).refusal is Refusal.NOT_NOW


@pytest.mark.parametrize("digits", ["111111", "222222"])
def test_another_sign_in_adds_nothing_not_even_of_the_same_carrier(digits: str) -> None:
    rig, _ = first_in()
    rig.do(i.Finish())
    rig.do(i.Finish())
    rig.sign_in_courier(digits)
    rig.do(i.ChooseUnit("412"))
    unlocks = len(rig.unlocks())
    assert not rig.screen().offers_action(Action.ADD_TO)
    assert rig.do(i.AddToDoor()).refusal is Refusal.NOT_NOW
    assert len(rig.unlocks()) == unlocks


def test_people_who_share_nothing_share_no_compartment() -> None:
    rig = Rig().start()
    known = rig.state.directory
    home = Unit(UnitId("u412"), "412", UnitMode.SEPARATE)
    rig.do(i.ChangeDirectory(replace(known, units={**known.units, home.id: home})))
    rig.sign_in_courier()
    rig.drop_off("412")
    rig.do(i.NextParcel())
    rig.do(i.ChooseUnit("412"))
    assert not rig.screen().offers_action(Action.ADD_TO)
    assert rig.do(i.AddToDoor()).refusal is Refusal.NOT_NOW


def test_four_parcels_are_enough_for_one_compartment() -> None:
    rig, _ = first_in()
    for _ in range(3):
        add(rig)
        rig.do(i.NextParcel())
    rig.do(i.ChooseUnit("412"))
    assert not rig.screen().offers_action(Action.ADD_TO)


def test_a_door_that_jams_keeps_the_first_parcel_and_gives_the_second_another() -> None:
    rig, first = first_in()
    rig.do(i.ChooseUnit("412"))
    rig.do(i.AddToDoor())
    rig.jam()
    assert (rig.screen().kind, rig.condition(first.compartment)) == (ScreenKind.JAMMED, Condition.JAMMED)
    assert rig.state.deliveries[first.id].state is DeliveryState.STORED
    assert rig.vacancy(first.compartment) is Vacancy.OCCUPIED
    rig.do(i.UseAnotherDoor())
    assert rig.last_unlock().compartment != first.compartment


def test_what_does_not_fit_moves_on_and_leaves_the_first_parcel_known() -> None:
    rig, first = first_in()
    rig.do(i.ChooseUnit("412"))
    rig.do(i.AddToDoor())
    rig.open(rig.pulse())
    assert rig.do(i.DoesNotFit()).refusal is None
    rig.close(first.compartment)
    other = rig.pulse()
    rig.open(other)
    rig.close(other)
    assert {one.compartment for one in rig.stored()} == {first.compartment, other}
    assert rig.vacancy(first.compartment) is Vacancy.OCCUPIED


def test_walking_away_from_a_shared_door_doubts_what_is_behind_it() -> None:
    rig, first = first_in()
    rig.do(i.ChooseUnit("412"))
    rig.do(i.AddToDoor())
    rig.open(rig.pulse())
    rig.wait(230)
    inside = {one.id: one for one in rig.state.deliveries_in(first.compartment)}
    assert inside[first.id].is_in_doubt
    assert inside[first.id].has_code
    assert sorted(one.state for one in inside.values()) == ["stored", "uncertain"]
    assert rig.vacancy(first.compartment) is Vacancy.OCCUPIED


def test_taking_the_second_back_out_leaves_the_first() -> None:
    rig, first = first_in()
    rig.do(i.ChooseUnit("412"))
    rig.do(i.AddToDoor())
    rig.open(rig.pulse())
    rig.do(i.NotDeposited())
    rig.close(first.compartment)
    second = next(one for one in rig.state.deliveries_in(first.compartment) if one.id != first.id)
    rig.do(i.AnswerQuestion(second.id, is_inside=False))
    assert [one.id for one in rig.state.deliveries_in(first.compartment)] == [first.id]
    assert rig.vacancy(first.compartment) is Vacancy.OCCUPIED


# Pickup


def test_the_close_asks_about_each_parcel_and_the_door_opens_once() -> None:
    rig, first, second = two_inside()
    rig.pick_up(first)
    unlocks = len(rig.unlocks())
    assert (rig.screen().kind, rig.screen().place_of) == (ScreenKind.GOT_EVERYTHING, (1, 2))
    rig.answer()
    assert (rig.screen().kind, rig.screen().place_of) == (ScreenKind.GOT_EVERYTHING, (2, 2))
    assert not rig.screen().was_short
    assert rig.vacancy(first.compartment) is Vacancy.OCCUPIED
    rig.answer()
    assert rig.screen().kind is ScreenKind.PICKUP_DONE
    assert len(rig.unlocks()) == unlocks
    assert not rig.state.deliveries_in(second.compartment)
    assert rig.vacancy(first.compartment) is Vacancy.VERIFIED


def test_one_taken_and_one_left_inside() -> None:
    rig, first, second = two_inside()
    rig.pick_up(second)
    rig.answer()
    rig.answer(i.PickupAnswer.STILL_INSIDE)
    left = rig.state.deliveries[first.id]
    assert (left.state, left.is_in_doubt, left.has_code) == (DeliveryState.STORED, False, True)
    assert second.id not in rig.state.deliveries
    assert rig.vacancy(first.compartment) is Vacancy.OCCUPIED


@pytest.mark.parametrize("answers", [0, 1])
def test_without_an_answer_only_the_parcel_of_that_code_is_collected(answers: int) -> None:
    rig, first, second = two_inside()
    rig.pick_up(first)
    for _ in range(answers):
        rig.answer()
    rig.do(i.Finish())
    rig.wait(200)
    assert first.id not in rig.state.deliveries
    assert rig.state.deliveries[second.id].state is DeliveryState.STORED
    assert rig.state.deliveries[second.id].has_code
    assert rig.vacancy(first.compartment) is Vacancy.OCCUPIED


def test_the_second_of_two_behind_one_door_is_opened_again_on_touch() -> None:
    rig, first, _ = two_inside()
    rig.pick_up(first)
    rig.answer()
    assert rig.do(i.Reopen()).refusal is None
    rig.open(rig.pulse())
    assert rig.screen().kind is ScreenKind.TAKE_OUT
    rig.close(first.compartment)
    rig.answer()
    assert not rig.state.deliveries
