"""Which compartment a parcel gets: verified before presumed, never unknown; then by reach and even wear."""

from kiosk.domain.model.compartment import Climate, Compartment, Condition, DoorState, SizeClass
from kiosk.domain.model.ids import CompartmentId, UnitId
from kiosk.domain.model.vacancy import Vacancy
from kiosk.domain.state import State

ACCESSIBLE_FROM_MM, ACCESSIBLE_TO_MM = 380, 1220
"""Reach range for an opening (ADA 308: 15 to 48 inches)."""
FLAGGED_UNITS_A_DOOR = 20
"""One door within reach is kept back in each size for so many units with a resident who needs one."""

_OFFERED = (Vacancy.VERIFIED, Vacancy.PRESUMED)


def is_spoken_for(state: State, compartment: CompartmentId) -> bool:
    """Whether an active delivery is in a compartment, or was tried there and is not settled yet."""
    return any(
        delivery.compartment == compartment or compartment in delivery.tried
        for delivery in state.deliveries.values()
    )


def free(state: State) -> list[Compartment]:
    """Every compartment that may be offered as empty now."""
    busy = {unlock.compartment for unlock in state.unlocks.values()}
    for delivery in state.deliveries.values():
        busy |= {delivery.compartment, *delivery.tried}
    return [
        place
        for place in state.layout.compartments.values()
        if place.id not in busy and place.climate is Climate.AMBIENT and _is_empty(state, place.id)
    ]


def _is_empty(state: State, compartment: CompartmentId) -> bool:
    status = state.compartments.get(compartment)
    return (
        status is not None
        and status.vacancy in _OFFERED
        and status.condition is Condition.SERVICEABLE
        and state.door(compartment) is DoorState.CLOSED
    )


def free_of(state: State, size: SizeClass) -> list[Compartment]:
    """Every free compartment of a size."""
    return [place for place in free(state) if place.size is size]


def allocate(state: State, size: SizeClass, unit: UnitId) -> Compartment | None:
    """The compartment of this size to use for a parcel of this unit, or nothing."""
    needs_reach = any(person.is_accessible for person in state.directory.members(unit))
    offered = free_of(state, size)
    spares = not needs_reach and sum(map(_is_in_reach, offered)) <= _reserve(state)

    def cost(place: Compartment) -> tuple[bool, int, bool, int, int, int]:
        status = state.compartments[place.id]
        return (
            spares and _is_in_reach(place),
            _OFFERED.index(status.vacancy),
            needs_reach and not _is_in_reach(place),
            status.uses,
            place.column,
            place.row,
        )

    return min(offered, key=cost, default=None)


def _is_in_reach(place: Compartment) -> bool:
    return ACCESSIBLE_FROM_MM <= place.opening_height_mm <= ACCESSIBLE_TO_MM


def _reserve(state: State) -> int:
    """Doors within reach that others get last; nobody is turned away for their sake."""
    people = state.directory.residents.values()
    flagged = {one.unit for one in people if one.is_accessible and one.moved_out_at_ms is None}
    return -(-len(flagged) // FLAGGED_UNITS_A_DOOR)


def larger_than(state: State, size: SizeClass, unit: UnitId) -> Compartment | None:
    """The smallest free compartment above a size, or nothing."""
    for bigger in SizeClass:
        if bigger.rank > size.rank and (place := allocate(state, bigger, unit)):
            return place
    return None
