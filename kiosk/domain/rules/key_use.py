"""Doors that opened by themselves: who used the key has half a minute to say so, then staff are alarmed."""

from kiosk.domain import events as e
from kiosk.domain.draft import Draft
from kiosk.domain.frozen import replace
from kiosk.domain.model.delivery import DeliveryFlag
from kiosk.domain.model.ids import CompartmentId
from kiosk.domain.model.incident import IncidentKind
from kiosk.domain.model.key_use import OpeningAnswer
from kiosk.domain.model.session import Session, Step
from kiosk.domain.refusals import Refusal
from kiosk.domain.rules.custody import (
    KEY_USED,
    KEY_USED_TO_HELP,
    KEY_USED_TO_REPAIR,
    KEY_USED_TO_SEARCH,
    staff_name,
    tell_of_opening,
)
from kiosk.domain.rules.incidents import raise_alarm, settle_incidents
from kiosk.domain.staff_touches import AnswerOpening
from kiosk.domain.state import State

KEY_MESSAGES = {
    OpeningAnswer.HELPED: KEY_USED_TO_HELP,
    OpeningAnswer.REPAIRED: KEY_USED_TO_REPAIR,
    OpeningAnswer.SEARCHED: KEY_USED_TO_SEARCH,
    OpeningAnswer.OTHER: KEY_USED,
}
_ALARM = frozenset({IncidentKind.UNEXPLAINED_OPENING})


def ask_who_opened(draft: Draft, compartment: CompartmentId) -> bool:
    """Take note of an opening that nobody asked for; False where the door is in question already."""
    if _is_in_question(draft.state, compartment):
        return False
    draft.record(e.OpeningUnexplained(compartment, draft.stamp.mono_ms))
    return True


def _is_in_question(state: State, compartment: CompartmentId) -> bool:
    status = state.compartments.get(compartment)
    if status is not None and status.is_unexplained:
        return True
    return any(one.kind in _ALARM and one.compartment == compartment for one in state.incidents.values())


def questions(state: State) -> tuple[CompartmentId, ...]:
    """Doors whose opening nobody has explained and this visit was not asked about, in walking order."""
    asked = state.visit.answered
    found = (one for one in state.compartments if one not in asked and _is_in_question(state, one))
    places = sorted(map(state.place, found), key=lambda place: (place.column, place.row, place.id))
    return tuple(place.id for place in places)


def alarm_due(state: State, compartment: CompartmentId) -> int:
    """When, on monotonic time; counted from the start where the opening was before it."""
    return state.unexplained.get(compartment, state.started_mono_ms) + state.limits.explained_within_ms


def raise_alarms(draft: Draft) -> None:
    """Nobody has said in time that it was them."""
    for status in tuple(draft.state.compartments.values()):
        if status.is_unexplained and alarm_due(draft.state, status.id) <= draft.stamp.mono_ms:
            raise_alarm(draft, status.id)


def answer_opening(draft: Draft, session: Session, fact: AnswerOpening) -> Refusal | None:
    """Staff say whether they used the key; what is behind the door stays in question until a look."""
    visit, compartment = draft.state.visit, fact.compartment
    if visit.step is not Step.STAFF_LIST or compartment not in questions(draft.state):
        return Refusal.NOT_NOW
    draft.show(replace(visit, answered=(*visit.answered, compartment)))
    draft.record(e.OpeningAnswered(compartment, fact.answer))
    if fact.answer.is_mine:
        settle_incidents(draft, draft.actor, compartment=compartment, kinds=_ALARM)
        _tell_recipients(draft, compartment, KEY_MESSAGES[fact.answer], staff_name(draft.state, session.id))
    return None


def _tell_recipients(draft: Draft, compartment: CompartmentId, message: str, who: str) -> None:
    """Whose parcel was behind the door hears who opened it and why, also where the alarm was told before."""
    for delivery in draft.state.deliveries_in(compartment):
        if not (delivery.is_in_doubt and delivery.has_code):
            continue
        tell_of_opening(draft, delivery, message, who)
        if delivery.is_untold:
            draft.record(e.DeliveryFlagged(delivery.id, DeliveryFlag.UNTOLD, is_set=False))
