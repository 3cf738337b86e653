"""Pickup codes as they are keyed in: what opens, what a spent one still reopens, what is refused and why."""

from kiosk.domain import events as e
from kiosk.domain.changes import LongCodeTried, SpentCodeTried
from kiosk.domain.draft import Draft
from kiosk.domain.frozen import replace
from kiosk.domain.inputs import PresentCode
from kiosk.domain.model.compartment import DoorState
from kiosk.domain.model.credential import Bucket, Credential, SpentCode, SpentWhy
from kiosk.domain.model.delivery import Delivery, DeliveryState
from kiosk.domain.model.ids import DeliveryId, Digest, SessionId
from kiosk.domain.model.session import SessionKind, Step
from kiosk.domain.refusals import Refusal
from kiosk.domain.rules.access import bucket_now, drain, note_refusal
from kiosk.domain.rules.pickup import go_through, reopen_collected
from kiosk.domain.rules.refused import at_sign_in, for_parcel, while_empty
from kiosk.domain.rules.sessions import started
from kiosk.domain.state import State

_SPENT = {
    SpentWhy.COLLECTED: Refusal.CODE_COLLECTED,
    SpentWhy.REMOVED: Refusal.CODE_REMOVED,
    SpentWhy.REVOKED: Refusal.CODE_REVOKED,
    SpentWhy.WITHDRAWN: Refusal.CODE_WITHDRAWN,
    SpentWhy.DISPUTED: Refusal.CODE_DISPUTED,
}
_BUCKET = "code"


def present_code(draft: Draft, fact: PresentCode) -> Refusal | None:
    """Eight digits, or all twelve while somebody guesses. Only codes that never existed drain the bucket."""
    if draft.state.visit.step is not Step.CODE:
        return Refusal.NOT_NOW
    limits = draft.state.limits
    bucket = bucket_now(
        draft, _BUCKET, depth=limits.code_bucket_depth, refill_ms=limits.code_bucket_refill_ms
    )
    return _present_long(draft, fact.digest, bucket) if fact.is_long else _present(draft, fact.digest, bucket)


def _present(draft: Draft, digest: Digest, bucket: Bucket) -> Refusal | None:
    if bucket.left == 0:
        draft.show(replace(draft.state.visit, needs_more_digits=True))
        refill_ms = draft.state.limits.code_bucket_refill_ms
        return draft.notice(while_empty(draft, Refusal.CODE_NEEDS_MORE, _BUCKET, bucket, refill_ms))
    if digest in draft.state.credentials or digest in draft.state.spent:
        return _open_known(draft, digest, bucket)
    drain(draft, _BUCKET, bucket, Refusal.WRONG_CODE)
    return draft.notice(Refusal.WRONG_CODE)


def _present_long(draft: Draft, long_digest: Digest, bucket: Bucket) -> Refusal | None:
    """All twelve are looked up as one; a wrong beginning and a wrong rest get the same answer, uncounted."""
    tried, now = draft.state.long_code_tried_mono_ms, draft.stamp.mono_ms
    if tried is not None and now - tried < draft.state.limits.long_code_every_ms:
        return draft.notice(at_sign_in(draft, Refusal.CODE_TOO_SOON, _BUCKET))
    draft.record(LongCodeTried(now))
    digest = draft.state.long_credentials.get(long_digest)
    if digest is None or not (digest in draft.state.credentials or digest in draft.state.spent):
        return draft.notice(at_sign_in(draft, Refusal.WRONG_CODE, _BUCKET))
    return _open_known(draft, digest, bucket)


def _open_known(draft: Draft, digest: Digest, bucket: Bucket) -> Refusal | None:
    live = draft.state.credentials.get(digest)
    if live is not None:
        return _open_live(draft, live)
    spent = draft.state.spent[digest]
    refusal = _open_spent(draft, spent)
    if refusal is not None and _is_worth_telling(draft, digest):
        draft.record(SpentCodeTried(digest, draft.stamp.mono_ms))
        note_refusal(draft, _BUCKET, bucket, refusal)
    return refusal


def _is_worth_telling(draft: Draft, digest: Digest) -> bool:
    """Nobody may fill the log with one spent code; its tries drain nothing, so no level is at stake."""
    told = draft.state.spent_tried_mono_ms.get(digest)
    return told is None or draft.stamp.mono_ms - told >= draft.state.limits.spent_code_told_every_ms


def _open_live(draft: Draft, live: Credential) -> Refusal | None:
    """That person's doors, the code's own first; a door that nobody can see is passed by while others can."""
    doors = (live.delivery, *_others(draft.state, live))
    if draft.state.visit.is_holding:
        return _turn_to_hold(draft, live)
    if not any(_is_reachable(draft.state, one) for one in doors):
        parcel = draft.state.deliveries[live.delivery]
        return draft.notice(for_parcel(draft, Refusal.DOOR_UNREACHABLE, parcel))
    _sign_in(draft, live.delivery)
    return go_through(draft, doors)


def _turn_to_hold(draft: Draft, live: Credential) -> Refusal | None:
    """Whoever knows the code may keep the parcels longer; no door opens for it."""
    _sign_in(draft, live.delivery)
    draft.show(replace(draft.state.visit, step=Step.HOLD, delivery=live.delivery))
    return None


def _is_reachable(state: State, delivery: DeliveryId) -> bool:
    parcel = state.deliveries[delivery]
    return not parcel.has_door or state.door(parcel.compartment) is not DoorState.UNKNOWN


def _sign_in(draft: Draft, delivery: DeliveryId) -> None:
    session = SessionId(draft.new_id())
    started(draft, e.SessionStarted(session, SessionKind.RESIDENT, delivery=delivery), Step.PICKUP_DOOR)


def _others(state: State, live: Credential) -> tuple[DeliveryId, ...]:
    """The recipient's other parcels that a code opens, in walking order; those without a door come last."""
    ready = {one.delivery for one in state.credentials.values() if one.recipient == live.recipient}
    others = (state.deliveries[one] for one in ready if one != live.delivery)
    stored = [one for one in others if one.state is DeliveryState.STORED]

    def walk(delivery: Delivery) -> tuple[bool, int, int, str]:
        place = state.place(delivery.compartment)
        return not delivery.has_door, place.column, place.row, delivery.id

    return tuple(one.id for one in sorted(stored, key=walk))


def _open_spent(draft: Draft, spent: SpentCode) -> Refusal | None:
    entry = next((one for one in draft.state.reopenings.values() if one.delivery == spent.delivery), None)
    if spent.why is not SpentWhy.COLLECTED or entry is None or draft.state.visit.is_holding:
        return draft.notice(_SPENT[spent.why])
    limits = draft.state.limits
    elapsed = draft.stamp.mono_ms - entry.closed_mono_ms
    if entry.boot != draft.stamp.boot or elapsed > limits.reopen_by_code_ms:
        return draft.notice(Refusal.CODE_COLLECTED)
    if entry.count >= limits.reopens_at_most:
        return draft.notice(Refusal.REOPENED_TOO_OFTEN)
    if draft.state.door(entry.compartment) is DoorState.UNKNOWN:
        return draft.notice(Refusal.DOOR_UNREACHABLE)
    _sign_in(draft, spent.delivery)
    return reopen_collected(draft, entry.compartment)
