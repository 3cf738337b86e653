"""Pages of staff about parcels and cases."""

from kiosk.domain.frozen import replace
from kiosk.domain.hold_page import NO_MORE
from kiosk.domain.model.compartment import Condition, DoorState
from kiosk.domain.model.delivery import Delivery, DeliveryState, RemovalWay
from kiosk.domain.model.ids import CompartmentId, DeliveryId
from kiosk.domain.model.incident import case_number
from kiosk.domain.model.key_use import OpeningAnswer
from kiosk.domain.model.screen import Action, Offer, Screen, ScreenKind, ShownCase, StoredParcel
from kiosk.domain.page_parts import at_door, door_opening, label, out_of_sight, page, spoken, unit_label
from kiosk.domain.rules.cases import cases
from kiosk.domain.rules.code_copies import parcels_of_cases, why_no_copy
from kiosk.domain.rules.disposal import is_mail, is_manager
from kiosk.domain.rules.holds import DAYS
from kiosk.domain.rules.staff import is_in_use
from kiosk.domain.rules.staff_parcels import parcels, remarks
from kiosk.domain.rules.taking_out import chosen, was_open
from kiosk.domain.state import State

K, A = ScreenKind, Action
_BACK = Offer(A.BACK)


def shown_cases(state: State) -> tuple[ShownCase, ...]:
    """What staff have to see to."""
    again = parcels_of_cases(state)
    return tuple(
        ShownCase(
            incident=one.id,
            number=spoken(case_number(one.id)),
            kind=one.kind,
            door=label(state, one.compartment),
            unit=_unit_of(state, one.delivery),
            again=one.delivery if one.delivery in again else "",
        )
        for one in cases(state)
    )


def _unit_of(state: State, delivery: DeliveryId | None) -> str:
    known = state.deliveries.get(delivery) if delivery else None
    return unit_label(state, known.unit) if known else ""


def staff_cases(state: State) -> Screen:
    """Each case with its number, to be closed by a touch."""
    shown = shown_cases(state)
    done = (Offer(A.CASE_DONE, one.incident) for one in shown)
    again = dict.fromkeys(Offer(A.SEND_AGAIN, one.again) for one in shown if one.again)
    return replace(page(state, K.STAFF_CASES, *done, *again, _BACK), cases=shown)


def staff_key(state: State, asked: tuple[CompartmentId, ...]) -> Screen:
    """The first door in question: who opened it, and why; `place_of` says how many there are."""
    answers = (Offer(A.KEY_ANSWER, f"{asked[0]}/{answer}") for answer in OpeningAnswer)
    made = page(state, K.STAFF_KEY, *answers, Offer(A.FINISH))
    return replace(made, door=label(state, asked[0]), place_of=(1, len(asked)))


def staff_parcels(state: State) -> Screen:
    """Each parcel, to be chosen by a touch."""
    shown = tuple(shown_parcel(state, one) for one in parcels(state))
    each = (Offer(A.PARCEL, one.delivery) for one in shown)
    return replace(page(state, K.STAFF_PARCELS, *each, _BACK), stored=shown)


def shown_parcel(state: State, parcel: Delivery) -> StoredParcel:
    """A parcel with what is to be said of it."""
    carrier = state.directory.carriers.get(parcel.carrier)
    return StoredParcel(
        delivery=parcel.id,
        compartment=parcel.compartment,
        door=label(state, parcel.compartment),
        unit=unit_label(state, parcel.unit),
        carrier=carrier.name if carrier else parcel.carrier,
        stored_at_ms=parcel.stored_at_ms,
        remarks=remarks(state, parcel),
        disposal_from_ms=parcel.disposal_from_ms,
        held_until_ms=parcel.held_until_ms,
    )


def staff_parcel(state: State) -> Screen:
    """What may be done with one parcel now."""
    parcel = chosen(state)
    if parcel is None:
        return staff_parcels(state)
    made = page(state, K.STAFF_PARCEL, *_offers(state, parcel), _BACK)
    return replace(made, stored=(shown_parcel(state, parcel),))


