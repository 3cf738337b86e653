"""Disposal: what a manager may do with a parcel that nobody came for, thirty days after saying so."""

from datetime import UTC, datetime, timedelta

from kiosk.domain import events as e
from kiosk.domain.draft import Draft
from kiosk.domain.model.delivery import Delivery, DeliveryState
from kiosk.domain.model.ids import CarrierId, StaffId
from kiosk.domain.model.session import Session, Step
from kiosk.domain.refusals import Refusal
from kiosk.domain.rules.custody import DISPOSAL_NOTICE, queue_messages
from kiosk.domain.rules.refused import for_parcel
from kiosk.domain.state import State

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_POSTAL = ("usps", "united-states-postal")
"""How the identities of carriers begin whose parcels are mail: nobody but the post may end their way."""


def day_text(at_ms: int) -> str:
    """The day of an instant in UTC, as everybody reads it."""
    return (_EPOCH + timedelta(milliseconds=at_ms)).date().isoformat()


def is_mail(carrier: CarrierId) -> bool:
    """Whether this carrier's parcels must go back to it, whatever happens."""
    return carrier.lower().startswith(_POSTAL)


def is_manager(state: State, staff: StaffId | None) -> bool:
    """Whether this person may do what cannot be undone."""
    known = state.directory.staff.get(staff) if staff else None
    return known is not None and known.is_manager


def _why_not_at_all(draft: Draft, staff: StaffId | None, parcel: Delivery) -> Refusal | None:
    if not is_manager(draft.state, staff):
        return Refusal.NEEDS_MANAGER
    if is_mail(parcel.carrier):
        return Refusal.NEVER_DISPOSED
    return None if draft.stamp.is_trusted else Refusal.DATE_NOT_KNOWN


def why_not_disposed(draft: Draft, staff: StaffId | None, parcel: Delivery) -> Refusal | None:
    """Why a parcel may not be disposed of now, if so."""
    if why := _why_not_at_all(draft, staff, parcel):
        return why
    due = parcel.disposal_from_ms
    return Refusal.NOTICE_NOT_OVER if due is None or draft.stamp.at_ms < due else None


def announce(draft: Draft, staff: StaffId | None, parcel: Delivery) -> Refusal | None:
    """Tell its recipient from when on it may be disposed of; a notice once given stays."""
    if why := _why_not_at_all(draft, staff, parcel):
        return why
    if parcel.disposal_from_ms is None:
        due = draft.stamp.at_ms + draft.state.limits.disposal_notice_ms
        told = queue_messages(draft, parcel, DISPOSAL_NOTICE, day_text(due))
        draft.record(e.DisposalAnnounced(parcel.id, due, told))
    return None


def announce_at_screen(draft: Draft, session: Session) -> Refusal | None:
    """The same, for the parcel of the page."""
    visit = draft.state.visit
    parcel = draft.state.deliveries.get(visit.delivery) if visit.delivery else None
    if visit.step is not Step.STAFF_PARCEL or parcel is None or parcel.state is not DeliveryState.STORED:
        return Refusal.NOT_NOW
    why = announce(draft, session.staff, parcel)
    return draft.notice(for_parcel(draft, why, parcel)) if why else None
