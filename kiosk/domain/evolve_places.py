"""What the events of parcels at places without a door make of the state."""

from typing import assert_never

from kiosk.domain import events as e
from kiosk.domain.evolve_deliveries import set_aside, with_delivery
from kiosk.domain.frozen import replace
from kiosk.domain.model.delivery import DeliveryState
from kiosk.domain.state import State

AtPlace = e.PlaceAssigned | e.HandedToDesk | e.DeliveryMoved | e.HandedOver | e.DropOffRefused


def at_place(state: State, event: AtPlace, at_ms: int) -> State:
    """A parcel is meant for a place, said to be there, or moved; the rest is only told."""
    match event:
        case e.PlaceAssigned():
            return with_delivery(state, set_aside(event, event.place, at_ms))
        case e.HandedToDesk(delivery=delivery, receipt=receipt):
            handed = replace(state.deliveries[delivery], state=DeliveryState.UNCERTAIN, proof=receipt)
            return with_delivery(state, handed)
        case e.DeliveryMoved(delivery=delivery, place=place):
            return with_delivery(state, replace(state.deliveries[delivery], compartment=place))
        case e.HandedOver() | e.DropOffRefused():
            return state
        case _:
            assert_never(event)
