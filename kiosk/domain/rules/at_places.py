"""Parcels on shelves and at the desk: which shelf is free, and what becomes of them without a person."""

from kiosk.domain.draft import Draft
from kiosk.domain.model.delivery import Delivery, DeliveryState
from kiosk.domain.model.ids import CompartmentId
from kiosk.domain.rules.custody import make_uncertain
from kiosk.domain.state import State


def at_places(state: State) -> tuple[Delivery, ...]:
    """Every parcel that is at a place without a door, or on the way there: by place, oldest first."""
    here = (one for one in state.deliveries.values() if not one.has_door)
    return tuple(sorted(here, key=lambda one: (one.compartment, one.reserved_at_ms, one.id)))


def free_shelf(state: State) -> CompartmentId | None:
    """The emptiest shelf with room for one more parcel, the building's first of them; or nothing."""
    taken = [one.compartment for one in at_places(state)]
    counted = ((taken.count(shelf.place), shelf) for shelf in state.building.overflow.shelves)
    with_room = [(count, shelf) for count, shelf in counted if count < shelf.capacity]
    return min(with_room, key=lambda one: one[0])[1].place if with_room else None


def doubt_reserved(draft: Draft) -> None:
    """The kiosk ended while a courier was on the way to a shelf or the desk: staff look there."""
    for delivery in at_places(draft.state):
        if delivery.state is DeliveryState.RESERVED:
            make_uncertain(draft, delivery, "restart")
