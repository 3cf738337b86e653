"""A code once more, and another one in its place: who may ask, how often, and that nobody learns a thing."""

import pytest

from kiosk.domain import events as e
from kiosk.domain import inputs as i
from kiosk.domain.code_touches import OrderNewCode, OrderSendAgain, RenewCode, SendAgain
from kiosk.domain.frozen import replace
from kiosk.domain.limits import DAY_MS, MINUTE_MS
from kiosk.domain.mapping import with_entry
from kiosk.domain.model.delivery import Delivery, DeliveryState
from kiosk.domain.model.ids import DeliveryId
from kiosk.domain.model.screen import Action
from kiosk.domain.model.session import Saying
from kiosk.domain.refusals import Refusal
from kiosk.domain.rules.code_copies import ASKED_OF_STAFF, REISSUE
from kiosk.domain.rules.custody import PARCEL_WAITING
from tests.domain.rig import Rig

A = Action


def delivered() -> tuple[Rig, Delivery]:
    rig = Rig().start()
    return rig, rig.deliver()


def at_help(rig: Rig, delivery: Delivery) -> None:
    """Its recipient keyed in the code, left the parcel inside and asks for help."""
    rig.pick_up(delivery)
    rig.answer(i.PickupAnswer.STILL_INSIDE)
    rig.do(i.AskHelp())


def again(rig: Rig, delivery: Delivery) -> Refusal | None:
    return rig.do(OrderSendAgain(delivery.id)).refusal


def test_the_same_code_goes_to_everyone_whose_parcel_it_is() -> None:
    rig, delivery = delivered()
    code = rig.code_of(delivery)
    assert again(rig, delivery) is None
    assert [one.kind for one in rig.messages()] == [PARCEL_WAITING, PARCEL_WAITING]
    assert rig.messages()[0].resident == rig.messages()[1].resident
    (told,) = rig.of_type(e.CodeSentAgain)
    assert told.messages == (rig.messages()[1].id,)
    assert rig.present(code).refusal is None


def test_a_phone_is_not_flooded() -> None:
    rig, delivery = delivered()
    sent = 0
    for _ in range(60):
        sent += again(rig, delivery) is None
        rig.mono_ms += 3 * MINUTE_MS
    assert sent == rig.state.limits.send_again_at_most
    rig.mono_ms += DAY_MS
    assert again(rig, delivery) is None
    assert again(rig, delivery) is Refusal.NOT_NOW


@pytest.mark.parametrize("is_trusted", [True, False])
def test_a_restart_forgets_no_message(is_trusted: bool) -> None:
    rig, delivery = delivered()
    rig.is_trusted = is_trusted
    for _ in range(4):
        assert again(rig, delivery) is None
        rig.mono_ms += 11 * MINUTE_MS
    rig.boot, rig.wall_ms, rig.mono_ms = "boot-2", rig.wall_ms + rig.mono_ms - 5_000, 5_000
    rig.restart()
    rig.mono_ms += 11 * MINUTE_MS
    assert again(rig, delivery) is None
    rig.mono_ms += 11 * MINUTE_MS
    assert again(rig, delivery) is Refusal.NOT_NOW
    rig.mono_ms += DAY_MS
    assert again(rig, delivery) is None


def test_soon_after_a_restart_is_still_soon() -> None:
    rig, delivery = delivered()
    assert again(rig, delivery) is None
    rig.restart()
    assert again(rig, delivery) is Refusal.NOT_NOW
    rig.mono_ms += 10 * MINUTE_MS
    assert again(rig, delivery) is None


def test_another_parcel_has_a_count_of_its_own() -> None:
    rig, delivery = delivered()
    other = rig.deliver("101")
    assert again(rig, delivery) is None
    assert again(rig, other) is None


def test_a_new_code_kills_the_old_one_at_once_and_says_why() -> None:
    rig, delivery = delivered()
    old = rig.code_of(delivery)
    assert rig.do(OrderNewCode(delivery.id, "lost phone")).refusal is None
    assert rig.present(old).refusal is Refusal.CODE_REVOKED
    assert [one.why for one in rig.of_type(e.CodeRevoked)] == ["lost phone"]
    rig.do(i.GoBack())
    assert rig.present(rig.code_of(delivery)).refusal is None


def test_without_a_fresh_code_the_old_one_lives_on() -> None:
    rig, delivery = delivered()
    rig.has_codes = False
    assert rig.do(OrderNewCode(delivery.id, "lost phone")).refusal is Refusal.NOT_NOW
    assert rig.present(rig.code_of(delivery)).refusal is None


@pytest.mark.parametrize("state", [state for state, why in REISSUE.items() if why and not state.is_final])
def test_a_parcel_in_somebodys_hands_is_left_alone(state: DeliveryState) -> None:
    rig, delivery = delivered()
    changed = replace(delivery, state=state)
    rig.state = replace(rig.state, deliveries=with_entry(rig.state.deliveries, delivery.id, changed))
    for fact in (OrderSendAgain(delivery.id), OrderNewCode(delivery.id, "why")):
        outcome = rig.do(fact)
        assert outcome.refusal is Refusal.NOT_NOW
        assert not outcome.changes


