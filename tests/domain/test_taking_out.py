"""Staff take parcels out: gone for good, behind another door, left, or not found. Its recipient is told."""

from dataclasses import replace

import pytest

from kiosk.domain import events as e
from kiosk.domain import inputs as i
from kiosk.domain.limits import DAY_MS
from kiosk.domain.model.compartment import DoorState
from kiosk.domain.model.credential import SpentWhy
from kiosk.domain.model.delivery import Delivery, DeliveryState, RemovalWay
from kiosk.domain.model.ids import CarrierId, CompartmentId, StaffId
from kiosk.domain.model.incident import IncidentKind
from kiosk.domain.model.place import DESK, Outlet, Overflow
from kiosk.domain.model.screen import Action, ScreenKind
from kiosk.domain.model.unlock import UnlockPurpose
from kiosk.domain.model.vacancy import Vacancy
from kiosk.domain.refusals import Refusal
from kiosk.domain.rules.custody import DISPOSAL_NOTICE, LEFT_BY_STAFF, PARCEL_MOVED, PARCEL_NOT_FOUND
from kiosk.domain.rules.removal import TOLD
from tests.domain.rig import Rig

CARRIER, DESK_WAY, DISPOSED = RemovalWay.TO_CARRIER, RemovalWay.TO_DESK, RemovalWay.DISPOSED


def chosen(rig: Rig | None = None) -> tuple[Rig, Delivery]:
    """A parcel behind a door, and staff at the page about it."""
    rig = rig or Rig().start()
    delivery = rig.deliver()
    choose(rig, delivery)
    return rig, delivery


def choose(rig: Rig, delivery: Delivery) -> None:
    rig.sign_in_staff()
    rig.do(i.ShowStored())
    assert rig.do(i.ChooseStored(delivery.id)).refusal is None


def open_and_close(rig: Rig, after_s: float = 10) -> CompartmentId:
    """The pulse leaves, the door opens, and is shut again."""
    compartment = rig.pulse()
    rig.open(compartment)
    rig.close(compartment, after_s=after_s)
    return compartment


def told(rig: Rig) -> list[tuple[str, str, str]]:
    """Kind, door and detail of every message but the first."""
    return [(one.kind, one.door, one.detail) for one in rig.messages()][1:]


def taken(rig: Rig, way: RemovalWay, answer: i.Taken = i.Taken.TOOK_IT) -> None:
    """Take the parcel of the page out, and say what became of it."""
    assert rig.do(i.TakeOut(way)).refusal is None
    open_and_close(rig)
    assert rig.screen().kind is ScreenKind.STAFF_TAKEN
    assert rig.do(i.AnswerTaking(answer)).refusal is None


@pytest.mark.parametrize("way", [CARRIER, DESK_WAY])
def test_a_parcel_that_staff_took_is_out_of_custody_and_its_recipient_told_who_and_where(
    way: RemovalWay,
) -> None:
    rig, delivery = chosen()
    rig.do(i.TakeOut(way))
    assert rig.of_type(e.UnlockAuthorised)[-1].purpose is UnlockPurpose.REMOVE
    compartment = rig.pulse()
    rig.open(compartment)
    assert rig.state.deliveries[delivery.id].state is DeliveryState.REMOVING
    assert rig.screen().kind is ScreenKind.STAFF_TAKE
    rig.close(compartment)
    rig.do(i.AnswerTaking(i.Taken.TOOK_IT))
    assert not rig.state.deliveries
    assert rig.vacancy(compartment) is Vacancy.VERIFIED
    assert told(rig) == [(TOLD[way], "1", "Jo")]
    assert rig.of_type(e.DeliveryRemoved)[-1].way is way
    assert rig.state.spent[rig.code_of(delivery)].why is SpentWhy.REMOVED
    assert not rig.incidents()
    assert rig.screen().kind is ScreenKind.STAFF_PARCELS


def test_a_desk_that_the_settings_name_keeps_the_parcel_and_its_code() -> None:
    rig = Rig()
    overflow = Overflow(order=(Outlet.DESK, Outlet.CARRIER), desk="Front desk")
    rig.state = replace(rig.state, building=replace(rig.state.building, overflow=overflow))
    rig, delivery = chosen(rig.start())
    taken(rig, DESK_WAY)
    kept = rig.state.deliveries[delivery.id]
    assert (kept.compartment, kept.state, kept.has_code) == (DESK, DeliveryState.STORED, True)
    assert rig.vacancy(delivery.compartment) is Vacancy.VERIFIED
    assert [one[0] for one in told(rig)] == [TOLD[DESK_WAY]]


