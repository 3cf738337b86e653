"""`screen(state) -> Screen`: what the person at the panel is shown now. The same state, the same page."""

from dataclasses import replace

from kiosk.domain.allocation import free_of
from kiosk.domain.limits import SECOND_MS
from kiosk.domain.model.compartment import Compartment, Condition, DoorState
from kiosk.domain.model.delivery import Delivery, DeliveryState
from kiosk.domain.model.ids import CompartmentId, UnitId
from kiosk.domain.model.screen import (
    Action,
    DoorMark,
    DrawnDoor,
    Offer,
    OfferedSize,
    OpenDoor,
    Screen,
    ScreenKind,
    ShownProof,
    Side,
    StaffTask,
)
from kiosk.domain.model.session import Step
from kiosk.domain.model.vacancy import Vacancy
from kiosk.domain.rules.staff import is_in_use, tasks
from kiosk.domain.state import State

K, A = ScreenKind, Action


def screen(state: State) -> Screen:
    """The page of the present visit."""
    page = _PAGES[state.visit.step](state)
    offers = page.offers if page.kind is K.HELP else (*page.offers, Offer(A.HELP))
    is_warned = state.visit.is_warned
    return replace(
        page,
        offers=(*offers, Offer(A.STAY)) if is_warned else offers,
        notice=page.notice or state.visit.notice,
        warning_s=state.limits.idle_warning_ms // SECOND_MS if is_warned else None,
    )


def _page(state: State, kind: ScreenKind, *offers: Offer) -> Screen:
    return Screen(
        kind=kind,
        building=state.building.name,
        language=state.visit.language or state.building.languages[0],
        languages=state.building.languages,
        offers=offers,
        help_contact=state.building.help_contact,
        lost_banks=tuple(sorted(state.lost_banks)),
        carrier=_carrier(state),
    )


def _carrier(state: State) -> str:
    session = state.active_session
    carrier = state.directory.carriers.get(session.carrier) if session and session.carrier else None
    return carrier.name if carrier else ""


# Pages without a door


def _home(state: State) -> Screen:
    languages = tuple(Offer(A.LANGUAGE, tag) for tag in state.building.languages)
    page = _page(state, K.HOME, Offer(A.PICK_UP, is_main=True), Offer(A.DELIVER), *languages, Offer(A.STAFF))
    return replace(page, sizes=_sizes(state), open_doors=_left_behind(state))


def _sizes(state: State) -> tuple[OfferedSize, ...]:
    specs = state.layout.sizes
    built = {place.size for place in state.layout.compartments.values()}
    return tuple(
        OfferedSize(size, spec.width_mm, spec.height_mm, spec.depth_mm, len(free_of(state, size)))
        for size, spec in sorted(specs.items(), key=lambda item: item[0].rank)
        if size in built
    )


def _left_behind(state: State) -> tuple[OpenDoor, ...]:
    left = []
    for delivery in state.deliveries.values():
        is_drop_off = delivery.state is DeliveryState.DEPOSITING
        if not is_drop_off and delivery.state is not DeliveryState.COLLECTING:
            continue
        if state.door(delivery.compartment) is DoorState.OPEN:
            unit = _unit(state, delivery.unit) if is_drop_off else ""
            left.append(OpenDoor(state.place(delivery.compartment).label, unit, is_drop_off))
    return tuple(left)


def _unit(state: State, unit: UnitId | None) -> str:
    known = state.directory.units.get(unit) if unit else None
    return known.label if known else ""


def _initial(state: State, unit: UnitId | None) -> str:
    members = state.directory.members(unit) if unit else ()
    return ", ".join(sorted({f"{person.name[0].upper()}." for person in members if person.name})[:2])


def _carrier_code(state: State) -> Screen:
    page = _page(
        state, K.CARRIER_CODE, Offer(A.CARRIER_CODE, is_main=True), Offer(A.FIRST_TIME), Offer(A.BACK)
    )
    return replace(page, step=1, digits=6)


def _first_time(state: State) -> Screen:
    return _page(state, K.FIRST_TIME, Offer(A.BACK, is_main=True))


def _code(state: State) -> Screen:
    page = _page(state, K.CODE, Offer(A.CODE, is_main=True), Offer(A.BACK))
    return replace(page, digits=12 if state.visit.needs_more_digits else 8)


def _question(state: State) -> Screen:
    delivery = state.deliveries.get(state.visit.delivery) if state.visit.delivery else None
    if delivery is None:
        return _unit_page(state)
    page = _page(state, K.QUESTION, Offer(A.INSIDE_YES), Offer(A.INSIDE_NO), Offer(A.FINISH))
    return _at(state, page, delivery)


def _unit_page(state: State) -> Screen:
    labels = tuple(sorted(unit.label.upper() for unit in state.directory.units.values()))
    letters = tuple(sorted({sign for label in labels for sign in label if not sign.isdigit()}))
    page = _page(state, K.UNIT, Offer(A.UNIT, is_main=True), Offer(A.FINISH), Offer(A.BACK))
    return replace(page, step=2, keys=letters, unit_labels=labels)


