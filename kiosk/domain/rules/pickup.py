"""Pickup: a resident's code opens that recipient's doors, one after another, and each close asks."""

from dataclasses import replace

from kiosk.domain import events as e
from kiosk.domain.changes import LongCodeTried
from kiosk.domain.draft import Draft
from kiosk.domain.inputs import AnswerPickup, PickupAnswer, PresentCode
from kiosk.domain.model.compartment import DoorState
from kiosk.domain.model.credential import Credential, SpentCode, SpentWhy
from kiosk.domain.model.delivery import Delivery, DeliveryState
from kiosk.domain.model.ids import CompartmentId, DeliveryId, SessionId
from kiosk.domain.model.session import Session, SessionKind, Step
from kiosk.domain.model.unlock import UnlockPurpose
from kiosk.domain.model.vacancy import VacancyFact
from kiosk.domain.refusals import Refusal
from kiosk.domain.rules.access import bucket_now, drain
from kiosk.domain.rules.custody import collect, keep
from kiosk.domain.rules.sessions import at_door, end_session, started
from kiosk.domain.rules.unlocking import authorise
from kiosk.domain.state import State

_SPENT = {
    SpentWhy.COLLECTED: Refusal.CODE_COLLECTED,
    SpentWhy.REMOVED: Refusal.CODE_REMOVED,
    SpentWhy.REVOKED: Refusal.CODE_REVOKED,
}


def present_code(draft: Draft, fact: PresentCode) -> Refusal | None:
    """Eight digits, or all twelve while somebody guesses. Only codes that never existed drain the bucket."""
    if draft.state.visit.step is not Step.CODE:
        return Refusal.NOT_NOW
    limits = draft.state.limits
    bucket = bucket_now(draft, "code", depth=limits.code_bucket_depth, refill_ms=limits.code_bucket_refill_ms)
    if not fact.is_long and bucket.left == 0:
        draft.show(replace(draft.state.visit, needs_more_digits=True))
        return draft.notice(Refusal.CODE_NEEDS_MORE)
    if fact.is_long and _is_too_soon(draft):
        return draft.notice(Refusal.CODE_TOO_SOON)
    digest = draft.state.long_credentials.get(fact.digest) if fact.is_long else fact.digest
    if fact.is_long:
        draft.record(LongCodeTried(draft.stamp.mono_ms))
    live = draft.state.credentials.get(digest) if digest else None
    if live is not None:
        return _open_live(draft, live)
    spent = draft.state.spent.get(digest) if digest else None
    if spent is not None:
        return _open_spent(draft, spent)
    if not fact.is_long:
        drain(draft, "code", bucket, Refusal.WRONG_CODE)
    return draft.notice(Refusal.WRONG_CODE)


def _is_too_soon(draft: Draft) -> bool:
    tried = draft.state.long_code_tried_mono_ms
    return tried is not None and draft.stamp.mono_ms - tried < draft.state.limits.long_code_every_ms


def _open_live(draft: Draft, live: Credential) -> Refusal | None:
    delivery = draft.state.deliveries[live.delivery]
    if draft.state.door(delivery.compartment) is DoorState.UNKNOWN:
        return draft.notice(Refusal.DOOR_UNREACHABLE)
    if draft.state.unlock_of(delivery.compartment):
        return draft.notice(Refusal.DOOR_IN_USE)
    _sign_in(draft, delivery.id)
    draft.show(replace(draft.state.visit, waiting=_others(draft.state, live)))
    return open_door(draft, delivery.id)


def _sign_in(draft: Draft, delivery: DeliveryId) -> Session:
    session = SessionId(draft.new_id())
    return started(
        draft, e.SessionStarted(session, SessionKind.RESIDENT, delivery=delivery), Step.PICKUP_DOOR
    )


def _others(state: State, live: Credential) -> tuple[DeliveryId, ...]:
    """The recipient's other parcels that a code opens, in walking order."""
    ready = {one.delivery for one in state.credentials.values() if one.recipient == live.recipient}
    others = (state.deliveries[one] for one in ready if one != live.delivery)
    stored = [one for one in others if one.state is DeliveryState.STORED]

    def walk(delivery: Delivery) -> tuple[int, int, str]:
        place = state.place(delivery.compartment)
        return place.column, place.row, delivery.id

    return tuple(one.id for one in sorted(stored, key=walk))


def open_door(draft: Draft, delivery: DeliveryId) -> Refusal | None:
    """Turn to a parcel's door and open it; a door that was left open is only watched."""
    session = draft.state.active_session
    parcel = draft.state.deliveries[delivery]
    if session is None:
        return Refusal.NOT_NOW
    draft.show(at_door(draft.state.visit, Step.PICKUP_DOOR, parcel))
    if parcel.state is DeliveryState.COLLECTING:
        draft.record(e.DeliveryResumed(parcel.id, session.id))
        return None
    refusal = authorise(
        draft, parcel.compartment, UnlockPurpose.PICKUP, session=session.id, delivery=parcel.id
    )
    return draft.notice(refusal) if refusal else None


