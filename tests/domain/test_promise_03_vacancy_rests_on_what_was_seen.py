"""Promise 3: a compartment that may hold a parcel is not offered as empty, and the cabinet is not starved."""

from dataclasses import replace

import pytest

from kiosk.domain import inputs as i
from kiosk.domain.allocation import free_of
from kiosk.domain.model.compartment import DoorState, SizeClass
from kiosk.domain.model.ids import CompartmentId
from kiosk.domain.model.screen import ScreenKind
from kiosk.domain.model.vacancy import Vacancy
from tests.domain.rig import BANKS, Rig, empty_state


def offered(rig: Rig) -> set[CompartmentId]:
    return {place.id for size in SizeClass for place in free_of(rig.state, size)}


def at_open_door() -> tuple[Rig, CompartmentId]:
    rig = Rig().start()
    rig.sign_in_courier()
    compartment = rig.reserve()
    rig.pulse()
    rig.open(compartment)
    return rig, compartment


def test_never_seen_open_with_the_bank_watched_leaves_vacancy_as_it_was() -> None:
    rig = Rig().start()
    rig.sign_in_courier()
    compartment = rig.reserve()
    rig.jam()
    assert rig.vacancy(compartment) is Vacancy.VERIFIED


@pytest.mark.parametrize("gap", ["restart", "bank lost", "door unknown"])
def test_never_seen_open_after_a_gap_is_unknown(gap: str) -> None:
    rig = Rig().start()
    rig.sign_in_courier()
    compartment = rig.reserve()
    rig.pulse()
    match gap:
        case "restart":
            rig.restart()
        case "bank lost":
            rig.do(i.BankGone(BANKS[0], "unplugged"))
            rig.see_bank(BANKS[0])
        case _:
            state = rig.state.door(compartment)
            rig.do(i.DoorSeen(compartment, type(state).UNKNOWN))
            rig.do(i.DoorSeen(compartment, state))
    assert rig.vacancy(compartment) is Vacancy.UNKNOWN
    assert compartment not in offered(rig)


def gap(rig: Rig, how: str, compartment: CompartmentId) -> None:
    """Nobody watches for a while; afterwards every door is shut."""
    match how:
        case "restart":
            rig.restart()
        case "bank lost":
            rig.do(i.BankGone(BANKS[0], "unplugged"))
            rig.see_bank(BANKS[0])
        case _:
            rig.do(i.DoorSeen(compartment, DoorState.UNKNOWN))
            rig.do(i.DoorSeen(compartment, DoorState.CLOSED))


GAPS = pytest.mark.parametrize("how", ["restart", "bank lost", "door unknown"])


def reopened() -> tuple[Rig, CompartmentId]:
    """A parcel was collected, and its resident had the door opened once more."""
    rig = Rig().start()
    delivery = rig.deliver()
    rig.pick_up(delivery)
    rig.answer()
    rig.do(i.Reopen())
    return rig, delivery.compartment


@GAPS
@pytest.mark.parametrize("is_open", [True, False])
def test_a_collected_compartment_reopened_and_shut_out_of_sight_is_unknown(how: str, is_open: bool) -> None:
    rig, compartment = reopened()
    rig.pulse()
    if is_open:
        rig.open(compartment)
    assert rig.vacancy(compartment) is Vacancy.PRESUMED
    gap(rig, how, compartment)
    assert rig.vacancy(compartment) is Vacancy.UNKNOWN
    assert compartment not in offered(rig)


@GAPS
def test_a_reopened_door_that_was_seen_to_shut_is_presumed_whatever_happens_later(how: str) -> None:
    rig, compartment = reopened()
    rig.pulse()
    rig.open(compartment)
    rig.close(compartment)
    gap(rig, how, compartment)
    assert rig.vacancy(compartment) is Vacancy.PRESUMED
    assert compartment in offered(rig)


@pytest.mark.parametrize("end", ["never opened", "not sent"])
def test_a_reopening_that_never_opened_its_door_leaves_vacancy_as_it_was(end: str) -> None:
    rig, compartment = reopened()
    if end == "never opened":
        rig.jam()
    else:
        rig.do(i.UnlockFailed(rig.last_unlock().unlock, "late", is_certain=True))
    rig.restart()
    assert rig.vacancy(compartment) is Vacancy.PRESUMED


@pytest.mark.parametrize("how", ["restart", "door unknown"])
def test_a_door_that_did_not_fit_and_shut_out_of_sight_is_unknown(how: str) -> None:
    rig, compartment = at_open_door()
    rig.do(i.DoesNotFit())
    second = rig.pulse()
    rig.open(second)
    if how == "restart":
        rig.restart(second)
        rig.sign_in_courier()
    else:
        gap(rig, how, compartment)
    rig.close(second)
    assert [one.compartment for one in rig.stored()] == [second]
    assert rig.vacancy(compartment) is Vacancy.UNKNOWN
    assert compartment not in offered(rig)


def test_a_door_that_did_not_fit_while_its_bank_was_away_is_unknown() -> None:
    rig, compartment = at_open_door()
    rig.do(i.BankGone(BANKS[0], "unplugged"))
    rig.do(i.DoesNotFit())
    second = rig.pulse()
    assert rig.state.place(second).bank == BANKS[1]
    rig.open(second)
    rig.close(second)
    assert [one.compartment for one in rig.stored()] == [second]
    rig.see_bank(BANKS[0])
    assert rig.vacancy(compartment) is Vacancy.UNKNOWN


