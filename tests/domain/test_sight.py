"""Doors out of sight: a lost bank, a restart, one unknown door. Unknown is neither open nor closed."""

import pytest

from kiosk.domain import inputs as i
from kiosk.domain.allocation import free_of
from kiosk.domain.model.compartment import DoorState, SizeClass
from kiosk.domain.model.delivery import DeliveryState
from kiosk.domain.model.ids import CompartmentId
from kiosk.domain.model.incident import IncidentKind
from kiosk.domain.model.screen import Action, ScreenKind
from kiosk.domain.model.vacancy import Vacancy
from kiosk.domain.refusals import Refusal
from tests.domain.rig import BANKS, Rig

C1 = CompartmentId("c1")


def unknown(rig: Rig, compartment: CompartmentId) -> None:
    rig.do(i.DoorSeen(compartment, DoorState.UNKNOWN))


def test_before_a_bank_answers_its_doors_are_unknown_and_not_offered() -> None:
    rig = Rig()
    rig.do(i.KioskStart("test"))
    assert not any(free_of(rig.state, size) for size in SizeClass)
    assert rig.screen().kind is ScreenKind.HOME
    rig.see_bank(BANKS[0])
    assert len(free_of(rig.state, SizeClass.S)) == 3
    assert not free_of(rig.state, SizeClass.L)


def test_a_lost_bank_is_one_incident_until_it_answers_again() -> None:
    rig = Rig().start()
    for _ in range(5):
        rig.do(i.BankGone(BANKS[0], "unplugged"))
    assert rig.events().count("BankLost") == 1
    assert rig.incidents() == {IncidentKind.BANK_LOST}
    assert rig.screen().lost_banks == ("a",)
    rig.see_bank(BANKS[0])
    assert not rig.incidents()
    assert rig.screen().lost_banks == ()


def test_a_bank_that_was_never_there_is_lost_once_per_start() -> None:
    rig = Rig()
    rig.do(i.KioskStart("test"))
    for _ in range(3):
        rig.do(i.BankGone(BANKS[1], "no such port"))
    assert rig.events().count("BankLost") == 1
    rig.crash()
    rig.do(i.BankGone(BANKS[1], "no such port"))
    assert rig.events().count("IncidentRaised") == 1


@pytest.mark.parametrize("how", ["bank", "door"])
def test_a_reserved_door_out_of_sight_is_uncertain_and_its_unlock_is_dropped(how: str) -> None:
    rig = Rig().start()
    rig.sign_in_courier()
    compartment = rig.reserve()
    rig.pulse()
    if how == "bank":
        rig.do(i.BankGone(BANKS[0], "unplugged"))
    else:
        unknown(rig, compartment)
    assert rig.state.deliveries_in(compartment)[0].state is DeliveryState.UNCERTAIN
    assert not rig.state.unlocks
    rig.see_bank(BANKS[0])
    rig.wait(30)
    assert len(rig.unlocks()) == 1


@pytest.mark.parametrize("how", ["bank", "door"])
def test_a_door_that_closed_out_of_sight_makes_the_drop_off_uncertain(how: str) -> None:
    rig = Rig().start()
    rig.sign_in_courier()
    compartment = rig.reserve()
    rig.pulse()
    rig.open(compartment)
    if how == "bank":
        rig.do(i.BankGone(BANKS[0], "unplugged"))
        rig.see_bank(BANKS[0])
    else:
        unknown(rig, compartment)
        rig.do(i.DoorSeen(compartment, DoorState.CLOSED))
    assert rig.state.deliveries_in(compartment)[0].state is DeliveryState.UNCERTAIN
    assert rig.screen().kind is ScreenKind.QUESTION
    assert rig.screen().offers_action(Action.INSIDE_YES)


