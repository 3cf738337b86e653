"""`evolve(state, change, at_ms)`: what each change makes of the state. Pure, and the only way it changes."""

from collections.abc import Mapping
from typing import assert_never

from kiosk.domain import changes as c
from kiosk.domain import events as e
from kiosk.domain import evolve_deliveries as deliveries
from kiosk.domain import evolve_places as places
from kiosk.domain.frozen import replace
from kiosk.domain.mapping import with_entry, without
from kiosk.domain.model.compartment import CompartmentStatus, DoorState, DoorView
from kiosk.domain.model.credential import NAMES, Bucket
from kiosk.domain.model.ids import BootId, CompartmentId, Digest, UnlockId
from kiosk.domain.model.incident import Incident, IncidentKind
from kiosk.domain.model.rescue import LOCKED_IN
from kiosk.domain.model.session import Session, SessionKind, SessionState, Visit
from kiosk.domain.model.unlock import PendingUnlock
from kiosk.domain.state import State


def evolve(state: State, change: c.Change, at_ms: int) -> State:
    """The state after a change that was decided at `at_ms` (UTC milliseconds)."""
    match change:
        case (
            c.CredentialAdded()
            | c.CredentialSpent()
            | c.MessageQueued()
            | c.MessageToldOtherwise()
            | c.DirectoryReplaced()
        ):
            return _evolve_side(state, change)
        case c.LongCodeTried() | c.SpentCodeTried() | c.RefusalWritten() | c.SpentCodesForgotten():
            return _evolve_tries(state, change)
        case c.DoorsSighted() | c.FaultRenamed() | c.PulseSent() | c.StillClosed():
            return _evolve_sight(state, change)
        case (
            c.VisitChanged()
            | c.VisitPutAside()
            | c.DoubtBegan()
            | c.MessagesHeld()
            | c.SentAgain()
            | c.RescueChanged()
        ):
            return _evolve_memory(state, change)
        case _:
            return _evolve_event(state, change, at_ms)


def _evolve_side(state: State, change: c.SideChange) -> State:
    match change:
        case c.CredentialAdded(credential=live):
            return replace(
                state,
                credentials=with_entry(state.credentials, live.digest, live),
                long_credentials=with_entry(state.long_credentials, live.long_digest, live.digest),
            )
        case c.CredentialSpent(spent=spent):
            return replace(
                state,
                credentials=without(state.credentials, spent.digest),
                spent=with_entry(state.spent, spent.digest, spent),
            )
        case c.DirectoryReplaced(directory=directory):
            return replace(state, directory=directory)
        case c.MessageQueued() | c.MessageToldOtherwise():
            return state


# Memory


def _evolve_memory(state: State, change: c.MemoryTouch) -> State:
    match change:
        case c.VisitChanged(visit=visit):
            return replace(state, visit=visit)
        case c.VisitPutAside(aside=aside):
            return replace(state, aside=aside)
        case c.RescueChanged(rescue=rescue):
            return replace(state, rescue=rescue)
        case c.DoubtBegan(delivery=delivery, mono_ms=mono_ms):
            return replace(state, doubts=with_entry(state.doubts, delivery, mono_ms))
        case c.MessagesHeld(since_ms=since_ms):
            return replace(state, messages_held_since_ms=since_ms)
        case c.SentAgain(delivery=delivery, mono_ms=mono_ms):
            sent = (*state.sent_again.get(delivery, ()), mono_ms)[-deliveries.SENT_REMEMBERED :]
            return replace(state, sent_again=with_entry(state.sent_again, delivery, sent))


def _evolve_sight(
    state: State, change: c.DoorsSighted | c.FaultRenamed | c.PulseSent | c.StillClosed
) -> State:
    match change:
        case c.DoorsSighted():
            return _sighted(state, change)
        case c.FaultRenamed(bank=bank, fault=fault):
            return replace(state, lost_banks=with_entry(state.lost_banks, bank, fault))
        case c.PulseSent(unlock=unlock, mono_ms=mono_ms):
            pending = state.unlocks.get(unlock)
            return _pulsed(state, pending, mono_ms) if pending else state
        case c.StillClosed(unlock=unlock):
            pending = state.unlocks.get(unlock)
            return _unlock(state, _read_once_more(pending)) if pending else state


def _pulsed(state: State, pending: PendingUnlock, mono_ms: int) -> State:
    pulsed = replace(state, pulses=with_entry(state.pulses, pending.compartment, mono_ms))
    return _unlock(pulsed, replace(pending, sent_mono_ms=mono_ms))


def _evolve_tries(state: State, change: c.CodeTouch) -> State:
    match change:
        case c.LongCodeTried(mono_ms=mono_ms):
            return replace(state, long_code_tried_mono_ms=mono_ms)
        case c.SpentCodeTried(digest=digest, mono_ms=mono_ms):
            return replace(state, spent_tried_mono_ms=with_entry(state.spent_tried_mono_ms, digest, mono_ms))
        case c.RefusalWritten(key=key, until_mono_ms=until, mono_ms=now):
            lasting = {one: end for one, end in state.refusals_written.items() if end > now}
            return replace(state, refusals_written={**lasting, key: until})
        case c.SpentCodesForgotten(digests=digests):
            return _forgotten(state, digests)