def test_a_parcel_that_staff_left_stays_and_its_recipient_is_told_who_opened() -> None:
    rig, delivery = chosen()
    taken(rig, CARRIER, i.Taken.LEFT_IT)
    kept = rig.state.deliveries[delivery.id]
    assert (kept.state, kept.is_in_doubt) == (DeliveryState.STORED, False)
    assert told(rig) == [(LEFT_BY_STAFF, "1", "Jo")]
    rig.do(i.GoBack())
    rig.do(i.Finish())
    assert rig.present(rig.code_of(delivery)).refusal is None


def test_a_parcel_that_staff_did_not_find_is_missing() -> None:
    rig, _ = chosen()
    taken(rig, CARRIER, i.Taken.NOT_THERE)
    assert not rig.state.deliveries
    assert rig.incidents() == {IncidentKind.PARCEL_MISSING}
    assert told(rig)[-1][0] == PARCEL_NOT_FOUND


def test_staff_who_walk_away_from_the_question_leave_the_parcel_in_doubt() -> None:
    rig, delivery = chosen()
    rig.do(i.TakeOut(CARRIER))
    open_and_close(rig)
    rig.wait(201)
    kept = rig.state.deliveries[delivery.id]
    assert (kept.state, kept.is_in_doubt) == (DeliveryState.STORED, True)
    assert told(rig) == [(LEFT_BY_STAFF, "1", "Jo")]


def test_staff_who_walk_away_from_the_open_door_leave_the_parcel_in_doubt_at_its_close() -> None:
    rig, delivery = chosen()
    rig.do(i.TakeOut(CARRIER))
    compartment = rig.pulse()
    rig.open(compartment)
    rig.wait(400)
    assert rig.state.deliveries[delivery.id].state is DeliveryState.REMOVING
    assert IncidentKind.DOOR_LEFT_OPEN in rig.incidents()
    rig.close(compartment)
    kept = rig.state.deliveries[delivery.id]
    assert (kept.state, kept.is_in_doubt) == (DeliveryState.STORED, True)
    assert not rig.state.sessions


def test_a_restart_in_the_middle_leaves_the_parcel_in_doubt_and_its_recipient_told() -> None:
    rig, delivery = chosen()
    rig.do(i.TakeOut(CARRIER))
    rig.open(rig.pulse())
    rig.restart()
    kept = rig.state.deliveries[delivery.id]
    assert (kept.state, kept.is_in_doubt) == (DeliveryState.STORED, True)
    assert [one[0] for one in told(rig)] == [LEFT_BY_STAFF]


def test_its_resident_at_the_open_door_takes_over_from_staff_who_left() -> None:
    rig, delivery = chosen()
    rig.do(i.TakeOut(CARRIER))
    compartment = rig.pulse()
    rig.open(compartment)
    rig.wait(400)
    rig.present(rig.code_of(delivery))
    assert rig.state.deliveries[delivery.id].state is DeliveryState.COLLECTING
    rig.close(compartment)
    rig.answer()
    assert not rig.state.deliveries


def test_a_door_that_does_not_open_leaves_everything_as_it_was() -> None:
    rig, delivery = chosen()
    rig.do(i.TakeOut(CARRIER))
    rig.jam()
    assert rig.screen().kind is ScreenKind.JAMMED
    rig.do(i.GoBack())
    assert rig.screen().kind is ScreenKind.STAFF_PARCEL
    assert rig.state.deliveries[delivery.id].state is DeliveryState.STORED
    assert told(rig) == []


def test_a_door_that_did_not_open_is_tried_again() -> None:
    rig, delivery = chosen()
    rig.do(i.TakeOut(CARRIER))
    rig.jam()
    assert rig.do(i.Reopen()).refusal is None
    open_and_close(rig)
    rig.do(i.AnswerTaking(i.Taken.TOOK_IT))
    assert delivery.id not in rig.state.deliveries


def test_nothing_is_said_of_a_parcel_before_its_door_was_open() -> None:
    rig, _ = chosen()
    rig.do(i.TakeOut(CARRIER))
    for answer in i.Taken:
        assert rig.do(i.AnswerTaking(answer)).refusal is Refusal.NOT_NOW
    rig.jam()
    for answer in i.Taken:
        assert rig.do(i.AnswerTaking(answer)).refusal is Refusal.NOT_NOW


def test_nobody_is_told_of_a_parcel_that_they_said_is_not_theirs() -> None:
    rig = Rig().start()
    delivery = rig.deliver()
    rig.pick_up(delivery)
    rig.answer(i.PickupAnswer.NOT_MINE)
    rig.do(i.Finish())
    before = len(rig.messages())
    choose(rig, delivery)
    taken(rig, DESK_WAY)
    assert len(rig.messages()) == before
    assert not rig.incidents()


