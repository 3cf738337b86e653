"""Messages that do not arrive: an incident each, a case of staff's, and a line on the pages."""

from kiosk.domain import inputs as i
from kiosk.domain.changes import MessageToldOtherwise
from kiosk.domain.model.ids import MessageId
from kiosk.domain.model.incident import IncidentKind
from kiosk.domain.rules.undelivered import open_incidents
from tests.domain.rig import Rig


def stuck() -> tuple[Rig, i.MessageStuck]:
    rig = Rig().start()
    delivery = rig.deliver()
    (message,) = rig.messages()
    news = i.MessageStuck(message.id, delivery.id, message.resident)
    rig.do(news)
    return rig, news


def test_a_message_that_is_stuck_is_one_incident_that_says_whose() -> None:
    rig, news = stuck()
    assert not rig.do(news).changes
    (incident,) = open_incidents(rig.state)
    assert (incident.message, incident.resident) == (news.message, news.resident)
    assert incident.compartment == rig.state.deliveries[news.delivery].compartment


def test_each_message_is_an_incident_of_its_own() -> None:
    rig, news = stuck()
    rig.do(i.MessageStuck(MessageId("another"), news.delivery, news.resident))
    assert len(open_incidents(rig.state)) == 2


def test_it_is_over_when_the_message_left() -> None:
    rig, news = stuck()
    rig.do(i.MessageUnstuck(news.message))
    assert not open_incidents(rig.state)
    assert not rig.do(i.MessageUnstuck(news.message)).changes


def test_one_about_a_parcel_that_is_gone_is_told_all_the_same() -> None:
    rig, news = stuck()
    rig.do(i.MessageUnstuck(news.message))
    rig.pick_up(rig.state.deliveries[news.delivery])
    rig.answer()
    rig.do(news)
    assert [one.compartment for one in open_incidents(rig.state)] == [None]


def test_staff_who_told_the_person_close_the_case_and_the_message_goes() -> None:
    rig, news = stuck()
    rig.sign_in_staff()
    rig.do(i.ShowCases())
    (case,) = rig.screen().cases
    assert case.kind is IncidentKind.MESSAGE_UNDELIVERED
    rig.do(i.CloseCase(case.incident))
    assert not open_incidents(rig.state)
    (told,) = [one for one in rig.changes if isinstance(one, MessageToldOtherwise)]
    assert told.message == news.message


def test_every_page_knows_since_when_messages_wait_and_a_start_forgets_it() -> None:
    rig = Rig().start()
    assert rig.do(i.MessagesHeldUp(77)).changes
    assert rig.screen().messages_held_since_ms == 77
    assert not rig.do(i.MessagesHeldUp(77)).changes
    rig.do(i.MessagesHeldUp(None))
    assert rig.screen().messages_held_since_ms is None
    rig.do(i.MessagesHeldUp(78))
    rig.restart()
    assert rig.screen().messages_held_since_ms is None
