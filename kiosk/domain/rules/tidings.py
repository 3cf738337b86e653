"""Openings of a parcel's door that nobody explained: its recipient is told, half a minute later."""

from kiosk.domain import events as e
from kiosk.domain.changes import DoubtBegan
from kiosk.domain.draft import Draft
from kiosk.domain.model.delivery import Delivery, DeliveryFlag
from kiosk.domain.rules.custody import OPENED_WITHOUT_CODE, tell_of_opening
from kiosk.domain.state import State


def owe_tidings(draft: Draft, delivery: Delivery) -> None:
    """The recipient must hear of this opening. Who has no code yet does not know of the parcel."""
    if delivery.has_code and not delivery.is_untold:
        draft.record(e.DeliveryFlagged(delivery.id, DeliveryFlag.UNTOLD, is_set=True))
        draft.record(DoubtBegan(delivery.id, draft.stamp.mono_ms))


def tidings_due(state: State, delivery: Delivery) -> int:
    """When, on monotonic time; counted from the start where the opening was before it."""
    return state.doubts.get(delivery.id, state.started_mono_ms) + state.limits.explained_within_ms


def tell_tidings(draft: Draft) -> None:
    """Queue what is due by now."""
    for delivery in tuple(draft.state.deliveries.values()):
        if delivery.is_untold and tidings_due(draft.state, delivery) <= draft.stamp.mono_ms:
            tell_of_opening(draft, delivery, OPENED_WITHOUT_CODE)
            draft.record(e.DeliveryFlagged(delivery.id, DeliveryFlag.UNTOLD, is_set=False))
