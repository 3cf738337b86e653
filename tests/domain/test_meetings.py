"""Where features meet: a wrong unit, a shared door, a cut-in, a shelf, the desk and staff, all at once."""

from kiosk.domain import inputs as i
from kiosk.domain import place_touches as t
from kiosk.domain.changes import MessageQueued
from kiosk.domain.frozen import replace
from kiosk.domain.limits import DAY_MS
from kiosk.domain.model.command import Order
from kiosk.domain.model.compartment import SizeClass
from kiosk.domain.model.delivery import Delivery, DeliveryState, RemovalWay
from kiosk.domain.model.ids import DeliveryId, StaffId
from kiosk.domain.model.incident import IncidentKind
from kiosk.domain.model.place import DESK, Identified, Outlet
from kiosk.domain.model.screen import Action, ScreenKind
from kiosk.domain.model.session import Step
from kiosk.domain.model.vacancy import Vacancy
from kiosk.domain.parcel_acts import OrderParcel, PutElsewhere, RemoveParcel, SettleParcel
from kiosk.domain.refusals import Refusal
from kiosk.domain.rules.custody import PARCEL_HANDED_OVER, WITH_CODE
from tests.domain.place_rig import OVERFLOW, ask, bring, place_rig
from tests.domain.rig import Rig


def two_behind_one_door(rig: Rig) -> tuple[Delivery, Delivery]:
    """A courier who is still signed in put two parcels for 412 behind one door; both codes are out."""
    rig.sign_in_courier()
    first = rig.drop_off("412", SizeClass.M)
    rig.do(i.NextParcel())
    rig.do(i.ChooseUnit("412"))
    rig.do(i.AddToDoor())
    rig.open(rig.pulse())
    rig.close(first.compartment)
    second = rig.state.deliveries_in(first.compartment)[-1]
    rig.do(i.NextParcel())
    return rig.state.deliveries[first.id], rig.state.deliveries[second.id]


def collect_one(rig: Rig, parcel: Delivery) -> None:
    """Its code is keyed in on the code page; it is taken, and the other one behind the door stays."""
    rig.do(i.PresentCode(rig.code_of(parcel), is_long=False))
    rig.open(rig.pulse())
    rig.close(parcel.compartment)
    rig.answer()
    rig.answer(i.PickupAnswer.STILL_INSIDE)


def disputed(rig: Rig) -> Delivery:
    """A parcel whose resident says that it is not theirs."""
    delivery = rig.deliver("412")
    rig.pick_up(delivery)
    rig.answer(i.PickupAnswer.NOT_MINE)
    rig.do(i.Finish())
    return rig.state.deliveries[delivery.id]


def at_door_of(rig: Rig, parcel: Delivery, way: RemovalWay | None) -> None:
    """Staff open its door to take it out, or to carry it to another one; the door is shut again."""
    rig.sign_in_staff()
    rig.do(i.ShowStored())
    rig.do(i.ChooseStored(parcel.id))
    rig.do(i.TakeOut(way) if way else i.MoveParcel())
    rig.open(rig.pulse())
    rig.close(parcel.compartment)


def codes_sent(rig: Rig, parcel: Delivery) -> int:
    """How many messages with its code were queued so far."""
    queued = (one for one in rig.changes if isinstance(one, MessageQueued))
    return sum(one.delivery == parcel.id and one.kind in WITH_CODE for one in queued)


# Somebody else's parcel behind a door that was opened with a code before


def test_a_spent_code_does_not_reopen_a_door_whose_parcel_is_another_units_now() -> None:
    rig = Rig().start()
    first, second = two_behind_one_door(rig)
    rig.do(i.QuickPickup())
    rig.do(i.PresentCode(rig.code_of(first), is_long=False))
    rig.open(rig.pulse())
    rig.close(first.compartment)
    rig.wait(62)
    assert first.id not in rig.state.deliveries
    rig.do(i.ShowParcels())
    rig.do(i.ChooseParcel(0))
    rig.do(i.WrongUnit())
    assert rig.state.visit.correcting == second.id
    assert rig.do(i.ChooseUnit("101")).refusal is None
    assert rig.state.deliveries[second.id].unit == "u101"
    rig.do(i.Finish())
    rig.do(i.GoBack())
    before = len(rig.unlocks())
    assert rig.present(rig.code_of(first)).refusal is Refusal.CODE_COLLECTED
    assert len(rig.unlocks()) == before