def test_a_door_still_open_after_a_gap_goes_on_and_is_stored_at_its_close() -> None:
    rig = Rig().start()
    rig.sign_in_courier()
    compartment = rig.reserve()
    rig.pulse()
    rig.open(compartment)
    rig.do(i.BankGone(BANKS[0], "unplugged"))
    rig.see_bank(BANKS[0], compartment)
    assert rig.screen().kind is ScreenKind.PUT_IN
    assert not rig.screen().notice
    rig.close(compartment)
    assert rig.screen().kind is ScreenKind.STORED


def test_a_courier_goes_on_while_the_door_at_hand_is_out_of_sight() -> None:
    rig = Rig().start()
    rig.sign_in_courier()
    compartment = rig.reserve()
    rig.pulse()
    rig.open(compartment)
    rig.do(i.BankGone(BANKS[0], "unplugged"))
    assert (rig.screen().kind, rig.screen().notice) == (ScreenKind.PUT_IN, Refusal.DOOR_UNREACHABLE)
    assert rig.do(i.NextParcel()).refusal is None
    assert rig.do(i.Finish()).refusal is None
    assert rig.state.deliveries_in(compartment)[0].state is DeliveryState.UNCERTAIN


def test_a_resident_at_a_door_out_of_sight_is_told_and_may_leave() -> None:
    rig = Rig().start()
    delivery = rig.deliver()
    rig.present(rig.code_of(delivery))
    rig.pulse()
    rig.open(delivery.compartment)
    rig.do(i.BankGone(BANKS[0], "unplugged"))
    assert (rig.screen().kind, rig.screen().notice) == (ScreenKind.TAKE_OUT, Refusal.DOOR_UNREACHABLE)
    assert rig.screen().offers_action(Action.FINISH)
    rig.do(i.Finish())
    assert rig.state.deliveries[delivery.id].state is DeliveryState.COLLECTING
    rig.see_bank(BANKS[0])
    assert rig.state.deliveries[delivery.id].is_in_doubt


def test_a_resident_whose_door_closed_unseen_is_asked_and_staff_look() -> None:
    rig = Rig().start()
    delivery = rig.deliver()
    rig.present(rig.code_of(delivery))
    rig.pulse()
    rig.open(delivery.compartment)
    rig.do(i.BankGone(BANKS[0], "unplugged"))
    rig.see_bank(BANKS[0])
    assert rig.screen().kind is ScreenKind.GOT_EVERYTHING
    rig.answer()
    assert rig.state.deliveries[delivery.id].is_in_doubt


def test_staff_at_a_door_out_of_sight_are_told_and_go_back() -> None:
    rig = Rig().start()
    rig.open("c2")
    rig.close("c2")
    rig.sign_in_staff()
    rig.do(i.StaffOpen(CompartmentId("c2")))
    rig.pulse()
    rig.open("c2")
    rig.do(i.BankGone(BANKS[0], "unplugged"))
    assert (rig.screen().kind, rig.screen().notice) == (ScreenKind.JAMMED, Refusal.DOOR_UNREACHABLE)
    rig.do(i.GoBack())
    assert rig.do(i.StaffOpen(CompartmentId("c2"))).refusal is Refusal.DOOR_UNREACHABLE


def test_what_was_said_of_an_open_door_gives_way_when_nobody_can_see_it() -> None:
    rig = Rig().start()
    rig.open("c2")
    rig.close("c2")
    rig.sign_in_staff()
    rig.do(i.StaffOpen(CompartmentId("c2")))
    rig.pulse()
    rig.open("c2")
    assert rig.do(i.GoBack()).refusal is Refusal.CLOSE_THE_DOOR_FIRST
    rig.do(i.BankGone(BANKS[0], "unplugged"))
    assert (rig.screen().kind, rig.screen().notice) == (ScreenKind.JAMMED, Refusal.DOOR_UNREACHABLE)


