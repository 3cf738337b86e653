"""Promise 12: an acknowledged unlock is no open door, a closed latch no parcel, and unknown is not closed."""

import itertools

import pytest

from kiosk.domain import inputs as i
from kiosk.domain.allocation import free_of
from kiosk.domain.model.compartment import DoorState, SizeClass
from kiosk.domain.model.delivery import DeliveryState
from kiosk.domain.model.screen import Action, ScreenKind
from kiosk.domain.model.vacancy import Vacancy
from kiosk.domain.refusals import Refusal
from tests.domain.hands import answered
from tests.domain.rig import BANKS, Rig


def test_bytes_that_left_are_no_open_door() -> None:
    rig = Rig().start()
    rig.sign_in_courier()
    compartment = rig.reserve()
    rig.pulse()
    assert rig.screen().kind is ScreenKind.OPENING
    assert rig.state.deliveries_in(compartment)[0].state is DeliveryState.RESERVED
    assert "DoorOpened" not in rig.events()


def test_a_door_that_opens_before_the_report_counts_all_the_same() -> None:
    rig = Rig().start()
    rig.sign_in_courier()
    compartment = rig.reserve()
    rig.open(compartment)
    assert rig.screen().kind is ScreenKind.PUT_IN
    rig.do(i.UnlockSent(rig.last_unlock().unlock))
    assert rig.screen().kind is ScreenKind.PUT_IN


def test_a_pickup_without_an_open_door_collects_nothing() -> None:
    rig = Rig().start()
    delivery = rig.deliver()
    rig.present(rig.code_of(delivery))
    rig.jam()
    assert rig.answer().refusal is Refusal.NOT_NOW
    rig.do(i.Finish())
    assert rig.state.deliveries[delivery.id].state is DeliveryState.STORED
    assert rig.vacancy(delivery.compartment) is Vacancy.OCCUPIED


def test_an_unknown_door_is_offered_to_nobody() -> None:
    rig = Rig().start()
    for place in free_of(rig.state, SizeClass.S):
        rig.do(i.DoorSeen(place.id, DoorState.UNKNOWN))
    assert not free_of(rig.state, SizeClass.S)


@pytest.mark.parametrize("kind", ["courier", "resident", "staff"])
def test_a_page_never_calls_an_unknown_door_open_or_shut(kind: str) -> None:
    rig = Rig().start()
    delivery = rig.deliver()
    match kind:
        case "courier":
            rig.sign_in_courier()
            rig.reserve()
        case "resident":
            rig.present(rig.code_of(delivery))
        case _:
            rig.open("c2")
            rig.close("c2")
            rig.sign_in_staff()
            rig.do(answered("c2", "not_me"))
            rig.do(i.StaffOpen(rig.screen().tasks[0].compartment))
    rig.open(rig.pulse())
    rig.do(i.BankGone(BANKS[0], "unplugged"))
    assert rig.screen().notice is Refusal.DOOR_UNREACHABLE
    assert rig.screen().kind is not ScreenKind.STORED
    assert not rig.screen().offers_action(Action.GOT_EVERYTHING)
    assert not rig.screen().offers_action(Action.FOUND_EMPTY)


def test_a_stored_parcel_whose_door_stands_open_is_not_shown_as_closed() -> None:
    rig = Rig().start()
    rig.sign_in_courier()
    delivery = rig.drop_off()
    rig.wait(10)
    rig.open(delivery.compartment)
    assert rig.screen().kind is ScreenKind.PUT_IN
    rig.close(delivery.compartment)
    assert rig.screen().kind is ScreenKind.STORED
    assert rig.state.deliveries[delivery.id].is_in_doubt


def test_a_door_that_jitters_is_one_opening() -> None:
    rig = Rig().start()
    rig.sign_in_courier()
    compartment = rig.reserve()
    rig.pulse()
    for door in itertools.islice(itertools.cycle((DoorState.OPEN, DoorState.CLOSED)), 20):
        rig.mono_ms += 50
        rig.do(i.DoorSeen(compartment, door))
    rig.open(compartment)
    rig.close(compartment)
    assert rig.screen().kind is ScreenKind.STORED
    assert not rig.incidents()
    assert len(rig.state.deliveries) == 1


def test_a_door_that_jitters_at_a_pickup_asks_once_and_keeps_the_parcel_until_told() -> None:
    rig = Rig().start()
    delivery = rig.deliver()
    rig.present(rig.code_of(delivery))
    rig.pulse()
    for door in (DoorState.OPEN, DoorState.CLOSED) * 5:
        rig.mono_ms += 50
        rig.do(i.DoorSeen(delivery.compartment, door))
    assert rig.state.deliveries[delivery.id].state is DeliveryState.COLLECTING
    assert not rig.incidents()
    rig.open(delivery.compartment)
    rig.close(delivery.compartment)
    assert rig.screen().kind is ScreenKind.GOT_EVERYTHING
    rig.answer()
    assert not rig.state.deliveries


def test_asking_for_an_unlock_of_a_door_already_open_waits_for_the_report() -> None:
    rig = Rig().start()
    delivery = rig.deliver()
    rig.do(i.DoorSeen(delivery.compartment, DoorState.OPEN))
    rig.present(rig.code_of(delivery))
    assert rig.screen().kind is ScreenKind.OPENING
    rig.pulse()
    assert rig.screen().kind is ScreenKind.TAKE_OUT