def _size_page(state: State) -> Screen:
    sizes = _sizes(state)
    offers = tuple(Offer(A.SIZE, one.size.value) for one in sizes if one.free)
    page = _page(state, K.SIZE, *offers, Offer(A.BACK))
    unit = state.visit.unit
    return replace(page, step=3, sizes=sizes, unit=_unit(state, unit), initial=_initial(state, unit))


def _help(state: State) -> Screen:
    page = _page(state, K.HELP, Offer(A.BACK, is_main=True))
    return replace(page, door=_label(state, state.visit.compartment))


def _proof(state: State) -> Screen:
    page = _page(state, K.PROOF, Offer(A.FINISH, is_main=True), Offer(A.NEXT))
    return replace(page, proofs=_proofs(state))


def _proofs(state: State) -> tuple[ShownProof, ...]:
    stored = (state.deliveries.get(one) for one in state.visit.done)
    return tuple(
        ShownProof(one.id, one.proof, _label(state, one.compartment), _unit(state, one.unit))
        for one in stored
        if one and one.proof
    )


def _label(state: State, compartment: CompartmentId | None) -> str:
    return state.place(compartment).label if compartment else ""


# Pages at a door


def _at(state: State, page: Screen, delivery: Delivery) -> Screen:
    placed = _placed(state, page, delivery.compartment)
    initial = _initial(state, delivery.unit)
    return replace(placed, unit=_unit(state, delivery.unit), initial=initial, size=delivery.size)


def _placed(state: State, page: Screen, compartment: CompartmentId | None) -> Screen:
    if compartment is None:
        return page
    place = state.place(compartment)
    pending = state.unlock_of(compartment)
    status = state.compartments[compartment]
    return replace(
        page,
        door=place.label,
        side=_side(state, place),
        cabinet=_cabinet(state, compartment),
        pulses=pending.attempt if pending else 0,
        is_left_open=state.visit.is_left_open,
        look_first=status.vacancy is Vacancy.PRESUMED,
    )


def _side(state: State, place: Compartment) -> Side:
    if place.column != state.layout.screen_column:
        return Side.RIGHT if place.column > state.layout.screen_column else Side.LEFT
    return Side.BELOW if place.row > state.layout.screen_row else Side.ABOVE


def _cabinet(state: State, yours: CompartmentId) -> tuple[tuple[DrawnDoor, ...], ...]:
    done = {state.deliveries[one].compartment for one in state.visit.done if one in state.deliveries}
    cells: dict[int, dict[int, DrawnDoor]] = {
        state.layout.screen_column: {state.layout.screen_row: DrawnDoor("", None)}
    }
    for place in state.layout.compartments.values():
        mark = _mark(state, place.id, yours, is_done=place.id in done)
        cells.setdefault(place.column, {})[place.row] = DrawnDoor(place.label, place.size, mark)
    return tuple(tuple(cells[column][row] for row in sorted(cells[column])) for column in sorted(cells))


def _mark(state: State, place: CompartmentId, yours: CompartmentId, *, is_done: bool) -> DoorMark:
    if place == yours:
        return DoorMark.YOURS
    if state.door(place) is DoorState.OPEN:
        return DoorMark.OPEN
    return DoorMark.DONE if is_done else DoorMark.PLAIN


def _opening(state: State, page: Screen) -> Screen:
    pending = state.unlock_of(state.visit.compartment) if state.visit.compartment else None
    can_push = pending is not None and 1 < pending.attempt < state.limits.pulses_at_most
    return replace(page, kind=K.OPENING, offers=(Offer(A.PUSH_AGAIN),) if can_push else ())


def _drop_off_door(state: State) -> Screen:
    visit = state.visit
    page = replace(_page(state, K.OPENING), step=4)
    delivery = state.deliveries.get(visit.delivery) if visit.delivery else None
    if delivery is None:
        return replace(
            _placed(state, page, visit.compartment),
            kind=K.JAMMED,
            unit=_unit(state, visit.unit),
            offers=(Offer(A.ANOTHER_DOOR, is_main=True), Offer(A.FINISH)),
        )
    return _drop_off_state(state, _at(state, page, delivery), delivery)


def _drop_off_state(state: State, page: Screen, delivery: Delivery) -> Screen:
    match delivery.state:
        case DeliveryState.RESERVED:
            return _opening(state, page)
        case DeliveryState.DEPOSITING:
            held = (Offer(A.NEXT), Offer(A.FINISH)) if _is_held(state, delivery) else ()
            return replace(page, kind=K.PUT_IN, offers=(*held, Offer(A.DOES_NOT_FIT), Offer(A.NOT_DEPOSITED)))
        case DeliveryState.STORED if state.unlock_of(delivery.compartment):
            return _opening(state, page)
        case DeliveryState.STORED:
            return _stored(page, delivery)
        case _:
            asked = (Offer(A.INSIDE_YES), Offer(A.INSIDE_NO), Offer(A.NEXT), Offer(A.FINISH))
            return replace(page, kind=K.QUESTION, offers=asked)


