"""Pickup: that recipient's doors, one after another; each close asks, and no answer is decided at the end."""

from kiosk.domain import events as e
from kiosk.domain.draft import Draft
from kiosk.domain.frozen import replace
from kiosk.domain.inputs import AnswerPickup, PickupAnswer
from kiosk.domain.model.compartment import DoorState
from kiosk.domain.model.delivery import Delivery, DeliveryState
from kiosk.domain.model.ids import CompartmentId, DeliveryId, IncidentId
from kiosk.domain.model.incident import IncidentKind
from kiosk.domain.model.session import Session, Step
from kiosk.domain.model.unlock import UnlockPurpose
from kiosk.domain.model.vacancy import VacancyFact
from kiosk.domain.refusals import Refusal
from kiosk.domain.rules.custody import clear_doubt, collect, dispute, keep, put_in_doubt
from kiosk.domain.rules.incidents import raise_incident
from kiosk.domain.rules.openings import is_brief, judge_brief
from kiosk.domain.rules.refused import at_door as refused_at_door
from kiosk.domain.rules.refused import for_parcel
from kiosk.domain.rules.sessions import at_door, count_done, end_parked, end_session
from kiosk.domain.rules.unlocking import authorise
from kiosk.domain.state import State


def go_through(draft: Draft, doors: tuple[DeliveryId, ...]) -> Refusal | None:
    """Open the first door in sight and remember the rest; one out of sight is passed by and said so."""
    waiting = tuple(one for one in doors if _is_waiting(draft.state, one))
    seen = tuple(one for one in waiting if _is_in_reach(draft.state, one))
    for one in waiting:
        if one not in seen:
            for_parcel(draft, Refusal.DOOR_UNREACHABLE, draft.state.deliveries[one])
    if not seen:
        draft.show(replace(draft.state.visit, step=Step.PICKUP_DONE, waiting=()))
        return draft.notice(Refusal.DOOR_UNREACHABLE) if waiting else None
    draft.show(replace(draft.state.visit, waiting=seen[1:]))
    refusal = _open_door(draft, seen[0])
    if refusal is None and len(seen) < len(waiting):
        draft.notice(Refusal.DOOR_UNREACHABLE)
    return refusal


def _is_waiting(state: State, delivery: DeliveryId) -> bool:
    parcel = state.deliveries.get(delivery)
    return parcel is not None and parcel.state is not DeliveryState.UNCERTAIN


def _is_in_reach(state: State, delivery: DeliveryId) -> bool:
    """On a shelf or at the desk, or behind a door that can be seen."""
    parcel = state.deliveries[delivery]
    return not parcel.has_door or state.door(parcel.compartment) is not DoorState.UNKNOWN


def _open_door(draft: Draft, delivery: DeliveryId) -> Refusal | None:
    """Turn to a parcel's door and open it; a door that was left open is watched, and pulsed on touch."""
    session, parcel = draft.state.active_session, draft.state.deliveries[delivery]
    if session is None:
        return Refusal.NOT_NOW
    turned = at_door(draft.state.visit, Step.PICKUP_DOOR, parcel)
    if not parcel.has_door:
        draft.show(turned)
        return None
    if parcel.state is not DeliveryState.STORED:
        _take_over(draft, session, parcel)
        draft.show(replace(turned, found_open=True))
        return None
    if _is_behind_same_door(draft.state, parcel):
        draft.record(e.DeliveryResumed(parcel.id, session.id))
        draft.show(replace(turned, closed_mono_ms=draft.state.visit.closed_mono_ms))
        return None
    draft.show(turned)
    refusal = authorise(
        draft, parcel.compartment, UnlockPurpose.PICKUP, session=session.id, delivery=parcel.id
    )
    return draft.notice(refusal) if refusal else None


def _is_behind_same_door(state: State, parcel: Delivery) -> bool:
    """Whether the door that was just shut is this parcel's too: then it is asked about, not opened again."""
    visit = state.visit
    if visit.compartment != parcel.compartment or visit.closed_mono_ms is None:
        return False
    is_shut = state.door(parcel.compartment) is DoorState.CLOSED
    return is_shut and not is_brief(state, parcel.compartment)


def _take_over(draft: Draft, session: Session, parcel: Delivery) -> None:
    before = parcel.session
    if parcel.is_with_staff:
        keep(draft, parcel, "taken_over", in_doubt=False)
    draft.record(e.DeliveryResumed(parcel.id, session.id))
    end_parked(draft, before)