def _forgotten(state: State, digests: frozenset[Digest]) -> State:
    known = state.long_credentials.items()
    kept = digests - state.credentials.keys()
    return replace(
        state,
        spent={key: code for key, code in state.spent.items() if key not in digests},
        long_credentials={long: short for long, short in known if short not in kept},
        spent_tried_mono_ms={key: at for key, at in state.spent_tried_mono_ms.items() if key not in digests},
    )


def _unlock(state: State, pending: PendingUnlock) -> State:
    return replace(state, unlocks=with_entry(state.unlocks, pending.id, pending))


def _read_once_more(pending: PendingUnlock) -> PendingUnlock:
    return replace(pending, closed_reads=pending.closed_reads + 1)


def _sighted(state: State, change: c.DoorsSighted) -> State:
    """A door that is lost from sight takes its unresolved unlock along: what it did, nobody saw."""
    views = dict(state.doors)
    for compartment, seen in change.doors:
        if seen is DoorState.UNKNOWN:
            views.pop(compartment, None)
        elif state.door(compartment) is not seen:
            views[compartment] = _view(state, views.get(compartment), seen, change)
    lost = {compartment for compartment, seen in change.doors if seen is DoorState.UNKNOWN}
    return replace(state, doors=views, unlocks=_unlocks_but(state, lost))


def _view(state: State, before: DoorView | None, seen: DoorState, change: c.DoorsSighted) -> DoorView:
    now = change.mono_ms
    if seen is DoorState.CLOSED:
        return DoorView(seen, now, before.opened_mono_ms if before else None)
    if before is None:  # found open: nobody saw since when, so it counts as long enough
        return DoorView(seen, now, now - state.limits.taken_after_open_ms)
    if change.is_bounce:
        return DoorView(seen, now, before.opened_mono_ms, is_bounce=True)
    return DoorView(seen, now, now)


def _unlocks_but(state: State, lost: set[CompartmentId]) -> Mapping[UnlockId, PendingUnlock]:
    return {key: unlock for key, unlock in state.unlocks.items() if unlock.compartment not in lost}


# Events


def _evolve_event(state: State, event: e.AnyEvent, at_ms: int) -> State:  # noqa: C901 - one case an event
    if isinstance(event, deliveries.Told):
        return deliveries.told(state, event, at_ms)
    match event:
        case e.KioskStarted():
            return _afresh(state, event)
        case e.BankAnswered() | e.BankLost():
            return _evolve_bank(state, event)
        case e.CompartmentAdded() | e.CompartmentSettled() | e.ConditionChanged():
            return _evolve_compartment(state, event)
        case e.OpeningUnexplained() | e.OpeningAnswered():
            return _evolve_opening(state, event)
        case e.DoorOpened():
            return deliveries.door_opened(state, event)
        case e.DoorClosed(compartment=compartment):
            return deliveries.door_shut(state, compartment)
        case (
            e.BenchUnlocked()
            | e.RecipientToldOfOpening()
            | e.CommandRefused()
            | e.AccessRefused()
            | e.DirectoryChanged()
        ):
            return state
        case e.CodeSentAgain(delivery=delivery):
            return deliveries.sent_again(state, delivery, at_ms)
        case e.DamageReported():
            return state
        case e.UnlockAuthorised():
            return deliveries.unlock_authorised(state, event)
        case e.UnlockNotSent():
            return deliveries.unlock_not_sent(state, event)
        case e.UnlockNotOpened(unlock=unlock, compartment=compartment):
            unpending = replace(state, unlocks=without(state.unlocks, unlock))
            return deliveries.door_shut(unpending, compartment)
        case e.SessionStarted() | e.SessionParked() | e.SessionResumed() | e.SessionEnded():
            return _evolve_session(state, event, at_ms)
        case e.PlaceAssigned() | e.HandedToDesk() | e.DeliveryMoved() | e.HandedOver() | e.DropOffRefused():
            return places.at_place(state, event, at_ms)
        case e.CodeRefused() | e.NameLookedUp() | e.LockedInReported():
            return _drained(state, event)
        case e.IncidentRaised():
            return _incident_raised(state, event, at_ms)
        case e.IncidentSettled(incident=incident):
            return replace(state, incidents=without(state.incidents, incident))
        case _:
            assert_never(event)


def _drained(state: State, event: e.CodeRefused | e.NameLookedUp | e.LockedInReported) -> State:
    if isinstance(event, e.LockedInReported):
        spent = Bucket(0, BootId(event.boot), event.mono_ms)
        return replace(state, buckets=with_entry(state.buckets, LOCKED_IN, spent))
    name = event.bucket if isinstance(event, e.CodeRefused) else NAMES
    bucket = Bucket(event.left, BootId(event.boot), event.mono_ms)
    return replace(state, buckets=with_entry(state.buckets, name, bucket))


