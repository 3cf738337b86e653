"""The desk: staff accept what couriers bring, hand it over, carry it elsewhere, and nobody else does."""

from dataclasses import replace

from kiosk.domain import events as e
from kiosk.domain import inputs as i
from kiosk.domain import place_touches as t
from kiosk.domain.model.credential import SpentWhy
from kiosk.domain.model.delivery import DeliveryState
from kiosk.domain.model.incident import IncidentKind
from kiosk.domain.model.place import DESK, Identified, Outlet, Overflow
from kiosk.domain.model.screen import Action, ScreenKind
from kiosk.domain.model.session import Step
from kiosk.domain.refusals import Refusal
from tests.domain.place_rig import (
    SHELF,
    actions,
    ask,
    at_parcel,
    bring,
    messages,
    place_rig,
    settle,
    stored_at_desk,
)


def test_at_the_desk_nothing_is_in_custody_before_staff_say_so() -> None:
    rig = place_rig()
    delivery = bring(rig, Outlet.DESK)
    assert (delivery.state, delivery.compartment) == (DeliveryState.UNCERTAIN, DESK)
    assert delivery.proof == "ABC234"
    assert not messages(rig)
    assert [one.kind for one in rig.state.incidents.values()] == [IncidentKind.DROP_OFF_UNCERTAIN]
    rig.sign_in_courier()
    assert rig.screen().kind is ScreenKind.UNIT  # whoever has a receipt is not asked again
    rig.do(i.Finish())
    settle(rig, delivery, is_here=True)
    accepted = rig.state.deliveries[delivery.id]
    assert (accepted.state, accepted.proof) == (DeliveryState.STORED, "ABC234")
    assert messages(rig) == [("parcel_at_desk", "Front desk")]
    assert rig.of_type(e.DeliveryStored)[0].settled_by == "staff:7"
    assert not rig.state.incidents


def test_a_receipt_that_staff_deny_is_an_incident() -> None:
    rig = place_rig()
    delivery = bring(rig, Outlet.DESK)
    settle(rig, delivery, is_here=False)
    assert not rig.state.deliveries
    assert [one.kind for one in rig.state.incidents.values()] == [IncidentKind.PARCEL_MISSING]


def test_the_resident_is_sent_to_the_desk_and_staff_hand_over() -> None:
    rig = place_rig()
    delivery = stored_at_desk(rig)
    rig.present(rig.code_of(delivery))
    shown = rig.screen()
    assert shown.kind is ScreenKind.PICKUP_AT_PLACE
    assert shown.place
    assert (shown.place.label, shown.place.hint) == ("Front desk", "8 to 18")
    assert rig.do(t.HaveIt()).refusal is Refusal.NOT_NOW
    rig.do(i.Finish())
    assert rig.state.deliveries[delivery.id].state is DeliveryState.STORED
    at_parcel(rig, delivery)
    rig.do(t.HandOver(Identified.DOCUMENT))
    assert not rig.state.deliveries
    assert rig.of_type(e.HandedOver)[0].identified is Identified.DOCUMENT
    assert rig.of_type(e.DeliveryCollected)[0].delivery == delivery.id
    assert messages(rig)[-1] == ("parcel_handed_over", "Front desk")
    assert [one.why for one in rig.state.spent.values()] == [SpentWhy.COLLECTED]


def test_a_parcel_that_is_not_accepted_yet_is_handed_to_nobody() -> None:
    rig = place_rig()
    delivery = bring(rig, Outlet.DESK)
    at_parcel(rig, delivery)
    assert not any(action is Action.HAND_OVER for action, _ in actions(rig))
    assert rig.do(t.HandOver(Identified.KNOWN)).refusal is Refusal.NOT_NOW
    assert delivery.id in rig.state.deliveries


def test_two_parcels_at_the_desk_have_incidents_of_their_own() -> None:
    rig = place_rig()
    first, second = bring(rig, Outlet.DESK), bring(rig, Outlet.DESK, "101")
    assert len(rig.state.incidents) == 2
    settle(rig, first, is_here=True)
    assert [one.delivery for one in rig.state.incidents.values()] == [second.id]


# Carried from place to place


def test_a_parcel_that_staff_carry_to_the_desk_keeps_its_code_and_its_recipient_hears_where() -> None:
    rig = place_rig()
    delivery = bring(rig, Outlet.ROOM)
    at_parcel(rig, delivery)
    rig.do(t.BringTo(Outlet.DESK))
    moved = rig.state.deliveries[delivery.id]
    assert (moved.compartment, moved.state) == (DESK, DeliveryState.STORED)
    assert messages(rig)[-1] == ("parcel_at_desk", "Front desk")
    assert not rig.state.spent
    rig.do(t.ChoosePlaced(delivery.id))
    rig.do(t.BringTo(Outlet.ROOM))
    assert rig.state.deliveries[delivery.id].compartment == SHELF


# What must not happen


def test_nobody_but_staff_hands_over() -> None:
    rig = place_rig()
    delivery = stored_at_desk(rig)
    touches: list[i.PanelTouch] = [t.ShowPlaces(), t.ChoosePlaced(delivery.id), t.HandOver(Identified.KNOWN)]
    touches.append(t.SayWhetherHere(is_here=False))
    assert {rig.do(touch).refusal for touch in touches} == {Refusal.NOT_NOW}
    rig.sign_in_courier()
    assert {rig.do(touch).refusal for touch in touches} == {Refusal.NOT_NOW}
    rig.do(i.Finish())
    rig.present(rig.code_of(delivery))
    assert rig.do(t.HandOver(Identified.KNOWN)).refusal is Refusal.NOT_NOW
    assert rig.state.deliveries[delivery.id] == delivery


def test_a_parcel_stays_known_when_its_shelf_leaves_the_settings() -> None:
    rig = place_rig()
    delivery = bring(rig, Outlet.ROOM)
    building = replace(rig.state.building, overflow=Overflow())
    rig.state = replace(rig.state, building=building)
    rig.restart()
    assert rig.state.deliveries[delivery.id] == delivery
    assert not rig.state.incidents
    rig.sign_in_staff()
    assert (Action.PLACES, "") in actions(rig)
    rig.do(i.Finish())
    rig.present(rig.code_of(delivery))
    assert rig.screen().place
    rig.do(t.HaveIt())
    assert not rig.state.deliveries


def test_who_lives_nowhere_any_more_gets_no_shelf() -> None:
    rig = place_rig()
    rig.sign_in_courier()
    ask(rig)
    rig.state = replace(rig.state, directory=replace(rig.state.directory, units={}))
    assert rig.do(t.ChooseOutlet(Outlet.ROOM)).refusal is Refusal.UNKNOWN_UNIT
    assert rig.state.visit.step is Step.UNIT
