"""Pages about parcels that no compartment takes, and about shelves and the desk."""

from kiosk.domain.frozen import replace
from kiosk.domain.model.delivery import Delivery, DeliveryState
from kiosk.domain.model.ids import CompartmentId
from kiosk.domain.model.place import Identified, Outlet, OverflowWhy, PlaceKind, kind_of
from kiosk.domain.model.screen import (
    Action,
    Offer,
    Screen,
    ScreenKind,
    ShownProof,
)
from kiosk.domain.model.shown import PlacedParcel, ShownPlace
from kiosk.domain.page_parts import initials, label, open_doors, page, unit_label
from kiosk.domain.rules.at_places import at_places, free_shelf, outlets
from kiosk.domain.state import State

K, A = ScreenKind, Action
_NEEDS_PERSON = (OverflowWhy.SIGNATURE, OverflowWhy.AGE_CHECK, OverflowWhy.CASH)
_STEP = 4
"""Of the courier's four: put it there."""


def shown_place(state: State, place: CompartmentId) -> ShownPlace:
    """A place as the page names it."""
    overflow = state.building.overflow
    match kind_of(place):
        case PlaceKind.SHELF:
            return ShownPlace(PlaceKind.SHELF, label(state, place), overflow.room, overflow.room_entry)
        case PlaceKind.DESK:
            return ShownPlace(PlaceKind.DESK, label(state, place), "", overflow.desk_hours)
        case PlaceKind.COMPARTMENT:
            return ShownPlace(PlaceKind.COMPARTMENT, label(state, place))


def _for_unit(state: State, screen: Screen) -> Screen:
    unit = state.visit.unit
    return replace(
        screen,
        unit=unit_label(state, unit),
        initial=initials(state, unit, state.visit.resident),
        why=state.visit.why,
        open_doors=open_doors(state),
    )


# Couriers


def needs_person(state: State) -> Screen:
    """Which kind of person the parcel needs."""
    offers = tuple(Offer(A.FITS_NOWHERE, one.value) for one in _NEEDS_PERSON)
    return _for_unit(state, page(state, K.NEEDS_PERSON, *offers, Offer(A.BACK), step=3))


def overflow(state: State) -> Screen:
    """What takes the parcel, the building's first choice first."""
    found = outlets(state, state.visit.why)
    offers = (Offer(A.OUTLET, one.value, is_main=one is found[0]) for one in found)
    screen = _for_unit(state, page(state, K.OVERFLOW, *offers, Offer(A.BACK), step=3))
    shelf = free_shelf(state) if Outlet.ROOM in found else None
    return replace(
        screen, place=shown_place(state, shelf) if shelf else None, desk=state.building.overflow.desk
    )


def at_place(state: State) -> Screen:
    """The courier's parcel and its shelf or the desk: on the way there, or said to be there."""
    delivery = state.deliveries.get(state.visit.delivery) if state.visit.delivery else None
    screen = _for_unit(state, page(state, K.PUT_AT_PLACE, step=_STEP))
    if delivery is None:
        return replace(screen, kind=K.PLACED, offers=(Offer(A.NEXT, is_main=True), Offer(A.FINISH)))
    screen = replace(screen, place=shown_place(state, delivery.compartment))
    if delivery.state is DeliveryState.RESERVED:
        return replace(screen, offers=(Offer(A.PLACED, is_main=True), Offer(A.NOT_PLACED)))
    proof = ShownProof(delivery.id, delivery.proof or "", label(state, delivery.compartment), screen.unit)
    offers = (Offer(A.NEXT, is_main=True), Offer(A.FINISH), Offer(A.NOT_PLACED))
    is_accepted = delivery.state is DeliveryState.STORED
    return replace(screen, kind=K.PLACED, offers=offers, proofs=(proof,), is_accepted=is_accepted)


