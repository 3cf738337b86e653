"""Shelves and the desk: residents take parcels there; staff accept, hand over, look for and carry them."""

from kiosk.domain import events as e
from kiosk.domain import place_touches as t
from kiosk.domain.draft import Draft
from kiosk.domain.frozen import replace
from kiosk.domain.model.credential import SpentWhy
from kiosk.domain.model.delivery import Delivery, DeliveryState
from kiosk.domain.model.ids import DeliveryId, MessageId
from kiosk.domain.model.incident import IncidentKind
from kiosk.domain.model.place import DESK, Identified, Outlet, PlaceKind, kind_of
from kiosk.domain.model.session import Session, Step
from kiosk.domain.model.vacancy import VacancyFact
from kiosk.domain.refusals import Refusal
from kiosk.domain.rules.at_places import free_shelf, give_up
from kiosk.domain.rules.custody import (
    PARCEL_HANDED_OVER,
    PARCEL_NOT_AT_PLACE,
    clear_dispute,
    clear_doubt,
    collect,
    put_in_doubt,
    queue_messages,
    release_codes,
    settle_dispute,
    settle_incidents_of,
    spend_code,
    store,
    tell_of_opening,
    waiting_kind,
)
from kiosk.domain.rules.incidents import raise_incident
from kiosk.domain.rules.pickup import go_through
from kiosk.domain.rules.sessions import count_done

_SETTLED = (DeliveryState.STORED, DeliveryState.UNCERTAIN)


# Residents


def resident_at_place(draft: Draft, fact: t.ResidentPlaceTouch) -> Refusal | None:
    """What a resident says of a parcel that is on a shelf; what is at the desk, staff hand over."""
    visit = draft.state.visit
    parcel = draft.state.deliveries.get(visit.delivery) if visit.delivery else None
    if visit.step is not Step.PICKUP_DOOR or parcel is None or parcel.state is not DeliveryState.STORED:
        return Refusal.NOT_NOW
    if kind_of(parcel.compartment) is not PlaceKind.SHELF:
        return Refusal.NOT_NOW
    match fact:
        case t.HaveIt():
            collect(draft, parcel, VacancyFact.ELSEWHERE)
        case t.NotOnShelf():
            put_in_doubt(draft, parcel.id)
            case = raise_incident(
                draft, IncidentKind.PARCEL_MISSING, compartment=parcel.compartment, delivery=parcel.id
            )
            draft.show(replace(draft.state.visit, case=case))
    count_done(draft, parcel.id)
    return go_through(draft, draft.state.visit.waiting)


# Staff


def staff_at_place(draft: Draft, session: Session, fact: t.StaffPlaceTouch) -> Refusal | None:
    """One touch of staff about parcels on shelves and at the desk."""
    match fact:
        case t.ShowPlaces():
            return _show_places(draft)
        case t.ChoosePlaced(delivery=delivery):
            return _choose(draft, delivery)
        case _:
            parcel = _at_hand(draft)
            return _about(draft, session, parcel, fact) if parcel else Refusal.NOT_NOW


def _show_places(draft: Draft) -> Refusal | None:
    if draft.state.visit.step is not Step.STAFF_LIST:
        return Refusal.NOT_NOW
    draft.show(replace(draft.state.visit, step=Step.STAFF_PLACES, delivery=None, compartment=None))
    return None


def _choose(draft: Draft, delivery: DeliveryId) -> Refusal | None:
    parcel = draft.state.deliveries.get(delivery)
    is_listed = draft.state.visit.step is Step.STAFF_PLACES or _is_gone(draft)
    if not is_listed or parcel is None or parcel.has_door:
        return Refusal.NOT_NOW
    if parcel.state not in _SETTLED:
        return Refusal.NOT_NOW
    draft.show(replace(draft.state.visit, step=Step.STAFF_PLACED, delivery=parcel.id))
    return None


def _is_gone(draft: Draft) -> bool:
    """On the page of a parcel that is not there any more, the list is shown: somebody else saw to it."""
    return draft.state.visit.step is Step.STAFF_PLACED and _at_hand(draft) is None


