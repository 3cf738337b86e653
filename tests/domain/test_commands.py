"""Commands from afar: every state times every command, and every reason to refuse one."""

import itertools

import pytest

from kiosk.domain import events as e
from kiosk.domain import inputs as i
from kiosk.domain.frozen import replace
from kiosk.domain.limits import HOUR_MS
from kiosk.domain.mapping import with_entry, without
from kiosk.domain.model.command import CommandRefusal, Order
from kiosk.domain.model.delivery import Delivery, DeliveryFlag, DeliveryState
from kiosk.domain.model.ids import DeliveryId
from kiosk.domain.model.vacancy import Vacancy
from kiosk.domain.rules.commands import LONGEST_MS
from kiosk.domain.rules.custody import PARCEL_WAITING
from tests.domain.rig import Rig

S, R = DeliveryState, CommandRefusal
LIVE = (S.RESERVED, S.DEPOSITING, S.STORED, S.COLLECTING, S.MOVING, S.REMOVING, S.UNCERTAIN)
REFUSED: dict[str, dict[DeliveryState, CommandRefusal]] = {
    "cancel": {
        S.DEPOSITING: R.DELIVERY_IN_HAND,
        S.STORED: R.PARCEL_IN_CUSTODY,
        S.COLLECTING: R.PARCEL_IN_CUSTODY,
        S.MOVING: R.PARCEL_IN_CUSTODY,
        S.REMOVING: R.PARCEL_IN_CUSTODY,
        S.UNCERTAIN: R.PARCEL_IN_CUSTODY,
    },
    "reissue": {
        S.RESERVED: R.NO_CODE_YET,
        S.DEPOSITING: R.DELIVERY_IN_HAND,
        S.COLLECTING: R.DELIVERY_IN_HAND,
        S.MOVING: R.DELIVERY_IN_HAND,
        S.REMOVING: R.DELIVERY_IN_HAND,
        S.UNCERTAIN: R.DELIVERY_UNCERTAIN,
    },
    "hold": {
        S.RESERVED: R.DELIVERY_IN_HAND,
        S.DEPOSITING: R.DELIVERY_IN_HAND,
        S.COLLECTING: R.DELIVERY_IN_HAND,
        S.MOVING: R.DELIVERY_IN_HAND,
        S.REMOVING: R.DELIVERY_IN_HAND,
        S.UNCERTAIN: R.DELIVERY_UNCERTAIN,
    },
}
COMMANDS = tuple(REFUSED)


def order(rig: Rig, *, in_ms: int = 60_000, is_retained: bool = False) -> Order:
    return Order("desk", rig.wall_ms + rig.mono_ms + in_ms, is_retained)


def command(name: str, order: Order, delivery: DeliveryId) -> i.RemoteCommand:
    match name:
        case "cancel":
            return i.CancelDelivery(order, delivery)
        case "reissue":
            return i.ReissueCode(order, delivery)
        case _:
            return i.HoldDelivery(order, delivery, is_held=True)


def refusal(rig: Rig, fact: i.RemoteCommand) -> CommandRefusal | None:
    """Why it was refused, as the log says; a refused one changes nothing else."""
    outcome = rig.do(fact)
    assert outcome.actor == "command:desk"
    assert outcome.changes
    assert outcome.refusal is None
    refused = [change for change in outcome.changes if isinstance(change, e.CommandRefused)]
    assert not refused or (outcome.changes, outcome.effects) == (tuple(refused), ())
    return refused[0].why if refused else None


def with_state(rig: Rig, delivery: Delivery, state: DeliveryState) -> None:
    if state.is_final:
        rig.state = replace(rig.state, deliveries=without(rig.state.deliveries, delivery.id))
        return
    changed = replace(delivery, state=state)
    rig.state = replace(rig.state, deliveries=with_entry(rig.state.deliveries, delivery.id, changed))


@pytest.mark.parametrize(("name", "state"), list(itertools.product(COMMANDS, DeliveryState)))
def test_every_state_times_every_command(name: str, state: DeliveryState) -> None:
    rig = Rig().start()
    delivery = rig.deliver()
    with_state(rig, delivery, state)
    wanted = REFUSED[name].get(state) if state in LIVE else R.UNKNOWN_DELIVERY
    assert refusal(rig, command(name, order(rig), delivery.id)) is wanted


