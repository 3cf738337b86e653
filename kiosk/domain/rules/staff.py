"""Staff: open a compartment, look, and settle what nobody saw."""

from dataclasses import dataclass

from kiosk.domain import events as e
from kiosk.domain.draft import Draft
from kiosk.domain.frozen import replace
from kiosk.domain.inputs import Found, StaffOpen, StaffSettle
from kiosk.domain.model.compartment import Condition, DoorState
from kiosk.domain.model.delivery import Delivery, DeliveryState
from kiosk.domain.model.ids import CompartmentId
from kiosk.domain.model.incident import IncidentKind
from kiosk.domain.model.session import Session, Step
from kiosk.domain.model.unlock import UnlockPurpose
from kiosk.domain.model.vacancy import Vacancy, VacancyFact
from kiosk.domain.refusals import Refusal
from kiosk.domain.rules.custody import (
    clear_dispute,
    clear_doubt,
    release_codes,
    settle_incidents_of,
    settle_where,
)
from kiosk.domain.rules.incidents import raise_incident, settle_incidents
from kiosk.domain.rules.questions import settle_uncertain
from kiosk.domain.rules.refused import at_door
from kiosk.domain.rules.removal import not_found
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
    built = state.layout.compartments
    behind = {one.compartment for one in state.deliveries.values() if one.has_door}
    left_out = behind - built.keys()
    places = (state.place(compartment) for compartment in {*built, *left_out})
    walk = sorted(places, key=lambda place: (place.column, place.row, place.id))
    found = (_task_of(state, place.id) for place in walk)
    return tuple(task for task in found if task)


def _task_of(state: State, compartment: CompartmentId) -> Task | None:
    inside = state.deliveries_in(compartment)
    for delivery in inside:
        if compartment not in state.layout.compartments:
            return Task(compartment, "compartment_left_out", delivery)
        if delivery.state is DeliveryState.UNCERTAIN:
            return Task(compartment, "drop_off_uncertain", delivery)
        if _is_left_behind(state, delivery):
            return Task(compartment, "door_left_open", delivery)
        if delivery.is_disputed:
            return Task(compartment, "parcel_disputed", delivery)
        if delivery.is_in_doubt:
            return Task(compartment, "pickup_in_doubt", delivery)
    status = state.compartments.get(compartment)
    if status is None:
        return None
    if status.condition is Condition.JAMMED:
        return Task(compartment, "door_jammed", inside[0] if inside else None)
    is_unknown = status.vacancy is Vacancy.UNKNOWN and not inside
    return Task(compartment, "vacancy_unknown") if is_unknown else None


def _is_left_behind(state: State, delivery: Delivery) -> bool:
    """Whether the person who had this door open is gone."""
    is_open = delivery.is_with_staff or delivery.state in (
        DeliveryState.DEPOSITING,
        DeliveryState.COLLECTING,
    )
    return is_open and not state.is_session_alive(delivery.session)


def staff_open(draft: Draft, session: Session, fact: StaffOpen) -> Refusal | None:
    """Open one compartment from the list, or that of the parcel at hand, unless somebody is at its door."""
    delivery = _looked_for(draft.state, fact.compartment)
    if delivery is None and not _is_listed(draft.state, fact.compartment):
        return Refusal.NOT_NOW
    if is_in_use(draft.state, fact.compartment):
        parcel = delivery.id if delivery else None
        return draft.notice(at_door(draft, Refusal.DOOR_IN_USE, fact.compartment, parcel))
    refusal = authorise(
        draft,
        fact.compartment,
        UnlockPurpose.LOOK,
        session=session.id,
        delivery=delivery.id if delivery else None,
    )
    if refusal:
        return draft.notice(refusal)
    draft.show(
        replace(
            draft.state.visit,
            step=Step.STAFF_DOOR,
            compartment=fact.compartment,
            delivery=delivery.id if delivery else None,
            closed_mono_ms=None,
        )
    )
    return None


def _is_listed(state: State, compartment: CompartmentId) -> bool:
    return state.visit.step is Step.STAFF_LIST and _task_of(state, compartment) is not None


def _looked_for(state: State, compartment: CompartmentId) -> Delivery | None:
    """The parcel that staff look for behind a door."""
    if state.visit.step is Step.STAFF_PARCEL:
        chosen = state.deliveries.get(state.visit.delivery) if state.visit.delivery else None
        return chosen if chosen and chosen.compartment == compartment else None
    task = _task_of(state, compartment) if state.visit.step is Step.STAFF_LIST else None
    return task.delivery if task else None


def is_in_use(state: State, compartment: CompartmentId) -> bool:
    """Whether an unlock or a person at the screen claims a door now; one who left it open does not."""
    if state.unlock_of(compartment):
        return True
    inside = state.deliveries_in(compartment)
    return any(one.state.is_in_hand and not _is_left_behind(state, one) for one in inside)


def staff_settle(draft: Draft, session: Session, fact: StaffSettle) -> Refusal | None:
    """What staff saw, after a door that was seen open and closed."""
    visit = draft.state.visit
    if visit.step is not Step.STAFF_DOOR or visit.compartment is None or visit.closed_mono_ms is None:
        return Refusal.NOT_NOW
    if draft.state.door(visit.compartment) is not DoorState.CLOSED:
        return draft.notice(Refusal.CLOSE_THE_DOOR_FIRST)
    asked = asked_about(draft.state)
    if asked is None:
        _settle_compartment(draft, visit.compartment, fact.found)
    else:
        _settle_delivery(draft, asked, fact.found)
    _ask_on(draft, visit.compartment, fact.found)
    return None


def asked_about(state: State) -> Delivery | None:
    """The parcel that staff are asked about at the door at hand; several are asked about one by one."""
    compartment, chosen = state.visit.compartment, state.visit.delivery
    inside = state.deliveries_in(compartment) if compartment else ()
    return next((one for one in inside if one.id == chosen), inside[0] if inside else None)


def _ask_on(draft: Draft, compartment: CompartmentId, found: Found) -> None:
    """One look answers for each parcel behind the door; where nothing is, none of them is."""
    unsettled = [one for one in draft.state.deliveries_in(compartment) if _is_unsettled(one)]
    if found is Found.EMPTY:
        for delivery in unsettled:
            _settle_delivery(draft, delivery, found)
    elif unsettled:
        draft.show(replace(draft.state.visit, delivery=unsettled[0].id))
        return
    draft.show(replace(draft.state.visit, step=Step.STAFF_LIST, compartment=None, delivery=None))


def _is_unsettled(delivery: Delivery) -> bool:
    is_stored = delivery.state is DeliveryState.STORED and delivery.is_in_doubt
    return is_stored or delivery.state is DeliveryState.UNCERTAIN


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
        settle_where(draft, delivery, kinds=_LOOKED)


def _settle_doubt(draft: Draft, delivery: Delivery, found: Found) -> None:
    if found is Found.PARCEL:
        clear_doubt(draft, delivery)
        clear_dispute(draft, delivery)
        release_codes(draft, (draft.state.deliveries[delivery.id],))
    else:
        is_empty = found is Found.EMPTY
        not_found(draft, delivery, VacancyFact.SEEN_EMPTY if is_empty else VacancyFact.SEEN_FOREIGN)
    settle_where(draft, delivery, kinds=_LOOKED)
    if found is Found.FOREIGN:
        raise_incident(draft, IncidentKind.FOREIGN_PARCEL, compartment=delivery.compartment)
