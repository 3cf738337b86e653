"""Parcels that no compartment takes: on a shelf, at the desk, or with the carrier; none is ever forgotten."""

from dataclasses import replace

import pytest

from kiosk.domain import events as e
from kiosk.domain import inputs as i
from kiosk.domain import place_touches as t
from kiosk.domain.model.compartment import Condition, SizeClass
from kiosk.domain.model.credential import SpentWhy
from kiosk.domain.model.delivery import DeliveryState
from kiosk.domain.model.incident import IncidentKind
from kiosk.domain.model.place import Outlet, Overflow, OverflowWhy, shelf_place
from kiosk.domain.model.screen import Action, ScreenKind
from kiosk.domain.model.session import Step
from kiosk.domain.refusals import Refusal
from tests.domain.place_rig import (
    SHELF,
    actions,
    ask,
    bring,
    messages,
    place_rig,
    settle,
)

# What takes a parcel that fits nowhere


def test_the_page_of_sizes_leads_to_the_building_s_places_in_its_order() -> None:
    rig = place_rig()
    rig.sign_in_courier()
    ask(rig)
    shown = rig.screen()
    assert shown.kind is ScreenKind.OVERFLOW
    assert [one.value for one in shown.offers if one.action is Action.OUTLET] == ["room", "desk", "carrier"]
    assert [one.value for one in shown.offers if one.is_main] == ["room"]
    assert shown.place
    assert (shown.place.label, shown.place.room) == ("R-1", "Package room")
    rig.do(i.GoBack())
    assert rig.screen().kind is ScreenKind.SIZE


def test_a_building_without_places_leaves_it_to_the_carrier() -> None:
    rig = place_rig(Overflow())
    rig.sign_in_courier()
    ask(rig)
    assert actions(rig) == {(Action.OUTLET, "carrier"), (Action.BACK, "")}


@pytest.mark.parametrize("why", [OverflowWhy.SIGNATURE, OverflowWhy.AGE_CHECK, OverflowWhy.CASH])
def test_what_needs_a_person_goes_on_no_shelf(why: OverflowWhy) -> None:
    rig = place_rig()
    rig.sign_in_courier()
    ask(rig, why)
    assert actions(rig) == {(Action.OUTLET, "desk"), (Action.OUTLET, "carrier"), (Action.BACK, "")}
    assert rig.do(t.ChooseOutlet(Outlet.ROOM)).refusal is Refusal.NOT_NOW
    assert not rig.state.deliveries


def test_a_size_with_nothing_free_and_nothing_larger_leads_there_too() -> None:
    rig = place_rig()
    for place, status in rig.state.compartments.items():
        if rig.state.place(place).size is SizeClass.XL:
            jammed = replace(status, condition=Condition.JAMMED)
            rig.state = replace(rig.state, compartments={**rig.state.compartments, place: jammed})
    rig.sign_in_courier()
    rig.do(i.ChooseUnit("412"))
    assert (Action.SIZE, "XL") in actions(rig)
    assert rig.do(i.ChooseSize(SizeClass.XL)).refusal is Refusal.NOTHING_FREE
    assert rig.screen().why is OverflowWhy.NOTHING_FREE
    assert not rig.state.unlocks
    rig.do(t.ChooseOutlet(Outlet.ROOM))
    assert rig.of_type(e.PlaceAssigned)[0].size is SizeClass.XL


def test_shelves_fill_evenly_and_never_beyond_what_they_take() -> None:
    rig = place_rig()
    places = [bring(rig, Outlet.ROOM).compartment for _ in range(3)]
    assert places == [SHELF, shelf_place("R-2"), shelf_place("R-2")]
    rig.sign_in_courier()
    ask(rig)
    assert (Action.OUTLET, "room") not in actions(rig)


