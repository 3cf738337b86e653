"""Interrupted drop-offs: taken up again at the next sign-in of the same carrier code, or asked about."""

from kiosk.domain.draft import Draft
from kiosk.domain.frozen import replace
from kiosk.domain.inputs import AnswerQuestion
from kiosk.domain.model.compartment import DoorState
from kiosk.domain.model.delivery import Delivery, DeliveryState
from kiosk.domain.model.incident import IncidentKind
from kiosk.domain.model.session import Session, Step, Visit
from kiosk.domain.model.vacancy import VacancyFact
from kiosk.domain.refusals import Refusal
from kiosk.domain.rules.at_places import confirm, give_up
from kiosk.domain.rules.custody import cancel, release_codes, settle_incidents_of, store
from kiosk.domain.rules.deliveries import deliveries_of
from kiosk.domain.rules.sessions import at_door, count_done, sign_in_again

_AMISS = frozenset({IncidentKind.UNEXPLAINED_OPENING, IncidentKind.FOREIGN_PARCEL})
"""Incidents that say that something else may be inside."""


def take_up_interrupted(draft: Draft, session: Session) -> None:
    """A door that this carrier left open is at hand again; one that closed meanwhile is asked about."""
    sign_in_again(draft, session)
    questions = tuple(delivery.id for delivery in _uncertain_of(draft, session))
    visit = replace(draft.state.visit, waiting=questions)
    open_here = [
        one for one in deliveries_of(draft.state, session.id) if one.state is DeliveryState.DEPOSITING
    ]
    if open_here:
        draft.show(at_door(visit, Step.DROP_OFF_DOOR, open_here[0]))
    elif questions:
        draft.show(turn_to_question(visit))


def _uncertain_of(draft: Draft, session: Session) -> list[Delivery]:
    """Of the last hours on monotonic time; those from before the start too: nobody knows how old they are."""
    return [
        delivery
        for delivery in draft.state.deliveries.values()
        if delivery.state is DeliveryState.UNCERTAIN
        and delivery.carrier_code == session.carrier_code
        and (delivery.has_door or delivery.proof is None)  # what the desk is said to have, staff confirm
        and _is_fresh(draft, delivery)
    ]


def _is_fresh(draft: Draft, delivery: Delivery) -> bool:
    since = draft.state.doubts.get(delivery.id)
    return since is None or draft.stamp.mono_ms - since <= draft.state.limits.question_within_ms


def turn_to_question(visit: Visit) -> Visit:
    """The next question about an interrupted door, or the unit page when none is left."""
    if not visit.waiting:
        return replace(visit, step=Step.UNIT, delivery=None, compartment=None, unit=None, resident=None)
    return replace(visit, step=Step.QUESTION, delivery=visit.waiting[0], waiting=visit.waiting[1:])


def answer_question(draft: Draft, session: Session, fact: AnswerQuestion) -> Refusal | None:
    """The courier says whether the parcel of an interrupted drop-off is inside."""
    delivery = draft.state.deliveries.get(fact.delivery)
    if delivery is None or draft.state.visit.delivery != fact.delivery:
        return Refusal.NOT_NOW
    if delivery.state is not DeliveryState.UNCERTAIN or delivery.carrier_code != session.carrier_code:
        return Refusal.NOT_NOW
    if not delivery.has_door:
        return _answer_at_place(draft, delivery, is_there=fact.is_inside)
    if fact.is_inside and (refusal := _not_shut(draft, delivery)):
        return draft.notice(refusal)
    settle_uncertain(draft, delivery, is_inside=fact.is_inside, fact=_taken_back(draft, delivery))
    if fact.is_inside:
        count_done(draft, delivery.id)
        if draft.state.visit.step is Step.DROP_OFF_DOOR:
            return None
    draft.show(turn_to_question(draft.state.visit))
    return None


def _answer_at_place(draft: Draft, delivery: Delivery, *, is_there: bool) -> Refusal | None:
    if is_there:
        confirm(draft, delivery)
        release_codes(draft, (draft.state.deliveries[delivery.id],))
        count_done(draft, delivery.id)
    else:
        give_up(draft, delivery, f"settled by {draft.actor}")
    draft.show(turn_to_question(draft.state.visit))
    return None


def _taken_back(draft: Draft, delivery: Delivery) -> VacancyFact:
    """What the courier's "no" says of the compartment: behind a door seen shut it is presumed empty."""
    here = {one.kind for one in draft.state.incidents.values() if one.compartment == delivery.compartment}
    status = draft.state.compartments.get(delivery.compartment)
    is_amiss = bool(here & _AMISS) or (status is not None and status.is_unexplained)
    is_shut = draft.state.door(delivery.compartment) is DoorState.CLOSED
    return VacancyFact.TAKEN_BACK if is_shut and not is_amiss else VacancyFact.LEFT_OPEN


def _not_shut(draft: Draft, delivery: Delivery) -> Refusal | None:
    """A word is not enough where the door is open, or nobody can see it."""
    match draft.state.door(delivery.compartment):
        case DoorState.CLOSED:
            return None
        case DoorState.OPEN:
            return Refusal.CLOSE_THE_DOOR_FIRST
        case DoorState.UNKNOWN:
            return Refusal.DOOR_UNREACHABLE


def settle_uncertain(draft: Draft, delivery: Delivery, *, is_inside: bool, fact: VacancyFact) -> None:
    """Somebody answers for an uncertain drop-off: stored with its code, or never here."""
    if is_inside:
        store(draft, delivery, settled_by=draft.actor)
        release_codes(draft, (draft.state.deliveries[delivery.id],))
        settle_incidents_of(draft, delivery)
        return
    cancel(draft, delivery, f"settled by {draft.actor}", fact)
    if fact in (VacancyFact.SEEN_EMPTY, VacancyFact.TAKEN_BACK):
        settle_incidents_of(draft, delivery)