def test_a_jammed_door_that_staff_had_opened_is_unknown_if_nobody_watched() -> None:
    rig = Rig().start()
    rig.sign_in_courier()
    compartment = rig.reserve()
    rig.jam()
    rig.do(i.Finish())
    rig.sign_in_staff()
    rig.do(i.StaffOpen(compartment))
    rig.pulse()
    assert rig.vacancy(compartment) is Vacancy.VERIFIED
    rig.restart()
    assert rig.vacancy(compartment) is Vacancy.UNKNOWN


@pytest.mark.parametrize("end", ["not deposited", "walked away", "crash"])
def test_a_drop_off_given_up_after_the_door_was_open_is_unknown(end: str) -> None:
    rig, compartment = at_open_door()
    match end:
        case "not deposited":
            rig.do(i.NotDeposited())
        case "walked away":
            rig.wait(220)
        case _:
            rig.restart(compartment)
    rig.close(compartment)
    rig.wait(300)
    assert rig.vacancy(compartment) is Vacancy.UNKNOWN
    assert compartment not in offered(rig)


def test_a_parcel_that_did_not_fit_and_was_stored_elsewhere_presumes_its_door_empty() -> None:
    rig, compartment = at_open_door()
    rig.do(i.DoesNotFit())
    rig.close(compartment)
    assert compartment not in offered(rig)
    second = rig.pulse()
    rig.open(second)
    rig.close(second)
    assert rig.vacancy(compartment) is Vacancy.PRESUMED
    assert compartment in offered(rig)


def test_a_tap_alone_makes_nothing_vacant() -> None:
    """Got everything, without a door that was open for two seconds, leaves the compartment occupied."""
    rig = Rig().start()
    delivery = rig.deliver()
    rig.present(rig.code_of(delivery))
    rig.answer()
    rig.jam()
    rig.answer()
    rig.do(i.Reopen())
    rig.pulse()
    rig.open(delivery.compartment)
    rig.close(delivery.compartment, after_s=1)
    rig.answer()
    assert rig.vacancy(delivery.compartment) is Vacancy.OCCUPIED


def test_an_opening_that_nobody_asked_for_makes_a_vacant_compartment_unknown() -> None:
    rig = Rig().start()
    rig.open("c2")
    rig.close("c2")
    assert rig.vacancy("c2") is Vacancy.UNKNOWN
    assert CompartmentId("c2") not in offered(rig)


def test_the_bench_tool_leaves_a_door_to_be_looked_into() -> None:
    rig = Rig().start()
    rig.do(i.BenchUnlock(CompartmentId("c2"), "test"))
    assert rig.vacancy("c2") is Vacancy.UNKNOWN


def test_one_uneventful_pickup_or_a_look_verifies_again() -> None:
    rig = Rig().start()
    delivery = rig.deliver()
    rig.pick_up(delivery)
    rig.do(i.Finish())
    assert rig.vacancy(delivery.compartment) is Vacancy.PRESUMED
    assert [rig.deliver("101").compartment for _ in range(3)][-1] == delivery.compartment
    (again,) = rig.state.deliveries_in(delivery.compartment)
    rig.pick_up(again)
    for _ in range(3):
        rig.answer()
        if rig.screen().kind is ScreenKind.OPENING:
            rig.open(rig.pulse())
            rig.close(rig.last_unlock().compartment)
    assert not rig.state.deliveries
    assert rig.vacancy(delivery.compartment) is Vacancy.VERIFIED


def test_verified_goes_before_presumed_and_the_page_says_look_first() -> None:
    rig = Rig().start()
    delivery = rig.deliver()
    rig.pick_up(delivery)
    rig.do(i.Finish())
    rig.sign_in_courier()
    doors, look_first = [], []
    for _ in range(3):
        doors.append(rig.reserve("101"))
        look_first.append(rig.screen().look_first)
        rig.pulse()
        rig.open(doors[-1])
        rig.close(doors[-1])
        rig.do(i.NextParcel())
    assert doors == ["c2", "c3", "c1"]
    assert look_first == [False, False, True]


def test_a_compartment_new_to_the_settings_is_unknown_unless_somebody_vouches_for_it() -> None:
    state = empty_state()
    rig = Rig(replace(state, building=replace(state.building, new_compartments_are_empty=False))).start()
    assert not offered(rig)
    rig.sign_in_staff()
    assert len(rig.screen().tasks) == 8
    rig.look("c1", i.Found.EMPTY)
    assert offered(rig) == {"c1"}


def test_a_weekend_without_staff_does_not_starve_the_cabinet() -> None:
    """Ordinary drop-offs and pickups, a few of them silent: nothing stays unknown."""
    rig = Rig().start()
    for number in range(30):
        delivery = rig.deliver(("101", "102", "412")[number % 3])
        rig.pick_up(delivery)
        if number % 3:
            rig.wait(61)
        else:
            rig.answer()
            rig.do(i.Finish())
        rig.wait(600)
    assert Vacancy.UNKNOWN not in {status.vacancy for status in rig.state.compartments.values()}
    assert len(offered(rig)) == 8
