"""A resident's pickup: code, doors, close, the question, and what no answer means."""

from dataclasses import replace

import pytest

from kiosk.domain import inputs as i
from kiosk.domain.model.compartment import SizeClass
from kiosk.domain.model.credential import SpentWhy
from kiosk.domain.model.delivery import Delivery, DeliveryState
from kiosk.domain.model.incident import IncidentKind
from kiosk.domain.model.screen import Action, ScreenKind
from kiosk.domain.model.vacancy import Vacancy
from kiosk.domain.refusals import Refusal
from tests.domain.rig import BANKS, Rig, digest


def test_the_recipients_word_at_the_close_ends_the_delivery() -> None:
    rig = Rig().start()
    delivery = rig.deliver()
    rig.pick_up(delivery)
    assert rig.screen().kind is ScreenKind.GOT_EVERYTHING
    assert rig.answer().refusal is None
    assert not rig.state.deliveries
    assert rig.vacancy(delivery.compartment) is Vacancy.VERIFIED
    assert rig.state.spent[rig.code_of(delivery)].why is SpentWhy.COLLECTED
    assert rig.screen().kind is ScreenKind.PICKUP_DONE


def test_no_answer_is_decided_at_the_end_collected_and_presumed() -> None:
    rig = Rig().start()
    delivery = rig.deliver()
    rig.pick_up(delivery)
    rig.wait(59)
    assert rig.state.deliveries[delivery.id].state is DeliveryState.COLLECTING
    rig.wait(2)
    assert not rig.state.deliveries
    assert rig.vacancy(delivery.compartment) is Vacancy.PRESUMED
    assert rig.screen().kind is ScreenKind.HOME


def test_still_inside_keeps_the_parcel_and_its_code() -> None:
    rig = Rig().start()
    delivery = rig.deliver()
    rig.pick_up(delivery)
    rig.answer(i.PickupAnswer.STILL_INSIDE)
    assert rig.state.deliveries[delivery.id].state is DeliveryState.STORED
    assert not rig.state.deliveries[delivery.id].is_in_doubt
    rig.do(i.Finish())
    assert rig.present(rig.code_of(delivery)).refusal is None


def test_a_door_open_for_less_than_two_seconds_keeps_the_parcel_stored() -> None:
    rig = Rig().start()
    delivery = rig.deliver()
    rig.pick_up(delivery, open_s=1.5)
    assert rig.screen().kind is ScreenKind.GOT_EVERYTHING
    assert rig.screen().was_short
    assert rig.screen().offers_action(Action.REOPEN)
    rig.wait(61)
    kept = rig.state.deliveries[delivery.id]
    assert (kept.state, kept.is_in_doubt) == (DeliveryState.STORED, False)


def test_a_word_alone_collects_nothing_after_a_short_opening_but_staff_look() -> None:
    rig = Rig().start()
    delivery = rig.deliver()
    rig.pick_up(delivery, open_s=1.5)
    assert rig.answer().refusal is None
    assert rig.state.deliveries[delivery.id].is_in_doubt
    assert rig.vacancy(delivery.compartment) is Vacancy.OCCUPIED
    assert IncidentKind.PICKUP_IN_DOUBT in rig.incidents()


def test_one_code_opens_all_that_persons_doors_in_walking_order() -> None:
    rig = Rig().start()
    rig.sign_in_courier()
    parcels = []
    for _ in range(3):
        parcels.append(rig.drop_off("412"))
        rig.do(i.NextParcel())
    rig.do(i.Finish())
    rig.do(i.Finish())
    rig.present(rig.code_of(parcels[1]))
    seen = []
    for number in (1, 2, 3):
        assert rig.screen().place_of == (number, 3)
        door = rig.pulse()
        seen.append(door)
        rig.open(door)
        rig.close(door)
        rig.answer()
    assert seen == ["c2", "c1", "c3"]
    assert not rig.state.deliveries
    assert rig.screen().kind is ScreenKind.PICKUP_DONE


def two_parcels(rig: Rig) -> tuple[Delivery, Delivery]:
    rig.sign_in_courier()
    one = rig.drop_off("412")
    rig.do(i.NextParcel())
    other = rig.drop_off("412")
    rig.do(i.Finish())
    rig.do(i.Finish())
    return one, other


def test_a_code_without_an_answer_collects_behind_every_door_that_it_opened() -> None:
    rig = Rig().start()
    one, other = two_parcels(rig)
    rig.pick_up(one)
    rig.answer()
    door = rig.pulse()
    rig.open(door)
    rig.close(door)
    rig.wait(61)
    assert not rig.state.deliveries
    assert rig.vacancy(one.compartment) is Vacancy.VERIFIED
    assert rig.vacancy(other.compartment) is Vacancy.PRESUMED