def _stored(page: Screen, delivery: Delivery) -> Screen:
    proof = ShownProof(delivery.id, delivery.proof or "", page.door, page.unit)
    offers = (Offer(A.NEXT, is_main=True), Offer(A.FINISH), Offer(A.REOPEN))
    return replace(page, kind=K.STORED, offers=offers, proofs=(proof,))


def _is_held(state: State, delivery: Delivery) -> bool:
    return state.compartments[delivery.compartment].condition is Condition.HELD_OPEN


def _pickup_door(state: State) -> Screen:
    visit = state.visit
    page = _placed(state, _page(state, K.OPENING), visit.compartment)
    page = replace(page, place_of=_progress(state))
    delivery = state.deliveries.get(visit.delivery) if visit.delivery else None
    compartment = visit.compartment
    if compartment and state.unlock_of(compartment):
        return _opening(state, page)
    if compartment and state.door(compartment) is not DoorState.CLOSED:
        return replace(page, kind=K.TAKE_OUT)
    if visit.closed_mono_ms is None and (delivery is None or delivery.state is DeliveryState.STORED):
        return replace(page, kind=K.JAMMED, offers=(Offer(A.REOPEN, is_main=True), Offer(A.FINISH)))
    if delivery is None:
        return _pickup_done(state)
    return replace(
        page,
        kind=K.GOT_EVERYTHING,
        was_short=delivery.state is DeliveryState.STORED,
        offers=(Offer(A.GOT_EVERYTHING, is_main=True), Offer(A.REOPEN), Offer(A.STILL_INSIDE)),
    )


def _progress(state: State) -> tuple[int, int] | None:
    visit = state.visit
    total = len(visit.done) + 1 + len(visit.waiting)
    return (len(visit.done) + 1, total) if total > 1 else None


def _pickup_done(state: State) -> Screen:
    visit = state.visit
    can_reopen = visit.compartment in state.reopenings and visit.reopened < state.limits.reopens_at_most
    reopen = (Offer(A.REOPEN),) if can_reopen else ()
    page = _page(state, K.PICKUP_DONE, Offer(A.FINISH, is_main=True), *reopen)
    return _placed(state, page, visit.compartment)


# Staff


def _staff_sign_in(state: State) -> Screen:
    return replace(_page(state, K.STAFF_SIGN_IN, Offer(A.STAFF_PIN, is_main=True), Offer(A.BACK)), digits=8)


def _staff_list(state: State) -> Screen:
    found = tuple(
        StaffTask(
            compartment=task.compartment,
            door=state.place(task.compartment).label,
            why=task.why,
            unit=_unit(state, task.delivery.unit) if task.delivery else "",
            is_in_use=is_in_use(state, task.compartment),
        )
        for task in tasks(state)
    )
    offers = tuple(Offer(A.STAFF_OPEN, task.compartment) for task in found if not task.is_in_use)
    return replace(_page(state, K.STAFF_LIST, *offers, Offer(A.FINISH)), tasks=found)


def _staff_door(state: State) -> Screen:
    compartment = state.visit.compartment
    page = _placed(state, _page(state, K.OPENING), compartment)
    inside = state.deliveries_in(compartment) if compartment else ()
    page = replace(page, unit=_unit(state, inside[0].unit) if inside else "")
    if compartment and state.unlock_of(compartment):
        return _opening(state, page)
    if compartment and state.door(compartment) is not DoorState.CLOSED:
        return replace(page, kind=K.STAFF_LOOK)
    if state.visit.closed_mono_ms is None:
        return replace(page, kind=K.JAMMED, offers=(Offer(A.BACK, is_main=True),))
    parcel = (Offer(A.FOUND_PARCEL),) if inside else ()
    offers = (Offer(A.FOUND_EMPTY), *parcel, Offer(A.FOUND_FOREIGN))
    return replace(page, kind=K.STAFF_SETTLE, offers=offers)


_PAGES = {
    Step.HOME: _home,
    Step.CARRIER_CODE: _carrier_code,
    Step.FIRST_TIME: _first_time,
    Step.QUESTION: _question,
    Step.UNIT: _unit_page,
    Step.SIZE: _size_page,
    Step.DROP_OFF_DOOR: _drop_off_door,
    Step.PROOF: _proof,
    Step.CODE: _code,
    Step.PICKUP_DOOR: _pickup_door,
    Step.PICKUP_DONE: _pickup_done,
    Step.HELP: _help,
    Step.STAFF_SIGN_IN: _staff_sign_in,
    Step.STAFF_LIST: _staff_list,
    Step.STAFF_DOOR: _staff_door,
}