def _open_spent(draft: Draft, spent: SpentCode) -> Refusal | None:
    entry = next((one for one in draft.state.reopenings.values() if one.delivery == spent.delivery), None)
    if spent.why is not SpentWhy.COLLECTED or entry is None:
        return draft.notice(_SPENT[spent.why])
    elapsed = draft.stamp.mono_ms - entry.closed_mono_ms
    if entry.boot != draft.stamp.boot or elapsed > draft.state.limits.reopen_by_code_ms:
        return draft.notice(Refusal.CODE_COLLECTED)
    _sign_in(draft, spent.delivery)
    return _reopen_collected(draft, entry.compartment)


def _reopen_collected(draft: Draft, compartment: CompartmentId) -> Refusal | None:
    session, visit = draft.state.active_session, draft.state.visit
    if session is None:
        return Refusal.NOT_NOW
    if visit.reopened >= draft.state.limits.reopens_at_most:
        return draft.notice(Refusal.REOPENED_TOO_OFTEN)
    refusal = authorise(draft, compartment, UnlockPurpose.REOPEN, session=session.id)
    if refusal:
        return draft.notice(refusal)
    draft.record(e.CompartmentSettled(compartment, VacancyFact.COLLECTED_SILENTLY))
    draft.show(
        replace(
            draft.state.visit,
            step=Step.PICKUP_DOOR,
            delivery=None,
            compartment=compartment,
            closed_mono_ms=None,
            reopened=visit.reopened + 1,
        )
    )
    return None


def answer_pickup(draft: Draft, session: Session, fact: AnswerPickup) -> Refusal | None:
    """The resident's word at the close: taken, or left inside for later."""
    parcel = _at_hand(draft)
    if parcel is None or draft.state.door(parcel.compartment) is not DoorState.CLOSED:
        return Refusal.NOT_NOW
    if parcel.state is DeliveryState.COLLECTING:
        _close_with(draft, parcel, fact.answer)
    elif parcel.state is not DeliveryState.STORED or draft.state.visit.closed_mono_ms is None:
        return Refusal.NOT_NOW
    return _go_on(draft)


def _close_with(draft: Draft, parcel: Delivery, answer: PickupAnswer) -> None:
    match answer:
        case PickupAnswer.GOT_EVERYTHING:
            collect(draft, parcel, VacancyFact.COLLECTED_CONFIRMED)
            visit = draft.state.visit
            draft.show(replace(visit, done=(*visit.done, parcel.id)))
        case PickupAnswer.STILL_INSIDE:
            keep(draft, parcel, "still_inside", in_doubt=False)


def _go_on(draft: Draft) -> Refusal | None:
    visit = draft.state.visit
    waiting = tuple(one for one in visit.waiting if one in draft.state.deliveries)
    if not waiting:
        draft.show(replace(visit, step=Step.PICKUP_DONE, waiting=()))
        return None
    draft.show(replace(visit, waiting=waiting[1:]))
    return open_door(draft, waiting[0])


def _at_hand(draft: Draft) -> Delivery | None:
    visit = draft.state.visit
    if visit.step is not Step.PICKUP_DOOR or visit.delivery is None:
        return None
    return draft.state.deliveries.get(visit.delivery)


def reopen(draft: Draft, session: Session) -> Refusal | None:
    """Open the door at hand once more, while its question or the last page stands."""
    visit = draft.state.visit
    parcel = _at_hand(draft)
    if parcel is not None:
        return _reopen_parcel(draft, session, parcel)
    is_recent = visit.closed_mono_ms is not None and (
        draft.stamp.mono_ms - visit.closed_mono_ms <= draft.state.limits.reopen_by_touch_ms
    )
    if visit.compartment is None or visit.compartment not in draft.state.reopenings:
        return Refusal.NOT_NOW
    if not is_recent:
        return draft.notice(Refusal.TOO_LATE_TO_REOPEN)
    return _reopen_collected(draft, visit.compartment)


def _reopen_parcel(draft: Draft, session: Session, parcel: Delivery) -> Refusal | None:
    visit = draft.state.visit
    if draft.state.unlock_of(parcel.compartment):
        return Refusal.NOT_NOW
    if visit.reopened >= draft.state.limits.reopens_at_most:
        return draft.notice(Refusal.REOPENED_TOO_OFTEN)
    refusal = authorise(
        draft, parcel.compartment, UnlockPurpose.REOPEN, session=session.id, delivery=parcel.id
    )
    if refusal:
        return draft.notice(refusal)
    draft.show(replace(visit, reopened=visit.reopened + 1, closed_mono_ms=None))
    return None


def finish(draft: Draft, session: Session) -> Refusal | None:
    """The resident is done, or leaves: what is unanswered is decided now."""
    end_session(draft, "finished")
    return None