def test_of_two_parcels_behind_one_door_no_answer_collects_that_of_the_code_at_most() -> None:
    rig = Rig().start()
    one, other = two_parcels(rig)
    shared = replace(other, compartment=one.compartment)
    rig.state = replace(rig.state, deliveries={**rig.state.deliveries, other.id: shared})
    rig.present(rig.code_of(one))
    rig.pulse()
    rig.open(one.compartment)
    rig.close(one.compartment)
    rig.answer(i.PickupAnswer.STILL_INSIDE)
    rig.wait(61)
    kept = {key: (parcel.state, parcel.is_in_doubt) for key, parcel in rig.state.deliveries.items()}
    assert kept == {one.id: (DeliveryState.STORED, False), other.id: (DeliveryState.STORED, True)}
    assert rig.vacancy(one.compartment) is Vacancy.OCCUPIED


def test_a_code_never_opens_a_strangers_door() -> None:
    rig = Rig().start()
    rig.sign_in_courier()
    mine = rig.drop_off("412")
    rig.do(i.NextParcel())
    rig.drop_off("101")
    rig.do(i.Finish())
    rig.do(i.Finish())
    rig.pick_up(mine)
    rig.answer()
    assert rig.screen().kind is ScreenKind.PICKUP_DONE
    assert {unlock.compartment for unlock in rig.unlocks()[2:]} == {mine.compartment}


def test_a_pickup_door_that_jams_keeps_the_code_live_and_can_be_tried_again() -> None:
    rig = Rig().start()
    delivery = rig.deliver()
    rig.present(rig.code_of(delivery))
    rig.jam()
    assert rig.screen().kind is ScreenKind.JAMMED
    assert rig.screen().offers_action(Action.REOPEN)
    assert rig.vacancy(delivery.compartment) is Vacancy.OCCUPIED
    assert IncidentKind.DOOR_JAMMED in rig.incidents()
    rig.do(i.Finish())
    assert rig.present(rig.code_of(delivery)).refusal is None
    rig.pulse()
    rig.open(delivery.compartment)
    assert IncidentKind.DOOR_JAMMED not in rig.incidents()


def test_a_jammed_door_does_not_keep_a_resident_from_the_next_one() -> None:
    rig = Rig().start()
    rig.sign_in_courier()
    one = rig.drop_off("412")
    rig.do(i.NextParcel())
    other = rig.drop_off("412")
    rig.do(i.Finish())
    rig.do(i.Finish())
    rig.present(rig.code_of(one))
    rig.jam()
    assert rig.screen().offers_action(Action.NEXT)
    assert rig.do(i.NextParcel()).refusal is None
    assert rig.last_unlock().compartment == other.compartment
    assert rig.state.deliveries[one.id].state is DeliveryState.STORED


def test_a_dead_board_does_not_keep_a_resident_from_doors_of_the_other() -> None:
    rig = Rig().start()
    rig.sign_in_courier()
    here = rig.drop_off("412")
    rig.do(i.NextParcel())
    there = rig.drop_off("412", size=SizeClass.L)
    rig.do(i.Finish())
    rig.do(i.Finish())
    assert {rig.state.place(one.compartment).bank for one in (here, there)} == set(BANKS)
    rig.do(i.BankGone(rig.state.place(here.compartment).bank, "unplugged"))
    assert rig.present(rig.code_of(here)).refusal is None
    assert rig.last_unlock().compartment == there.compartment
    assert rig.screen().notice is Refusal.DOOR_UNREACHABLE


def test_a_pickup_whose_bank_is_lost_goes_back_to_stored() -> None:
    rig = Rig().start()
    delivery = rig.deliver()
    rig.present(rig.code_of(delivery))
    rig.pulse()
    rig.do(i.BankGone(BANKS[0], "unplugged"))
    assert rig.state.deliveries[delivery.id].state is DeliveryState.STORED
    rig.do(i.Finish())
    rig.see_bank(BANKS[0])
    assert rig.present(rig.code_of(delivery)).refusal is None


def test_a_restart_in_the_middle_of_a_pickup_does_not_assume_that_it_was_taken() -> None:
    rig = Rig().start()
    delivery = rig.deliver()
    rig.present(rig.code_of(delivery))
    rig.pulse()
    rig.open(delivery.compartment)
    rig.restart()
    kept = rig.state.deliveries[delivery.id]
    assert (kept.state, kept.is_in_doubt) == (DeliveryState.STORED, True)
    assert rig.vacancy(delivery.compartment) is Vacancy.OCCUPIED
    assert not rig.state.sessions
    assert rig.present(rig.code_of(delivery)).refusal is None


def test_others_of_the_household_use_the_same_code_and_it_is_used_up_once() -> None:
    rig = Rig().start()
    delivery = rig.deliver()
    rig.pick_up(delivery)
    rig.answer()
    rig.do(i.Finish())
    rig.wait(31 * 60)
    assert rig.present(rig.code_of(delivery)).refusal is Refusal.CODE_COLLECTED


