"""Unlocks from authorisation to verdict: one pulse by itself, one more by itself, a third only on touch."""

from dataclasses import dataclass

from kiosk.domain import events as e
from kiosk.domain.changes import PulseSent, StillClosed
from kiosk.domain.draft import Draft
from kiosk.domain.effects import Unlock
from kiosk.domain.inputs import DoorsRead, UnlockFailed, UnlockSent
from kiosk.domain.model.compartment import Condition, DoorState
from kiosk.domain.model.delivery import DeliveryState
from kiosk.domain.model.ids import BankId, CompartmentId, DeliveryId, SessionId, UnlockId
from kiosk.domain.model.incident import IncidentKind
from kiosk.domain.model.rescue import LOCKED_IN
from kiosk.domain.model.unlock import PendingUnlock, UnlockPurpose
from kiosk.domain.model.vacancy import VacancyFact
from kiosk.domain.refusals import Refusal
from kiosk.domain.rules.custody import cancel
from kiosk.domain.rules.doors import door_opened
from kiosk.domain.rules.incidents import raise_incident
from kiosk.domain.rules.refused import at_door
from kiosk.domain.state import State

READS_FOR_SECOND_PULSE = 2
"""Reads after the pulse that must say closed before a door is pulsed again by itself."""


def authorise(
    draft: Draft,
    compartment: CompartmentId,
    purpose: UnlockPurpose,
    *,
    session: SessionId | None,
    delivery: DeliveryId | None = None,
) -> Refusal | None:
    """Allow one pulse, unless the door cannot be watched or belongs to somebody else right now."""
    if draft.state.door(compartment) is DoorState.UNKNOWN:
        return at_door(draft, Refusal.DOOR_UNREACHABLE, compartment, delivery)
    pending = draft.state.unlock_of(compartment)
    other = pending.session if pending and pending.session != session else None
    if other and draft.state.is_session_alive(other):
        return at_door(draft, Refusal.DOOR_IN_USE, compartment, delivery)
    _authorise(draft, _Request(compartment, purpose, session, delivery, attempt=1))
    return None


@dataclass(frozen=True, slots=True)
class _Request:
    compartment: CompartmentId
    purpose: UnlockPurpose
    session: SessionId | None
    delivery: DeliveryId | None
    attempt: int


def _authorise(draft: Draft, wanted: _Request) -> None:
    place = draft.state.place(wanted.compartment)
    deadline = draft.stamp.mono_ms + draft.state.limits.unlock_deadline_ms
    unlock = UnlockId(draft.new_id())
    draft.record(
        e.UnlockAuthorised(
            compartment=wanted.compartment,
            unlock=unlock,
            purpose=wanted.purpose,
            attempt=wanted.attempt,
            session=wanted.session,
            delivery=wanted.delivery,
            deadline_mono_ms=deadline,
            reason=LOCKED_IN if wanted.purpose is UnlockPurpose.RESCUE else "",
        )
    )
    draft.move(Unlock(unlock, wanted.compartment, place.bank, place.channel, deadline))


def pulse_again(draft: Draft, pending: PendingUnlock) -> Refusal | None:
    """One more pulse for a door that has not opened, up to the limit."""
    if pending.attempt >= draft.state.limits.pulses_at_most:
        return Refusal.NOT_NOW
    attempt = pending.attempt + 1
    again = _Request(pending.compartment, pending.purpose, pending.session, pending.delivery, attempt)
    _authorise(draft, again)
    return None


def unlock_sent(draft: Draft, fact: UnlockSent) -> None:
    """The bytes have left."""
    _pulsed(draft, fact.unlock)


def _pulsed(draft: Draft, unlock: UnlockId) -> None:
    """A door that stands open already answers at once."""
    draft.record(PulseSent(unlock, draft.stamp.mono_ms))
    pending = draft.state.unlocks.get(unlock)
    if pending and draft.state.door(pending.compartment) is DoorState.OPEN:
        door_opened(draft, pending.compartment)