def test_every_state_has_an_answer() -> None:
    assert set(REISSUE) == set(DeliveryState)


def test_a_parcel_that_is_not_here_has_no_code() -> None:
    rig, _ = delivered()
    assert rig.do(OrderSendAgain(DeliveryId("none"))).refusal is Refusal.NOT_NOW


# At the screen


def test_a_resident_finds_a_new_code_under_help_and_is_told_what_was_done() -> None:
    rig, delivery = delivered()
    old = rig.code_of(delivery)
    at_help(rig, delivery)
    assert rig.screen().offers_action(A.NEW_CODE)
    assert rig.do(RenewCode(delivery.id)).refusal is None
    assert rig.screen().saying is Saying.NEW_CODE
    assert rig.code_of(delivery) != old
    rig.do(i.StayHere())
    assert rig.screen().saying is None


def test_a_resident_cannot_ask_for_a_strangers_parcel() -> None:
    rig, delivery = delivered()
    stranger = rig.deliver("101")
    at_help(rig, delivery)
    for fact in (SendAgain(stranger.id), RenewCode(stranger.id)):
        assert rig.do(fact).refusal is Refusal.NOT_NOW
    assert not rig.of_type(e.CodeRevoked)


def test_nobody_asks_without_a_sign_in_or_from_another_page() -> None:
    rig, delivery = delivered()
    rig.do(i.AskHelp())
    assert not rig.screen().offers_action(A.NEW_CODE)
    assert rig.do(RenewCode(delivery.id)).refusal is Refusal.NOT_NOW
    rig.do(i.GoBack())
    rig.sign_in_courier()
    rig.do(i.AskHelp())
    assert rig.do(RenewCode(delivery.id)).refusal is Refusal.NOT_NOW


def test_while_the_door_is_open_nothing_is_offered() -> None:
    rig, delivery = delivered()
    rig.present(rig.code_of(delivery))
    rig.open(rig.pulse())
    rig.do(i.AskHelp())
    assert not rig.screen().offers_action(A.NEW_CODE)
    assert rig.do(RenewCode(delivery.id)).refusal is Refusal.NOT_NOW


def test_staff_send_again_at_a_case_and_nowhere_else() -> None:
    rig, delivery = delivered()
    (message,) = rig.messages()
    rig.do(i.MessageStuck(message.id, delivery.id, message.resident))
    rig.sign_in_staff()
    assert rig.do(SendAgain(delivery.id)).refusal is Refusal.NOT_NOW
    rig.do(i.ShowCases())
    assert [case.again for case in rig.screen().cases] == [delivery.id]
    assert rig.do(SendAgain(delivery.id)).refusal is None
    assert rig.screen().saying is Saying.SENT_AGAIN
    assert rig.do(SendAgain(delivery.id)).refusal is Refusal.SENT_LATELY
    assert rig.screen().notice is Refusal.SENT_LATELY
    assert rig.do(SendAgain(DeliveryId("none"))).refusal is Refusal.NOT_NOW
    assert rig.do(RenewCode(delivery.id)).refusal is Refusal.NOT_NOW


def at_parcel(rig: Rig, delivery: Delivery) -> None:
    """Staff chose it from their list."""
    rig.sign_in_staff()
    rig.do(i.ShowStored())
    assert rig.do(i.ChooseStored(delivery.id)).refusal is None


def test_staff_give_a_new_code_at_the_page_of_a_parcel_and_the_log_says_why_and_who() -> None:
    rig, delivery = delivered()
    old = rig.code_of(delivery)
    at_parcel(rig, delivery)
    assert rig.screen().offers_action(A.NEW_CODE)
    outcome = rig.do(RenewCode(delivery.id))
    assert (outcome.refusal, outcome.actor) == (None, "staff:7")
    assert [one.why for one in rig.of_type(e.CodeRevoked)] == [ASKED_OF_STAFF]
    assert rig.screen().saying is Saying.NEW_CODE
    rig.do(i.GoBack())
    rig.do(i.GoBack())
    rig.do(i.GoBack())
    assert rig.present(old).refusal is Refusal.CODE_REVOKED
    rig.do(i.GoBack())
    assert rig.present(rig.code_of(delivery)).refusal is None


def test_staff_send_again_at_the_page_of_a_parcel_and_of_no_other_one() -> None:
    rig, delivery = delivered()
    other = rig.deliver("101")
    at_parcel(rig, delivery)
    assert rig.do(SendAgain(other.id)).refusal is Refusal.NOT_NOW
    assert rig.do(RenewCode(other.id)).refusal is Refusal.NOT_NOW
    assert rig.do(SendAgain(delivery.id)).refusal is None
    assert rig.do(SendAgain(delivery.id)).refusal is Refusal.SENT_LATELY


def test_a_disputed_parcel_offers_staff_no_code() -> None:
    rig, delivery = delivered()
    rig.pick_up(delivery)
    rig.answer(i.PickupAnswer.NOT_MINE)
    rig.do(i.Finish())
    at_parcel(rig, delivery)
    assert not rig.screen().offers_action(A.NEW_CODE)
    assert rig.do(RenewCode(delivery.id)).refusal is Refusal.NOT_NOW