def test_a_wrong_code_opens_nothing() -> None:
    rig = Rig().start()
    rig.deliver()
    before = len(rig.unlocks())
    assert rig.present(digest("12345678")).refusal is Refusal.WRONG_CODE
    assert rig.screen().notice is Refusal.WRONG_CODE
    assert len(rig.unlocks()) == before


def test_a_door_is_passed_by_only_when_it_does_not_open() -> None:
    rig = Rig().start()
    rig.sign_in_courier()
    one = rig.drop_off("412")
    rig.do(i.NextParcel())
    rig.drop_off("412")
    rig.do(i.Finish())
    rig.do(i.Finish())
    rig.present(rig.code_of(one))
    assert rig.do(i.NextParcel()).refusal is Refusal.NOT_NOW
    rig.pulse()
    rig.open(one.compartment)
    assert rig.do(i.NextParcel()).refusal is Refusal.NOT_NOW
    rig.close(one.compartment)
    assert rig.do(i.NextParcel()).refusal is Refusal.NOT_NOW


def test_nobody_leaves_a_door_that_is_opening() -> None:
    rig = Rig().start()
    rig.present(rig.code_of(rig.deliver()))
    rig.pulse()
    assert rig.do(i.Finish()).refusal is Refusal.CLOSE_THE_DOOR_FIRST
    assert rig.do(i.Reopen()).refusal is Refusal.NOT_NOW


def test_a_code_at_the_open_door_of_a_courier_who_is_gone_gets_the_parcel() -> None:
    """The courier had reopened the door after the code was out; then the power failed."""
    rig = Rig().start()
    rig.sign_in_courier()
    delivery = rig.drop_off()
    rig.wait(61)
    rig.do(i.Reopen())
    rig.open(rig.pulse())
    rig.restart(delivery.compartment)
    assert rig.present(rig.code_of(delivery)).refusal is None
    assert rig.screen().kind is ScreenKind.TAKE_OUT
    rig.close(delivery.compartment)
    rig.answer()
    assert rig.state.deliveries[delivery.id].is_in_doubt
    assert not rig.state.sessions or rig.state.active_session


def test_a_resident_who_turns_to_help_at_an_open_door_loses_nothing() -> None:
    rig = Rig().start()
    delivery = rig.deliver()
    rig.present(rig.code_of(delivery))
    rig.pulse()
    rig.do(i.AskHelp())
    rig.open(delivery.compartment)
    assert (rig.screen().kind, rig.screen().door) == (ScreenKind.HELP, "1")
    rig.close(delivery.compartment)
    rig.do(i.GoBack())
    assert rig.screen().kind is ScreenKind.GOT_EVERYTHING
    rig.answer()
    assert not rig.state.deliveries


# Not in there


@pytest.mark.parametrize("open_s", [1, 10])
def test_a_parcel_that_is_not_there_is_in_doubt_and_missing_and_nothing_is_collected(open_s: int) -> None:
    rig = Rig().start()
    delivery = rig.deliver()
    rig.pick_up(delivery, open_s=open_s)
    rig.do(i.SomethingWrong())
    assert rig.screen().offers_action(Action.NOT_IN_THERE)
    assert rig.answer(i.PickupAnswer.NOT_IN_THERE).refusal is None
    kept = rig.state.deliveries[delivery.id]
    assert (kept.state, kept.is_in_doubt) == (DeliveryState.STORED, True)
    assert rig.vacancy(delivery.compartment) is Vacancy.OCCUPIED
    assert rig.incidents() == {IncidentKind.PARCEL_MISSING, IncidentKind.PICKUP_IN_DOUBT}
    rig.do(i.Finish())
    assert rig.present(rig.code_of(delivery)).refusal is None


def test_a_missing_parcel_that_staff_find_is_missing_no_more() -> None:
    rig = Rig().start()
    delivery = rig.deliver()
    rig.pick_up(delivery)
    rig.answer(i.PickupAnswer.NOT_IN_THERE)
    rig.do(i.Finish())
    rig.sign_in_staff()
    rig.look(delivery.compartment, i.Found.PARCEL)
    assert not rig.incidents()


def test_a_missing_parcel_that_its_resident_collects_after_all_is_missing_no_more() -> None:
    rig = Rig().start()
    delivery = rig.deliver()
    rig.pick_up(delivery)
    rig.answer(i.PickupAnswer.NOT_IN_THERE)
    rig.do(i.Finish())
    rig.pick_up(delivery)
    rig.answer()
    assert not rig.incidents()
    assert not rig.state.deliveries


def test_a_missing_parcel_that_staff_do_not_find_stays_missing() -> None:
    rig = Rig().start()
    delivery = rig.deliver()
    rig.pick_up(delivery)
    rig.answer(i.PickupAnswer.NOT_IN_THERE)
    rig.do(i.Finish())
    rig.sign_in_staff()
    rig.look(delivery.compartment, i.Found.EMPTY)
    assert rig.incidents() == {IncidentKind.PARCEL_MISSING}
    assert rig.events().count("IncidentRaised") == 2