# Moving


def moved(rig: Rig) -> CompartmentId:
    """The parcel of the page is in hand, and its new door pulsed."""
    assert rig.do(i.MoveParcel()).refusal is None
    open_and_close(rig)
    assert rig.do(i.AnswerTaking(i.Taken.TOOK_IT)).refusal is None
    return rig.last_unlock().compartment


def test_a_moved_parcel_is_stored_behind_its_new_door_with_its_old_code() -> None:
    rig, delivery = chosen()
    second = moved(rig)
    assert second != delivery.compartment
    assert rig.vacancy(delivery.compartment) is Vacancy.VERIFIED
    rig.open(rig.pulse())
    assert rig.screen().kind is ScreenKind.STAFF_PUT
    rig.close(second)
    kept = rig.state.deliveries[delivery.id]
    assert (kept.state, kept.compartment, kept.proof) == (DeliveryState.STORED, second, delivery.proof)
    assert kept.due_at_ms == delivery.due_at_ms
    assert rig.vacancy(second) is Vacancy.OCCUPIED
    assert told(rig) == [(PARCEL_MOVED, "2", "Jo")]
    shown = rig.screen()
    assert (shown.kind, shown.stored[0].door) == (ScreenKind.STAFF_PARCEL, "2")
    rig.do(i.GoBack())
    rig.do(i.GoBack())
    rig.do(i.Finish())
    rig.pick_up(kept)
    rig.answer()
    assert not rig.state.deliveries


def test_only_one_door_is_pulsed_at_a_time_and_the_second_after_the_first_is_shut() -> None:
    rig, delivery = chosen()
    rig.do(i.MoveParcel())
    rig.open(rig.pulse())
    before = len(rig.unlocks())
    assert rig.do(i.AnswerTaking(i.Taken.TOOK_IT)).refusal is Refusal.NOT_NOW
    assert len(rig.unlocks()) == before
    assert rig.state.deliveries[delivery.id].state is DeliveryState.MOVING


def test_a_new_door_that_jams_gives_way_to_a_third_one_and_stays_as_it_was() -> None:
    rig, delivery = chosen()
    second = moved(rig)
    rig.jam()
    assert rig.screen().offers_action(Action.ANOTHER_DOOR)
    assert rig.do(i.UseAnotherDoor()).refusal is None
    third = rig.last_unlock().compartment
    assert len({delivery.compartment, second, third}) == 3
    assert rig.vacancy(second) is Vacancy.VERIFIED
    assert open_and_close(rig) == third
    assert rig.state.deliveries[delivery.id].compartment == third


def test_a_parcel_in_hand_whose_new_door_jams_may_end_at_the_desk() -> None:
    rig, delivery = chosen()
    second = moved(rig)
    rig.jam()
    assert rig.do(i.TakeOut(DESK_WAY)).refusal is None
    assert not rig.state.deliveries
    assert rig.vacancy(second) is Vacancy.VERIFIED
    assert [one[0] for one in told(rig)] == [TOLD[DESK_WAY]]
    assert delivery.id not in rig.state.deliveries


def test_a_new_door_that_was_open_for_a_moment_only_is_asked_about() -> None:
    rig, delivery = chosen()
    moved(rig)
    open_and_close(rig, after_s=1)
    rig.wait(5)
    assert rig.state.deliveries[delivery.id].state is DeliveryState.MOVING
    assert rig.screen().offers_action(Action.PUT_IT_IN)
    rig.do(i.AnswerTaking(i.Taken.PUT_IT_IN))
    assert rig.state.deliveries[delivery.id].state is DeliveryState.STORED
    assert told(rig)[-1][0] == PARCEL_MOVED


def test_staff_who_walk_off_with_a_parcel_in_hand_leave_it_in_doubt_and_no_door_offered() -> None:
    rig, delivery = chosen()
    second = moved(rig)
    rig.jam()
    rig.wait(220)
    kept = rig.state.deliveries[delivery.id]
    assert (kept.state, kept.is_in_doubt, kept.compartment) == (DeliveryState.STORED, True, second)
    assert rig.vacancy(second) is Vacancy.OCCUPIED


def test_a_restart_between_two_doors_leaves_the_parcel_in_doubt_at_the_new_one() -> None:
    rig, delivery = chosen()
    second = moved(rig)
    rig.restart()
    kept = rig.state.deliveries[delivery.id]
    assert (kept.state, kept.is_in_doubt, kept.compartment) == (DeliveryState.STORED, True, second)


