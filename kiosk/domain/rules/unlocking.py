"""Unlocks from authorisation to verdict: one pulse by itself, one more by itself, a third only on touch."""

from dataclasses import dataclass

from kiosk.domain import events as e
from kiosk.domain.changes import PulseSent
from kiosk.domain.draft import Draft
from kiosk.domain.effects import Unlock
from kiosk.domain.inputs import UnlockFailed, UnlockSent
from kiosk.domain.model.compartment import Condition, DoorState
from kiosk.domain.model.delivery import DeliveryState
from kiosk.domain.model.ids import CompartmentId, DeliveryId, SessionId, UnlockId
from kiosk.domain.model.incident import IncidentKind
from kiosk.domain.model.unlock import PendingUnlock, UnlockPurpose
from kiosk.domain.model.vacancy import VacancyFact
from kiosk.domain.refusals import Refusal
from kiosk.domain.rules.doors import door_opened
from kiosk.domain.rules.incidents import raise_incident


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
        return Refusal.DOOR_UNREACHABLE
    pending = draft.state.unlock_of(compartment)
    if pending is not None and pending.session != session:
        return Refusal.DOOR_IN_USE
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
    """The bytes have left. A door that stands open already answers at once."""
    draft.record(PulseSent(fact.unlock, draft.stamp.mono_ms))
    pending = draft.state.unlocks.get(fact.unlock)
    if pending and draft.state.door(pending.compartment) is DoorState.OPEN:
        door_opened(draft, pending.compartment)


def unlock_failed(draft: Draft, fact: UnlockFailed) -> None:
    """No byte left (certain), or nobody knows: then the door is watched as after a pulse."""
    pending = draft.state.unlocks.get(fact.unlock)
    if pending is None:
        return
    if not fact.is_certain:
        draft.record(PulseSent(fact.unlock, draft.stamp.mono_ms))
        return
    draft.record(e.UnlockNotSent(pending.compartment, pending.id, fact.fault))
    raise_incident(
        draft, IncidentKind.UNLOCK_NOT_SENT, compartment=pending.compartment, delivery=pending.delivery
    )
    _give_up(draft, pending, "unlock_not_sent")


def _give_up(draft: Draft, pending: PendingUnlock, why: str) -> None:
    delivery = draft.state.deliveries.get(pending.delivery) if pending.delivery else None
    if delivery is None or delivery.state is not DeliveryState.RESERVED:
        return
    for tried in delivery.tried:
        draft.record(e.CompartmentSettled(tried, VacancyFact.LEFT_OPEN))
    draft.record(e.DeliveryCancelled(delivery.id, why, VacancyFact.WATCHED_NEVER_OPEN))


def judge_unlock(draft: Draft, pending: PendingUnlock) -> None:
    """Second pulse by itself, or the verdict that the door did not open, when their time has come."""
    if pending.sent_mono_ms is None:
        return
    elapsed = draft.stamp.mono_ms - pending.sent_mono_ms - draft.state.place(pending.compartment).pulse_ms
    limits = draft.state.limits
    is_closed = draft.state.door(pending.compartment) is DoorState.CLOSED
    if pending.attempt == 1 and elapsed >= limits.second_pulse_after_ms and is_closed:
        pulse_again(draft, pending)
    elif elapsed >= limits.jam_verdict_after_ms:
        _jammed(draft, pending)


def _jammed(draft: Draft, pending: PendingUnlock) -> None:
    draft.record(e.UnlockNotOpened(pending.compartment, pending.id))
    draft.record(e.ConditionChanged(pending.compartment, Condition.JAMMED))
    raise_incident(
        draft, IncidentKind.DOOR_JAMMED, compartment=pending.compartment, delivery=pending.delivery
    )
    _give_up(draft, pending, "never_opened")


def unlock_moments(
    pending: PendingUnlock, *, pulse_ms: int, second_ms: int, verdict_ms: int
) -> tuple[int, ...]:
    """Monotonic times at which this unlock must be judged."""
    if pending.sent_mono_ms is None:
        return ()
    end = pending.sent_mono_ms + pulse_ms
    return (end + second_ms, end + verdict_ms) if pending.attempt == 1 else (end + verdict_ms,)
