"""Refusals on record: whoever was not let in, or at which door, and why; the log cannot be filled with them.

The same refusal of the same sign-in at the same door is written down once a minute, and that a bucket of
wrong tries is empty once until a try comes back.
"""

from kiosk.domain import events as e
from kiosk.domain.changes import RefusalWritten
from kiosk.domain.draft import Draft
from kiosk.domain.model.credential import Bucket
from kiosk.domain.model.delivery import Delivery
from kiosk.domain.model.ids import CompartmentId, DeliveryId
from kiosk.domain.refusals import Refusal


def at_door(
    draft: Draft, why: Refusal, compartment: CompartmentId, delivery: DeliveryId | None = None
) -> Refusal:
    """A door was not opened."""
    session = draft.state.active_session
    event = e.AccessRefused(
        why.value, session=session.id if session else None, compartment=compartment, delivery=delivery
    )
    _write(draft, event, draft.stamp.mono_ms + draft.state.limits.refusal_told_every_ms)
    return why


def for_parcel(draft: Draft, why: Refusal, parcel: Delivery) -> Refusal:
    """Something was not done with a parcel."""
    return at_door(draft, why, parcel.compartment, parcel.id)


def at_sign_in(draft: Draft, why: Refusal, kind: str) -> Refusal:
    """A sign-in was refused that drains no bucket; what was typed stays unknown."""
    event = e.AccessRefused(why.value, bucket=kind)
    _write(draft, event, draft.stamp.mono_ms + draft.state.limits.refusal_told_every_ms)
    return why


def while_empty(draft: Draft, why: Refusal, name: str, bucket: Bucket, refill_ms: int) -> Refusal:
    """A try was not looked at because its bucket is empty."""
    _write(draft, e.AccessRefused(why.value, bucket=name), bucket.mono_ms + refill_ms)
    return why


def _write(draft: Draft, event: e.AccessRefused, until_mono_ms: int) -> None:
    """Write it down unless that was done already; `until_mono_ms`: how long this is enough."""
    now = draft.stamp.mono_ms
    key = " ".join((event.why, event.bucket, event.session or "", event.compartment or ""))
    if now < draft.state.refusals_written.get(key, now):
        return
    draft.record(RefusalWritten(key, until_mono_ms, now))
    draft.record(event)
