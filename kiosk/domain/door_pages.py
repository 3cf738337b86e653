"""Pages at a door: what it does is read from the sensor and the delivery, never from what was asked for."""

from kiosk.domain.frozen import replace
from kiosk.domain.model.compartment import Condition, DoorState
from kiosk.domain.model.delivery import Delivery, DeliveryState
from kiosk.domain.model.place import has_door
from kiosk.domain.model.screen import Action, Offer, Screen, ScreenKind, ShownProof
from kiosk.domain.model.session import Step
from kiosk.domain.page_parts import (
    at_door,
    at_place,
    case_label,
    door_opening,
    out_of_sight,
    page,
    unit_label,
)
from kiosk.domain.place_pages import pickup_at_place, place_question, shown_place
from kiosk.domain.refusals import Refusal
from kiosk.domain.rules.custody import is_shared
from kiosk.domain.rules.openings import is_brief
from kiosk.domain.rules.parcels import can_correct
from kiosk.domain.rules.pickup import can_pass
from kiosk.domain.rules.staff import asked_about
from kiosk.domain.staff_pages import shown_parcel
from kiosk.domain.state import State

K, A = ScreenKind, Action

_NEXT, _FINISH = Offer(A.NEXT), Offer(A.FINISH)
_WRONG = tuple(Offer(one) for one in (A.NOT_IN_THERE, A.NOT_MINE, A.DAMAGED_TAKEN, A.DAMAGED_LEFT))
_INSIDE = (Offer(A.INSIDE_YES), Offer(A.INSIDE_NO))


# A courier's door


def drop_off_door(state: State) -> Screen:
    """The door of the delivery at hand; without one, the door that did not open."""
    visit = state.visit
    screen = page(state, K.OPENING, step=4)
    delivery = state.deliveries.get(visit.delivery) if visit.delivery else None
    if delivery is None:
        return replace(
            at_place(state, screen, visit.compartment),
            kind=K.JAMMED,
            unit=unit_label(state, visit.unit),
            offers=(Offer(A.ANOTHER_DOOR, is_main=True), _FINISH),
        )
    return _drop_off(state, at_door(state, screen, delivery), delivery)


def _drop_off(state: State, screen: Screen, delivery: Delivery) -> Screen:
    if state.unlock_of(delivery.compartment):
        return door_opening(state, screen, delivery.compartment)
    match delivery.state:
        case DeliveryState.RESERVED:
            return door_opening(state, screen, delivery.compartment)
        case DeliveryState.DEPOSITING:
            return _put_in(state, screen, delivery)
        case DeliveryState.STORED:
            return _stored(state, screen, delivery)
        case _:
            return question(state, screen, delivery)


def _put_in(state: State, screen: Screen, delivery: Delivery) -> Screen:
    is_expected = delivery.was_stored_here or is_shared(state, delivery)
    foreign = () if is_expected else (Offer(A.SOMETHING_INSIDE),)
    trouble = (*foreign, Offer(A.DOES_NOT_FIT), Offer(A.NOT_DEPOSITED))
    if state.door(delivery.compartment) is DoorState.UNKNOWN:
        return out_of_sight(screen, K.PUT_IN, _NEXT, _FINISH, *trouble)
    if state.door(delivery.compartment) is DoorState.CLOSED:
        return replace(screen, kind=K.PUT_IN, offers=(_NEXT,))
    return replace(screen, kind=K.PUT_IN, offers=(_NEXT, _FINISH, *trouble))


def _stored(state: State, screen: Screen, delivery: Delivery) -> Screen:
    proof = ShownProof(delivery.id, delivery.proof or "", screen.door, screen.unit)
    main = Offer(A.NEXT, is_main=True)
    if state.door(delivery.compartment) is DoorState.OPEN:
        return replace(screen, kind=K.PUT_IN, offers=(main, _FINISH))
    wrong = (Offer(A.WRONG_UNIT),) if can_correct(state, delivery) else ()
    return replace(screen, kind=K.STORED, offers=(main, _FINISH, Offer(A.REOPEN), *wrong), proofs=(proof,))


def question(state: State, screen: Screen, delivery: Delivery) -> Screen:
    """Whether the parcel of an interrupted drop-off is inside; yes only behind a door that is seen shut."""
    if not delivery.has_door:
        return place_question(state, screen, delivery)
    door = state.door(delivery.compartment)
    asked = _INSIDE if door is DoorState.CLOSED else _INSIDE[1:]
    if door is DoorState.UNKNOWN:
        return out_of_sight(screen, K.QUESTION, *asked, _NEXT, _FINISH)
    if door is DoorState.OPEN:
        notice = Refusal.CLOSE_THE_DOOR_FIRST
        return replace(screen, kind=K.QUESTION, notice=notice, offers=(_NEXT, _FINISH))
    if state.visit.step is Step.DROP_OFF_DOOR and is_brief(state, delivery.compartment):
        return replace(screen, kind=K.QUESTION, was_short=True, offers=(*asked, *_reopening(state), _FINISH))
    return replace(screen, kind=K.QUESTION, offers=(*asked, _NEXT, _FINISH))


# A resident's door


