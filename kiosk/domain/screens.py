"""`screen(state) -> Screen`: what the person at the panel is shown now. The same state, the same page."""

from collections import Counter

from kiosk.domain import place_pages
from kiosk.domain.allocation import free
from kiosk.domain.courier_pages import find_name, matches, parcels, unit_page
from kiosk.domain.door_pages import drop_off_door, pickup_done, pickup_door, question, staff_door
from kiosk.domain.frozen import replace
from kiosk.domain.hold_page import hold_page
from kiosk.domain.limits import SECOND_MS
from kiosk.domain.lookalikes import lookalikes
from kiosk.domain.model.compartment import DoorState
from kiosk.domain.model.delivery import DeliveryState
from kiosk.domain.model.place import OverflowWhy
from kiosk.domain.model.screen import (
    Action,
    Offer,
    OfferedSize,
    Screen,
    ScreenKind,
    ShownProof,
    StaffTask,
)
from kiosk.domain.model.session import Step
from kiosk.domain.page_parts import (
    at_door,
    case_label,
    initials,
    label,
    open_doors,
    page,
    unit_label,
)
from kiosk.domain.refusals import Refusal
from kiosk.domain.rescue_page import locked_in
from kiosk.domain.rules.code_copies import own_parcel
from kiosk.domain.rules.key_use import questions
from kiosk.domain.rules.parts import failing
from kiosk.domain.rules.sharing import door_for_more
from kiosk.domain.rules.staff import is_in_use, tasks
from kiosk.domain.staff_pages import (
    shown_cases,
    staff_cases,
    staff_key,
    staff_parcel,
    staff_parcels,
    staff_take,
)
from kiosk.domain.state import State

K, A = ScreenKind, Action
_HELP = Offer(A.HELP)


def screen(state: State) -> Screen:
    """The page of the present visit."""
    made = _PAGES[state.visit.step](state)
    offers = made.offers if made.kind is K.HELP else (*made.offers, _HELP)
    is_warned = state.visit.is_warned
    return replace(
        made,
        offers=(*offers, Offer(A.STAY)) if is_warned else offers,
        notice=_notice(state, made),
        saying=state.visit.saying,
        warning_s=state.limits.idle_warning_ms // SECOND_MS if is_warned else None,
    )


def _notice(state: State, made: Screen) -> Refusal | None:
    """What was answered last, unless it is about a door that nobody can see any more."""
    said = state.visit.notice
    is_out_of_sight = made.notice is Refusal.DOOR_UNREACHABLE
    return made.notice if is_out_of_sight and said is Refusal.CLOSE_THE_DOOR_FIRST else said or made.notice


def _home(state: State) -> Screen:
    languages = tuple(Offer(A.LANGUAGE, tag) for tag in state.building.languages)
    made = page(state, K.HOME, Offer(A.PICK_UP, is_main=True), Offer(A.DELIVER), *languages, Offer(A.STAFF))
    return replace(made, sizes=_sizes(state), open_doors=open_doors(state))


def _sizes(state: State) -> tuple[OfferedSize, ...]:
    specs = state.layout.sizes
    built = {place.size for place in state.layout.compartments.values()}
    left = Counter(place.size for place in free(state))
    return tuple(
        OfferedSize(size, spec.width_mm, spec.height_mm, spec.depth_mm, left[size])
        for size, spec in sorted(specs.items(), key=lambda item: item[0].rank)
        if size in built
    )


def _help(state: State) -> Screen:
    is_busy = state.active_session or state.visit.case
    keep = () if is_busy else (Offer(A.ASK_TO_HOLD),)
    danger = (Offer(A.LOCKED_IN),) if state.layout.large else ()
    own = own_parcel(state)
    new_code = (Offer(A.NEW_CODE, own.id),) if own else ()
    made = page(state, K.HELP, Offer(A.BACK, is_main=True), Offer(A.CALL_STAFF), *danger, *keep, *new_code)
    return replace(made, door=label(state, state.visit.compartment), case=case_label(state))


# Couriers


def _carrier_code(state: State) -> Screen:
    offers = (Offer(A.CARRIER_CODE, is_main=True), Offer(A.FIRST_TIME), Offer(A.BACK))
    made = page(state, K.CARRIER_CODE, *offers, step=1)
    return replace(made, digits=6, is_resuming=state.aside is not None)


def _first_time(state: State) -> Screen:
    return page(state, K.FIRST_TIME, Offer(A.BACK, is_main=True))


def _question(state: State) -> Screen:
    delivery = state.deliveries.get(state.visit.delivery) if state.visit.delivery else None
    if delivery is None or delivery.state is not DeliveryState.UNCERTAIN:
        return unit_page(state)
    return question(state, at_door(state, page(state, K.QUESTION), delivery), delivery)