def test_reopening_with_a_spent_code_leaves_a_compartment_with_another_parcel_occupied() -> None:
    rig = Rig().start()
    first, second = two_behind_one_door(rig)
    rig.do(i.QuickPickup())
    collect_one(rig, first)
    rig.do(i.Finish())
    rig.do(i.Finish())
    rig.do(i.GoBack())
    assert rig.present(rig.code_of(first)).refusal is None
    assert rig.state.deliveries[second.id].state is DeliveryState.STORED
    assert rig.vacancy(first.compartment) is Vacancy.OCCUPIED


def test_a_hold_of_whoever_it_was_not_for_ends_with_the_wrong_unit() -> None:
    rig = Rig().start()
    rig.sign_in_courier()
    parcel = rig.drop_off("412", SizeClass.M)
    rig.do(i.NextParcel())
    order = Order("desk", rig.wall_ms + rig.mono_ms + 60_000)
    until_ms = rig.wall_ms + rig.mono_ms + DAY_MS
    assert rig.do(i.HoldDelivery(order, parcel.id, True, until_ms)).refusal is None
    assert rig.state.deliveries[parcel.id].held_until_ms == until_ms
    rig.do(i.ShowParcels())
    rig.do(i.ChooseParcel(0))
    rig.do(i.WrongUnit())
    rig.do(i.ChooseUnit("101"))
    given = rig.state.deliveries[parcel.id]
    assert (given.unit, given.held_until_ms) == ("u101", None)


# One answer is not for all parcels behind a door


def test_staff_who_find_one_of_two_parcels_are_still_told_of_the_other() -> None:
    rig = Rig().start()
    first, _ = two_behind_one_door(rig)
    rig.do(i.Finish())
    rig.do(i.GoBack())
    rig.mono_ms += 60_000
    rig.open(first.compartment)
    rig.close(first.compartment)
    rig.sign_in_staff()
    rig.look(first.compartment, i.Found.PARCEL)
    (other,) = (one for one in rig.state.deliveries_in(first.compartment) if one.is_in_doubt)
    assert IncidentKind.PICKUP_IN_DOUBT in rig.incidents()
    assert rig.screen().kind is ScreenKind.STAFF_SETTLE
    assert [one.delivery for one in rig.screen().stored] == [other.id]
    rig.do(i.StaffSettle(i.Found.PARCEL))
    assert rig.state.visit.step is Step.STAFF_LIST
    assert IncidentKind.PICKUP_IN_DOUBT not in rig.incidents()
    assert not rig.screen().tasks


def test_nothing_behind_a_door_is_none_of_the_parcels() -> None:
    rig = Rig().start()
    first, _ = two_behind_one_door(rig)
    rig.do(i.Finish())
    rig.do(i.GoBack())
    rig.mono_ms += 60_000
    rig.open(first.compartment)
    rig.close(first.compartment)
    rig.sign_in_staff()
    rig.look(first.compartment, i.Found.EMPTY)
    assert not rig.state.deliveries
    assert rig.vacancy(first.compartment) is Vacancy.VERIFIED
    assert rig.state.visit.step is Step.STAFF_LIST


# A parcel that is said to be somebody else's


def test_a_disputed_parcel_that_staff_move_gets_no_code() -> None:
    rig = Rig().start()
    parcel = disputed(rig)
    sent = codes_sent(rig, parcel)
    at_door_of(rig, parcel, None)
    rig.do(i.AnswerTaking(i.Taken.TOOK_IT))
    there = rig.pulse()
    rig.open(there)
    rig.close(there)
    rig.wait(400)
    moved = rig.state.deliveries[parcel.id]
    assert (moved.compartment, moved.state) == (there, DeliveryState.STORED)
    assert moved.is_disputed
    assert codes_sent(rig, parcel) == sent
    assert IncidentKind.PARCEL_DISPUTED in rig.incidents()


