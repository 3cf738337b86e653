"""Openings: a bounce belongs to the opening before it, and one that was brief proves nothing."""

from collections.abc import Iterator

from kiosk.domain import events as e
from kiosk.domain.draft import Draft
from kiosk.domain.model.compartment import DoorState
from kiosk.domain.model.delivery import Delivery, DeliveryState
from kiosk.domain.model.ids import CompartmentId
from kiosk.domain.model.session import Session, SessionKind
from kiosk.domain.rules.custody import keep, make_uncertain
from kiosk.domain.state import State

_HANDED = (DeliveryState.DEPOSITING, DeliveryState.COLLECTING)


def is_bounce(state: State, compartment: CompartmentId, mono_ms: int) -> bool:
    """Whether a door that opens now was closed a moment ago and nobody asked for it: it was never shut."""
    view = state.doors.get(compartment)
    if view is None or view.state is not DoorState.CLOSED or view.opened_mono_ms is None:
        return False
    return mono_ms - view.since_mono_ms <= state.limits.bounce_ms and not state.unlock_of(compartment)


def is_brief(state: State, compartment: CompartmentId) -> bool:
    """Whether a closed door's last opening, bounces and all, was too short to put in or take out anything."""
    view = state.doors.get(compartment)
    if view is None or view.state is not DoorState.CLOSED or view.opened_mono_ms is None:
        return False
    return view.since_mono_ms - view.opened_mono_ms < state.limits.taken_after_open_ms


def is_sprung(state: State, compartment: CompartmentId) -> bool:
    """Whether a door stands open that bounced when it was closed."""
    view = state.doors.get(compartment)
    return view is not None and view.state is DoorState.OPEN and view.is_bounce


# Verdicts


def judge_brief(draft: Draft, delivery: Delivery) -> None:
    """The verdict on a brief opening: a parcel that was inside still is, any other is asked about."""
    if delivery.state not in _HANDED or not is_brief(draft.state, delivery.compartment):
        return
    if delivery.state is DeliveryState.COLLECTING or delivery.was_stored_here:
        keep(draft, delivery, "opened_briefly", in_doubt=False)
    else:
        make_uncertain(draft, delivery, "opened_briefly", is_asked=True)


def brief_moments(state: State) -> Iterator[tuple[Delivery, int]]:
    """Parcels whose door was open briefly, and when that is judged: it may have bounced, and open again."""
    for delivery in state.deliveries.values():
        if delivery.state in _HANDED and is_brief(state, delivery.compartment):
            view = state.doors[delivery.compartment]
            yield delivery, view.since_mono_ms + state.limits.bounce_ms


def take_up_sprung(draft: Draft, session: Session, compartment: CompartmentId) -> None:
    """A door that stays open after a bounce is at hand again: its parcels are in that person's hands."""
    for delivery in draft.state.deliveries_in(compartment):
        if delivery.state is DeliveryState.STORED and session.kind is not SessionKind.STAFF:
            draft.record(e.DeliveryResumed(delivery.id, session.id))
