"""A code once more, or another one in its place: one rule for the screen, for staff and for commands.

Both go to the contacts that the directory has, and to nobody else: whoever asks learns nothing.
"""

from kiosk.domain import events as e
from kiosk.domain.changes import SentAgain
from kiosk.domain.code_touches import CopyOrder, CopyTouch, OrderSendAgain, SendAgain
from kiosk.domain.draft import Draft
from kiosk.domain.frozen import replace
from kiosk.domain.model.command import CommandRefusal
from kiosk.domain.model.credential import SpentWhy
from kiosk.domain.model.delivery import Delivery, DeliveryState
from kiosk.domain.model.ids import DeliveryId
from kiosk.domain.model.session import Saying, Session, SessionKind, Step
from kiosk.domain.refusals import Refusal
from kiosk.domain.rules.cases import cases
from kiosk.domain.rules.census import ORDERED
from kiosk.domain.rules.custody import free_candidate, issue_code, queue_messages, spend_code, waiting_kind
from kiosk.domain.state import State

SEEN = "seen by others"
"""Why a resident wants another code."""
ASKED_OF_STAFF = "asked of staff"
"""Why staff give a parcel another code at the screen; who it was is the event's actor."""
_S, _R = DeliveryState, CommandRefusal
REISSUE: dict[DeliveryState, CommandRefusal | None] = {
    _S.RESERVED: _R.NO_CODE_YET,
    _S.DEPOSITING: _R.DELIVERY_IN_HAND,
    _S.STORED: None,
    _S.COLLECTING: _R.DELIVERY_IN_HAND,
    _S.MOVING: _R.DELIVERY_IN_HAND,
    _S.REMOVING: _R.DELIVERY_IN_HAND,
    _S.UNCERTAIN: _R.DELIVERY_UNCERTAIN,
    _S.COLLECTED: _R.UNKNOWN_DELIVERY,
    _S.REMOVED: _R.UNKNOWN_DELIVERY,
    _S.CANCELLED: _R.UNKNOWN_DELIVERY,
}
"""State of the delivery -> why its code is neither renewed nor sent again, if it is not."""


def why_no_copy(delivery: Delivery | None) -> CommandRefusal | None:
    """Why the code of a parcel cannot be sent again or renewed now, if it cannot."""
    if delivery is None:
        return _R.UNKNOWN_DELIVERY
    if why := REISSUE[delivery.state]:
        return why
    if delivery.is_disputed:
        return _R.DELIVERY_UNCERTAIN
    return None if delivery.has_code else _R.NO_CODE_YET


def why_not_again(
    state: State, delivery: DeliveryId, mono_ms: int, at_ms: int | None
) -> CommandRefusal | None:
    """The same, and whether it was sent again of late: nobody floods a phone with messages.

    `at_ms` (UTC) is none while the clock is not trusted.
    """
    known = state.deliveries.get(delivery)
    if (why := why_no_copy(known)) or known is None:
        return why
    limits = state.limits
    recent = [age for age in _ages(state, known, mono_ms, at_ms) if age < limits.send_again_window_ms]
    is_soon = bool(recent) and min(recent) < limits.send_again_every_ms
    return _R.SENT_LATELY if is_soon or len(recent) >= limits.send_again_at_most else None


def _ages(state: State, delivery: Delivery, mono_ms: int, at_ms: int | None) -> list[int]:
    """How long ago its message was sent once more; from before the start, at least since the start."""
    sent = state.sent_again.get(delivery.id, ())
    up_ms = mono_ms - state.started_mono_ms if state.started_mono_ms else 0  # a command may find it stopped
    before = delivery.sent_again_at_ms[: -len(sent) or None]
    return [mono_ms - at for at in sent] + [max(up_ms, 0 if at_ms is None else at_ms - at) for at in before]


def send_again(draft: Draft, delivery: DeliveryId) -> CommandRefusal | None:
    """The same code, from its sealed copy, to everyone whose parcel it is."""
    stamp = draft.stamp
    if why := why_not_again(draft.state, delivery, stamp.mono_ms, stamp.at_ms if stamp.is_trusted else None):
        return why
    parcel = draft.state.deliveries[delivery]
    draft.record(SentAgain(delivery, draft.stamp.mono_ms))
    draft.record(e.CodeSentAgain(delivery, queue_messages(draft, parcel, waiting_kind(parcel))))
    return None


def renew_code(draft: Draft, delivery: DeliveryId, reason: str) -> CommandRefusal | None:
    """The old code dies at once, and a new one goes out."""
    if why := why_no_copy(draft.state.deliveries.get(delivery)):
        return why
    if free_candidate(draft) is None:
        return _R.NO_FRESH_CODE
    spend_code(draft, delivery, SpentWhy.REVOKED)
    draft.record(e.CodeRevoked(delivery, reason, ()))
    issue_code(draft, draft.state.deliveries[delivery])
    return None


# Who may ask


def own_parcel(state: State) -> Delivery | None:
    """The parcel whose code the resident at the screen keyed in, while it waits and its code is live."""
    session = state.active_session
    if session is None or session.kind is not SessionKind.RESIDENT or session.delivery is None:
        return None
    parcel = state.deliveries.get(session.delivery)
    return None if why_no_copy(parcel) else parcel


def parcels_of_cases(state: State) -> frozenset[DeliveryId]:
    """Parcels of open cases whose code staff may send again."""
    told = (one.delivery for one in cases(state) if one.delivery)
    return frozenset(one for one in told if not why_no_copy(state.deliveries.get(one)))


def touched(draft: Draft, session: Session, fact: CopyTouch) -> Refusal | None:
    """At the screen: a resident renews the code that was keyed in, staff that of the parcel they chose."""
    if not _may_ask(draft.state, session, fact):
        return Refusal.NOT_NOW
    if isinstance(fact, SendAgain):
        why, said = send_again(draft, fact.delivery), Saying.SENT_AGAIN
    else:
        reason = ASKED_OF_STAFF if session.kind is SessionKind.STAFF else SEEN
        why, said = renew_code(draft, fact.delivery, reason), Saying.NEW_CODE
    if why is _R.SENT_LATELY:
        return draft.notice(Refusal.SENT_LATELY)
    if why is not None:
        return draft.notice(Refusal.NOT_NOW)
    draft.show(replace(draft.state.visit, saying=said))
    return None


def _may_ask(state: State, session: Session, fact: CopyTouch) -> bool:
    step = state.visit.step
    if session.kind is SessionKind.STAFF and step is Step.STAFF_PARCEL:
        return fact.delivery == state.visit.delivery
    if isinstance(fact, SendAgain):
        is_at_cases = session.kind is SessionKind.STAFF and step is Step.STAFF_CASES
        return is_at_cases and fact.delivery in parcels_of_cases(state)
    own = own_parcel(state)
    return step is Step.HELP and own is not None and own.id == fact.delivery


def ordered(draft: Draft, fact: CopyOrder) -> Refusal | None:
    """By command on this machine; why it cannot be done, whoever asks can see beforehand."""
    draft.actor = ORDERED
    if isinstance(fact, OrderSendAgain):
        why = send_again(draft, fact.delivery)
    else:
        why = renew_code(draft, fact.delivery, fact.reason)
    return Refusal.NOT_NOW if why else None