def test_a_disputed_parcel_that_staff_put_elsewhere_by_command_gets_no_code() -> None:
    rig = Rig().start()
    parcel = disputed(rig)
    sent = codes_sent(rig, parcel)
    other = next(one for one in rig.state.layout.compartments if not rig.state.deliveries_in(one))
    assert rig.do(OrderParcel(parcel.id, StaffId("7"), PutElsewhere(other))).refusal is None
    rig.wait(400)
    assert rig.state.deliveries[parcel.id].is_disputed
    assert codes_sent(rig, parcel) == sent


def test_a_disputed_parcel_that_staff_leave_gets_no_code() -> None:
    rig = Rig().start()
    parcel = disputed(rig)
    sent = codes_sent(rig, parcel)
    at_door_of(rig, parcel, RemovalWay.TO_CARRIER)
    rig.do(i.AnswerTaking(i.Taken.LEFT_IT))
    rig.wait(400)
    assert rig.state.deliveries[parcel.id].is_disputed
    assert codes_sent(rig, parcel) == sent


def test_a_disputed_parcel_at_the_desk_is_handed_over_without_a_word_to_whoever_denied_it() -> None:
    rig = place_rig()
    parcel = disputed(rig)
    sent = codes_sent(rig, parcel)
    at_door_of(rig, parcel, RemovalWay.TO_DESK)
    rig.do(i.AnswerTaking(i.Taken.TOOK_IT))
    rig.wait(100)
    kept = rig.state.deliveries[parcel.id]
    assert (kept.compartment, kept.is_disputed) == (DESK, True)
    assert codes_sent(rig, parcel) == sent
    rig.do(i.GoBack())
    rig.do(t.ShowPlaces())
    rig.do(t.ChoosePlaced(parcel.id))
    assert Action.IS_HERE in {one.action for one in rig.screen().offers}
    rig.do(t.HandOver(Identified.DOCUMENT))
    assert parcel.id not in rig.state.deliveries
    assert PARCEL_HANDED_OVER not in {one.kind for one in rig.changes if isinstance(one, MessageQueued)}
    assert IncidentKind.PARCEL_DISPUTED not in rig.incidents()


def wrong_unit_left_alone(rig: Rig) -> Delivery:
    """A courier says that the unit is wrong, then turns to another parcel; a resident cuts in."""
    rig.sign_in_courier()
    delivery = rig.drop_off("412")
    rig.do(i.NextParcel())
    other = rig.drop_off("101")
    rig.do(i.NextParcel())
    rig.do(i.ShowParcels())
    rig.do(i.ChooseParcel(0))
    rig.do(i.WrongUnit())
    rig.open(other.compartment)
    rig.state = replace(rig.state, visit=replace(rig.state.visit, step=Step.UNIT, correcting=None))
    assert rig.do(i.QuickPickup()).refusal is None
    return delivery


def test_staff_hear_of_a_wrong_unit_when_nobody_comes_back_after_a_cut_in() -> None:
    rig = Rig().start()
    delivery = wrong_unit_left_alone(rig)
    rig.wait(50)
    rig.do(i.StayHere())
    rig.wait(600)
    told = [one for one in rig.state.incidents.values() if one.kind is IncidentKind.PARCEL_DISPUTED]
    assert [one.delivery for one in told] == [delivery.id]


def test_staff_hear_of_a_wrong_unit_when_the_kiosk_ends_during_a_cut_in() -> None:
    rig = Rig().start()
    delivery = wrong_unit_left_alone(rig)
    rig.restart()
    told = [one for one in rig.state.incidents.values() if one.kind is IncidentKind.PARCEL_DISPUTED]
    assert [one.delivery for one in told] == [delivery.id]


