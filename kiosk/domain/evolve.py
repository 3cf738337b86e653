"""`evolve(state, change, at_ms)`: what each change makes of the state. Pure, and the only way it changes."""

from collections.abc import Mapping
from dataclasses import replace
from typing import TypeVar, assert_never

from kiosk.domain import changes as c
from kiosk.domain import events as e
from kiosk.domain.model.compartment import CompartmentStatus, DoorState, DoorView
from kiosk.domain.model.credential import Bucket, Reopening
from kiosk.domain.model.delivery import Delivery, DeliveryState
from kiosk.domain.model.ids import BootId, CompartmentId, DeliveryId, SessionId
from kiosk.domain.model.incident import Incident
from kiosk.domain.model.session import Session, SessionKind, SessionState, Visit
from kiosk.domain.model.unlock import PendingUnlock, UnlockPurpose
from kiosk.domain.model.vacancy import VacancyFact, vacancy_after
from kiosk.domain.state import State

K = TypeVar("K")
V = TypeVar("V")


def _with(mapping: Mapping[K, V], key: K, value: V) -> Mapping[K, V]:
    return {**mapping, key: value}


def _without(mapping: Mapping[K, V], key: K) -> Mapping[K, V]:
    return {kept: value for kept, value in mapping.items() if kept != key}


def evolve(state: State, change: c.Change, at_ms: int) -> State:
    """The state after a change that was decided at `at_ms` (UTC milliseconds)."""
    match change:
        case c.CredentialAdded() | c.CredentialSpent() | c.MessageQueued():
            return _evolve_side(state, change)
        case c.VisitChanged() | c.DoorsSighted() | c.PulseSent() | c.DirectoryReplaced() | c.LongCodeTried():
            return _evolve_memory(state, change)
        case _:
            return _evolve_event(state, change, at_ms)


def _evolve_side(state: State, change: c.SideChange) -> State:
    match change:
        case c.CredentialAdded(credential=live):
            return replace(
                state,
                credentials=_with(state.credentials, live.digest, live),
                long_credentials=_with(state.long_credentials, live.long_digest, live.digest),
            )
        case c.CredentialSpent(spent=spent):
            return replace(
                state,
                credentials=_without(state.credentials, spent.digest),
                spent=_with(state.spent, spent.digest, spent),
            )
        case c.MessageQueued():
            return state


def _evolve_memory(state: State, change: c.Touch) -> State:
    match change:
        case c.VisitChanged(visit=visit):
            return replace(state, visit=visit)
        case c.DoorsSighted(doors=doors, mono_ms=mono_ms):
            return replace(state, doors=_sighted(state, doors, mono_ms))
        case c.PulseSent(unlock=unlock, mono_ms=mono_ms):
            pending = state.unlocks.get(unlock)
            if pending is None:
                return state
            return replace(
                state, unlocks=_with(state.unlocks, unlock, replace(pending, sent_mono_ms=mono_ms))
            )
        case c.DirectoryReplaced(directory=directory):
            return replace(state, directory=directory)
        case c.LongCodeTried(mono_ms=mono_ms):
            return replace(state, long_code_tried_mono_ms=mono_ms)


def _sighted(
    state: State, doors: tuple[tuple[CompartmentId, DoorState], ...], mono_ms: int
) -> Mapping[CompartmentId, DoorView]:
    views = dict(state.doors)
    for compartment, seen in doors:
        if seen is DoorState.UNKNOWN:
            views.pop(compartment, None)
        elif state.door(compartment) is not seen:
            views[compartment] = DoorView(seen, mono_ms)
    return views


def _evolve_event(state: State, event: e.AnyEvent, at_ms: int) -> State:  # noqa: C901 - one case an event
    match event:
        case e.KioskStarted():
            return replace(state, unlocks={}, doors={}, reopenings={}, visit=Visit(), lost_banks={})
        case e.BankAnswered() | e.BankLost():
            return _evolve_bank(state, event)
        case e.CompartmentAdded() | e.CompartmentSettled() | e.ConditionChanged():
            return _evolve_compartment(state, event)
        case e.DoorOpened():
            return _door_opened(state, event)
        case e.DoorClosed() | e.BenchUnlocked() | e.RecipientToldOfOpening():
            return state
        case e.UnlockAuthorised():
            return _unlock_authorised(state, event)
        case e.UnlockNotSent(unlock=unlock) | e.UnlockNotOpened(unlock=unlock):
            return replace(state, unlocks=_without(state.unlocks, unlock))
        case e.SessionStarted() | e.SessionParked() | e.SessionEnded():
            return _evolve_session(state, event, at_ms)
        case e.DeliveryReserved():
            return _reserved(state, event, at_ms)
        case e.DeliveryStored():
            return _stored(state, event, at_ms)
        case e.DeliveryRelocated() | e.DeliveryResumed() | e.DeliveryUncertain() | e.DeliveryKept():
            return _in_custody(state, event)
        case e.DeliveryFlagged() | e.CodeIssued():
            return _marked(state, event)
        case e.DeliveryCancelled() | e.DeliveryCollected() | e.DeliveryRemoved():
            return _ended(state, event)
        case e.CodeRefused():
            bucket = Bucket(event.left, BootId(event.boot), event.mono_ms)
            return replace(state, buckets=_with(state.buckets, event.bucket, bucket))
        case e.IncidentRaised():
            return _incident_raised(state, event, at_ms)
        case e.IncidentSettled(incident=incident):
            return replace(state, incidents=_without(state.incidents, incident))
        case _:
            assert_never(event)


