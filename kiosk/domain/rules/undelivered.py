"""Messages that do not arrive: staff hear of each once, and the screen says since when they wait."""

from kiosk.domain import events as e
from kiosk.domain.changes import MessagesHeld
from kiosk.domain.draft import Draft
from kiosk.domain.inputs import MessageNews, MessagesHeldUp, MessageStuck, MessageUnstuck
from kiosk.domain.model.ids import MessageId
from kiosk.domain.model.incident import Incident, IncidentKind
from kiosk.domain.rules.incidents import raise_message_incident
from kiosk.domain.state import State


def heard(draft: Draft, fact: MessageNews) -> None:
    """What the part that sends messages says, as levels: saying it twice changes nothing."""
    match fact:
        case MessageStuck():
            if incident_of(draft.state, fact.message) is None:
                raise_message_incident(draft, fact.delivery, fact.message, fact.resident)
        case MessageUnstuck(message=message):
            incident = incident_of(draft.state, message)
            if incident is not None:
                draft.record(e.IncidentSettled(incident.id, "messages"))
        case MessagesHeldUp(since_at_ms=since_ms):
            if since_ms != draft.state.messages_held_since_ms:
                draft.record(MessagesHeld(since_ms))


def open_incidents(state: State) -> tuple[Incident, ...]:
    """Every message that staff know to be stuck."""
    kind = IncidentKind.MESSAGE_UNDELIVERED
    return tuple(one for one in state.incidents.values() if one.kind is kind)


def incident_of(state: State, message: MessageId) -> Incident | None:
    """The open incident of a message."""
    return next((one for one in open_incidents(state) if one.message == message), None)
