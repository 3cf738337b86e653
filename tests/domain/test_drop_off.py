"""A courier's drop-off, and every way it can end."""

from kiosk.domain import inputs as i
from kiosk.domain.allocation import free_of
from kiosk.domain.changes import CredentialAdded
from kiosk.domain.effects import Unlock
from kiosk.domain.model.compartment import Condition, DoorState, SizeClass
from kiosk.domain.model.delivery import DeliveryState
from kiosk.domain.model.ids import CompartmentId
from kiosk.domain.model.incident import IncidentKind
from kiosk.domain.model.screen import Action, ScreenKind
from kiosk.domain.model.vacancy import Vacancy
from kiosk.domain.refusals import Refusal
from tests.domain.rig import BANKS, Rig, digest


def test_a_whole_drop_off_and_pickup_writes_fourteen_events_at_most() -> None:
    rig = Rig().start()
    before = len(rig.events())
    delivery = rig.deliver()
    rig.present(rig.code_of(delivery))
    rig.pulse()
    rig.open(delivery.compartment)
    rig.close(delivery.compartment)
    rig.do(i.AnswerPickup(i.PickupAnswer.GOT_EVERYTHING))
    rig.do(i.Finish())
    assert rig.events()[before:] == [
        "SessionStarted",
        "DeliveryReserved",
        "UnlockAuthorised",
        "DoorOpened",
        "DoorClosed",
        "DeliveryStored",
        "CodeIssued",
        "SessionEnded",
        "SessionStarted",
        "UnlockAuthorised",
        "DoorOpened",
        "DoorClosed",
        "DeliveryCollected",
        "SessionEnded",
    ]
    assert not rig.state.deliveries
    assert not rig.state.credentials
    assert rig.vacancy(delivery.compartment) is Vacancy.VERIFIED


def test_the_door_is_open_only_when_the_sensor_says_so() -> None:
    rig = Rig().start()
    rig.sign_in_courier()
    compartment = rig.reserve()
    assert rig.screen().kind is ScreenKind.OPENING
    rig.pulse()
    assert rig.screen().kind is ScreenKind.OPENING
    rig.open(compartment)
    assert rig.screen().kind is ScreenKind.PUT_IN
    assert rig.screen().door == "1"
    rig.close(compartment)
    assert rig.screen().kind is ScreenKind.STORED
    assert rig.screen().proofs[0].proof == "ABC234"


def test_no_code_leaves_before_next_finish_or_a_minute() -> None:
    rig = Rig().start()
    rig.sign_in_courier()
    delivery = rig.drop_off()
    assert not rig.messages()
    rig.wait(59)
    assert not rig.messages()
    rig.wait(2)
    assert [message.delivery for message in rig.messages()] == [delivery.id]


def test_next_sends_the_code_of_the_last_parcel() -> None:
    rig = Rig().start()
    rig.sign_in_courier()
    rig.drop_off()
    rig.do(i.NextParcel())
    assert len(rig.messages()) == 1
    assert rig.screen().kind is ScreenKind.UNIT


def test_nobody_goes_on_or_finishes_while_the_door_is_opening() -> None:
    rig = Rig().start()
    rig.sign_in_courier()
    rig.reserve()
    rig.pulse()
    assert rig.do(i.NextParcel()).refusal is Refusal.CLOSE_THE_DOOR_FIRST
    assert rig.do(i.Finish()).refusal is Refusal.CLOSE_THE_DOOR_FIRST
    assert rig.screen().notice is Refusal.CLOSE_THE_DOOR_FIRST


def test_the_next_unit_may_be_typed_while_the_last_door_is_open() -> None:
    rig = Rig().start()
    rig.sign_in_courier()
    first = rig.reserve("412")
    rig.pulse()
    rig.open(first)
    assert rig.do(i.NextParcel()).refusal is None
    assert rig.screen().kind is ScreenKind.UNIT
    assert [one.door for one in rig.screen().open_doors] == ["1"]
    second = rig.reserve("101")
    rig.pulse()
    rig.open(second)
    rig.close(first)
    assert [one.compartment for one in rig.stored()] == [first]
    assert rig.screen().kind is ScreenKind.PUT_IN
    rig.close(second)
    rig.do(i.Finish())
    assert [(one.door, one.unit) for one in rig.screen().proofs] == [("1", "412"), ("2", "101")]


def test_finish_leads_back_to_a_door_that_is_still_open() -> None:
    rig = Rig().start()
    rig.sign_in_courier()
    first = rig.reserve("412")
    rig.pulse()
    rig.open(first)
    rig.do(i.NextParcel())
    assert rig.do(i.Finish()).refusal is Refusal.CLOSE_THE_DOOR_FIRST
    assert rig.screen().kind is ScreenKind.PARCELS
    rig.do(i.ChooseParcel(0))
    assert (rig.screen().kind, rig.screen().door) == (ScreenKind.PUT_IN, "1")
    rig.close(first)
    assert rig.do(i.Finish()).refusal is None
    assert rig.screen().kind is ScreenKind.PROOF