def _evolve_bank(state: State, event: e.BankAnswered | e.BankLost) -> State:
    if isinstance(event, e.BankAnswered):
        return replace(state, lost_banks=_without(state.lost_banks, event.bank))
    wired = {place.id for place in state.layout.of_bank(event.bank)}
    return replace(
        state,
        lost_banks=_with(state.lost_banks, event.bank, event.fault),
        doors={place: view for place, view in state.doors.items() if place not in wired},
        unlocks={key: unlock for key, unlock in state.unlocks.items() if unlock.compartment not in wired},
    )


# Compartments


def _evolve_compartment(
    state: State, event: e.CompartmentAdded | e.CompartmentSettled | e.ConditionChanged
) -> State:
    match event:
        case e.CompartmentAdded(compartment=compartment, vacancy=vacancy):
            return _status(state, CompartmentStatus(compartment, vacancy))
        case e.CompartmentSettled(compartment=compartment, fact=fact):
            return _settled(state, compartment, fact)
        case e.ConditionChanged(compartment=compartment, condition=condition):
            return _status(state, replace(state.compartments[compartment], condition=condition))


def _status(state: State, status: CompartmentStatus) -> State:
    return replace(state, compartments=_with(state.compartments, status.id, status))


def _settled(state: State, compartment: CompartmentId, fact: VacancyFact) -> State:
    status = state.compartments[compartment]
    return _status(state, replace(status, vacancy=vacancy_after(status.vacancy, fact)))


# Unlocks and doors


def _unlock_authorised(state: State, event: e.UnlockAuthorised) -> State:
    earlier = {
        key: unlock for key, unlock in state.unlocks.items() if unlock.compartment != event.compartment
    }
    pending = PendingUnlock(
        id=event.unlock,
        compartment=event.compartment,
        session=event.session,
        delivery=event.delivery,
        purpose=event.purpose,
        attempt=event.attempt,
        authorised_mono_ms=event.deadline_mono_ms - state.limits.unlock_deadline_ms,
    )
    return replace(state, unlocks={**earlier, pending.id: pending})


def _door_opened(state: State, event: e.DoorOpened) -> State:
    pending = state.unlocks.get(event.unlock) if event.unlock else None
    if pending is None:
        return state
    resolved = replace(state, unlocks=_without(state.unlocks, pending.id))
    delivery = resolved.deliveries.get(pending.delivery) if pending.delivery else None
    if delivery is None or pending.session is None:
        return resolved
    opened = _opened_as(resolved, delivery, pending)
    if opened is delivery.state:
        return resolved
    return _delivery(resolved, replace(delivery, state=opened, session=pending.session))


def _opened_as(state: State, delivery: Delivery, pending: PendingUnlock) -> DeliveryState:
    if pending.purpose is UnlockPurpose.LOOK:
        return delivery.state
    if delivery.state is DeliveryState.RESERVED:
        return DeliveryState.DEPOSITING
    if delivery.state is not DeliveryState.STORED:
        return delivery.state
    session = state.sessions.get(pending.session) if pending.session else None
    is_courier = session is not None and session.kind is SessionKind.CARRIER
    return DeliveryState.DEPOSITING if is_courier else DeliveryState.COLLECTING


# Sessions


def _evolve_session(
    state: State, event: e.SessionStarted | e.SessionParked | e.SessionEnded, at_ms: int
) -> State:
    match event:
        case e.SessionStarted():
            return replace(state, sessions=_with(state.sessions, event.session, _session(event, at_ms)))
        case e.SessionParked(session=session):
            parked = replace(state.sessions[session], state=SessionState.PARKED)
            return replace(state, sessions=_with(state.sessions, session, parked))
        case e.SessionEnded(session=session):
            return replace(state, sessions=_without(state.sessions, session))


def _session(event: e.SessionStarted, at_ms: int) -> Session:
    return Session(
        id=event.session,
        kind=event.kind,
        actor=session_actor(event),
        state=SessionState.ACTIVE,
        started_at_ms=at_ms,
        carrier=event.carrier,
        carrier_code=event.carrier_code,
        staff=event.staff,
        delivery=event.delivery,
    )