# Places


def test_a_courier_who_walks_off_with_one_parcel_casts_no_doubt_on_others_of_the_shelf() -> None:
    rig = place_rig(replace(OVERFLOW, shelves=OVERFLOW.shelves[1:]))
    other = bring(rig, Outlet.ROOM, unit="101")
    rig.sign_in_courier()
    ask(rig)
    rig.do(t.ChooseOutlet(Outlet.ROOM))
    rig.wait(1600)
    (walked_off,) = (one for one in rig.state.deliveries.values() if one.id != other.id)
    assert (walked_off.state, walked_off.compartment) == (DeliveryState.UNCERTAIN, other.compartment)
    assert not rig.state.deliveries[other.id].is_in_doubt
    rig.restart()
    assert not rig.state.deliveries[other.id].is_in_doubt


# A parcel that goes by command while somebody's page is about it


def order_removed(rig: Rig, parcel: DeliveryId) -> None:
    act = RemoveParcel(RemovalWay.TO_CARRIER, "by key")
    assert rig.do(OrderParcel(parcel, StaffId("7"), act)).refusal is None


def test_a_courier_goes_on_when_the_parcel_of_a_wrong_unit_is_taken_meanwhile() -> None:
    rig = Rig().start()
    rig.sign_in_courier()
    delivery = rig.drop_off("412")
    rig.do(i.WrongUnit())
    order_removed(rig, delivery.id)
    assert rig.do(i.ChooseUnit("101")).refusal is None
    assert rig.state.visit.step is Step.SIZE
    assert rig.do(i.ChooseSize(SizeClass.S)).refusal is None
    assert [one.unit for one in rig.state.deliveries.values()] == ["u101"]


def test_the_list_works_that_stands_where_a_parcel_was() -> None:
    rig = Rig().start()
    first, second = rig.deliver("412"), rig.deliver("101")
    rig.sign_in_staff()
    rig.do(i.ShowStored())
    rig.do(i.ChooseStored(first.id))
    order_removed(rig, first.id)
    assert [one.delivery for one in rig.screen().stored] == [second.id]
    assert rig.do(i.ChooseStored(second.id)).refusal is None
    assert rig.state.visit.delivery == second.id


def test_the_list_of_places_works_that_stands_where_a_parcel_was() -> None:
    rig = place_rig()
    first, second = bring(rig, Outlet.ROOM, unit="412"), bring(rig, Outlet.ROOM, unit="101")
    rig.sign_in_staff()
    rig.do(t.ShowPlaces())
    rig.do(t.ChoosePlaced(first.id))
    rig.state = replace(
        rig.state, deliveries={name: one for name, one in rig.state.deliveries.items() if name != first.id}
    )
    assert [one.delivery for one in rig.screen().placed] == [second.id]
    assert rig.do(t.ChoosePlaced(second.id)).refusal is None


def test_no_parked_session_stays_when_its_only_parcel_is_cancelled_by_command() -> None:
    rig = Rig().start()
    rig.sign_in_courier()
    rig.reserve()
    rig.crash()
    (delivery,) = rig.state.deliveries
    order = Order("desk", rig.wall_ms + rig.mono_ms + 60_000)
    rig.do(i.CancelDelivery(order, delivery))
    assert not rig.state.deliveries
    assert not rig.state.sessions


def test_a_command_does_not_settle_a_parcel_whose_door_stands_open() -> None:
    rig = Rig().start()
    delivery = rig.deliver("412")
    rig.open(delivery.compartment)
    rig.close(delivery.compartment)
    rig.present(rig.code_of(delivery))
    rig.open(rig.pulse())
    rig.wait(130)
    order = OrderParcel(delivery.id, StaffId("7"), SettleParcel(i.Found.EMPTY))
    assert rig.do(order).refusal is Refusal.SETTLE_FIRST
    assert rig.state.deliveries[delivery.id].state is DeliveryState.COLLECTING