# At the close


def answer_pickup(draft: Draft, session: Session, fact: AnswerPickup) -> Refusal | None:
    """The resident's word at the close: taken, left inside for later, or not there at all."""
    parcel = _at_hand(draft)
    if parcel is None or not _is_asked(draft.state, parcel):
        return Refusal.NOT_NOW
    judge_brief(draft, parcel)
    parcel = draft.state.deliveries[parcel.id]
    if parcel.state is DeliveryState.COLLECTING:
        _close_with(draft, parcel, fact.answer)
    elif parcel.state is DeliveryState.STORED:
        _close_briefly_with(draft, parcel, fact.answer)
    else:
        return Refusal.NOT_NOW
    return _go_on(draft, parcel.id)


def something_wrong(draft: Draft, session: Session) -> Refusal | None:
    """The question at the close has an answer that is not on its page."""
    if not _is_asked(draft.state, _at_hand(draft)):
        return Refusal.NOT_NOW
    draft.show(replace(draft.state.visit, is_troubled=True))
    return None


def _close_with(draft: Draft, parcel: Delivery, answer: PickupAnswer) -> None:
    match answer:
        case PickupAnswer.GOT_EVERYTHING:
            collect(draft, parcel, VacancyFact.COLLECTED_CONFIRMED)
        case PickupAnswer.STILL_INSIDE:
            keep(draft, parcel, "still_inside", in_doubt=False)
            clear_doubt(draft, draft.state.deliveries[parcel.id])
        case PickupAnswer.NOT_IN_THERE:
            keep(draft, parcel, "not_in_there", in_doubt=True)
            _report_missing(draft, parcel)
        case PickupAnswer.NOT_MINE:
            keep(draft, parcel, "not_mine", in_doubt=False)
            _tell_case(draft, dispute(draft, draft.state.deliveries[parcel.id]))
        case PickupAnswer.DAMAGED_TAKEN:
            collect(draft, parcel, VacancyFact.COLLECTED_CONFIRMED)
            _report_damage(draft, parcel, is_taken=True)
        case PickupAnswer.DAMAGED_LEFT:
            keep(draft, parcel, "damaged", in_doubt=False)
            clear_doubt(draft, draft.state.deliveries[parcel.id])
            _report_damage(draft, parcel, is_taken=False)


def _close_briefly_with(draft: Draft, parcel: Delivery, answer: PickupAnswer) -> None:
    """The door was hardly open: a word alone collects nothing, so the code stays live and staff look."""
    match answer:
        case PickupAnswer.GOT_EVERYTHING:
            put_in_doubt(draft, parcel.id)
        case PickupAnswer.NOT_IN_THERE:
            put_in_doubt(draft, parcel.id)
            _report_missing(draft, parcel)
        case PickupAnswer.NOT_MINE:
            _tell_case(draft, dispute(draft, parcel))
        case PickupAnswer.DAMAGED_TAKEN:
            put_in_doubt(draft, parcel.id)
            _report_damage(draft, parcel, is_taken=True)
        case PickupAnswer.DAMAGED_LEFT:
            _report_damage(draft, parcel, is_taken=False)
        case PickupAnswer.STILL_INSIDE:
            return


def _report_missing(draft: Draft, parcel: Delivery) -> None:
    """Nothing is collected and the code stays live: staff look for it."""
    kind = IncidentKind.PARCEL_MISSING
    _tell_case(draft, raise_incident(draft, kind, compartment=parcel.compartment, delivery=parcel.id))


def _report_damage(draft: Draft, parcel: Delivery, *, is_taken: bool) -> None:
    """On record whose parcel by which carrier it was; with whom it is now does not depend on it."""
    draft.record(e.DamageReported(parcel.id, parcel.compartment, parcel.carrier, is_taken))
    kind = IncidentKind.PARCEL_DAMAGED
    _tell_case(draft, raise_incident(draft, kind, compartment=parcel.compartment, delivery=parcel.id))


def _tell_case(draft: Draft, incident: IncidentId) -> None:
    draft.show(replace(draft.state.visit, case=incident))


def _is_asked(state: State, parcel: Delivery | None) -> bool:
    """Whether the door at hand was seen open and is shut, so that its question stands on the screen."""
    if parcel is None or state.door(parcel.compartment) is not DoorState.CLOSED:
        return False
    return state.visit.closed_mono_ms is not None and state.unlock_of(parcel.compartment) is None


