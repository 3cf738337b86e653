"""What becomes of a parcel that staff carry: gone, elsewhere or not found. Whose it is hears of it."""

from dataclasses import dataclass

from kiosk.domain import events as e
from kiosk.domain.draft import Draft
from kiosk.domain.frozen import replace
from kiosk.domain.model.credential import SpentWhy
from kiosk.domain.model.delivery import Delivery, DeliveryState, RemovalWay
from kiosk.domain.model.ids import MessageId
from kiosk.domain.model.incident import IncidentKind
from kiosk.domain.model.place import DESK
from kiosk.domain.model.session import Step
from kiosk.domain.model.vacancy import VacancyFact
from kiosk.domain.rules.custody import (
    BROUGHT_TO_DESK,
    PARCEL_DISPOSED,
    PARCEL_MOVED,
    PARCEL_NOT_FOUND,
    RETURNED_TO_CARRIER,
    clear_doubt,
    end_overdue,
    settle_dispute,
    settle_missing,
    settle_where,
    spend_code,
    staff_name,
    store,
    tell_of_opening,
)
from kiosk.domain.rules.incidents import raise_incident
from kiosk.domain.state import State

TOLD = {
    RemovalWay.TO_CARRIER: RETURNED_TO_CARRIER,
    RemovalWay.TO_DESK: BROUGHT_TO_DESK,
    RemovalWay.DISPOSED: PARCEL_DISPOSED,
}
"""Which message says where a parcel went."""
_OVER = frozenset(
    {
        IncidentKind.DROP_OFF_UNCERTAIN,
        IncidentKind.PICKUP_IN_DOUBT,
        IncidentKind.DOOR_LEFT_OPEN,
        IncidentKind.UNEXPLAINED_OPENING,
    }
)


@dataclass(frozen=True, slots=True)
class Removal:
    """Where a parcel went, what that says of the place it left, who took it there, and why in their words."""

    way: RemovalWay
    fact: VacancyFact
    who: str
    reason: str = ""


def remove(draft: Draft, delivery: Delivery, removal: Removal) -> None:
    """Staff took it out. Nobody is told that a parcel was theirs that is said not to be.

    A desk that the settings name keeps custody: the parcel waits there with its code.
    """
    told: tuple[MessageId, ...] = ()
    if not delivery.is_disputed:
        told = tell_of_opening(draft, delivery, TOLD[removal.way], removal.who)
    if removal.way is RemovalWay.TO_DESK and draft.state.building.overflow.desk:
        _keep_at_desk(draft, delivery, removal.fact, told)
    else:
        why = f"{removal.way.value} by {draft.actor}"
        draft.record(e.DeliveryRemoved(delivery.id, why, removal.fact, removal.way, removal.reason))
        spend_code(draft, delivery.id, SpentWhy.REMOVED)
        settle_dispute(draft, delivery)
    settle_missing(draft, delivery)
    end_overdue(draft, delivery)
    settle_where(draft, delivery, kinds=_OVER)


def _keep_at_desk(draft: Draft, delivery: Delivery, fact: VacancyFact, told: tuple[MessageId, ...]) -> None:
    if delivery.is_with_staff:
        draft.record(e.DeliveryKept(delivery.id, "brought_to_desk"))
    draft.record(e.DeliveryMoved(delivery.id, DESK, told))
    if not draft.state.deliveries_in(delivery.compartment):
        draft.record(e.CompartmentSettled(delivery.compartment, fact))
    clear_doubt(draft, draft.state.deliveries[delivery.id])


def not_found(draft: Draft, delivery: Delivery, fact: VacancyFact) -> None:
    """The parcel is gone: most often its recipient has it, so they are asked; staff hear of it either way."""
    tell_of_opening(draft, delivery, PARCEL_NOT_FOUND)
    draft.record(e.DeliveryRemoved(delivery.id, f"not found by {draft.actor}", fact))
    spend_code(draft, delivery.id, SpentWhy.REMOVED)
    settle_dispute(draft, delivery)
    end_overdue(draft, delivery)
    raise_incident(draft, IncidentKind.PARCEL_MISSING, compartment=delivery.compartment, delivery=delivery.id)


def is_at_new_door(state: State, delivery: Delivery) -> bool:
    """Whether staff are at the door that a parcel was brought to."""
    visit = state.visit
    return delivery.state is DeliveryState.MOVING and visit.is_second_door and visit.delivery == delivery.id


def close_new_door(draft: Draft, delivery: Delivery) -> None:
    """Its new door was seen open and is shut: it is there, and the staff's page goes back to the parcel."""
    store_moved(draft, delivery)
    visit = draft.state.visit
    if visit.step in (Step.HELP, Step.LOCKED_IN):
        draft.show(replace(visit, back=Step.STAFF_PARCEL, is_second_door=False))
    else:
        draft.show(replace(visit, step=Step.STAFF_PARCEL, is_second_door=False))


def store_moved(draft: Draft, delivery: Delivery, *, settled_by: str = "", who: str | None = None) -> None:
    """It is in custody behind its new door, with the code that it had."""
    store(draft, delivery, settled_by=settled_by)
    if delivery.has_code:
        name = staff_name(draft.state, delivery.session) if who is None else who
        tell_of_opening(draft, delivery, PARCEL_MOVED, name)
    clear_doubt(draft, draft.state.deliveries[delivery.id])