def test_a_vacant_door_found_open_at_start_is_unknown_and_reported() -> None:
    rig = Rig()
    rig.do(i.KioskStart("test"))
    rig.see_bank(BANKS[0], "c1")
    assert rig.vacancy("c1") is Vacancy.UNKNOWN
    assert "DoorOpened" not in rig.events()
    rig.wait(30)
    assert IncidentKind.UNEXPLAINED_OPENING in rig.incidents()
    rig.close("c1")
    assert C1 not in {place.id for place in free_of(rig.state, SizeClass.S)}


def test_a_parcels_door_found_open_at_start_stays_stored_in_doubt() -> None:
    rig = Rig().start()
    delivery = rig.deliver()
    rig.restart(delivery.compartment)
    kept = rig.state.deliveries[delivery.id]
    assert (kept.state, kept.is_in_doubt) == (DeliveryState.STORED, True)
    assert rig.vacancy(delivery.compartment) is Vacancy.OCCUPIED
    assert rig.present(rig.code_of(delivery)).refusal is None


def test_a_door_that_was_known_to_stand_open_is_not_reported_again() -> None:
    rig = Rig().start()
    rig.sign_in_courier()
    compartment = rig.reserve()
    rig.pulse()
    rig.open(compartment)
    rig.restart(compartment)
    assert IncidentKind.UNEXPLAINED_OPENING not in rig.incidents()


def test_an_unexplained_opening_keeps_the_parcel_stored_occupied_and_its_code_live() -> None:
    rig = Rig().start()
    delivery = rig.deliver()
    rig.open(delivery.compartment)
    rig.close(delivery.compartment)
    kept = rig.state.deliveries[delivery.id]
    assert (kept.state, kept.is_in_doubt) == (DeliveryState.STORED, True)
    assert rig.vacancy(delivery.compartment) is Vacancy.OCCUPIED
    assert IncidentKind.UNEXPLAINED_OPENING not in rig.incidents()
    assert rig.present(rig.code_of(delivery)).refusal is None
    rig.wait(30)
    assert IncidentKind.UNEXPLAINED_OPENING in rig.incidents()


def test_a_level_said_twice_changes_nothing() -> None:
    rig = Rig().start()
    rig.open("c1")
    for _ in range(3):
        assert not rig.do(i.DoorSeen(C1, DoorState.OPEN)).changes


def test_a_parked_session_ends_when_its_bank_is_lost_before_it_answered() -> None:
    rig = Rig().start()
    rig.sign_in_courier()
    rig.reserve()
    rig.crash()
    assert rig.state.sessions
    rig.do(i.BankGone(BANKS[0], "unplugged"))
    assert not rig.state.sessions
    assert rig.incidents() == {IncidentKind.BANK_LOST, IncidentKind.DROP_OFF_UNCERTAIN}


def test_a_bank_that_is_away_for_another_reason_says_so_without_a_word_in_the_log() -> None:
    rig = Rig().start()
    rig.do(i.BankGone(BANKS[0], "unplugged"))
    told = len(rig.events())
    rig.do(i.BankGone(BANKS[0], "two boards answer to this address"))
    assert rig.state.lost_banks == {BANKS[0]: "two boards answer to this address"}
    assert len(rig.events()) == told
    assert not rig.do(i.BankGone(BANKS[0], "two boards answer to this address")).changes


def test_an_opening_that_nobody_asked_for_says_how_long_ago_the_door_was_pulsed() -> None:
    rig = Rig().start()
    delivery = rig.deliver()
    rig.wait(4 * 3600)
    rig.open(delivery.compartment)
    rig.open("c8")
    rig.wait(31)
    unexplained = [
        one for one in rig.state.incidents.values() if one.kind is IncidentKind.UNEXPLAINED_OPENING
    ]
    since = {one.compartment: one.since_pulse_ms for one in unexplained}
    assert since[CompartmentId("c8")] is None
    assert 4 * 3600 <= (since[delivery.compartment] or 0) / 1000 <= 4 * 3600 + 60
    rig.crash()
    rig.see_banks("c7")
    rig.wait(31)
    assert [one.since_pulse_ms for one in rig.state.incidents.values() if one.compartment == "c7"] == [None]
