"""Doors as the sensor sees them: each confirmed change is judged against what was asked for."""

from kiosk.domain import events as e
from kiosk.domain.draft import Draft
from kiosk.domain.frozen import replace
from kiosk.domain.inputs import DoorSeen
from kiosk.domain.model.compartment import Condition, DoorState
from kiosk.domain.model.delivery import Delivery, DeliveryState
from kiosk.domain.model.ids import CompartmentId
from kiosk.domain.model.incident import IncidentKind
from kiosk.domain.model.session import Session, SessionKind, Step
from kiosk.domain.model.unlock import PendingUnlock, UnlockPurpose
from kiosk.domain.model.vacancy import VacancyFact
from kiosk.domain.rules.custody import keep, make_uncertain, put_in_doubt, store, tell_of_opening
from kiosk.domain.rules.incidents import settle_incidents
from kiosk.domain.rules.reconciling import (
    close_held,
    found_again,
    is_explained,
    lost_from_sight,
    opened_unexplained,
)
from kiosk.domain.rules.sessions import count_done, deliveries_of, end_parked

_DOOR_STEPS = (Step.DROP_OFF_DOOR, Step.PICKUP_DOOR, Step.STAFF_DOOR, Step.PICKUP_DONE, Step.HELP)
_JAM = frozenset({IncidentKind.DOOR_JAMMED, IncidentKind.UNLOCK_NOT_SENT})


def door_seen(draft: Draft, fact: DoorSeen) -> None:
    """Take in a door's state; a level said twice changes nothing."""
    before = draft.state.door(fact.compartment)
    if before is fact.state:
        return
    if fact.state is DoorState.UNKNOWN:
        draft.sight(fact.compartment, fact.state)
        lost_from_sight(draft, fact.compartment)
    elif before is DoorState.UNKNOWN:
        draft.sight(fact.compartment, fact.state)
        found_again(draft, fact.compartment, fact.state)
    elif fact.state is DoorState.OPEN:
        draft.sight(fact.compartment, fact.state)
        door_opened(draft, fact.compartment)
    else:
        _door_closed(draft, fact.compartment)


# Opened


def door_opened(draft: Draft, compartment: CompartmentId) -> None:
    """A door is open: the answer to its last unresolved authorisation, or unexplained."""
    pending = draft.state.unlock_of(compartment)
    draft.actor = _actor_of(draft, pending)
    draft.record(e.DoorOpened(compartment, pending.id if pending else None))
    if draft.state.compartments[compartment].condition is Condition.JAMMED:
        draft.record(e.ConditionChanged(compartment, Condition.SERVICEABLE))
    settle_incidents(draft, "door", compartment=compartment, kinds=_JAM)
    if pending is not None:
        _answered(draft, pending)
    elif session := _just_closed_by(draft, compartment):
        _sprang_open(draft, session, compartment)
    elif not is_explained(draft.state, compartment):
        opened_unexplained(draft, compartment)
    _turn_to_open_door(draft, compartment)


def _actor_of(draft: Draft, pending: PendingUnlock | None) -> str:
    session = draft.state.sessions.get(pending.session) if pending and pending.session else None
    return session.actor if session else "kiosk"


def _answered(draft: Draft, pending: PendingUnlock) -> None:
    """A door that staff open to look is in doubt until they say what they saw; the recipient is told."""
    if pending.purpose is not UnlockPurpose.LOOK:
        return
    inside = draft.state.deliveries_in(pending.compartment)
    if not inside:
        draft.record(e.CompartmentSettled(pending.compartment, VacancyFact.LEFT_OPEN))
    for delivery in inside:
        if delivery.state is not DeliveryState.STORED:
            continue
        put_in_doubt(draft, delivery.id)
        if delivery.has_code:
            tell_of_opening(draft, delivery, _staff_name(draft, pending))


def _staff_name(draft: Draft, pending: PendingUnlock) -> str:
    session = draft.state.sessions.get(pending.session) if pending.session else None
    person = draft.state.directory.staff.get(session.staff) if session and session.staff else None
    return person.name if person else ""


def _just_closed_by(draft: Draft, compartment: CompartmentId) -> Session | None:
    """Whose door springs open: it is at hand and was closed a moment ago, so it was never shut."""
    session, visit = draft.state.active_session, draft.state.visit
    if session is None or visit.compartment != compartment or visit.closed_mono_ms is None:
        return None
    is_recent = draft.stamp.mono_ms - visit.closed_mono_ms <= draft.state.limits.bounce_ms
    return session if is_recent else None


def _sprang_open(draft: Draft, session: Session, compartment: CompartmentId) -> None:
    draft.actor = session.actor
    inside = draft.state.deliveries_in(compartment)
    for delivery in inside:
        if delivery.state is DeliveryState.STORED and session.kind is not SessionKind.STAFF:
            draft.record(e.DeliveryResumed(delivery.id, session.id))
    if not inside:
        draft.record(e.CompartmentSettled(compartment, VacancyFact.COLLECTED_SILENTLY))


def _turn_to_open_door(draft: Draft, compartment: CompartmentId) -> None:
    visit = draft.state.visit
    if visit.compartment == compartment and visit.step in _DOOR_STEPS:
        draft.show(replace(visit, closed_mono_ms=None, open_calls=0, is_warned=False))


# Closed


def _door_closed(draft: Draft, compartment: CompartmentId) -> None:
    view = draft.state.doors[compartment]
    open_ms = draft.stamp.mono_ms - view.since_mono_ms
    draft.sight(compartment, DoorState.CLOSED)
    session = draft.state.active_session
    is_mine = session is not None and _is_of(draft, session, compartment)
    if session is not None and is_mine:
        draft.actor = session.actor
    draft.record(e.DoorClosed(compartment, open_ms))
    close_held(draft, compartment)
    for delivery in draft.state.deliveries_in(compartment):
        _closed_on(draft, delivery, open_ms)
    if is_mine:
        _turn_to_closed_door(draft, compartment)


def _is_of(draft: Draft, session: Session, compartment: CompartmentId) -> bool:
    if draft.state.visit.compartment == compartment:
        return True
    mine = deliveries_of(draft.state, session.id)
    return any(one.compartment == compartment and one.state.is_in_hand for one in mine)


def _turn_to_closed_door(draft: Draft, compartment: CompartmentId) -> None:
    visit, now = draft.state.visit, draft.stamp.mono_ms
    is_at_hand = visit.compartment == compartment and visit.step in _DOOR_STEPS
    closed = now if is_at_hand else visit.closed_mono_ms
    draft.show(replace(visit, closed_mono_ms=closed, touched_mono_ms=now, open_calls=0, is_warned=False))


def _closed_on(draft: Draft, delivery: Delivery, open_ms: int) -> None:
    is_alive = draft.state.is_session_alive(delivery.session)
    match delivery.state:
        case DeliveryState.DEPOSITING if is_alive:
            store(draft, delivery)
            count_done(draft, delivery.id)
        case DeliveryState.DEPOSITING:
            make_uncertain(draft, delivery, "closed_alone")
            end_parked(draft, delivery.session)
        case DeliveryState.COLLECTING if not is_alive:
            keep(draft, delivery, "closed_alone", in_doubt=True)
            end_parked(draft, delivery.session)
        case DeliveryState.COLLECTING if open_ms < draft.state.limits.taken_after_open_ms:
            keep(draft, delivery, "opened_briefly", in_doubt=False)
        case _:
            return