def _go_on(draft: Draft, parcel: DeliveryId) -> Refusal | None:
    count_done(draft, parcel)
    return go_through(draft, draft.state.visit.waiting)


def next_parcel(draft: Draft, session: Session) -> Refusal | None:
    """Pass a door by that does not open or that nobody can see; its parcel stays, its code stays live."""
    visit, parcel = draft.state.visit, _at_hand(draft)
    if parcel is None or not visit.waiting or not can_pass(draft.state, parcel):
        return Refusal.NOT_NOW
    return _go_on(draft, parcel.id)


def can_pass(state: State, parcel: Delivery) -> bool:
    """Whether its door may be left as it is, for the next one."""
    if state.unlock_of(parcel.compartment) or state.door(parcel.compartment) is DoorState.OPEN:
        return False
    is_shut = state.door(parcel.compartment) is DoorState.CLOSED
    return parcel.state is DeliveryState.STORED or not is_shut


def _at_hand(draft: Draft) -> Delivery | None:
    visit = draft.state.visit
    if visit.step is not Step.PICKUP_DOOR or visit.delivery is None:
        return None
    return draft.state.deliveries.get(visit.delivery)


# Once more


def reopen(draft: Draft, session: Session) -> Refusal | None:
    """Open the door at hand once more, while its question or the last page stands."""
    visit = draft.state.visit
    parcel = _at_hand(draft)
    if parcel is not None:
        return _reopen_parcel(draft, session, parcel)
    if visit.compartment is None or visit.compartment not in draft.state.reopenings:
        return Refusal.NOT_NOW
    if draft.state.unlock_of(visit.compartment):
        return Refusal.NOT_NOW
    closed = draft.stamp.mono_ms if visit.closed_mono_ms is None else visit.closed_mono_ms
    if draft.stamp.mono_ms - closed > draft.state.limits.reopen_by_touch_ms:
        return draft.notice(refused_at_door(draft, Refusal.TOO_LATE_TO_REOPEN, visit.compartment))
    return reopen_collected(draft, visit.compartment)


def reopen_collected(draft: Draft, compartment: CompartmentId) -> Refusal | None:
    """The door of a parcel that was collected, until its compartment is given out."""
    session = draft.state.active_session
    if session is None:
        return Refusal.NOT_NOW
    if draft.state.reopenings[compartment].count >= draft.state.limits.reopens_at_most:
        return draft.notice(refused_at_door(draft, Refusal.REOPENED_TOO_OFTEN, compartment))
    refusal = authorise(draft, compartment, UnlockPurpose.REOPEN, session=session.id)
    if refusal:
        return draft.notice(refusal)
    if not draft.state.deliveries_in(compartment):
        draft.record(e.CompartmentSettled(compartment, VacancyFact.COLLECTED_SILENTLY))
    draft.show(
        replace(
            draft.state.visit,
            step=Step.PICKUP_DOOR,
            delivery=None,
            compartment=compartment,
            closed_mono_ms=None,
            touched_mono_ms=draft.stamp.mono_ms,
        )
    )
    return None


def _reopen_parcel(draft: Draft, session: Session, parcel: Delivery) -> Refusal | None:
    visit = draft.state.visit
    is_open = draft.state.door(parcel.compartment) is DoorState.OPEN
    if draft.state.unlock_of(parcel.compartment) or (is_open and not visit.found_open):
        return Refusal.NOT_NOW
    if visit.reopened >= draft.state.limits.reopens_at_most:
        return draft.notice(for_parcel(draft, Refusal.REOPENED_TOO_OFTEN, parcel))
    refusal = authorise(
        draft, parcel.compartment, UnlockPurpose.REOPEN, session=session.id, delivery=parcel.id
    )
    if refusal:
        return draft.notice(refusal)
    draft.show(replace(visit, reopened=visit.reopened + 1, closed_mono_ms=None, found_open=False))
    return None


def finish(draft: Draft, session: Session) -> Refusal | None:
    """The resident is done, or leaves: what is unanswered is decided now."""
    compartment = draft.state.visit.compartment
    if compartment and draft.state.unlock_of(compartment):
        return draft.notice(Refusal.CLOSE_THE_DOOR_FIRST)
    end_session(draft, "finished")
    return None