def session_actor(event: e.SessionStarted) -> str:
    """Who a session's events are written down to."""
    match event.kind:
        case SessionKind.CARRIER:
            return f"carrier:{event.carrier}/{event.carrier_code}"
        case SessionKind.STAFF:
            return f"staff:{event.staff}"
        case SessionKind.RESIDENT:
            return f"resident:{event.delivery}"


# Deliveries


def _delivery(state: State, delivery: Delivery) -> State:
    return replace(state, deliveries=_with(state.deliveries, delivery.id, delivery))


def _reserved(state: State, event: e.DeliveryReserved, at_ms: int) -> State:
    delivery = Delivery(
        id=event.delivery,
        state=DeliveryState.RESERVED,
        compartment=event.compartment,
        unit=event.unit,
        recipient=event.recipient,
        carrier=event.carrier,
        carrier_code=event.carrier_code,
        session=event.session,
        size=event.size,
        reserved_at_ms=at_ms,
    )
    return _delivery(_given_out(state, event.compartment), delivery)


def _given_out(state: State, compartment: CompartmentId) -> State:
    status = state.compartments[compartment]
    given_out = replace(state, reopenings=_without(state.reopenings, compartment))
    return _status(given_out, replace(status, uses=status.uses + 1))


def _stored(state: State, event: e.DeliveryStored, at_ms: int) -> State:
    delivery = state.deliveries[event.delivery]
    stored = replace(
        delivery,
        state=DeliveryState.STORED,
        stored_at_ms=delivery.stored_at_ms or at_ms,
        due_at_ms=delivery.due_at_ms or event.due_at_ms,
        proof=delivery.proof or event.proof,
        tried=(),
    )
    return _settled(_delivery(state, stored), delivery.compartment, VacancyFact.STORED)


def _in_custody(
    state: State, event: e.DeliveryRelocated | e.DeliveryResumed | e.DeliveryUncertain | e.DeliveryKept
) -> State:
    delivery = state.deliveries[event.delivery]
    match event:
        case e.DeliveryRelocated(compartment=compartment, size=size):
            moved = replace(
                delivery,
                state=DeliveryState.RESERVED,
                compartment=compartment,
                size=size,
                tried=(*delivery.tried, delivery.compartment),
            )
            return _delivery(_given_out(state, compartment), moved)
        case e.DeliveryResumed(session=session):
            return _delivery(state, replace(delivery, session=session))
        case e.DeliveryUncertain():
            uncertain = _delivery(state, replace(delivery, state=DeliveryState.UNCERTAIN, tried=()))
            return _settled(uncertain, delivery.compartment, VacancyFact.GAP)
        case e.DeliveryKept():
            kept = _delivery(state, replace(delivery, state=DeliveryState.STORED))
            return _settled(kept, delivery.compartment, VacancyFact.STILL_INSIDE)


def _marked(state: State, event: e.DeliveryFlagged | e.CodeIssued) -> State:
    delivery = state.deliveries[event.delivery]
    if isinstance(event, e.CodeIssued):
        return _delivery(state, replace(delivery, has_code=True))
    flags = delivery.flags | {event.flag} if event.is_set else delivery.flags - {event.flag}
    return _delivery(state, replace(delivery, flags=flags))


def _ended(state: State, event: e.DeliveryCancelled | e.DeliveryCollected | e.DeliveryRemoved) -> State:
    delivery = state.deliveries[event.delivery]
    gone = replace(state, deliveries=_without(state.deliveries, delivery.id))
    if isinstance(event, e.DeliveryCollected):
        gone = _reopenable(gone, delivery, event)
    if gone.deliveries_in(delivery.compartment):
        return gone
    return _settled(gone, delivery.compartment, event.fact)


def _reopenable(state: State, delivery: Delivery, event: e.DeliveryCollected) -> State:
    entry = Reopening(
        compartment=delivery.compartment,
        delivery=delivery.id,
        recipient=delivery.recipient,
        boot=BootId(event.boot),
        closed_mono_ms=event.mono_ms,
    )
    return replace(state, reopenings=_with(state.reopenings, delivery.compartment, entry))


# Incidents


def _incident_raised(state: State, event: e.IncidentRaised, at_ms: int) -> State:
    incident = Incident(
        id=event.incident,
        kind=event.kind,
        severity=event.severity,
        raised_at_ms=at_ms,
        bank=event.bank,
        compartment=event.compartment,
        delivery=event.delivery,
    )
    return replace(state, incidents=_with(state.incidents, incident.id, incident))


def delivery_of(state: State, delivery: DeliveryId | None) -> Delivery | None:
    """An active delivery, or nothing when it ended or was never named."""
    return state.deliveries.get(delivery) if delivery else None


def sessions_of(state: State, *, parked: bool) -> tuple[SessionId, ...]:
    """Sessions that are parked, or those that are active."""
    wanted = SessionState.PARKED if parked else SessionState.ACTIVE
    return tuple(session.id for session in state.sessions.values() if session.state is wanted)