def _offers(state: State, parcel: Delivery) -> tuple[Offer, ...]:
    is_reachable = state.door(parcel.compartment) is not DoorState.UNKNOWN
    can_open = is_reachable and not is_in_use(state, parcel.compartment)
    look = (Offer(A.STAFF_OPEN, parcel.compartment),) if can_open else ()
    if parcel.state is not DeliveryState.STORED:
        return look
    out = (Offer(A.TAKE_OUT, RemovalWay.TO_CARRIER), Offer(A.TAKE_OUT, RemovalWay.TO_DESK), Offer(A.MOVE))
    days = NO_MORE if parcel.held_until_ms is not None else str(max(DAYS))
    keep = (Offer(A.HOLD, days),)
    return (
        *look,
        *(out if can_open else ()),
        *keep,
        *_copies(parcel),
        *_disposal(state, parcel, can_open=can_open),
    )


def _copies(parcel: Delivery) -> tuple[Offer, ...]:
    """The code once more, or another one, for a recipient who asks staff."""
    return () if why_no_copy(parcel) else (Offer(A.SEND_AGAIN, parcel.id), Offer(A.NEW_CODE, parcel.id))


def _disposal(state: State, parcel: Delivery, *, can_open: bool) -> tuple[Offer, ...]:
    session = state.active_session
    if is_mail(parcel.carrier) or not is_manager(state, session.staff if session else None):
        return ()
    if parcel.disposal_from_ms is None:
        return (Offer(A.ANNOUNCE_DISPOSAL),)
    return (Offer(A.TAKE_OUT, RemovalWay.DISPOSED),) if can_open else ()


# At a door


def staff_take(state: State) -> Screen:
    """The parcel's door, or its new one: opening, open, then what became of the parcel."""
    visit, parcel = state.visit, chosen(state)
    if parcel is None:
        return staff_parcels(state)
    screen = replace(at_door(state, page(state, K.OPENING), parcel), way=visit.way, size=None)
    if state.unlock_of(parcel.compartment):
        return door_opening(state, screen, parcel.compartment)
    match state.door(parcel.compartment):
        case DoorState.UNKNOWN:
            return out_of_sight(screen, K.JAMMED, *_ways_out(state))
        case DoorState.OPEN:
            is_held = state.compartments[parcel.compartment].condition is Condition.HELD_OPEN
            kind = K.STAFF_PUT if visit.is_second_door else K.STAFF_TAKE
            offers = (_BACK,) if is_held and not visit.is_second_door else ()
            return replace(screen, kind=kind, offers=offers)
        case DoorState.CLOSED if was_open(state, parcel):
            return replace(screen, kind=K.STAFF_TAKEN, offers=_answers(state))
        case DoorState.CLOSED:
            return replace(screen, kind=K.JAMMED, offers=(Offer(A.REOPEN, is_main=True), *_ways_out(state)))


def _ways_out(state: State) -> tuple[Offer, ...]:
    """Of a door that did not open: with the parcel in hand, another one or the desk."""
    if not state.visit.is_second_door:
        return (_BACK,)
    return (Offer(A.ANOTHER_DOOR), Offer(A.TAKE_OUT, RemovalWay.TO_DESK))


def _answers(state: State) -> tuple[Offer, ...]:
    again, desk = Offer(A.REOPEN), Offer(A.TAKE_OUT, RemovalWay.TO_DESK)
    if state.visit.is_second_door:
        return (Offer(A.PUT_IT_IN, is_main=True), again, Offer(A.ANOTHER_DOOR), desk)
    ways = (desk,) if state.visit.way is None else ()
    return (Offer(A.TOOK_IT, is_main=True), again, Offer(A.LEFT_IT), Offer(A.NOT_THERE), *ways)
