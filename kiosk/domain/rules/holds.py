"""Holds: a parcel waits longer because its recipient, or staff for them, said so. One rule for all ways."""

from kiosk.domain import events as e
from kiosk.domain.draft import Draft
from kiosk.domain.frozen import replace
from kiosk.domain.inputs import HoldParcels
from kiosk.domain.limits import DAY_MS
from kiosk.domain.model.delivery import Delivery, DeliveryFlag, DeliveryState
from kiosk.domain.model.session import Session, SessionKind, Step
from kiosk.domain.model.vacancy import Vacancy
from kiosk.domain.refusals import Refusal
from kiosk.domain.rules.pickup_time import begin_hold, end_hold
from kiosk.domain.state import State

DAYS = (3, 7, 14)
"""What the screen offers."""
_FREE = (Vacancy.VERIFIED, Vacancy.PRESUMED)


def occupancy(state: State) -> float:
    """The share of the compartments that hold something, or may."""
    taken = {one.compartment for one in state.deliveries.values() if one.has_door}
    taken |= {place.id for place in state.compartments.values() if place.vacancy not in _FREE}
    built = state.layout.compartments
    return len(taken & built.keys()) / len(built) if built else 1.0


def hold(draft: Draft, delivery: Delivery, until_ms: int) -> Refusal | None:
    """Keep a parcel until then: nobody is reminded of it, and it is not overdue meanwhile."""
    now, limits = draft.stamp.at_ms, draft.state.limits
    if not draft.stamp.is_trusted:
        return Refusal.DATE_NOT_KNOWN
    if not now < until_ms <= now + limits.hold_at_most_ms:
        return Refusal.HOLD_TOO_LONG
    if occupancy(draft.state) >= limits.hold_blocked_from:
        return Refusal.NEARLY_FULL
    draft.record(e.DeliveryFlagged(delivery.id, DeliveryFlag.HELD, is_set=True, until_at_ms=until_ms))
    begin_hold(draft, draft.state.deliveries[delivery.id])
    return None


def release(draft: Draft, delivery: Delivery) -> None:
    """The hold is over, by somebody's word or by the calendar."""
    if DeliveryFlag.HELD in delivery.flags:
        draft.record(e.DeliveryFlagged(delivery.id, DeliveryFlag.HELD, is_set=False))
        end_hold(draft, draft.state.deliveries[delivery.id])


def release_ended(draft: Draft) -> None:
    """Every hold whose day has come, by a clock that may be believed."""
    if not draft.stamp.is_trusted:
        return
    for delivery in tuple(draft.state.deliveries.values()):
        if delivery.held_until_ms is not None and delivery.held_until_ms <= draft.stamp.at_ms:
            release(draft, delivery)


# At the screen


def held_by(state: State) -> tuple[Delivery, ...]:
    """The parcels that a hold at the screen is about: a resident's all, or the one that staff chose."""
    session, visit = state.active_session, state.visit
    chosen = state.deliveries.get(visit.delivery) if visit.delivery else None
    if session is None or chosen is None:
        return ()
    if session.kind is SessionKind.STAFF:
        mine = [chosen]
    else:
        mine = [one for one in state.deliveries.values() if one.recipient == chosen.recipient]
    stored = (one for one in mine if one.state is DeliveryState.STORED)
    return tuple(sorted(stored, key=lambda one: (one.reserved_at_ms, one.id)))


def hold_at_screen(draft: Draft, session: Session, fact: HoldParcels) -> Refusal | None:
    """So many days from now; none ends the hold."""
    parcels = held_by(draft.state)
    if draft.state.visit.step not in (Step.HOLD, Step.STAFF_PARCEL) or not parcels:
        return Refusal.NOT_NOW
    until_ms = draft.stamp.at_ms + fact.days * DAY_MS
    for delivery in parcels:
        if not fact.days:
            release(draft, delivery)
        elif why := hold(draft, delivery, until_ms):
            return draft.notice(why)
    return None


def ask_to_hold(draft: Draft) -> Refusal | None:
    """From the help page to the code: it says whose parcels are to be kept, and no door opens."""
    visit = draft.state.visit
    if visit.step is not Step.HELP or draft.state.active_session is not None:
        return Refusal.NOT_NOW
    draft.show(replace(visit, step=Step.CODE, is_holding=True, touched_mono_ms=draft.stamp.mono_ms))
    return None
