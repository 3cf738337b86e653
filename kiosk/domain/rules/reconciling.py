"""Doors that come into sight, or are lost from it: what happened unseen is settled by levels."""

from kiosk.domain import events as e
from kiosk.domain.draft import Draft
from kiosk.domain.frozen import replace
from kiosk.domain.model.compartment import Condition, DoorState
from kiosk.domain.model.delivery import Delivery, DeliveryState
from kiosk.domain.model.ids import CompartmentId
from kiosk.domain.model.incident import IncidentKind
from kiosk.domain.model.vacancy import Vacancy, VacancyFact
from kiosk.domain.rules.custody import keep, make_uncertain, put_in_doubt
from kiosk.domain.rules.incidents import settle_incidents
from kiosk.domain.rules.key_use import ask_who_opened
from kiosk.domain.rules.sessions import end_parked
from kiosk.domain.rules.tidings import owe_tidings
from kiosk.domain.state import State

_VACANT = (Vacancy.VERIFIED, Vacancy.PRESUMED)


def doubt_unseen(draft: Draft, compartment: CompartmentId) -> None:
    """A vacant compartment that was open, or being opened, when nobody watched may have been filled."""
    status = draft.state.compartments.get(compartment)
    if status is not None and status.may_stand_open:
        draft.record(e.CompartmentSettled(compartment, VacancyFact.LEFT_OPEN))


def lost_from_sight(draft: Draft, compartment: CompartmentId) -> None:
    """A drop-off whose pulse was under way is uncertain; a parcel's open door is judged when seen again."""
    doubt_unseen(draft, compartment)
    for delivery in draft.state.deliveries_in(compartment):
        if delivery.state is DeliveryState.RESERVED:
            make_uncertain(draft, delivery, "gap")
            end_parked(draft, delivery.session)


def found_again(draft: Draft, compartment: CompartmentId, door: DoorState) -> None:
    """Settle what a door's level says after a gap."""
    doubt_unseen(draft, compartment)
    for delivery in draft.state.deliveries_in(compartment):
        _settle(draft, delivery, door)
    if door is DoorState.CLOSED:
        close_held(draft, compartment)
    elif door is DoorState.OPEN and not is_explained(draft.state, compartment):
        opened_unexplained(draft, compartment)


def _settle(draft: Draft, delivery: Delivery, door: DoorState) -> None:
    match delivery.state:
        case DeliveryState.RESERVED:
            make_uncertain(draft, delivery, "gap")
        case DeliveryState.DEPOSITING if door is not DoorState.OPEN:
            make_uncertain(draft, delivery, "gap")
        case DeliveryState.COLLECTING | DeliveryState.MOVING | DeliveryState.REMOVING if (
            door is not DoorState.OPEN
        ):
            keep(draft, delivery, "gap", in_doubt=True)
            _ask_about(draft, delivery)
        case _:
            return
    end_parked(draft, delivery.session)


def _ask_about(draft: Draft, delivery: Delivery) -> None:
    visit = draft.state.visit
    if visit.delivery == delivery.id:
        draft.show(replace(visit, closed_mono_ms=draft.stamp.mono_ms, touched_mono_ms=draft.stamp.mono_ms))


def is_explained(state: State, compartment: CompartmentId) -> bool:
    """Whether somebody is known to be busy at a door, or it is known to stand open."""
    if state.compartments[compartment].condition is Condition.HELD_OPEN:
        return True
    return any(
        compartment in delivery.tried or (delivery.compartment == compartment and delivery.state.is_in_hand)
        for delivery in state.deliveries.values()
    )


def close_held(draft: Draft, compartment: CompartmentId) -> None:
    """A door that was held open is shut."""
    if draft.state.compartments[compartment].condition is Condition.HELD_OPEN:
        draft.record(e.ConditionChanged(compartment, Condition.SERVICEABLE))
        left_open = frozenset({IncidentKind.DOOR_LEFT_OPEN})
        settle_incidents(draft, "door", compartment=compartment, kinds=left_open)


def opened_unexplained(draft: Draft, compartment: CompartmentId) -> None:
    """Nobody here had asked for it: what is inside now, nobody knows; a code stays live."""
    inside = draft.state.deliveries_in(compartment)
    is_new = ask_who_opened(draft, compartment)
    if draft.state.compartments[compartment].vacancy in _VACANT:
        draft.record(e.CompartmentSettled(compartment, VacancyFact.OPENED_UNEXPLAINED))
    for delivery in inside:
        if delivery.state is DeliveryState.STORED:
            put_in_doubt(draft, delivery.id)
            if is_new:
                owe_tidings(draft, draft.state.deliveries[delivery.id])
