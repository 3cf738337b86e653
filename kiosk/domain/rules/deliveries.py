"""Deliveries by the sign-in that has, or had, them in hand."""

from kiosk.domain.model.delivery import Delivery
from kiosk.domain.model.ids import SessionId
from kiosk.domain.state import State


def deliveries_of(state: State, session: SessionId) -> tuple[Delivery, ...]:
    """Active deliveries whose door this session is, or was last, at."""
    mine = (delivery for delivery in state.deliveries.values() if delivery.session == session)
    return tuple(sorted(mine, key=lambda delivery: (delivery.reserved_at_ms, delivery.id)))
