"""The page for somebody who is locked in."""

from kiosk.domain.frozen import replace
from kiosk.domain.model.compartment import DoorState
from kiosk.domain.model.incident import Incident, IncidentKind
from kiosk.domain.model.screen import Action, Offer, Screen, ScreenKind
from kiosk.domain.model.shown import LargeDoors
from kiosk.domain.page_parts import case_label, page
from kiosk.domain.rules.rescue import for_staff
from kiosk.domain.state import State


def locked_in(state: State) -> Screen:
    """Whom to call, one touch that opens doors, which ones are open, and which staff must open."""
    made = page(state, ScreenKind.LOCKED_IN, Offer(Action.OPEN_LARGE, is_main=True), Offer(Action.BACK))
    large = LargeDoors(
        emergency_number=state.building.emergency_number,
        is_told=_told(state) is not None,
        is_opening=state.rescue is not None,
        open=tuple(one.label for one in state.layout.large if state.door(one.id) is DoorState.OPEN),
        for_staff=tuple(one.label for one in for_staff(state)),
    )
    return replace(made, large=large, case=case_label(state) if large.is_told else "")


def _told(state: State) -> Incident | None:
    """What staff were told of at this visit."""
    told = state.incidents.get(state.visit.case) if state.visit.case else None
    return told if told and told.kind is IncidentKind.LOCKED_IN else None
