"""What staff say of a parcel without a door that opens: believed of the parcel, never of a compartment."""

import pytest

from kiosk.domain import events as e
from kiosk.domain import inputs as i
from kiosk.domain import parcel_acts as acts
from kiosk.domain.draft import Outcome
from kiosk.domain.limits import DAY_MS
from kiosk.domain.model.delivery import Delivery, DeliveryState, RemovalWay
from kiosk.domain.model.ids import CompartmentId, DeliveryId, StaffId
from kiosk.domain.model.vacancy import Vacancy
from kiosk.domain.refusals import Refusal
from kiosk.domain.rules.custody import PARCEL_MOVED, PARCEL_NOT_FOUND
from kiosk.domain.rules.removal import TOLD
from tests.domain.rig import Rig

JO = StaffId("7")


def say(rig: Rig, delivery: DeliveryId, act: acts.ParcelAct) -> Outcome:
    return rig.do(acts.OrderParcel(delivery, JO, act))


def settle(rig: Rig, delivery: DeliveryId, found: i.Found) -> Refusal | None:
    return say(rig, delivery, acts.SettleParcel(found)).refusal


def doubted() -> tuple[Rig, Delivery]:
    rig = Rig().start()
    delivery = rig.deliver()
    rig.pick_up(delivery)
    rig.answer(i.PickupAnswer.NOT_IN_THERE)
    rig.do(i.Finish())
    return rig, delivery


def uncertain() -> tuple[Rig, DeliveryId]:
    rig = Rig().start()
    rig.sign_in_courier()
    compartment = rig.reserve()
    rig.open(rig.pulse())
    rig.restart()
    return rig, rig.state.deliveries_in(compartment)[0].id


def test_a_parcel_in_doubt_that_was_seen_is_in_doubt_no_more() -> None:
    rig, delivery = doubted()
    assert settle(rig, delivery.id, i.Found.PARCEL) is None
    assert not rig.state.deliveries[delivery.id].is_in_doubt
    assert not rig.incidents()
    assert settle(rig, delivery.id, i.Found.PARCEL) is Refusal.NOTHING_TO_SETTLE


def test_a_parcel_that_was_not_seen_ends_and_its_door_is_looked_into_before_use() -> None:
    rig, delivery = doubted()
    assert settle(rig, delivery.id, i.Found.EMPTY) is None
    assert not rig.state.deliveries
    assert rig.vacancy(delivery.compartment) is Vacancy.UNKNOWN
    assert rig.messages()[-1].kind == PARCEL_NOT_FOUND


@pytest.mark.parametrize(("found", "state"), [(i.Found.PARCEL, DeliveryState.STORED), (i.Found.EMPTY, None)])
def test_an_uncertain_drop_off_is_settled(found: i.Found, state: DeliveryState | None) -> None:
    rig, delivery = uncertain()
    assert settle(rig, delivery, found) is None
    known = rig.state.deliveries.get(delivery)
    assert (known.state if known else None) is state
    assert rig.vacancy("c1") is (Vacancy.OCCUPIED if state else Vacancy.UNKNOWN)


def test_what_is_uncertain_is_settled_before_anything_else_is_said() -> None:
    rig, delivery = uncertain()
    act = acts.RemoveParcel(RemovalWay.TO_CARRIER, "by key")
    assert say(rig, delivery, act).refusal is Refusal.SETTLE_FIRST


def test_a_parcel_taken_out_by_key_is_removed_with_the_reason_apart_from_the_log() -> None:
    rig = Rig().start()
    delivery = rig.deliver()
    outcome = say(rig, delivery.id, acts.RemoveParcel(RemovalWay.TO_CARRIER, "the lock is dead"))
    assert (outcome.refusal, outcome.actor) == (None, "command:7")
    removed = rig.of_type(e.DeliveryRemoved)[-1]
    assert (removed.way, removed.reason) == (RemovalWay.TO_CARRIER, "the lock is dead")
    assert "reason" in e.DeliveryRemoved.PRIVATE
    told = rig.messages()[-1]
    assert (told.kind, told.detail) == (TOLD[RemovalWay.TO_CARRIER], "Jo")
    assert rig.vacancy(delivery.compartment) is Vacancy.UNKNOWN
    assert not rig.unlocks()[1:]


def test_a_parcel_carried_by_key_is_behind_a_free_door_with_its_code() -> None:
    rig = Rig().start()
    delivery = rig.deliver()
    assert say(rig, delivery.id, acts.PutElsewhere(CompartmentId("c5"))).refusal is None
    kept = rig.state.deliveries[delivery.id]
    assert (kept.compartment, kept.state, kept.has_code) == ("c5", DeliveryState.STORED, True)
    assert rig.vacancy(delivery.compartment) is Vacancy.UNKNOWN
    assert rig.vacancy("c5") is Vacancy.OCCUPIED
    told = rig.messages()[-1]
    assert (told.kind, told.door, told.detail) == (PARCEL_MOVED, "5", "Jo")


def test_no_parcel_is_put_where_another_one_is() -> None:
    rig = Rig().start()
    delivery, other = rig.deliver(), rig.deliver("101")
    act = acts.PutElsewhere(other.compartment)
    assert say(rig, delivery.id, act).refusal is Refusal.NOTHING_FREE
    assert rig.state.deliveries[delivery.id].compartment == delivery.compartment


def test_a_hold_by_command_follows_the_same_rule() -> None:
    rig = Rig().start()
    delivery = rig.deliver()
    now = rig.wall_ms + rig.mono_ms
    too_long = say(rig, delivery.id, acts.KeepParcel(now + 15 * DAY_MS))
    assert too_long.refusal is Refusal.HOLD_TOO_LONG
    assert say(rig, delivery.id, acts.KeepParcel(now + 5 * DAY_MS)).refusal is None
    assert rig.state.deliveries[delivery.id].held_until_ms == now + 5 * DAY_MS
    say(rig, delivery.id, acts.KeepParcel(None))
    assert rig.state.deliveries[delivery.id].held_until_ms is None


def test_nothing_is_disposed_of_by_command_without_the_notice() -> None:
    rig = Rig().start()
    delivery = rig.deliver()
    act = acts.RemoveParcel(RemovalWay.DISPOSED, "rotten")
    assert say(rig, delivery.id, act).refusal is Refusal.NOTICE_NOT_OVER


def test_nothing_is_said_of_a_parcel_while_somebody_is_at_its_door() -> None:
    rig = Rig().start()
    delivery = rig.deliver()
    rig.present(rig.code_of(delivery))
    rig.open(rig.pulse())
    act = acts.RemoveParcel(RemovalWay.TO_DESK, "by key")
    assert say(rig, delivery.id, act).refusal is Refusal.DOOR_IN_USE
    assert say(rig, DeliveryId("none"), act).refusal is Refusal.NOT_NOW
