"""Sign-in: carrier codes and staff PINs, each with its own bucket of wrong tries."""

from kiosk.domain import events as e
from kiosk.domain.draft import Draft
from kiosk.domain.frozen import replace
from kiosk.domain.inputs import PresentCarrierCode, PresentStaffPin
from kiosk.domain.model.credential import Bucket
from kiosk.domain.model.ids import SessionId
from kiosk.domain.model.session import SessionKind, Step
from kiosk.domain.refusals import Refusal
from kiosk.domain.rules.cutting_in import resume
from kiosk.domain.rules.questions import take_up_interrupted
from kiosk.domain.rules.refused import at_sign_in, while_empty
from kiosk.domain.rules.sessions import started


def bucket_now(draft: Draft, name: str, *, depth: int, refill_ms: int) -> Bucket:
    """A bucket of wrong tries as it stands now; a new one is full."""
    stamp = draft.stamp
    known = draft.state.buckets.get(name, Bucket(depth, stamp.boot, stamp.mono_ms))
    return known.at(boot=stamp.boot, mono_ms=stamp.mono_ms, depth=depth, refill_ms=refill_ms)


def drain(draft: Draft, name: str, bucket: Bucket, why: Refusal) -> None:
    """One wrong try: the level is on disk before the answer."""
    note_refusal(draft, name, replace(bucket, left=max(0, bucket.left - 1)), why)


def note_refusal(draft: Draft, name: str, bucket: Bucket, why: Refusal) -> None:
    """A code was refused: the log says why, and the bucket's level stays as it is now."""
    draft.record(e.CodeRefused(name, why.value, bucket.left, bucket.boot, bucket.mono_ms))


def present_carrier_code(draft: Draft, fact: PresentCarrierCode) -> Refusal | None:
    """Six digits name the carrier and open vacant compartments only."""
    if draft.state.visit.step is not Step.CARRIER_CODE:
        return Refusal.NOT_NOW
    limits = draft.state.limits
    bucket = bucket_now(
        draft, "carrier", depth=limits.carrier_bucket_depth, refill_ms=limits.carrier_bucket_refill_ms
    )
    if bucket.left == 0:
        refill_ms = limits.carrier_bucket_refill_ms
        return draft.notice(while_empty(draft, Refusal.CARRIER_CODE_PAUSED, "carrier", bucket, refill_ms))
    code = draft.state.directory.carrier_codes.get(fact.digest)
    if code is None:
        drain(draft, "carrier", bucket, Refusal.WRONG_CARRIER_CODE)
        return draft.notice(Refusal.WRONG_CARRIER_CODE)
    if resume(draft, code.id):
        return None
    session = started(
        draft,
        e.SessionStarted(
            SessionId(draft.new_id()), SessionKind.CARRIER, carrier=code.carrier, carrier_code=code.id
        ),
        Step.UNIT,
    )
    take_up_interrupted(draft, session)
    return None


def present_staff_pin(draft: Draft, fact: PresentStaffPin) -> Refusal | None:
    """Account and PIN; the slow hash was checked before, the bucket is judged here."""
    if draft.state.visit.step is not Step.STAFF_SIGN_IN:
        return Refusal.NOT_NOW
    name, limits = f"staff:{fact.account}", draft.state.limits
    bucket = bucket_now(draft, name, depth=limits.staff_bucket_depth, refill_ms=limits.staff_bucket_refill_ms)
    if bucket.left == 0:
        refill_ms = limits.staff_bucket_refill_ms
        return draft.notice(while_empty(draft, Refusal.STAFF_PIN_PAUSED, name, bucket, refill_ms))
    if fact.staff is None:
        if any(person.account == fact.account for person in draft.state.directory.staff.values()):
            drain(draft, name, bucket, Refusal.WRONG_STAFF_PIN)
        else:
            at_sign_in(draft, Refusal.WRONG_STAFF_PIN, "staff")
        return draft.notice(Refusal.WRONG_STAFF_PIN)
    session = SessionId(draft.new_id())
    started(draft, e.SessionStarted(session, SessionKind.STAFF, staff=fact.staff), Step.STAFF_LIST)
    return None