def _at_hand(draft: Draft) -> Delivery | None:
    visit = draft.state.visit
    parcel = draft.state.deliveries.get(visit.delivery) if visit.delivery else None
    is_here = parcel is not None and not parcel.has_door and visit.step is Step.STAFF_PLACED
    return parcel if is_here else None


def _about(
    draft: Draft, session: Session, parcel: Delivery, fact: t.SayWhetherHere | t.HandOver | t.BringTo
) -> Refusal | None:
    match fact:
        case t.SayWhetherHere(is_here=is_here):
            _look(draft, parcel, is_here=is_here)
        case t.HandOver(identified=identified):
            if parcel.state is not DeliveryState.STORED:
                return Refusal.NOT_NOW
            _hand_over(draft, session, parcel, identified)
        case t.BringTo(outlet=outlet):
            if not _brought(draft, parcel, outlet):
                return Refusal.NOT_NOW
    draft.show(replace(draft.state.visit, step=Step.STAFF_PLACES, delivery=None))
    return None


def _look(draft: Draft, parcel: Delivery, *, is_here: bool) -> None:
    """Staff accept what a courier brought, deny it, or look for a parcel that somebody missed."""
    if parcel.state is DeliveryState.UNCERTAIN:
        _settle_uncertain(draft, parcel, is_here=is_here)
    elif is_here:
        clear_doubt(draft, parcel)
        clear_dispute(draft, parcel)
        release_codes(draft, (draft.state.deliveries[parcel.id],))
    else:
        _not_found(draft, parcel)


def _not_found(draft: Draft, parcel: Delivery) -> None:
    """Most often its recipient has it, so they are asked; staff hear of it either way."""
    tell_of_opening(draft, parcel, PARCEL_NOT_AT_PLACE)
    draft.record(e.DeliveryRemoved(parcel.id, f"not found by {draft.actor}", VacancyFact.ELSEWHERE))
    spend_code(draft, parcel.id, SpentWhy.REMOVED)
    settle_incidents_of(draft, parcel)
    settle_dispute(draft, parcel)
    raise_incident(draft, IncidentKind.PARCEL_MISSING, compartment=parcel.compartment, delivery=parcel.id)


def _settle_uncertain(draft: Draft, parcel: Delivery, *, is_here: bool) -> None:
    if is_here:
        store(draft, parcel, settled_by=draft.actor)
        release_codes(draft, (draft.state.deliveries[parcel.id],))
        settle_incidents_of(draft, parcel)
        return
    was_said = parcel.proof is not None
    give_up(draft, parcel, f"settled by {draft.actor}")
    if was_said:  # a courier with a receipt says otherwise
        raise_incident(draft, IncidentKind.PARCEL_MISSING, compartment=parcel.compartment, delivery=parcel.id)


def _hand_over(draft: Draft, session: Session, parcel: Delivery, identified: Identified) -> None:
    """Its recipient hears who gave it away: somebody else may have asked for it.

    Not of a parcel that is said to be somebody else's.
    """
    told: tuple[MessageId, ...] = ()
    if not parcel.is_disputed:
        person = draft.state.directory.staff.get(session.staff) if session.staff else None
        told = queue_messages(draft, parcel, PARCEL_HANDED_OVER, person.name if person else "")
    draft.record(e.HandedOver(parcel.id, identified, told))
    settle_dispute(draft, parcel)
    collect(draft, parcel, VacancyFact.ELSEWHERE)


def _brought(draft: Draft, parcel: Delivery, outlet: Outlet) -> bool:
    place = {Outlet.DESK: DESK, Outlet.ROOM: free_shelf(draft.state)}.get(outlet)
    if parcel.state is not DeliveryState.STORED or place is None or place == parcel.compartment:
        return False
    moved = replace(parcel, compartment=place)
    settle_incidents_of(draft, parcel)
    draft.record(e.DeliveryMoved(parcel.id, place, _tell_where(draft, moved)))
    if parcel.is_in_doubt:
        clear_doubt(draft, draft.state.deliveries[parcel.id])
    return True


def _tell_where(draft: Draft, moved: Delivery) -> tuple[MessageId, ...]:
    """The message that carries the code, once more; one that is still to come will say where it is."""
    return queue_messages(draft, moved, waiting_kind(moved)) if moved.has_code else ()
