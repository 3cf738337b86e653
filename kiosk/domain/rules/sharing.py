"""Several parcels of one household behind one door: added by the sign-in that filled it, and by no other."""

from kiosk.domain.draft import Draft
from kiosk.domain.model.compartment import Compartment, Condition, DoorState
from kiosk.domain.model.delivery import Delivery, DeliveryState
from kiosk.domain.model.directory import household
from kiosk.domain.model.ids import CompartmentId, RecipientId, SessionId, UnitId
from kiosk.domain.model.session import Session, Step
from kiosk.domain.refusals import Refusal
from kiosk.domain.rules.deliveries import deliveries_of
from kiosk.domain.rules.drop_off import recipient_of, reserve_in
from kiosk.domain.state import State


def door_for_more(state: State, session: SessionId, unit: UnitId) -> Compartment | None:
    """The door that this sign-in filled last for the household, while one more parcel may go behind it."""
    recipient = household(unit)
    if recipient_of(state.directory, unit) != recipient:
        return None  # people who share nothing share no compartment
    filled = [one for one in deliveries_of(state, session) if one.has_door and one.recipient == recipient]
    for delivery in reversed(filled):
        if _takes_more(state, session, delivery.compartment, recipient):
            return state.place(delivery.compartment)
    return None


def _takes_more(state: State, session: SessionId, compartment: CompartmentId, recipient: RecipientId) -> bool:
    inside = state.deliveries_in(compartment)
    is_open_for_it = (
        state.door(compartment) is DoorState.CLOSED
        and state.unlock_of(compartment) is None
        and state.compartments[compartment].condition is Condition.SERVICEABLE
        and not any(compartment in one.tried for one in state.deliveries.values())
    )
    all_mine = all(_is_sure(one, session) and one.recipient == recipient for one in inside)
    return is_open_for_it and all_mine and len(inside) < state.limits.live_parcels_a_compartment


def _is_sure(delivery: Delivery, session: SessionId) -> bool:
    is_put_in_here = delivery.state is DeliveryState.STORED and delivery.session == session
    return is_put_in_here and not (delivery.is_in_doubt or delivery.is_disputed)


def add_to_door(draft: Draft, session: Session) -> Refusal | None:
    """One more parcel behind the door that holds this household's parcel already."""
    visit = draft.state.visit
    if visit.step is not Step.SIZE or visit.unit is None:
        return Refusal.NOT_NOW
    place = door_for_more(draft.state, session.id, visit.unit)
    if place is None:
        return Refusal.NOT_NOW
    return reserve_in(draft, session, visit.unit, place, place.size)