def unlock_failed(draft: Draft, fact: UnlockFailed) -> None:
    """No byte left (certain), or nobody knows: then the door is watched as after a pulse."""
    pending = draft.state.unlocks.get(fact.unlock)
    if pending is None:
        return
    if not fact.is_certain:
        _pulsed(draft, fact.unlock)
        return
    draft.record(e.UnlockNotSent(pending.compartment, pending.id, fact.fault))
    if pending.id in draft.state.unlocks:
        return
    raise_incident(
        draft, IncidentKind.UNLOCK_NOT_SENT, compartment=pending.compartment, delivery=pending.delivery
    )
    if draft.state.compartments[pending.compartment].may_stand_open:
        draft.record(e.CompartmentSettled(pending.compartment, VacancyFact.WATCHED_NEVER_OPEN))
    _give_up(draft, pending, "unlock_not_sent")


def _give_up(draft: Draft, pending: PendingUnlock, why: str) -> None:
    """A drop-off whose door never opened is over: the parcel is still in the courier's hands."""
    delivery = draft.state.deliveries.get(pending.delivery) if pending.delivery else None
    if delivery and delivery.state is DeliveryState.RESERVED:
        cancel(draft, delivery, why, VacancyFact.WATCHED_NEVER_OPEN)


# Verdicts


def doors_read(draft: Draft, fact: DoorsRead) -> None:
    """One more read says closed for every unlock whose door on this bank is still shut."""
    for pending in tuple(draft.state.unlocks.values()):
        place = draft.state.place(pending.compartment)
        if place.bank == fact.bank and _counts_reads(draft.state, pending, draft.stamp.mono_ms):
            draft.record(StillClosed(pending.id))
            judge_unlock(draft, draft.state.unlocks[pending.id])


def waits_for_reads(state: State, bank: BankId) -> bool:
    """Whether reads of a bank that show no change are worth telling."""
    mine = (one for one in state.unlocks.values() if state.place(one.compartment).bank == bank)
    return any(_needs_reads(state, pending) for pending in mine)


def _needs_reads(state: State, pending: PendingUnlock) -> bool:
    return may_pulse_by_itself(state, pending) and pending.closed_reads < READS_FOR_SECOND_PULSE


def _counts_reads(state: State, pending: PendingUnlock, mono_ms: int) -> bool:
    if pending.sent_mono_ms is None or not _needs_reads(state, pending):
        return False
    return mono_ms >= pending.sent_mono_ms + _pulse_ms(state, pending)


def may_pulse_by_itself(state: State, pending: PendingUnlock) -> bool:
    """Whether a second pulse is still to come: once, with its person at the screen and the door shut."""
    if pending.attempt > 1 or pending.sent_mono_ms is None or pending.session is None:
        return False
    is_closed = state.door(pending.compartment) is DoorState.CLOSED
    return is_closed and state.is_session_alive(pending.session)


def _pulse_ms(state: State, pending: PendingUnlock) -> int:
    return state.place(pending.compartment).pulse_ms


def judge_unlock(draft: Draft, pending: PendingUnlock) -> None:
    """Second pulse by itself, or the verdict that the door did not open, when their time has come."""
    state, now = draft.state, draft.stamp.mono_ms
    second, verdict = _moments(state, pending)
    if now >= verdict:
        _jammed(draft, pending)
    elif now >= second and may_pulse_by_itself(state, pending) and not _needs_reads(state, pending):
        pulse_again(draft, pending)


def _moments(state: State, pending: PendingUnlock) -> tuple[int, int]:
    """When the second pulse and the verdict are due; one that nobody reports on ends too."""
    limits = state.limits
    sent = pending.sent_mono_ms
    latest = pending.authorised_mono_ms + limits.unlock_deadline_ms
    end = (latest if sent is None else sent) + _pulse_ms(state, pending)
    return end + limits.second_pulse_after_ms, end + limits.jam_verdict_after_ms


def _jammed(draft: Draft, pending: PendingUnlock) -> None:
    draft.record(e.UnlockNotOpened(pending.compartment, pending.id))
    if draft.state.compartments[pending.compartment].condition is Condition.SERVICEABLE:
        draft.record(e.ConditionChanged(pending.compartment, Condition.JAMMED))
    raise_incident(
        draft, IncidentKind.DOOR_JAMMED, compartment=pending.compartment, delivery=pending.delivery
    )
    _give_up(draft, pending, "never_opened")


def unlock_moments(state: State, pending: PendingUnlock) -> tuple[int, ...]:
    """Monotonic times at which this unlock must be judged."""
    second, verdict = _moments(state, pending)
    return (second, verdict) if may_pulse_by_itself(state, pending) else (verdict,)
