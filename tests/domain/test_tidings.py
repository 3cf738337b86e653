"""A parcel's door that opens by itself, or by the key: its recipient hears of it half a minute later."""

from kiosk.domain import inputs as i
from kiosk.domain.model.delivery import DeliveryState
from kiosk.domain.model.ids import DeliveryId
from kiosk.domain.rules.custody import OPENED_WITHOUT_CODE, PARCEL_WAITING
from tests.domain.rig import Rig


def kinds(rig: Rig) -> list[str]:
    return [message.kind for message in rig.messages()]


def opened_by_key() -> tuple[Rig, DeliveryId]:
    rig = Rig().start()
    delivery = rig.deliver()
    rig.wait(60)
    rig.open(delivery.compartment)
    return rig, delivery.id


def test_the_recipient_is_told_half_a_minute_after_an_opening_that_nobody_asked_for() -> None:
    rig, delivery = opened_by_key()
    assert kinds(rig) == [PARCEL_WAITING]
    rig.close(rig.state.deliveries[delivery].compartment)
    rig.wait(15)
    assert kinds(rig) == [PARCEL_WAITING]
    rig.wait(15)
    assert kinds(rig) == [PARCEL_WAITING, OPENED_WITHOUT_CODE]
    assert rig.events().count("RecipientToldOfOpening") == 1
    assert not rig.state.deliveries[delivery].is_untold
    assert rig.state.deliveries[delivery].state is DeliveryState.STORED


def test_a_door_that_opens_again_and_again_is_told_once() -> None:
    rig, delivery = opened_by_key()
    compartment = rig.state.deliveries[delivery].compartment
    for _ in range(4):
        rig.close(compartment)
        rig.wait(40)
        rig.open(compartment)
    rig.wait(60)
    assert kinds(rig).count(OPENED_WITHOUT_CODE) == 1


def test_once_staff_have_looked_the_next_opening_is_told_again() -> None:
    rig, delivery = opened_by_key()
    compartment = rig.state.deliveries[delivery].compartment
    rig.close(compartment)
    rig.wait(60)
    rig.sign_in_staff()
    rig.look(compartment, i.Found.PARCEL)
    rig.do(i.Finish())
    rig.open(compartment)
    rig.wait(60)
    assert kinds(rig).count(OPENED_WITHOUT_CODE) == 2


def test_a_restart_forgets_nothing() -> None:
    rig, delivery = opened_by_key()
    rig.restart()
    rig.wait(31)
    assert kinds(rig).count(OPENED_WITHOUT_CODE) == 1
    assert not rig.state.deliveries[delivery].is_untold


def test_a_door_found_open_at_the_start_is_told_too() -> None:
    rig = Rig().start()
    delivery = rig.deliver()
    rig.restart(delivery.compartment)
    rig.wait(60)
    assert kinds(rig).count(OPENED_WITHOUT_CODE) == 1


def test_nobody_is_told_of_a_vacant_door() -> None:
    rig = Rig().start()
    rig.open("c5")
    rig.wait(60)
    assert not rig.messages()


def test_who_has_fetched_the_parcel_meanwhile_is_told_nothing() -> None:
    rig, delivery = opened_by_key()
    compartment = rig.state.deliveries[delivery].compartment
    rig.close(compartment, after_s=2)
    rig.pick_up(rig.state.deliveries[delivery], open_s=4)
    rig.answer()
    rig.wait(60)
    assert delivery not in rig.state.deliveries
    assert OPENED_WITHOUT_CODE not in kinds(rig)