def test_one_pulse_more_by_itself_and_a_third_only_on_touch() -> None:
    rig = Rig().start()
    rig.sign_in_courier()
    rig.reserve()
    rig.pulse()
    rig.wait(2.4)
    assert len(rig.unlocks()) == 1
    rig.wait(0.2)
    assert len(rig.unlocks()) == 2
    assert rig.screen().pulses == 2
    rig.pulse()
    rig.wait(5)
    assert rig.screen().offers_action(Action.PUSH_AGAIN)
    assert rig.do(i.PushAgain()).refusal is None
    rig.pulse()
    assert rig.do(i.PushAgain()).refusal is Refusal.NOT_NOW
    rig.wait(60)
    assert len(rig.unlocks()) == 3


def test_a_door_that_never_opened_keeps_its_vacancy_and_is_jammed() -> None:
    rig = Rig().start()
    rig.sign_in_courier()
    compartment = rig.reserve()
    rig.jam()
    assert rig.screen().kind is ScreenKind.JAMMED
    assert rig.vacancy(compartment) is Vacancy.VERIFIED
    assert rig.condition(compartment) is Condition.JAMMED
    assert IncidentKind.DOOR_JAMMED in rig.incidents()
    assert not rig.state.deliveries
    rig.do(i.UseAnotherDoor())
    assert rig.last_unlock().compartment != compartment
    assert rig.screen().kind is ScreenKind.OPENING


def test_a_jammed_door_that_opens_is_serviceable_again() -> None:
    rig = Rig().start()
    rig.sign_in_courier()
    compartment = rig.reserve()
    rig.jam()
    rig.open(compartment)
    assert rig.condition(compartment) is Condition.SERVICEABLE


def test_bytes_that_never_left_cancel_the_drop_off_at_once() -> None:
    rig = Rig().start()
    rig.sign_in_courier()
    compartment = rig.reserve()
    rig.do(i.UnlockFailed(rig.last_unlock().unlock, "late", is_certain=True))
    assert rig.screen().kind is ScreenKind.JAMMED
    assert rig.vacancy(compartment) is Vacancy.VERIFIED
    assert IncidentKind.UNLOCK_NOT_SENT in rig.incidents()


def test_a_bank_lost_between_pulse_and_door_makes_the_drop_off_uncertain() -> None:
    rig = Rig().start()
    rig.sign_in_courier()
    compartment = rig.reserve()
    rig.pulse()
    rig.do(i.BankGone(BANKS[0], "unplugged"))
    (delivery,) = rig.state.deliveries_in(compartment)
    assert delivery.state is DeliveryState.UNCERTAIN
    assert rig.vacancy(compartment) is Vacancy.UNKNOWN
    assert rig.screen().kind is ScreenKind.QUESTION
    rig.see_bank(BANKS[0])
    rig.do(i.AnswerQuestion(delivery.id, is_inside=True))
    assert rig.state.deliveries[delivery.id].state is DeliveryState.STORED


def test_walking_away_from_a_reserved_door_leaves_it_unknown() -> None:
    rig = Rig().start()
    rig.sign_in_courier()
    compartment = rig.reserve()
    rig.pulse()
    rig.open(compartment)
    rig.wait(119)
    assert rig.state.sessions
    rig.wait(2)
    assert IncidentKind.DOOR_LEFT_OPEN in rig.incidents()
    assert rig.condition(compartment) is Condition.HELD_OPEN
    rig.wait(90)
    assert not rig.state.sessions
    (delivery,) = rig.state.deliveries_in(compartment)
    assert delivery.state is DeliveryState.UNCERTAIN
    assert not rig.messages()
    rig.close(compartment)
    assert rig.state.deliveries[delivery.id].state is DeliveryState.UNCERTAIN
    assert rig.vacancy(compartment) is Vacancy.UNKNOWN


def test_a_restart_with_the_door_open_watches_it_and_asks_the_same_carrier() -> None:
    rig = Rig().start()
    rig.sign_in_courier()
    compartment = rig.reserve()
    rig.pulse()
    rig.open(compartment)
    rig.crash()
    rig.see_banks(compartment)
    assert rig.screen().kind is ScreenKind.HOME
    assert rig.screen().open_doors[0].unit == "412"
    rig.sign_in_courier()
    assert rig.screen().kind is ScreenKind.PUT_IN
    rig.close(compartment)
    assert rig.screen().kind is ScreenKind.STORED