def _afresh(state: State, event: e.KioskStarted) -> State:
    start = Bucket(0, BootId(event.boot), event.mono_ms)
    return replace(
        state,
        buckets={name: _rebased(bucket, start) for name, bucket in state.buckets.items()},
        unlocks={},
        pulses={},
        doors={},
        reopenings={},
        visit=Visit(),
        aside=None,
        lost_banks={},
        long_code_tried_mono_ms=None,
        started_mono_ms=event.mono_ms,
        spent_tried_mono_ms={},
        refusals_written={},
        doubts={},
        unexplained={},
        messages_held_since_ms=None,
        sent_again={},
        rescue=None,
    )


def _rebased(bucket: Bucket, start: Bucket) -> Bucket:
    """A boot credits nothing, but the bucket fills from then on."""
    is_of_this_boot = start.boot in ("", bucket.boot)  # an old start did not say which boot it was
    return bucket if is_of_this_boot else replace(start, left=bucket.left)


def _evolve_bank(state: State, event: e.BankAnswered | e.BankLost) -> State:
    if isinstance(event, e.BankAnswered):
        return replace(state, lost_banks=without(state.lost_banks, event.bank))
    wired = {place.id for place in state.layout.of_bank(event.bank)}
    return replace(
        state,
        lost_banks=with_entry(state.lost_banks, event.bank, event.fault),
        doors={place: view for place, view in state.doors.items() if place not in wired},
        unlocks=_unlocks_but(state, wired),
    )


def _evolve_compartment(
    state: State, event: e.CompartmentAdded | e.CompartmentSettled | e.ConditionChanged
) -> State:
    match event:
        case e.CompartmentAdded(compartment=compartment, vacancy=vacancy):
            return deliveries.with_status(state, CompartmentStatus(compartment, vacancy))
        case e.CompartmentSettled(compartment=compartment, fact=fact):
            return deliveries.settled(state, compartment, fact)
        case e.ConditionChanged(compartment=compartment, condition=condition):
            status = replace(state.compartments[compartment], condition=condition)
            return deliveries.with_status(state, status)


def _evolve_opening(state: State, event: e.OpeningUnexplained | e.OpeningAnswered) -> State:
    if isinstance(event, e.OpeningAnswered):
        return _explained(state, event.compartment) if event.answer.is_mine else state
    status = replace(state.compartments[event.compartment], is_unexplained=True)
    since = with_entry(state.unexplained, event.compartment, event.mono_ms)
    return deliveries.with_status(replace(state, unexplained=since), status)


def _explained(state: State, compartment: CompartmentId | None) -> State:
    """The opening of a door is explained, or has become an incident."""
    status = state.compartments.get(compartment) if compartment else None
    if status is None or not status.is_unexplained:
        return state
    return deliveries.with_status(state, replace(status, is_unexplained=False))


# Sessions


def _evolve_session(
    state: State, event: e.SessionStarted | e.SessionParked | e.SessionResumed | e.SessionEnded, at_ms: int
) -> State:
    match event:
        case e.SessionStarted():
            started = _session(event, at_ms)
            return replace(state, sessions=with_entry(state.sessions, event.session, started))
        case e.SessionParked(session=session):
            parked = replace(state.sessions[session], state=SessionState.PARKED)
            return replace(state, sessions=with_entry(state.sessions, session, parked))
        case e.SessionResumed(session=session):
            resumed = replace(state.sessions[session], state=SessionState.ACTIVE)
            return replace(state, sessions=with_entry(state.sessions, session, resumed))
        case e.SessionEnded(session=session):
            return replace(state, sessions=without(state.sessions, session))


def _session(event: e.SessionStarted, at_ms: int) -> Session:
    return Session(
        id=event.session,
        kind=event.kind,
        actor=_session_actor(event),
        state=SessionState.ACTIVE,
        started_at_ms=at_ms,
        carrier=event.carrier,
        carrier_code=event.carrier_code,
        staff=event.staff,
        delivery=event.delivery,
    )


def _session_actor(event: e.SessionStarted) -> str:
    """Who a session's events are written down to."""
    match event.kind:
        case SessionKind.CARRIER:
            return f"carrier:{event.carrier}/{event.carrier_code}"
        case SessionKind.STAFF:
            return f"staff:{event.staff}"
        case SessionKind.RESIDENT:
            return f"resident:{event.delivery}"


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
        message=event.message,
        resident=event.resident,
        since_pulse_ms=event.since_pulse_ms,
    )
    raised = replace(state, incidents=with_entry(state.incidents, incident.id, incident))
    is_alarm = event.kind is IncidentKind.UNEXPLAINED_OPENING
    return _explained(raised, event.compartment) if is_alarm else raised
