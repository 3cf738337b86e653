"""The key: staff who opened a door by it say so before it is an alarm, and its recipient hears why."""

import pytest

from kiosk.domain import inputs as i
from kiosk.domain.model.compartment import DoorState
from kiosk.domain.model.delivery import DeliveryState
from kiosk.domain.model.ids import CompartmentId
from kiosk.domain.model.incident import IncidentKind
from kiosk.domain.model.key_use import OpeningAnswer
from kiosk.domain.model.screen import Action, ScreenKind
from kiosk.domain.model.vacancy import Vacancy
from kiosk.domain.refusals import Refusal
from kiosk.domain.rules.custody import OPENED_WITHOUT_CODE
from kiosk.domain.rules.key_use import KEY_MESSAGES
from tests.domain.hands import answered
from tests.domain.rig import Rig

ALARM = IncidentKind.UNEXPLAINED_OPENING


def opened() -> tuple[Rig, CompartmentId]:
    """A parcel's door that somebody opened by key and shut again."""
    rig = Rig().start()
    delivery = rig.deliver()
    rig.wait(60)
    rig.open(delivery.compartment)
    rig.close(delivery.compartment)
    return rig, delivery.compartment


def told(rig: Rig) -> list[tuple[str, str]]:
    return [(message.kind, message.detail) for message in rig.messages()][1:]


@pytest.mark.parametrize("answer", [one for one in OpeningAnswer if one.is_mine])
def test_who_used_the_key_says_so_in_time_and_there_is_no_alarm(answer: OpeningAnswer) -> None:
    rig, compartment = opened()
    rig.sign_in_staff()
    shown = rig.screen()
    assert (shown.kind, shown.door) == (ScreenKind.STAFF_KEY, rig.state.label_of(compartment))
    assert rig.do(answered(compartment, answer)).refusal is None
    assert told(rig) == [(KEY_MESSAGES[answer], "Jo")]
    assert rig.screen().kind is ScreenKind.STAFF_LIST
    rig.wait(60)
    assert ALARM not in rig.incidents()
    assert "IncidentRaised" not in rig.events()[rig.events().index("OpeningAnswered") :]
    assert told(rig) == [(KEY_MESSAGES[answer], "Jo")]


def test_the_key_says_nothing_of_the_inside_and_staff_still_look() -> None:
    rig, compartment = opened()
    rig.open("c8")
    rig.close("c8")
    rig.sign_in_staff()
    for door in (compartment, "c8"):
        rig.do(answered(door, "repaired"))
    (delivery,) = rig.state.deliveries_in(compartment)
    assert (delivery.state, delivery.is_in_doubt) == (DeliveryState.STORED, True)
    assert (rig.vacancy(compartment), rig.vacancy("c8")) == (Vacancy.OCCUPIED, Vacancy.UNKNOWN)
    assert [task.why for task in rig.screen().tasks] == ["pickup_in_doubt", "vacancy_unknown"]


def test_later_the_alarm_is_settled_and_the_recipient_hears_who_and_why_all_the_same() -> None:
    rig, compartment = opened()
    rig.wait(31)
    assert ALARM in rig.incidents()
    assert told(rig) == [(OPENED_WITHOUT_CODE, "")]
    rig.sign_in_staff()
    rig.do(answered(compartment, "searched"))
    assert ALARM not in rig.incidents()
    assert told(rig) == [(OPENED_WITHOUT_CODE, ""), (KEY_MESSAGES[OpeningAnswer.SEARCHED], "Jo")]


def test_who_did_not_do_it_is_asked_once_and_the_alarm_comes() -> None:
    rig, compartment = opened()
    rig.sign_in_staff()
    rig.do(answered(compartment, "not_me"))
    assert rig.screen().kind is ScreenKind.STAFF_LIST
    assert rig.do(answered(compartment, "helped")).refusal is Refusal.NOT_NOW
    assert told(rig) == []
    rig.wait(31)
    assert ALARM in rig.incidents()
    assert told(rig) == [(OPENED_WITHOUT_CODE, "")]
    rig.do(i.Finish())
    rig.sign_in_staff()
    assert rig.screen().kind is ScreenKind.STAFF_KEY


def test_every_door_in_question_is_asked_about_one_after_another() -> None:
    rig = Rig().start()
    for door in ("c8", "c1"):
        rig.open(door)
        rig.close(door)
    rig.sign_in_staff()
    asked = []
    while rig.screen().kind is ScreenKind.STAFF_KEY:
        offer = next(one for one in rig.screen().offers if one.action is Action.KEY_ANSWER)
        asked.append((offer.value, rig.screen().place_of))
        rig.do(answered(*offer.value.split("/")))
    assert asked == [("c1/helped", (1, 2)), ("c8/helped", (1, 1))]


def test_nobody_is_asked_of_a_door_that_the_kiosk_opened() -> None:
    rig = Rig().start()
    rig.deliver()
    rig.sign_in_staff()
    assert rig.screen().kind is ScreenKind.STAFF_LIST
    assert rig.do(answered("c1", "helped")).refusal is Refusal.NOT_NOW


def test_a_courier_or_a_stranger_cannot_answer() -> None:
    rig, compartment = opened()
    assert rig.do(answered(compartment, "helped")).refusal is Refusal.NOT_NOW
    rig.sign_in_courier()
    assert rig.do(answered(compartment, "helped")).refusal is Refusal.NOT_NOW
    assert rig.state.compartments[compartment].is_unexplained


def test_a_restart_asks_on_and_the_alarm_comes_half_a_minute_after_it() -> None:
    rig, compartment = opened()
    rig.restart()
    assert rig.state.compartments[compartment].is_unexplained
    rig.wait(29)
    assert ALARM not in rig.incidents()
    rig.wait(2)
    assert ALARM in rig.incidents()
    assert not rig.state.compartments[compartment].is_unexplained


def test_a_look_before_half_a_minute_is_over_leaves_the_alarm_on_record() -> None:
    rig, compartment = opened()
    rig.sign_in_staff()
    rig.do(answered(compartment, "not_me"))
    rig.look(compartment, i.Found.PARCEL)
    assert rig.state.door(compartment) is DoorState.CLOSED
    assert not rig.incidents()
    assert not rig.state.compartments[compartment].is_unexplained
    assert rig.events().count("IncidentRaised") == rig.events().count("IncidentSettled") == 2