def test_a_restart_with_the_door_closed_since_is_uncertain_and_the_next_sign_in_is_asked() -> None:
    rig = Rig().start()
    rig.sign_in_courier()
    compartment = rig.reserve()
    rig.pulse()
    rig.open(compartment)
    rig.restart()
    (delivery,) = rig.state.deliveries_in(compartment)
    assert delivery.state is DeliveryState.UNCERTAIN
    rig.sign_in_courier("222222")
    assert rig.screen().kind is ScreenKind.UNIT
    rig.do(i.Finish())
    rig.sign_in_courier("111111")
    assert rig.screen().kind is ScreenKind.QUESTION
    assert (rig.screen().unit, rig.screen().door) == ("412", "1")
    rig.do(i.AnswerQuestion(delivery.id, is_inside=False))
    assert delivery.id not in rig.state.deliveries
    assert rig.vacancy(compartment) is Vacancy.PRESUMED
    assert rig.screen().kind is ScreenKind.UNIT


def test_the_question_is_not_asked_after_two_hours() -> None:
    rig = Rig().start()
    rig.sign_in_courier()
    rig.reserve()
    rig.restart()
    rig.wait(2 * 3600 + 1)
    rig.sign_in_courier()
    assert rig.screen().kind is ScreenKind.UNIT


def test_a_stored_parcel_gets_its_code_after_a_restart() -> None:
    rig = Rig().start()
    rig.sign_in_courier()
    delivery = rig.drop_off()
    rig.crash()
    assert rig.state.deliveries[delivery.id].has_code
    assert len(rig.messages()) == 1


def test_does_not_fit_takes_a_larger_door_and_presumes_the_first_one_empty() -> None:
    rig = Rig().start()
    rig.sign_in_courier()
    first = rig.reserve()
    rig.pulse()
    rig.open(first)
    rig.do(i.DoesNotFit())
    second = rig.last_unlock().compartment
    assert rig.state.place(second).size is SizeClass.M
    rig.pulse()
    rig.open(second)
    rig.close(first)
    rig.close(second)
    assert rig.vacancy(first) is Vacancy.PRESUMED
    assert rig.vacancy(second) is Vacancy.OCCUPIED
    assert len(rig.stored()) == 1


def test_a_compartment_that_did_not_fit_is_not_offered_before_the_parcel_is_stored() -> None:
    rig = Rig().start()
    rig.sign_in_courier()
    first = rig.reserve()
    rig.pulse()
    rig.open(first)
    rig.do(i.DoesNotFit())
    rig.close(first)
    assert first not in {place.id for place in free_of(rig.state, SizeClass.S)}
    rig.restart()
    assert rig.vacancy(first) is Vacancy.UNKNOWN


def test_nothing_free_is_said_and_nothing_moves() -> None:
    rig = Rig().start()
    rig.sign_in_courier()
    rig.drop_off(size=SizeClass.L)
    rig.do(i.NextParcel())
    moved = len(rig.effects)
    rig.do(i.ChooseUnit("101"))
    assert rig.do(i.ChooseSize(SizeClass.L)).refusal is Refusal.NOTHING_FREE
    assert len([one for one in rig.effects[moved:] if isinstance(one, Unlock)]) == 0
    assert rig.screen().kind is ScreenKind.SIZE


def test_a_door_seen_open_or_unknown_is_not_offered() -> None:
    rig = Rig().start()
    for name in ("c1", "c2"):
        rig.do(i.DoorSeen(CompartmentId(name), DoorState.OPEN))
    rig.sign_in_courier()
    assert rig.reserve() == "c3"


def test_a_wrong_carrier_code_opens_nothing_and_is_counted() -> None:
    rig = Rig().start()
    for _ in range(10):
        assert rig.sign_in_courier("999999").refusal is Refusal.WRONG_CARRIER_CODE
        rig.do(i.GoBack())
    assert rig.sign_in_courier("111111").refusal is Refusal.CARRIER_CODE_PAUSED
    rig.do(i.GoBack())
    rig.wait(61)
    assert rig.sign_in_courier("111111").refusal is None


def test_an_unknown_unit_is_said() -> None:
    rig = Rig().start()
    rig.sign_in_courier()
    assert rig.do(i.ChooseUnit("999")).refusal is Refusal.UNKNOWN_UNIT
    assert rig.do(i.ChooseUnit(" 412 ")).refusal is None


def test_an_idle_courier_is_warned_and_then_signed_out_with_the_code_sent() -> None:
    rig = Rig().start()
    rig.sign_in_courier()
    rig.drop_off()
    rig.wait(60)
    assert rig.screen().warning_s == 20
    rig.do(i.StayHere())
    assert rig.screen().warning_s is None
    rig.wait(81)
    assert rig.screen().kind is ScreenKind.HOME
    assert len(rig.messages()) == 1


def test_every_code_is_new_among_live_and_spent_codes() -> None:
    rig = Rig().start()
    rig.deliver("101")
    rig.deliver("102")
    digests = [one.credential.digest for one in rig.changes if isinstance(one, CredentialAdded)]
    assert len(set(digests)) == len(digests) == 2
    assert digest("x") not in digests
