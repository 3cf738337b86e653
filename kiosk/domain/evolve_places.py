"""What the events of parcels at places without a door make of the state."""

from typing import assert_never

from kiosk.domain import events as e
from kiosk.domain.frozen import replace
from kiosk.domain.mapping import with_entry
from kiosk.domain.model.delivery import Delivery, DeliveryState
from kiosk.domain.state import State

AtPlace = e.PlaceAssigned | e.HandedToDesk | e.DeliveryMoved | e.HandedOver | e.DropOffRefused


def at_place(state: State, event: AtPlace, at_ms: int) -> State:
    """A parcel is meant for a place, said to be there, or moved; the rest is only told."""
    match event:
        case e.PlaceAssigned():
            return _with(state, _assigned(event, at_ms))
        case e.HandedToDesk(delivery=delivery, receipt=receipt):
            handed = replace(state.deliveries[delivery], state=DeliveryState.UNCERTAIN, proof=receipt)
            return _with(state, handed)
        case e.DeliveryMoved(delivery=delivery, place=place):
            return _with(state, replace(state.deliveries[delivery], compartment=place))
        case e.HandedOver() | e.DropOffRefused():
            return state
        case _:
            assert_never(event)


def _assigned(event: e.PlaceAssigned, at_ms: int) -> Delivery:
    return Delivery(
        id=event.delivery,
        state=DeliveryState.RESERVED,
        compartment=event.place,
        unit=event.unit,
        recipient=event.recipient,
        carrier=event.carrier,
        carrier_code=event.carrier_code,
        session=event.session,
        size=event.size,
        reserved_at_ms=at_ms,
    )


def _with(state: State, delivery: Delivery) -> State:
    return replace(state, deliveries=with_entry(state.deliveries, delivery.id, delivery))