def test_nothing_is_opened_to_move_a_parcel_where_no_door_is_free() -> None:
    rig, _ = chosen()
    for bank in ("a", "b"):
        rig.do(i.BankGone(rig.state.layout.banks[bank == "b"], "unplugged"))
    before = len(rig.unlocks())
    assert rig.do(i.MoveParcel()).refusal is Refusal.NOTHING_FREE
    assert len(rig.unlocks()) == before


# Disposal


def test_a_parcel_is_disposed_of_thirty_days_after_its_recipient_was_told() -> None:
    rig, delivery = chosen()
    assert rig.do(i.TakeOut(DISPOSED)).refusal is Refusal.NOTICE_NOT_OVER
    assert rig.do(i.AnnounceDisposal()).refusal is None
    due = rig.state.deliveries[delivery.id].disposal_from_ms
    assert due == rig.wall_ms + rig.mono_ms + 30 * DAY_MS
    assert [one[0] for one in told(rig)] == [DISPOSAL_NOTICE]
    assert rig.do(i.TakeOut(DISPOSED)).refusal is Refusal.NOTICE_NOT_OVER
    rig.wall_ms += 30 * DAY_MS
    taken(rig, DISPOSED)
    assert rig.of_type(e.DeliveryRemoved)[-1].way is DISPOSED
    assert told(rig)[-1][0] == TOLD[DISPOSED]


def test_a_clock_that_nobody_trusts_disposes_of_nothing() -> None:
    rig, _ = chosen()
    rig.is_trusted = False
    assert rig.do(i.AnnounceDisposal()).refusal is Refusal.DATE_NOT_KNOWN
    rig.wall_ms += 90 * DAY_MS
    assert rig.do(i.TakeOut(DISPOSED)).refusal is Refusal.DATE_NOT_KNOWN


def test_only_a_manager_disposes_of_anything() -> None:
    rig = Rig()
    people = {key: replace(who, is_manager=False) for key, who in rig.state.directory.staff.items()}
    rig.state = replace(rig.state, directory=replace(rig.state.directory, staff=people))
    rig, _ = chosen(rig.start())
    assert not rig.screen().offers_action(Action.ANNOUNCE_DISPOSAL)
    assert rig.do(i.AnnounceDisposal()).refusal is Refusal.NEEDS_MANAGER
    assert rig.do(i.TakeOut(DISPOSED)).refusal is Refusal.NEEDS_MANAGER
    assert StaffId("7") in people


@pytest.mark.parametrize("carrier", ["usps", "united-states-postal-service", "USPS-2"])
def test_mail_is_never_disposed_of(carrier: str) -> None:
    rig, delivery = chosen()
    mail = replace(rig.state.deliveries[delivery.id], carrier=CarrierId(carrier))
    rig.state = replace(rig.state, deliveries={delivery.id: mail})
    assert not rig.screen().offers_action(Action.ANNOUNCE_DISPOSAL)
    assert rig.do(i.AnnounceDisposal()).refusal is Refusal.NEVER_DISPOSED
    rig.wall_ms += 90 * DAY_MS
    assert rig.do(i.TakeOut(DISPOSED)).refusal is Refusal.NEVER_DISPOSED


# The list


def test_the_list_names_every_parcel_what_is_amiss_first() -> None:
    rig = Rig().start()
    first, second = rig.deliver("101"), rig.deliver("412")
    rig.pick_up(second)
    rig.answer(i.PickupAnswer.NOT_IN_THERE)
    rig.do(i.Finish())
    rig.sign_in_staff()
    rig.do(i.ShowStored())
    listed = rig.screen().stored
    assert [(one.door, one.unit, one.remarks) for one in listed] == [
        ("2", "412", ("in_doubt",)),
        ("1", "101", ()),
    ]
    assert listed[1].delivery == first.id
    assert (listed[1].carrier, listed[1].stored_at_ms) == ("Swift", first.stored_at_ms)


def test_staff_look_behind_the_door_of_any_parcel_of_the_list() -> None:
    rig, delivery = chosen()
    assert rig.do(i.StaffOpen(CompartmentId("c2"))).refusal is Refusal.NOT_NOW
    rig.look(delivery.compartment, i.Found.PARCEL)
    kept = rig.state.deliveries[delivery.id]
    assert (kept.state, kept.is_in_doubt) == (DeliveryState.STORED, False)
    assert rig.screen().kind is ScreenKind.STAFF_LIST


def test_a_door_out_of_sight_is_not_opened() -> None:
    rig, delivery = chosen()
    rig.do(i.DoorSeen(delivery.compartment, DoorState.UNKNOWN))
    shown = rig.screen()
    assert shown.stored[0].remarks == ("out_of_sight",)
    assert not shown.offers_action(Action.TAKE_OUT)
    assert rig.do(i.TakeOut(CARRIER)).refusal is Refusal.DOOR_UNREACHABLE