def kept(state: State) -> Screen:
    """The carrier keeps the parcel: why, and what to show for it."""
    made = page(state, K.KEPT, Offer(A.NEXT, is_main=True), Offer(A.FINISH), step=_STEP)
    return replace(_for_unit(state, made), receipt=state.visit.receipt)


def place_question(state: State, screen: Screen, delivery: Delivery) -> Screen:
    """Whether the parcel that a courier walked off with is where it was meant to go."""
    offers = (Offer(A.INSIDE_YES), Offer(A.INSIDE_NO), Offer(A.NEXT), Offer(A.FINISH))
    placed = replace(screen, kind=K.PLACE_QUESTION, offers=offers)
    return replace(placed, place=shown_place(state, delivery.compartment))


# Residents


def pickup_at_place(state: State, screen: Screen, delivery: Delivery) -> Screen:
    """Where the resident's parcel is; what is at the desk, staff hand over."""
    placed = replace(screen, kind=K.PICKUP_AT_PLACE, place=shown_place(state, delivery.compartment))
    passing = (Offer(A.NEXT),) if state.visit.waiting else ()
    if kind_of(delivery.compartment) is PlaceKind.DESK:
        return replace(placed, offers=(*passing, Offer(A.FINISH, is_main=True)))
    own = (Offer(A.HAVE_IT, is_main=True), Offer(A.NOT_ON_SHELF))
    return replace(placed, offers=(*own, *passing, Offer(A.FINISH)))


# Staff


def staff_places(state: State) -> Screen:
    """Every parcel on a shelf or at the desk."""
    found = tuple(_placed(state, one) for one in at_places(state))
    offers = (Offer(A.PLACED_PARCEL, one.delivery) for one in found if not one.is_on_the_way)
    return replace(page(state, K.STAFF_PLACES, *offers, Offer(A.BACK)), placed=found)


def _placed(state: State, parcel: Delivery) -> PlacedParcel:
    carrier = state.directory.carriers.get(parcel.carrier)
    return PlacedParcel(
        delivery=parcel.id,
        place=label(state, parcel.compartment),
        kind=kind_of(parcel.compartment),
        unit=unit_label(state, parcel.unit),
        carrier=carrier.name if carrier else parcel.carrier,
        is_on_the_way=parcel.state is DeliveryState.RESERVED,
        is_accepted=parcel.state is not DeliveryState.UNCERTAIN,
        is_in_doubt=parcel.is_in_doubt or parcel.is_disputed,
    )


def staff_placed(state: State) -> Screen:
    """One of these parcels: accept it, hand it over, carry it elsewhere, or say that it is not here."""
    parcel = state.deliveries.get(state.visit.delivery) if state.visit.delivery else None
    if parcel is None or parcel.has_door:
        return staff_places(state)
    made = replace(
        page(state, K.STAFF_PLACED, *_staff_offers(state, parcel), Offer(A.BACK)),
        placed=(_placed(state, parcel),),
    )
    return replace(made, place=shown_place(state, parcel.compartment), unit=unit_label(state, parcel.unit))


def _staff_offers(state: State, parcel: Delivery) -> tuple[Offer, ...]:
    if parcel.state is DeliveryState.UNCERTAIN:
        return (Offer(A.IS_HERE, is_main=True), Offer(A.IS_NOT_HERE))
    doubt = (Offer(A.IS_HERE, is_main=True),) if parcel.is_in_doubt or parcel.is_disputed else ()
    given = tuple(Offer(A.HAND_OVER, one.value) for one in Identified)
    return (*doubt, *given, *_bringing(state, parcel), Offer(A.IS_NOT_HERE))


def _bringing(state: State, parcel: Delivery) -> tuple[Offer, ...]:
    if kind_of(parcel.compartment) is PlaceKind.SHELF:
        return (Offer(A.BRING_TO, Outlet.DESK.value),) if state.building.overflow.desk else ()
    return (Offer(A.BRING_TO, Outlet.ROOM.value),) if free_shelf(state) else ()
