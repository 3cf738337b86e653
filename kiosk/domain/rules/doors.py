"""Doors as the sensor sees them: each confirmed change is judged against what was asked for."""

from dataclasses import replace

from kiosk.domain import events as e
from kiosk.domain.draft import Draft
from kiosk.domain.inputs import DoorSeen
from kiosk.domain.model.compartment import Condition, DoorState
from kiosk.domain.model.delivery import Delivery, DeliveryState
from kiosk.domain.model.ids import CompartmentId
from kiosk.domain.model.incident import IncidentKind
from kiosk.domain.model.session import Step
from kiosk.domain.model.unlock import PendingUnlock, UnlockPurpose
from kiosk.domain.model.vacancy import VacancyFact
from kiosk.domain.rules.custody import keep, make_uncertain, put_in_doubt, store, tell_of_opening
from kiosk.domain.rules.incidents import raise_incident, settle_incidents
from kiosk.domain.rules.sessions import end_parked

_DOOR_STEPS = (Step.DROP_OFF_DOOR, Step.PICKUP_DOOR, Step.STAFF_DOOR, Step.PICKUP_DONE, Step.HELP)


def door_seen(draft: Draft, fact: DoorSeen) -> None:
    """Take in a door's state; a level said twice changes nothing."""
    before = draft.state.door(fact.compartment)
    if before is fact.state:
        return
    if fact.state is DoorState.UNKNOWN or before is DoorState.UNKNOWN:
        draft.sight(fact.compartment, fact.state)
        return
    if fact.state is DoorState.OPEN:
        draft.sight(fact.compartment, DoorState.OPEN)
        door_opened(draft, fact.compartment)
    else:
        _door_closed(draft, fact.compartment)


def door_opened(draft: Draft, compartment: CompartmentId) -> None:
    """A door is open: the answer to its last unresolved authorisation, or unexplained."""
    pending = draft.state.unlock_of(compartment)
    draft.actor = _actor_of(draft, pending)
    draft.record(e.DoorOpened(compartment, pending.id if pending else None))
    if draft.state.compartments[compartment].condition is Condition.JAMMED:
        draft.record(e.ConditionChanged(compartment, Condition.SERVICEABLE))
        jam = frozenset({IncidentKind.DOOR_JAMMED, IncidentKind.UNLOCK_NOT_SENT})
        settle_incidents(draft, "door", compartment=compartment, kinds=jam)
    if pending is None:
        _unexplained(draft, compartment)
    elif pending.purpose is UnlockPurpose.LOOK:
        _staff_opened(draft, compartment)
    _turn_to_open_door(draft, compartment)


def _actor_of(draft: Draft, pending: PendingUnlock | None) -> str:
    session = draft.state.sessions.get(pending.session) if pending and pending.session else None
    return session.actor if session else "kiosk"


def _unexplained(draft: Draft, compartment: CompartmentId) -> None:
    inside = draft.state.deliveries_in(compartment)
    raise_incident(
        draft,
        IncidentKind.UNEXPLAINED_OPENING,
        compartment=compartment,
        delivery=inside[0].id if inside else None,
    )
    draft.record(e.CompartmentSettled(compartment, VacancyFact.OPENED_UNEXPLAINED))
    for delivery in inside:
        if delivery.state is DeliveryState.STORED:
            put_in_doubt(draft, delivery.id)


def _staff_opened(draft: Draft, compartment: CompartmentId) -> None:
    for delivery in draft.state.deliveries_in(compartment):
        if delivery.state is DeliveryState.STORED and delivery.has_code:
            tell_of_opening(draft, delivery, "look")


def _turn_to_open_door(draft: Draft, compartment: CompartmentId) -> None:
    visit = draft.state.visit
    if visit.compartment == compartment and visit.step in _DOOR_STEPS:
        draft.show(replace(visit, closed_mono_ms=None, is_left_open=False, is_warned=False))


def _door_closed(draft: Draft, compartment: CompartmentId) -> None:
    view = draft.state.doors[compartment]
    open_ms = draft.stamp.mono_ms - view.since_mono_ms
    draft.sight(compartment, DoorState.CLOSED)
    session = draft.state.active_session
    if session is not None and draft.state.visit.compartment == compartment:
        draft.actor = session.actor
    draft.record(e.DoorClosed(compartment, open_ms))
    if draft.state.compartments[compartment].condition is Condition.HELD_OPEN:
        draft.record(e.ConditionChanged(compartment, Condition.SERVICEABLE))
        left_open = frozenset({IncidentKind.DOOR_LEFT_OPEN})
        settle_incidents(draft, "door", compartment=compartment, kinds=left_open)
    for delivery in draft.state.deliveries_in(compartment):
        _closed_on(draft, delivery, open_ms)
    _turn_to_closed_door(draft, compartment)


def _turn_to_closed_door(draft: Draft, compartment: CompartmentId) -> None:
    visit = draft.state.visit
    if visit.compartment == compartment and visit.step in _DOOR_STEPS:
        now = draft.stamp.mono_ms
        draft.show(
            replace(visit, closed_mono_ms=now, touched_mono_ms=now, is_left_open=False, is_warned=False)
        )


def _closed_on(draft: Draft, delivery: Delivery, open_ms: int) -> None:
    is_alive = draft.state.is_session_alive(delivery.session)
    match delivery.state:
        case DeliveryState.DEPOSITING if is_alive:
            store(draft, delivery)
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