def _size_page(state: State) -> Screen:
    sizes, unit = _sizes(state), state.visit.unit
    offers = tuple(Offer(A.SIZE, one.size.value) for one in _on_offer(sizes))
    session = state.active_session
    more = door_for_more(state, session.id, unit) if session and unit else None
    others = (
        *((Offer(A.ADD_TO),) if more else ()),
        Offer(A.FITS_NOWHERE, OverflowWhy.TOO_LARGE.value),
        Offer(A.NEEDS_PERSON),
    )
    return replace(
        page(state, K.SIZE, *offers, *others, Offer(A.BACK), step=3),
        sizes=sizes,
        unit=unit_label(state, unit),
        initial=initials(state, unit, state.visit.resident),
        add_to=more.label if more else "",
        lookalikes=lookalikes(state.directory.labels, unit_label(state, unit)),
        notice=None if any(one.free for one in sizes) else Refusal.NOTHING_FREE,
        open_doors=open_doors(state),
    )


def _on_offer(sizes: tuple[OfferedSize, ...]) -> tuple[OfferedSize, ...]:
    """Sizes with one free, and full ones with nothing larger free: what is chosen then goes elsewhere."""
    largest = max((one.size.rank for one in sizes if one.free), default=-1)
    return tuple(one for one in sizes if one.free or one.size.rank > largest)


def _proof(state: State) -> Screen:
    made = page(state, K.PROOF, Offer(A.FINISH, is_main=True), Offer(A.NEXT))
    return replace(made, proofs=_proofs(state), open_doors=open_doors(state))


def _proofs(state: State) -> tuple[ShownProof, ...]:
    known = (state.deliveries.get(one) for one in state.visit.done)
    return tuple(
        ShownProof(one.id, one.proof, label(state, one.compartment), unit_label(state, one.unit))
        for one in known
        if one and one.proof and one.state is DeliveryState.STORED
    )


# Residents


def _code(state: State) -> Screen:
    made = page(state, K.CODE, Offer(A.CODE, is_main=True), Offer(A.BACK))
    return replace(made, digits=12 if state.visit.needs_more_digits else 8)


# Staff


def _staff_sign_in(state: State) -> Screen:
    return replace(page(state, K.STAFF_SIGN_IN, Offer(A.STAFF_PIN, is_main=True), Offer(A.BACK)), digits=8)


def _staff_list(state: State) -> Screen:
    if asked := questions(state):
        return staff_key(state, asked)
    found = tuple(
        StaffTask(
            compartment=task.compartment,
            door=label(state, task.compartment),
            why=task.why,
            unit=unit_label(state, task.delivery.unit) if task.delivery else "",
            is_in_use=is_in_use(state, task.compartment),
            is_out_of_sight=state.door(task.compartment) is DoorState.UNKNOWN,
        )
        for task in tasks(state)
    )
    ready = (task for task in found if not (task.is_in_use or task.is_out_of_sight))
    offers = tuple(Offer(A.STAFF_OPEN, task.compartment) for task in ready)
    at_places = place_pages.staff_places(state).placed
    places = (Offer(A.PLACES),) if at_places or state.building.overflow.has_places else ()
    made = page(state, K.STAFF_LIST, *offers, Offer(A.ALL_PARCELS), Offer(A.CASES), *places, Offer(A.FINISH))
    return replace(made, tasks=found, cases=shown_cases(state), placed=at_places, failing=failing(state))


_PAGES = {
    Step.HOME: _home,
    Step.CARRIER_CODE: _carrier_code,
    Step.FIRST_TIME: _first_time,
    Step.QUESTION: _question,
    Step.UNIT: unit_page,
    Step.FIND_NAME: find_name,
    Step.MATCHES: matches,
    Step.SIZE: _size_page,
    Step.NEEDS_PERSON: place_pages.needs_person,
    Step.OVERFLOW: place_pages.overflow,
    Step.PLACE: place_pages.at_place,
    Step.KEPT: place_pages.kept,
    Step.STAFF_PLACES: place_pages.staff_places,
    Step.STAFF_PLACED: place_pages.staff_placed,
    Step.PARCELS: parcels,
    Step.DROP_OFF_DOOR: drop_off_door,
    Step.PROOF: _proof,
    Step.CODE: _code,
    Step.PICKUP_DOOR: pickup_door,
    Step.PICKUP_DONE: pickup_done,
    Step.HOLD: hold_page,
    Step.HELP: _help,
    Step.LOCKED_IN: locked_in,
    Step.STAFF_SIGN_IN: _staff_sign_in,
    Step.STAFF_LIST: _staff_list,
    Step.STAFF_DOOR: staff_door,
    Step.STAFF_CASES: staff_cases,
    Step.STAFF_PARCELS: staff_parcels,
    Step.STAFF_PARCEL: staff_parcel,
    Step.STAFF_TAKE: staff_take,
}
