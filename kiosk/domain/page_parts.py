"""What many pages are made of: the frame, names as they may be shown, the drawing of the cabinet."""

from functools import lru_cache

from kiosk.domain.frozen import replace
from kiosk.domain.model.compartment import Compartment, SizeClass
from kiosk.domain.model.delivery import Delivery, DeliveryState
from kiosk.domain.model.directory import person_of
from kiosk.domain.model.ids import CompartmentId, ResidentId, UnitId
from kiosk.domain.model.incident import case_number
from kiosk.domain.model.place import has_door
from kiosk.domain.model.screen import Action, DoorMark, DrawnDoor, Offer, OpenDoor, Screen, ScreenKind, Side
from kiosk.domain.model.vacancy import Vacancy
from kiosk.domain.refusals import Refusal
from kiosk.domain.rules.cases import case_of
from kiosk.domain.state import State

_THE_SCREEN = DrawnDoor("", None)
_EMPTY = Screen(ScreenKind.HOME, "")
_PUTTING_IN = (DeliveryState.DEPOSITING, DeliveryState.UNCERTAIN)


def page(state: State, kind: ScreenKind, *offers: Offer, step: int | None = None) -> Screen:
    """A page with what stands on every one; `step` is which of the courier's four it belongs to."""
    return replace(
        _EMPTY,
        kind=kind,
        building=state.building.name,
        language=state.visit.language or state.building.languages[0],
        languages=state.building.languages,
        offers=offers,
        step=step,
        help_contact=state.building.help_contact,
        lost_banks=tuple(sorted(state.lost_banks)),
        is_out_of_reach=state.lost_banks.keys() >= set(state.layout.banks),
        messages_held_since_ms=state.messages_held_since_ms,
        bank_faults=tuple(_number(why) for _, why in sorted(state.lost_banks.items())),
        carrier=_carrier(state),
    )


def _number(why: str) -> str:
    """The number of the fault that a reason begins with."""
    word = why.partition(" ")[0]
    return word if word.startswith("LW-") else ""


def _carrier(state: State) -> str:
    session = state.active_session
    carrier = state.directory.carriers.get(session.carrier) if session and session.carrier else None
    return carrier.name if carrier else ""


def unit_label(state: State, unit: UnitId | None) -> str:
    """The unit as people know it; empty when the directory has none."""
    known = state.directory.units.get(unit) if unit else None
    return known.label if known else ""


def initials(state: State, unit: UnitId | None, named: ResidentId | None = None) -> str:
    """At most two initials of a unit: enough to see a slip of the finger, too little to learn a name.

    `named`: the one resident whose parcel it is.
    """
    members = state.directory.members(unit) if unit else ()
    members = tuple(person for person in members if named in (None, person.id))
    return ", ".join(sorted({f"{person.name[0].upper()}." for person in members if person.name})[:2])


def label(state: State, compartment: CompartmentId | None) -> str:
    """What stands on a door or a shelf, or the name of the desk."""
    return state.label_of(compartment) if compartment else ""


def case_label(state: State) -> str:
    """The number of what staff were told of here, in two groups of digits."""
    known = case_of(state)
    return spoken(case_number(known.id)) if known else ""


def spoken(number: str) -> str:
    """A number as people say it: in groups of three."""
    return " ".join(number[start : start + 3] for start in range(0, len(number), 3))


def open_doors(state: State) -> tuple[OpenDoor, ...]:
    """Doors that somebody has open, or left open, besides the one at hand."""
    elsewhere = {place for place in state.open_doors() if place != state.visit.compartment}
    if not elsewhere:
        return ()
    behind = (delivery for delivery in state.deliveries.values() if delivery.compartment in elsewhere)
    found = (_open_door(state, delivery) for delivery in behind)
    return tuple(sorted((one for one in found if one), key=lambda one: one.door))


def _open_door(state: State, delivery: Delivery) -> OpenDoor | None:
    is_drop_off = delivery.state in _PUTTING_IN
    if not is_drop_off and delivery.state is not DeliveryState.COLLECTING:
        return None
    unit = unit_label(state, delivery.unit) if is_drop_off else ""
    return OpenDoor(label(state, delivery.compartment), unit, is_drop_off)


# The door at hand


def at_door(state: State, screen: Screen, delivery: Delivery) -> Screen:
    """The page with a delivery's door and whom it is for."""
    placed = at_place(state, screen, delivery.compartment)
    return replace(
        placed,
        unit=unit_label(state, delivery.unit),
        initial=initials(state, delivery.unit, person_of(delivery.recipient)),
        size=delivery.size,
    )


def at_place(state: State, screen: Screen, compartment: CompartmentId | None) -> Screen:
    """The page with a door, where it is, and how it stands."""
    if compartment is None or not has_door(compartment):
        return screen
    place = state.place(compartment)
    pending = state.unlock_of(compartment)
    status = state.compartments.get(compartment)
    return replace(
        screen,
        door=place.label,
        side=_side(state, place),
        cabinet=_cabinet(state, compartment),
        pulses=pending.attempt if pending else 0,
        is_left_open=state.visit.open_calls > 0,
        open_calls=state.visit.open_calls,
        open_doors=open_doors(state),
        look_first=status is not None and status.vacancy in (Vacancy.PRESUMED, Vacancy.UNKNOWN),
    )


def door_opening(state: State, screen: Screen, compartment: CompartmentId) -> Screen:
    """A pulse is on its way to this door."""
    pending = state.unlock_of(compartment)
    can_push = (
        pending is not None
        and pending.sent_mono_ms is not None
        and 1 < pending.attempt < state.limits.pulses_at_most
    )
    return replace(screen, kind=ScreenKind.OPENING, offers=(Offer(Action.PUSH_AGAIN),) if can_push else ())


def out_of_sight(screen: Screen, kind: ScreenKind, *offers: Offer) -> Screen:
    """Unknown is neither open nor closed: the page says that nobody can see this door."""
    return replace(screen, kind=kind, notice=Refusal.DOOR_UNREACHABLE, offers=offers)


def _side(state: State, place: Compartment) -> Side:
    if place.column != state.layout.screen_column:
        return Side.RIGHT if place.column > state.layout.screen_column else Side.LEFT
    return Side.BELOW if place.row > state.layout.screen_row else Side.ABOVE


def _cabinet(state: State, yours: CompartmentId) -> tuple[tuple[DrawnDoor, ...], ...]:
    marks = {
        state.deliveries[one].compartment: DoorMark.DONE
        for one in state.visit.done
        if one in state.deliveries
    }
    marks |= dict.fromkeys(state.open_doors(), DoorMark.OPEN)
    marks[yours] = DoorMark.YOURS
    return tuple(
        tuple(
            _drawn(place.label, place.size, marks.get(place.id, DoorMark.PLAIN)) if place else _THE_SCREEN
            for place in column
        )
        for column in state.layout.columns
    )


@lru_cache(maxsize=1024)
def _drawn(label: str, size: SizeClass, mark: DoorMark) -> DrawnDoor:
    """A cabinet is drawn for every page of a door, and there are only so many drawings of one door."""
    return DrawnDoor(label, size, mark)
