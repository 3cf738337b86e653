"""Parcels on shelves and at the desk: which shelf is free, and what the word of a courier makes of one."""

from kiosk.domain import events as e
from kiosk.domain.draft import Draft
from kiosk.domain.frozen import replace
from kiosk.domain.model.compartment import SizeClass
from kiosk.domain.model.delivery import Delivery, DeliveryState
from kiosk.domain.model.ids import CompartmentId
from kiosk.domain.model.place import Outlet, OverflowWhy, PlaceKind, kind_of
from kiosk.domain.model.session import Step
from kiosk.domain.model.vacancy import VacancyFact
from kiosk.domain.rules.custody import cancel, make_uncertain, settle_incidents_of, store, tell_uncertain
from kiosk.domain.state import State


def at_places(state: State) -> tuple[Delivery, ...]:
    """Every parcel that is at a place without a door, or on the way there: by place, oldest first."""
    here = (one for one in state.deliveries.values() if not one.has_door)
    return tuple(sorted(here, key=lambda one: (one.compartment, one.reserved_at_ms, one.id)))


def free_shelf(state: State) -> CompartmentId | None:
    """The emptiest shelf with room for one more parcel, the building's first of them; or nothing."""
    taken = [one.compartment for one in at_places(state)]
    counted = ((taken.count(shelf.place), shelf) for shelf in state.building.overflow.shelves)
    with_room = [(count, shelf) for count, shelf in counted if count < shelf.capacity]
    return min(with_room, key=lambda one: one[0])[1].place if with_room else None


def outlets(state: State, why: OverflowWhy | None) -> tuple[Outlet, ...]:
    """Who or what takes a parcel that fits nowhere now, in the building's order."""
    return tuple(one for one in state.building.overflow.order if _takes(state, one, why))


def _takes(state: State, outlet: Outlet, why: OverflowWhy | None) -> bool:
    """A shelf signs nothing and takes no money."""
    if outlet is not Outlet.ROOM:
        return True
    return why is not None and not why.needs_person and free_shelf(state) is not None


def turn_to_outlets(draft: Draft, why: OverflowWhy, size: SizeClass | None = None) -> None:
    """The page of what else takes the parcel at hand."""
    draft.show(replace(draft.state.visit, step=Step.OVERFLOW, why=why, size=size, delivery=None, receipt=""))


# What becomes of a parcel that was meant for a place


def confirm(draft: Draft, delivery: Delivery) -> None:
    """The courier says that it is there. A shelf takes that word; at the desk staff say so too."""
    if kind_of(delivery.compartment) is PlaceKind.DESK:
        draft.record(e.HandedToDesk(delivery.id, delivery.proof or draft.stamp.proofs[0]))
        tell_uncertain(draft, delivery)
        return
    store(draft, delivery, settled_by=draft.actor)
    settle_incidents_of(draft, delivery)


def give_up(draft: Draft, delivery: Delivery, why: str) -> None:
    """It is not there."""
    cancel(draft, delivery, why, VacancyFact.ELSEWHERE)
    settle_incidents_of(draft, delivery)


def doubt_reserved(draft: Draft) -> None:
    """The kiosk ended while a courier was on the way to a shelf or the desk: staff look there."""
    for delivery in at_places(draft.state):
        if delivery.state is DeliveryState.RESERVED:
            make_uncertain(draft, delivery, "restart")
