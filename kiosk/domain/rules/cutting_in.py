"""Quick pickup: a resident cuts in, the courier's sign-in waits and comes back where it was.

Nobody gains by it: the courier's time without a touch runs on, and once it is over the code is asked again.
"""

from kiosk.domain import events as e
from kiosk.domain.changes import VisitPutAside
from kiosk.domain.draft import Draft
from kiosk.domain.frozen import replace
from kiosk.domain.model.delivery import DeliveryState
from kiosk.domain.model.ids import CarrierCodeId
from kiosk.domain.model.session import Aside, Session, SessionKind, SessionState, Step, Visit
from kiosk.domain.refusals import Refusal
from kiosk.domain.rules.custody import tell_of_dispute
from kiosk.domain.rules.deliveries import deliveries_of
from kiosk.domain.state import State

_UNDECIDED = (DeliveryState.UNCERTAIN,)


def may_cut_in(state: State, session: Session) -> bool:
    """Whether the courier is between two parcels, with no door and no question open."""
    visit = state.visit
    if session.kind is not SessionKind.CARRIER or visit.step is not Step.UNIT or visit.correcting:
        return False
    mine = deliveries_of(state, session.id)
    return not visit.waiting and not any(one.state.is_in_hand or one.state in _UNDECIDED for one in mine)


def quick_pickup(draft: Draft, session: Session) -> Refusal | None:
    """Put the courier's visit aside and ask the resident for the code."""
    if not may_cut_in(draft.state, session):
        return Refusal.NOT_NOW
    visit = draft.state.visit
    draft.record(e.SessionParked(session.id, "quick_pickup"))
    draft.record(VisitPutAside(Aside(session.id, visit, draft.stamp.mono_ms)))
    draft.show(Visit(step=Step.CODE, language=visit.language, touched_mono_ms=draft.stamp.mono_ms))
    return None


def come_back(draft: Draft) -> None:
    """The resident is done: the courier's page again, or the page that asks for the carrier's code."""
    aside = draft.state.aside
    if aside is None:
        return
    limits = draft.state.limits
    if draft.stamp.mono_ms - aside.mono_ms < limits.idle_carrier_ms + limits.idle_warning_ms:
        _resume(draft, aside)
    elif _waits(draft.state, aside):
        language = aside.visit.language
        draft.show(Visit(step=Step.CARRIER_CODE, language=language, touched_mono_ms=draft.stamp.mono_ms))
    else:
        draft.record(VisitPutAside(None))


def resume(draft: Draft, code: CarrierCodeId) -> bool:
    """The courier whose visit was put aside types the code again; somebody else's code ends that visit."""
    aside = draft.state.aside
    if aside is None:
        return False
    session = draft.state.sessions.get(aside.session)
    if session is None or session.carrier_code != code:
        give_up(draft, "other_sign_in")
        return False
    draft.actor = session.actor
    _resume(draft, replace(aside, mono_ms=draft.stamp.mono_ms))
    return True


def give_up(draft: Draft, why: str) -> None:
    """Nobody came back to the visit that was put aside."""
    aside = draft.state.aside
    if aside is None:
        return
    draft.record(VisitPutAside(None))
    if _waits(draft.state, aside):
        for delivery in deliveries_of(draft.state, aside.session):
            if delivery.is_disputed:
                tell_of_dispute(draft, delivery)
        draft.record(e.SessionEnded(aside.session, why))


def _waits(state: State, aside: Aside) -> bool:
    session = state.sessions.get(aside.session)
    return session is not None and session.state is SessionState.PARKED


def _resume(draft: Draft, aside: Aside) -> None:
    draft.record(VisitPutAside(None))
    if not _waits(draft.state, aside):
        return
    draft.record(e.SessionResumed(aside.session))
    is_late = draft.stamp.mono_ms - aside.mono_ms >= draft.state.limits.idle_carrier_ms
    draft.show(replace(aside.visit, touched_mono_ms=aside.mono_ms, is_warned=is_late, notice=None))