def pickup_door(state: State) -> Screen:
    """The parcel's door: opening, open, closed and asked about, or not opened."""
    visit = state.visit
    compartment = visit.compartment
    screen = replace(at_place(state, page(state, K.OPENING), compartment), place_of=_progress(state))
    delivery = state.deliveries.get(visit.delivery) if visit.delivery else None
    if compartment is None:
        return pickup_done(state)
    if not has_door(compartment):
        return pickup_at_place(state, screen, delivery) if delivery else pickup_done(state)
    if state.unlock_of(compartment):
        return door_opening(state, screen, compartment)
    passing = (_NEXT, _FINISH) if delivery and visit.waiting and can_pass(state, delivery) else (_FINISH,)
    match state.door(compartment):
        case DoorState.UNKNOWN:
            is_open = delivery is not None and delivery.state is DeliveryState.COLLECTING
            return out_of_sight(screen, K.TAKE_OUT if is_open else K.JAMMED, *passing)
        case DoorState.OPEN:
            can_pulse = delivery is not None and visit.found_open
            return replace(screen, kind=K.TAKE_OUT, offers=(Offer(A.REOPEN),) if can_pulse else ())
        case DoorState.CLOSED:
            return _pickup_shut(state, screen, delivery, passing)


def _pickup_shut(
    state: State, screen: Screen, delivery: Delivery | None, passing: tuple[Offer, ...]
) -> Screen:
    was_open = state.visit.closed_mono_ms is not None
    if delivery is None:
        if was_open:
            return pickup_done(state)
        return replace(screen, kind=K.JAMMED, offers=(*_reopening_collected(state, is_main=True), *passing))
    if not was_open:
        return replace(screen, kind=K.JAMMED, offers=(*_reopening(state, is_main=True), *passing))
    if state.visit.is_troubled:
        return replace(screen, kind=K.PICKUP_TROUBLE, offers=(*_WRONG, Offer(A.BACK)))
    left = (Offer(A.STILL_INSIDE), Offer(A.SOMETHING_WRONG))
    asked = (Offer(A.GOT_EVERYTHING, is_main=True), *_reopening(state), *left)
    was_short = delivery.state is DeliveryState.STORED or is_brief(state, delivery.compartment)
    return replace(screen, kind=K.GOT_EVERYTHING, was_short=was_short, offers=asked)


def _reopening(state: State, *, is_main: bool = False) -> tuple[Offer, ...]:
    """One more opening of a parcel's door, until it was opened too often."""
    is_left = state.visit.reopened < state.limits.reopens_at_most
    return (Offer(A.REOPEN, is_main=is_main),) if is_left else ()


def _progress(state: State) -> tuple[int, int] | None:
    visit = state.visit
    total = len(visit.done) + 1 + len(visit.waiting)
    return (len(visit.done) + 1, total) if total > 1 else None


def pickup_done(state: State) -> Screen:
    """The last page: nothing is left to open, the last door may be opened once more."""
    offers = (Offer(A.FINISH, is_main=True), *_reopening_collected(state))
    told = replace(page(state, K.PICKUP_DONE, *offers), case=_told_case(state))
    place = state.visit.compartment
    if place is not None and not has_door(place):
        return replace(told, place=shown_place(state, place))
    return at_place(state, told, state.visit.compartment)


def _told_case(state: State) -> str:
    """Of what this person said only: what else is amiss at the door is not theirs to hear."""
    return case_label(state) if state.visit.case else ""


def _reopening_collected(state: State, *, is_main: bool = False) -> tuple[Offer, ...]:
    """One more opening of a door whose parcel was collected, until it is given out or out of sight."""
    entry = state.reopenings.get(state.visit.compartment) if state.visit.compartment else None
    if entry is None or state.door(entry.compartment) is DoorState.UNKNOWN:
        return ()
    return (Offer(A.REOPEN, is_main=is_main),) if entry.count < state.limits.reopens_at_most else ()


# A door that staff look behind


def staff_door(state: State) -> Screen:
    """Opening, open to be looked into, then what was seen."""
    compartment = state.visit.compartment
    screen = at_place(state, page(state, K.OPENING), compartment)
    if compartment is None:
        return replace(screen, kind=K.JAMMED, offers=(Offer(A.BACK, is_main=True),))
    inside = state.deliveries_in(compartment)
    screen = replace(screen, unit=unit_label(state, inside[0].unit) if inside else "")
    asked = asked_about(state)
    if asked and len(inside) > 1:
        screen = replace(screen, stored=(shown_parcel(state, asked),))
    if state.unlock_of(compartment):
        return door_opening(state, screen, compartment)
    match state.door(compartment):
        case DoorState.UNKNOWN:
            return out_of_sight(screen, K.JAMMED, Offer(A.BACK, is_main=True))
        case DoorState.OPEN:
            is_held = state.compartments[compartment].condition is Condition.HELD_OPEN
            return replace(screen, kind=K.STAFF_LOOK, offers=(Offer(A.BACK),) if is_held else ())
        case DoorState.CLOSED if state.visit.closed_mono_ms is None:
            return replace(screen, kind=K.JAMMED, offers=(Offer(A.BACK, is_main=True),))
        case DoorState.CLOSED:
            parcel = (Offer(A.FOUND_PARCEL),) if inside else ()
            offers = (Offer(A.FOUND_EMPTY), *parcel, Offer(A.FOUND_FOREIGN))
            return replace(screen, kind=K.STAFF_SETTLE, offers=offers)
