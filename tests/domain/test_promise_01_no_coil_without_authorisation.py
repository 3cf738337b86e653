"""Promise 1: no coil is energised without a durable authorisation that names who, why and which door."""

import random

import pytest

from kiosk.domain import events as e
from kiosk.domain import inputs as i
from kiosk.domain.decide import decide
from kiosk.domain.draft import Outcome
from kiosk.domain.effects import Unlock
from kiosk.domain.model.compartment import DoorState
from kiosk.domain.model.ids import BootId, CompartmentId, IntentId
from kiosk.domain.model.unlock import UnlockPurpose
from kiosk.domain.refusals import Refusal
from tests.domain.building import Building
from tests.domain.rig import Rig
from tests.domain.test_machine import choices


def authorised(outcome: Outcome) -> e.UnlockAuthorised:
    """The one authorisation of a decision that moves the one lock."""
    (event,) = [change for change in outcome.changes if isinstance(change, e.UnlockAuthorised)]
    (unlock,) = [effect for effect in outcome.effects if isinstance(effect, Unlock)]
    assert (unlock.unlock, unlock.compartment) == (event.unlock, event.compartment)
    return event


def test_a_drop_off_names_the_carrier_the_reason_and_the_door() -> None:
    rig = Rig().start()
    rig.sign_in_courier()
    rig.do(i.ChooseUnit("412"))
    outcome = rig.do(i.ChooseSize(rig.screen().sizes[0].size))
    event = authorised(outcome)
    assert outcome.actor == "carrier:swift/1"
    assert (event.purpose, event.compartment, event.attempt) == (UnlockPurpose.DROP_OFF, "c1", 1)
    assert event.delivery in rig.state.deliveries
    assert event.session in rig.state.sessions


def test_the_reservation_and_the_authorisation_share_one_decision() -> None:
    rig = Rig().start()
    rig.sign_in_courier()
    rig.do(i.ChooseUnit("412"))
    outcome = rig.do(i.ChooseSize(rig.screen().sizes[0].size))
    names = [type(change).__name__ for change in outcome.changes]
    assert names.index("DeliveryReserved") < names.index("UnlockAuthorised")


def test_a_pickup_names_the_delivery_whose_code_it_was() -> None:
    rig = Rig().start()
    delivery = rig.deliver()
    outcome = rig.present(rig.code_of(delivery))
    event = authorised(outcome)
    assert outcome.actor == f"resident:{delivery.id}"
    assert (event.purpose, event.delivery) == (UnlockPurpose.PICKUP, delivery.id)


def test_staff_who_look_are_named() -> None:
    rig = Rig().start()
    rig.open("c2")
    rig.close("c2")
    rig.sign_in_staff()
    outcome = rig.do(i.StaffOpen(CompartmentId("c2")))
    assert outcome.actor == "staff:7"
    assert authorised(outcome).purpose is UnlockPurpose.LOOK


def test_a_pulse_by_itself_is_an_authorisation_of_its_own() -> None:
    rig = Rig().start()
    rig.sign_in_courier()
    rig.reserve()
    rig.pulse()
    rig.wait(3)
    first, second = rig.of_type(e.UnlockAuthorised)
    assert (first.attempt, second.attempt) == (1, 2)
    assert first.unlock != second.unlock
    assert second.deadline_mono_ms > first.deadline_mono_ms
    assert [unlock.unlock for unlock in rig.unlocks()] == [first.unlock, second.unlock]


def test_a_refused_decision_moves_nothing() -> None:
    rig = Rig().start()
    delivery = rig.deliver()
    rig.do(i.DoorSeen(delivery.compartment, DoorState.UNKNOWN))
    outcome = rig.present(rig.code_of(delivery))
    assert outcome.refusal is Refusal.DOOR_UNREACHABLE
    assert not outcome.effects


def test_the_bench_tool_moves_nothing_by_itself_and_refuses_a_parcels_door() -> None:
    rig = Rig().start()
    delivery = rig.deliver()
    refused = rig.do(i.BenchUnlock(delivery.compartment, "test"))
    assert (refused.refusal, refused.effects) == (Refusal.DOOR_IN_USE, ())
    assert [one.why for one in rig.of_type(e.AccessRefused)] == [Refusal.DOOR_IN_USE.value]
    allowed = rig.do(i.BenchUnlock(CompartmentId("c2"), "wire swapped"))
    assert allowed.actor == "command:bench"
    assert not allowed.effects
    assert rig.of_type(e.BenchUnlocked)[-1].reason == "wire swapped"


def test_deciding_changes_nothing_by_itself() -> None:
    rig = Rig().start()
    rig.sign_in_courier()
    rig.do(i.ChooseUnit("412"))
    before = rig.state
    stamp = i.Stamp(1, rig.mono_ms, BootId("b"), True, IntentId("x"), proofs=("ABC234",))
    given = i.Input(i.ChooseSize(rig.screen().sizes[0].size), stamp)
    assert decide(before, given) == decide(before, given)
    assert rig.state is before


@pytest.mark.parametrize("seed", range(8))
def test_whatever_people_do_every_pulse_has_its_authorisation(seed: int) -> None:
    """`Building` compares the authorisations and the unlocks of each decision."""
    dice, day = random.Random(seed), Building()
    day.start()
    for _ in range(300):
        weights, steps = zip(*choices(day, dice), strict=True)
        dice.choices(steps, weights)[0]()
    assert day.rig.of_type(e.UnlockAuthorised)