def test_the_carrier_keeps_it_with_a_receipt_and_the_reason() -> None:
    rig = place_rig()
    rig.sign_in_courier()
    ask(rig, OverflowWhy.CASH)
    rig.do(t.ChooseOutlet(Outlet.CARRIER))
    shown = rig.screen()
    assert (shown.kind, shown.receipt, shown.why) == (ScreenKind.KEPT, "ABC234", OverflowWhy.CASH)
    refused = rig.of_type(e.DropOffRefused)[0]
    assert (refused.why, refused.receipt, refused.carrier) == (OverflowWhy.CASH, "ABC234", "swift")
    rig.do(i.NextParcel())
    assert rig.screen().kind is ScreenKind.UNIT
    assert not rig.state.deliveries


# A shelf


def test_a_parcel_on_a_shelf_is_in_custody_with_code_message_and_proof() -> None:
    rig = place_rig()
    before = rig.state.compartments
    delivery = bring(rig, Outlet.ROOM)
    assert (delivery.state, delivery.compartment) == (DeliveryState.STORED, SHELF)
    assert delivery.has_code
    assert delivery.proof == "ABC234"
    assert delivery.due_at_ms
    assert messages(rig) == [("parcel_on_shelf", "R-1")]
    assert rig.of_type(e.DeliveryStored)[0].settled_by == "carrier:swift/1"
    assert rig.state.compartments == before
    assert not rig.unlocks()


def test_the_courier_is_told_where_to_put_it_and_may_say_that_it_does_not_work() -> None:
    rig = place_rig()
    rig.sign_in_courier()
    ask(rig)
    rig.do(t.ChooseOutlet(Outlet.ROOM))
    shown = rig.screen()
    assert shown.kind is ScreenKind.PUT_AT_PLACE
    assert shown.place
    assert (shown.place.label, shown.place.hint) == ("R-1", "Key at the desk")
    assert rig.do(i.NextParcel()).refusal is Refusal.NOT_NOW
    rig.do(t.NotPlaced())
    assert rig.screen().kind is ScreenKind.OVERFLOW
    assert not rig.state.deliveries


def test_a_parcel_that_is_taken_back_at_once_was_never_announced() -> None:
    rig = place_rig()
    rig.sign_in_courier()
    ask(rig)
    rig.do(t.ChooseOutlet(Outlet.ROOM))
    rig.do(t.Placed())
    assert rig.screen().kind is ScreenKind.PLACED
    rig.wait(30)
    rig.do(t.NotPlaced())
    assert not rig.state.deliveries
    assert not messages(rig)
    assert rig.state.visit.done == ()


def test_a_code_that_is_out_dies_when_the_courier_takes_the_parcel_back() -> None:
    rig = place_rig()
    rig.sign_in_courier()
    ask(rig)
    rig.do(t.ChooseOutlet(Outlet.ROOM))
    rig.do(t.Placed())
    rig.wait(61)
    assert messages(rig) == [("parcel_on_shelf", "R-1")]
    rig.do(t.NotPlaced())
    assert messages(rig)[1:] == [("parcel_taken_away", "R-1")]
    assert [one.why for one in rig.state.spent.values()] == [SpentWhy.WITHDRAWN]


def test_a_courier_has_time_to_carry_it_and_whoever_walks_off_is_asked_the_next_time() -> None:
    rig = place_rig()
    rig.sign_in_courier()
    ask(rig)
    rig.do(t.ChooseOutlet(Outlet.ROOM))
    rig.wait(290)
    assert rig.screen().kind is ScreenKind.PUT_AT_PLACE
    rig.wait(60)
    (delivery,) = rig.state.deliveries.values()
    assert rig.state.visit.step is Step.HOME
    assert delivery.state is DeliveryState.UNCERTAIN
    assert not messages(rig)
    assert [one.kind for one in rig.state.incidents.values()] == [IncidentKind.DROP_OFF_UNCERTAIN]
    rig.sign_in_courier()
    assert rig.screen().kind is ScreenKind.PLACE_QUESTION
    rig.do(i.AnswerQuestion(delivery.id, is_inside=True))
    assert rig.state.deliveries[delivery.id].state is DeliveryState.STORED
    assert messages(rig) == [("parcel_on_shelf", "R-1")]
    assert not rig.state.incidents


