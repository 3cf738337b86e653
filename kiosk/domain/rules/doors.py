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
from kiosk.domain.model.vacancy import Vacancy, VacancyFact
from kiosk.domain.rules.custody import (
    OPENED_BY_STAFF,
    keep,
    make_uncertain,
    put_in_doubt,
    settle_incidents_of,
    staff_name,
    store,
    tell_of_opening,
)
from kiosk.domain.rules.deliveries import deliveries_of
from kiosk.domain.rules.incidents import settle_incidents
from kiosk.domain.rules.openings import is_bounce, is_brief, is_sprung, take_up_sprung
from kiosk.domain.rules.reconciling import (
    close_held,
    found_again,
    is_explained,
    lost_from_sight,
    opened_unexplained,
)
from kiosk.domain.rules.removal import close_new_door, is_at_new_door
from kiosk.domain.rules.sessions import count_done, end_parked

_DOOR_STEPS = (
    Step.DROP_OFF_DOOR,
    Step.PICKUP_DOOR,
    Step.STAFF_DOOR,
    Step.STAFF_TAKE,
    Step.PICKUP_DONE,
    Step.HELP,
    Step.LOCKED_IN,
)
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
        bounces = is_bounce(draft.state, fact.compartment, draft.stamp.mono_ms)
        draft.sight(fact.compartment, fact.state, is_bounce=bounces)
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
    elif is_sprung(draft.state, compartment):
        _sprang_open(draft, compartment)
    elif not is_explained(draft.state, compartment):
        opened_unexplained(draft, compartment)
    _turn_to_open_door(draft, compartment)


def _actor_of(draft: Draft, pending: PendingUnlock | None) -> str:
    session = draft.state.sessions.get(pending.session) if pending and pending.session else None
    return session.actor if session else "kiosk"


def _answered(draft: Draft, pending: PendingUnlock) -> None:
    """A door that staff open to look is in doubt until they say what they saw; the recipient is told.

    What staff take out is told of when they say what became of it; what else is behind the door at once.
    """
    who = staff_name(draft.state, pending.session)
    if pending.purpose in (UnlockPurpose.REMOVE, UnlockPurpose.MOVE):
        for other in draft.state.deliveries_in(pending.compartment):
            if other.id != pending.delivery and other.has_code:
                tell_of_opening(draft, other, OPENED_BY_STAFF, who)
        return
    if pending.purpose not in (UnlockPurpose.LOOK, UnlockPurpose.RESCUE):
        return
    inside = draft.state.deliveries_in(pending.compartment)
    if not inside:
        draft.record(e.CompartmentSettled(pending.compartment, VacancyFact.LEFT_OPEN))
    for delivery in inside:
        if delivery.state is not DeliveryState.STORED:
            continue
        put_in_doubt(draft, delivery.id)
        if delivery.has_code:
            tell_of_opening(draft, delivery, OPENED_BY_STAFF, who)


def _session_at(draft: Draft, compartment: CompartmentId) -> Session | None:
    """The person at the screen, if it is their door."""
    session = draft.state.active_session
    if session is None or draft.state.visit.compartment == compartment:
        return session
    mine = deliveries_of(draft.state, session.id)
    return session if any(one.compartment == compartment for one in mine) else None


def _sprang_open(draft: Draft, compartment: CompartmentId) -> None:
    """It bounced: the opening before it goes on, and what was just told to be empty is presumed so."""
    if session := _session_at(draft, compartment):
        draft.actor = session.actor
    if draft.state.compartments[compartment].vacancy is Vacancy.VERIFIED:
        draft.record(e.CompartmentSettled(compartment, VacancyFact.COLLECTED_SILENTLY))


def judge_sprung(draft: Draft, compartment: CompartmentId) -> None:
    """A door that stays open after a bounce is an opening again: that of the person at it, or unexplained."""
    view = draft.state.doors[compartment]
    if draft.stamp.mono_ms - view.since_mono_ms < draft.state.limits.taken_after_open_ms:
        return
    session = _session_at(draft, compartment)
    if session is None:
        if not is_explained(draft.state, compartment):
            opened_unexplained(draft, compartment)
    elif session.kind is SessionKind.STAFF:
        for delivery in draft.state.deliveries_in(compartment):
            if delivery.state is DeliveryState.STORED:
                put_in_doubt(draft, delivery.id)
    else:
        take_up_sprung(draft, session, compartment)


def _turn_to_open_door(draft: Draft, compartment: CompartmentId) -> None:
    visit = draft.state.visit
    if visit.compartment == compartment and visit.step in _DOOR_STEPS:
        draft.show(replace(visit, closed_mono_ms=None, open_calls=0, is_warned=False, is_troubled=False))


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
        _closed_on(draft, delivery)
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


def _closed_on(draft: Draft, delivery: Delivery) -> None:
    """An opening that was brief is judged a moment later: it may have been a bounce."""
    if draft.state.is_session_alive(delivery.session):
        is_told = not is_brief(draft.state, delivery.compartment)
        if delivery.state is DeliveryState.DEPOSITING and is_told:
            store(draft, delivery)
            settle_incidents_of(draft, delivery)
            count_done(draft, delivery.id)
        elif is_told and is_at_new_door(draft.state, delivery):
            close_new_door(draft, delivery)
        return
    match delivery.state:
        case DeliveryState.DEPOSITING:
            make_uncertain(draft, delivery, "closed_alone")
        case DeliveryState.COLLECTING | DeliveryState.MOVING | DeliveryState.REMOVING:
            keep(draft, delivery, "closed_alone", in_doubt=True)
        case _:
            return
    end_parked(draft, delivery.session)
