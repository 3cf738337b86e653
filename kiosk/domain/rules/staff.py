"""Staff: open a compartment, look, and settle what nobody saw."""

from dataclasses import dataclass, replace

from kiosk.domain import events as e
from kiosk.domain.draft import Draft
from kiosk.domain.inputs import Found, StaffOpen, StaffSettle
from kiosk.domain.model.compartment import DoorState
from kiosk.domain.model.credential import SpentWhy
from kiosk.domain.model.delivery import Delivery, DeliveryFlag, DeliveryState
from kiosk.domain.model.ids import CompartmentId
from kiosk.domain.model.incident import IncidentKind
from kiosk.domain.model.session import Session, Step
from kiosk.domain.model.unlock import UnlockPurpose
from kiosk.domain.model.vacancy import Vacancy, VacancyFact
from kiosk.domain.refusals import Refusal
from kiosk.domain.rules.custody import settle_incidents_of, spend_code
from kiosk.domain.rules.drop_off import settle_uncertain
from kiosk.domain.rules.incidents import raise_incident, settle_incidents
from kiosk.domain.rules.unlocking import authorise
from kiosk.domain.state import State

_LOOKED = frozenset(
    {
        IncidentKind.UNEXPLAINED_OPENING,
        IncidentKind.FOREIGN_PARCEL,
        IncidentKind.DROP_OFF_UNCERTAIN,
        IncidentKind.PICKUP_IN_DOUBT,
    }
)


@dataclass(frozen=True, slots=True)
class Task:
    """A compartment that staff must look into, and why."""

    compartment: CompartmentId
    why: str
    delivery: Delivery | None = None


def tasks(state: State) -> tuple[Task, ...]:
    """Everything that only a look can settle, in walking order."""
    places = sorted(state.layout.compartments.values(), key=lambda place: (place.column, place.row))
    found = (_task_of(state, place.id) for place in places)
    return tuple(task for task in found if task)


def _task_of(state: State, compartment: CompartmentId) -> Task | None:
    for delivery in state.deliveries_in(compartment):
        if delivery.state is DeliveryState.UNCERTAIN:
            return Task(compartment, "drop_off_uncertain", delivery)
        if delivery.is_in_doubt:
            return Task(compartment, "pickup_in_doubt", delivery)
    status = state.compartments.get(compartment)
    if status and status.vacancy is Vacancy.UNKNOWN and not state.deliveries_in(compartment):
        return Task(compartment, "vacancy_unknown")
    return None


def staff_open(draft: Draft, session: Session, fact: StaffOpen) -> Refusal | None:
    """Open one compartment that is on the list, unless somebody is at its door."""
    task = (
        _task_of(draft.state, fact.compartment)
        if fact.compartment in draft.state.layout.compartments
        else None
    )
    if draft.state.visit.step not in (Step.STAFF_LIST, Step.STAFF_DOOR) or task is None:
        return Refusal.NOT_NOW
    if is_in_use(draft.state, fact.compartment):
        return draft.notice(Refusal.DOOR_IN_USE)
    refusal = authorise(
        draft,
        fact.compartment,
        UnlockPurpose.LOOK,
        session=session.id,
        delivery=task.delivery.id if task.delivery else None,
    )
    if refusal:
        return draft.notice(refusal)
    draft.show(
        replace(
            draft.state.visit,
            step=Step.STAFF_DOOR,
            compartment=fact.compartment,
            delivery=task.delivery.id if task.delivery else None,
            closed_mono_ms=None,
        )
    )
    return None


def is_in_use(state: State, compartment: CompartmentId) -> bool:
    """Whether an unlock or a delivery in hand claims a door now."""
    if state.unlock_of(compartment):
        return True
    return any(delivery.state.is_in_hand for delivery in state.deliveries_in(compartment))


def staff_settle(draft: Draft, session: Session, fact: StaffSettle) -> Refusal | None:
    """What staff saw, after a door that was seen open and closed."""
    visit = draft.state.visit
    if visit.step is not Step.STAFF_DOOR or visit.compartment is None or visit.closed_mono_ms is None:
        return Refusal.NOT_NOW
    if draft.state.door(visit.compartment) is not DoorState.CLOSED:
        return draft.notice(Refusal.CLOSE_THE_DOOR_FIRST)
    inside = draft.state.deliveries_in(visit.compartment)
    if inside:
        _settle_delivery(draft, inside[0], fact.found)
    else:
        _settle_compartment(draft, visit.compartment, fact.found)
    draft.show(replace(draft.state.visit, step=Step.STAFF_LIST, compartment=None, delivery=None))
    return None


def _settle_compartment(draft: Draft, compartment: CompartmentId, found: Found) -> None:
    settle_incidents(draft, draft.actor, compartment=compartment, kinds=_LOOKED)
    if found is Found.EMPTY:
        draft.record(e.CompartmentSettled(compartment, VacancyFact.SEEN_EMPTY))
        return
    draft.record(e.CompartmentSettled(compartment, VacancyFact.SEEN_FOREIGN))
    raise_incident(draft, IncidentKind.FOREIGN_PARCEL, compartment=compartment)


def _settle_delivery(draft: Draft, delivery: Delivery, found: Found) -> None:
    if delivery.state is DeliveryState.UNCERTAIN:
        _settle_uncertain(draft, delivery, found)
    elif delivery.state is DeliveryState.STORED:
        _settle_doubt(draft, delivery, found)


def _settle_uncertain(draft: Draft, delivery: Delivery, found: Found) -> None:
    fact = VacancyFact.SEEN_EMPTY if found is Found.EMPTY else VacancyFact.SEEN_FOREIGN
    settle_uncertain(draft, delivery, is_inside=found is Found.PARCEL, fact=fact)
    if found is Found.FOREIGN:
        settle_incidents_of(draft, delivery)
        raise_incident(draft, IncidentKind.FOREIGN_PARCEL, compartment=delivery.compartment)
    else:
        settle_incidents(draft, draft.actor, compartment=delivery.compartment, kinds=_LOOKED)


def _settle_doubt(draft: Draft, delivery: Delivery, found: Found) -> None:
    settle_incidents(draft, draft.actor, compartment=delivery.compartment, kinds=_LOOKED)
    if found is Found.PARCEL:
        draft.record(e.DeliveryFlagged(delivery.id, DeliveryFlag.IN_DOUBT, is_set=False))
        return
    fact = VacancyFact.SEEN_EMPTY if found is Found.EMPTY else VacancyFact.SEEN_FOREIGN
    draft.record(e.DeliveryRemoved(delivery.id, f"not found by {draft.actor}", fact))
    spend_code(draft, delivery.id, SpentWhy.REMOVED)