def test_a_courier_who_kept_it_says_so_the_next_time() -> None:
    rig = place_rig()
    rig.sign_in_courier()
    ask(rig)
    rig.do(t.ChooseOutlet(Outlet.ROOM))
    rig.crash()
    (delivery,) = rig.state.deliveries.values()
    assert delivery.state is DeliveryState.UNCERTAIN
    assert not rig.state.sessions
    rig.see_banks()
    rig.sign_in_courier()
    rig.do(i.AnswerQuestion(delivery.id, is_inside=False))
    assert not rig.state.deliveries
    assert not rig.state.incidents


def test_the_resident_s_code_leads_to_the_shelf_and_is_spent_when_they_have_it() -> None:
    rig = place_rig()
    delivery = bring(rig, Outlet.ROOM)
    code = rig.code_of(delivery)
    rig.present(code)
    shown = rig.screen()
    assert shown.kind is ScreenKind.PICKUP_AT_PLACE
    assert shown.place
    assert shown.place.label == "R-1"
    rig.do(t.HaveIt())
    assert not rig.state.deliveries
    assert rig.screen().kind is ScreenKind.PICKUP_DONE
    rig.do(i.Finish())
    assert rig.present(code).refusal is Refusal.CODE_COLLECTED
    assert not rig.unlocks()
    assert not rig.state.reopenings


def test_a_resident_who_says_nothing_collects_nothing() -> None:
    rig = place_rig()
    delivery = bring(rig, Outlet.ROOM)
    rig.present(rig.code_of(delivery))
    rig.wait(120)
    assert rig.state.visit.step is Step.HOME
    assert rig.state.deliveries[delivery.id] == delivery
    assert rig.present(rig.code_of(delivery)).refusal is None


def test_a_parcel_that_is_not_on_its_shelf_stays_in_custody_until_staff_have_looked() -> None:
    rig = place_rig()
    delivery = bring(rig, Outlet.ROOM)
    rig.present(rig.code_of(delivery))
    rig.do(t.NotOnShelf())
    kinds = {one.kind for one in rig.state.incidents.values()}
    assert kinds == {IncidentKind.PICKUP_IN_DOUBT, IncidentKind.PARCEL_MISSING}
    rig.do(i.Finish())
    assert rig.state.deliveries[delivery.id].is_in_doubt
    settle(rig, delivery, is_here=True)
    assert not rig.state.deliveries[delivery.id].is_in_doubt
    assert not rig.state.incidents
    rig.do(i.GoBack())
    rig.do(i.Finish())
    assert rig.present(rig.code_of(delivery)).refusal is None


def test_a_parcel_that_staff_do_not_find_is_over_and_its_recipient_is_asked() -> None:
    rig = place_rig()
    delivery = bring(rig, Outlet.ROOM)
    settle(rig, delivery, is_here=False)
    assert not rig.state.deliveries
    assert messages(rig)[-1] == ("parcel_not_at_place", "R-1")
    assert [one.why for one in rig.state.spent.values()] == [SpentWhy.REMOVED]
    assert [one.kind for one in rig.state.incidents.values()] == [IncidentKind.PARCEL_MISSING]


def test_doors_and_shelves_of_one_person_open_with_one_code() -> None:
    rig = place_rig()
    behind = rig.deliver()
    shelved = bring(rig, Outlet.ROOM)
    rig.present(rig.code_of(behind))
    rig.pulse()
    rig.open(behind.compartment)
    rig.close(behind.compartment)
    rig.answer()
    assert rig.screen().kind is ScreenKind.PICKUP_AT_PLACE
    rig.do(t.HaveIt())
    assert not rig.state.deliveries
    assert {one.delivery for one in rig.state.spent.values()} == {behind.id, shelved.id}


def test_a_shelf_is_there_for_its_code_while_no_bank_answers() -> None:
    rig = place_rig()
    delivery = bring(rig, Outlet.ROOM)
    rig.crash()
    assert rig.present(rig.code_of(delivery)).refusal is None
    assert rig.screen().kind is ScreenKind.PICKUP_AT_PLACE
