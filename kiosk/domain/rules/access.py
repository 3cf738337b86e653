"""Sign-in: carrier codes and staff PINs, each with its own bucket of wrong tries."""

from dataclasses import replace

from kiosk.domain import events as e
from kiosk.domain.draft import Draft
from kiosk.domain.inputs import PresentCarrierCode, PresentStaffPin
from kiosk.domain.model.credential import Bucket
from kiosk.domain.model.delivery import Delivery, DeliveryState
from kiosk.domain.model.ids import SessionId
from kiosk.domain.model.session import Session, SessionKind, Step, Visit
from kiosk.domain.refusals import Refusal
from kiosk.domain.rules.sessions import at_door, deliveries_of, sign_in_again, started


def bucket_now(draft: Draft, name: str, *, depth: int, refill_ms: int) -> Bucket:
    """A bucket of wrong tries as it stands now; a new one is full."""
    stamp = draft.stamp
    known = draft.state.buckets.get(name, Bucket(depth, stamp.boot, stamp.mono_ms))
    return known.at(boot=stamp.boot, mono_ms=stamp.mono_ms, depth=depth, refill_ms=refill_ms)


def drain(draft: Draft, name: str, bucket: Bucket, why: Refusal) -> None:
    """One wrong try: the level is on disk before the answer."""
    draft.record(e.CodeRefused(name, why.value, max(0, bucket.left - 1), bucket.boot, bucket.mono_ms))


def present_carrier_code(draft: Draft, fact: PresentCarrierCode) -> Refusal | None:
    """Six digits name the carrier and open vacant compartments only."""
    if draft.state.visit.step is not Step.CARRIER_CODE:
        return Refusal.NOT_NOW
    limits = draft.state.limits
    bucket = bucket_now(
        draft, "carrier", depth=limits.carrier_bucket_depth, refill_ms=limits.carrier_bucket_refill_ms
    )
    if bucket.left == 0:
        return draft.notice(Refusal.CARRIER_CODE_PAUSED)
    code = draft.state.directory.carrier_codes.get(fact.digest)
    if code is None:
        drain(draft, "carrier", bucket, Refusal.WRONG_CARRIER_CODE)
        return draft.notice(Refusal.WRONG_CARRIER_CODE)
    session = started(
        draft,
        e.SessionStarted(
            SessionId(draft.new_id()), SessionKind.CARRIER, carrier=code.carrier, carrier_code=code.id
        ),
        Step.UNIT,
    )
    _take_up_interrupted(draft, session)
    return None


def _take_up_interrupted(draft: Draft, session: Session) -> None:
    sign_in_again(draft, session)
    questions = tuple(delivery.id for delivery in _uncertain_of(draft, session))
    visit = replace(draft.state.visit, waiting=questions)
    open_here = [
        one for one in deliveries_of(draft.state, session.id) if one.state is DeliveryState.DEPOSITING
    ]
    if open_here:
        draft.show(at_door(visit, Step.DROP_OFF_DOOR, open_here[0]))
    elif questions:
        draft.show(turn_to_question(visit))


def _uncertain_of(draft: Draft, session: Session) -> list[Delivery]:
    since = draft.stamp.at_ms - draft.state.limits.question_within_ms
    return [
        delivery
        for delivery in draft.state.deliveries.values()
        if delivery.state is DeliveryState.UNCERTAIN
        and delivery.carrier_code == session.carrier_code
        and delivery.reserved_at_ms >= since
    ]


def turn_to_question(visit: Visit) -> Visit:
    """The next question about an interrupted door, or the unit page when none is left."""
    if not visit.waiting:
        return replace(visit, step=Step.UNIT, delivery=None, compartment=None, unit=None)
    return replace(visit, step=Step.QUESTION, delivery=visit.waiting[0], waiting=visit.waiting[1:])


def present_staff_pin(draft: Draft, fact: PresentStaffPin) -> Refusal | None:
    """Account and PIN; the slow hash was checked before, the bucket is judged here."""
    if draft.state.visit.step is not Step.STAFF_SIGN_IN:
        return Refusal.NOT_NOW
    name, limits = f"staff:{fact.account}", draft.state.limits
    bucket = bucket_now(draft, name, depth=limits.staff_bucket_depth, refill_ms=limits.staff_bucket_refill_ms)
    if bucket.left == 0:
        return draft.notice(Refusal.STAFF_PIN_PAUSED)
    if fact.staff is None:
        if any(person.account == fact.account for person in draft.state.directory.staff.values()):
            drain(draft, name, bucket, Refusal.WRONG_STAFF_PIN)
        return draft.notice(Refusal.WRONG_STAFF_PIN)
    session = SessionId(draft.new_id())
    started(draft, e.SessionStarted(session, SessionKind.STAFF, staff=fact.staff), Step.STAFF_LIST)
    return None