@pytest.mark.parametrize("name", COMMANDS)
def test_what_is_refused_whatever_it_asks_for(name: str) -> None:
    rig = Rig().start()
    delivery = rig.deliver().id
    assert refusal(rig, command(name, order(rig, is_retained=True), delivery)) is R.COMMAND_RETAINED
    assert refusal(rig, command(name, order(rig, in_ms=0), delivery)) is R.COMMAND_EXPIRED
    assert refusal(rig, command(name, order(rig, in_ms=LONGEST_MS + 1), delivery)) is R.EXPIRY_TOO_FAR
    assert refusal(rig, command(name, order(rig), DeliveryId("none"))) is R.UNKNOWN_DELIVERY
    rig.is_trusted = False
    assert refusal(rig, command(name, order(rig), delivery)) is R.CLOCK_NOT_TRUSTED


def test_no_command_lives_longer_than_its_answer_is_kept() -> None:
    assert LONGEST_MS < 24 * HOUR_MS


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_leaves_the_screen_alone(name: str) -> None:
    rig = Rig().start()
    delivery = rig.deliver()
    rig.sign_in_courier()
    before = rig.state.visit
    rig.do(command(name, order(rig), delivery.id))
    assert rig.state.visit == before


def test_cancel_before_the_pulse_leaves_a_compartment_to_be_looked_into() -> None:
    rig = Rig().start()
    rig.sign_in_courier()
    compartment = rig.reserve()
    (delivery,) = rig.state.deliveries
    assert refusal(rig, i.CancelDelivery(order(rig), delivery)) is None
    assert delivery not in rig.state.deliveries
    assert rig.vacancy(compartment) is Vacancy.UNKNOWN


def test_a_parcel_put_behind_a_door_that_opened_after_its_cancel_is_never_overlaid() -> None:
    rig = Rig().start()
    rig.sign_in_courier()
    compartment = rig.reserve()
    (delivery,) = rig.state.deliveries
    rig.do(i.CancelDelivery(order(rig), delivery))
    rig.pulse()
    rig.open(compartment)
    rig.close(compartment)
    assert rig.vacancy(compartment) is Vacancy.UNKNOWN
    rig.do(i.UseAnotherDoor())
    assert rig.last_unlock().compartment != compartment


def test_cancel_after_the_pulse_is_refused_before_the_door_opens() -> None:
    rig = Rig().start()
    rig.sign_in_courier()
    rig.reserve()
    (delivery,) = rig.state.deliveries
    rig.pulse()
    assert refusal(rig, i.CancelDelivery(order(rig), delivery)) is R.DELIVERY_IN_HAND


def test_cancel_after_the_second_authorisation_is_refused_too() -> None:
    rig = Rig().start()
    rig.sign_in_courier()
    rig.reserve()
    (delivery,) = rig.state.deliveries
    rig.pulse()
    rig.wait(3)
    assert len(rig.unlocks()) == 2
    assert refusal(rig, i.CancelDelivery(order(rig), delivery)) is R.DELIVERY_IN_HAND


def test_reissue_kills_the_old_code_and_sends_the_new_one() -> None:
    rig = Rig().start()
    delivery = rig.deliver()
    old, told = rig.code_of(delivery), len(rig.messages())
    assert refusal(rig, i.ReissueCode(order(rig), delivery.id)) is None
    new = rig.code_of(delivery)
    assert new != old
    assert set(rig.state.credentials) == {new}
    assert [message.kind for message in rig.messages()[told:]] == [PARCEL_WAITING]
    rig.present(new)
    assert rig.last_unlock().compartment == delivery.compartment


def test_reissue_needs_a_code_that_has_gone_out_and_a_fresh_one() -> None:
    rig = Rig().start()
    rig.sign_in_courier()
    delivery = rig.drop_off()
    assert refusal(rig, i.ReissueCode(order(rig), delivery.id)) is R.NO_CODE_YET
    rig.do(i.Finish())
    live = set(rig.state.credentials)
    rig.has_codes = False
    assert refusal(rig, i.ReissueCode(order(rig), delivery.id)) is R.NO_FRESH_CODE
    assert set(rig.state.credentials) == live


def test_a_held_parcel_is_collected_as_ever() -> None:
    rig = Rig().start()
    delivery = rig.deliver()
    rig.do(i.HoldDelivery(order(rig), delivery.id, is_held=True))
    assert DeliveryFlag.HELD in rig.state.deliveries[delivery.id].flags
    rig.pick_up(rig.state.deliveries[delivery.id])
    rig.answer()
    assert delivery.id not in rig.state.deliveries


def test_staff_hear_once_of_events_that_do_not_leave_and_once_that_they_do() -> None:
    rig = Rig().start()
    for _ in range(2):
        rig.do(i.SyncBlocked("connection refused"))
    assert len(rig.of_type(e.IncidentRaised)) == 1
    for _ in range(2):
        rig.do(i.SyncResumed())
    assert len(rig.of_type(e.IncidentSettled)) == 1
    assert not rig.state.incidents
