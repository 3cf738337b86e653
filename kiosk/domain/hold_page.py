"""The page that asks how much longer to keep parcels, and the offers that staff have of it too."""

from kiosk.domain.frozen import replace
from kiosk.domain.model.screen import Action, Offer, Screen, ScreenKind, StoredParcel
from kiosk.domain.page_parts import label, page, unit_label
from kiosk.domain.rules.holds import DAYS, held_by
from kiosk.domain.state import State

NO_MORE = "0"
"""As days: the hold ends."""


def hold_page(state: State) -> Screen:
    """A resident's parcels, until when each is kept, and how much longer it may be."""
    parcels = held_by(state)
    is_held = any(one.held_until_ms is not None for one in parcels)
    longer = tuple(Offer(Action.HOLD, str(days)) for days in DAYS) if parcels else ()
    no_more = (Offer(Action.HOLD, NO_MORE),) if is_held else ()
    made = page(state, ScreenKind.HOLD, *longer, *no_more, Offer(Action.FINISH, is_main=is_held))
    shown = tuple(
        StoredParcel(
            delivery=one.id,
            compartment=one.compartment,
            door=label(state, one.compartment),
            unit=unit_label(state, one.unit),
            carrier="",
            held_until_ms=one.held_until_ms,
        )
        for one in parcels
    )
    return replace(made, stored=shown)
