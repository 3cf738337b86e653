"""Staff take a parcel out: back to its carrier, to the desk, disposed of, or behind another door."""

from kiosk.domain import events as e
from kiosk.domain.allocation import allocate, larger_than
from kiosk.domain.draft import Draft
from kiosk.domain.frozen import replace
from kiosk.domain.model.compartment import Compartment, DoorState
from kiosk.domain.model.delivery import Delivery, DeliveryState, RemovalWay
from kiosk.domain.model.session import Session, Step
from kiosk.domain.model.unlock import UnlockPurpose
from kiosk.domain.model.vacancy import VacancyFact
from kiosk.domain.refusals import Refusal
from kiosk.domain.rules.custody import clear_doubt, keep, staff_name
from kiosk.domain.rules.disposal import why_not_disposed
from kiosk.domain.rules.refused import for_parcel
from kiosk.domain.rules.removal import Removal, not_found, remove, store_moved
from kiosk.domain.rules.sessions import at_door
from kiosk.domain.rules.staff import is_in_use
from kiosk.domain.rules.unlocking import authorise
from kiosk.domain.staff_touches import AnswerTaking, Taken, TakeOut
from kiosk.domain.state import State


def chosen(state: State) -> Delivery | None:
    """The parcel that the staff's page is about."""
    return state.deliveries.get(state.visit.delivery) if state.visit.delivery else None


def take_out(draft: Draft, session: Session, fact: TakeOut) -> Refusal | None:
    """Open its door to take it out. With the parcel in hand already, the desk is where it ends."""
    parcel, step = chosen(draft.state), draft.state.visit.step
    if parcel is None:
        return Refusal.NOT_NOW
    if step is Step.STAFF_TAKE and fact.way is RemovalWay.TO_DESK and can_answer(draft.state, parcel):
        return _bring_to_desk(draft, parcel)
    if step is not Step.STAFF_PARCEL or parcel.state is not DeliveryState.STORED:
        return Refusal.NOT_NOW
    if fact.way is RemovalWay.DISPOSED and (why := why_not_disposed(draft, session.staff, parcel)):
        return draft.notice(for_parcel(draft, why, parcel))
    return _open(draft, session, parcel, fact.way)


def move(draft: Draft, session: Session) -> Refusal | None:
    """Open its door to carry it to another one, if there is one."""
    parcel = chosen(draft.state)
    if draft.state.visit.step is not Step.STAFF_PARCEL or parcel is None:
        return Refusal.NOT_NOW
    if parcel.state is not DeliveryState.STORED:
        return Refusal.NOT_NOW
    if other_door(draft.state, parcel) is None:
        return draft.notice(Refusal.NOTHING_FREE)
    return _open(draft, session, parcel, None)


def other_door(state: State, parcel: Delivery) -> Compartment | None:
    """A free compartment as large as the one it is in, or larger."""
    return allocate(state, parcel.size, parcel.unit) or larger_than(state, parcel.size, parcel.unit)


def _open(draft: Draft, session: Session, parcel: Delivery, way: RemovalWay | None) -> Refusal | None:
    if is_in_use(draft.state, parcel.compartment):
        return draft.notice(for_parcel(draft, Refusal.DOOR_IN_USE, parcel))
    purpose = UnlockPurpose.REMOVE if way else UnlockPurpose.MOVE
    refusal = authorise(draft, parcel.compartment, purpose, session=session.id, delivery=parcel.id)
    if refusal:
        return draft.notice(refusal)
    draft.show(replace(at_door(draft.state.visit, Step.STAFF_TAKE, parcel), way=way))
    return None


def reopen(draft: Draft, session: Session) -> Refusal | None:
    """Open the door at hand once more."""
    visit, parcel = draft.state.visit, chosen(draft.state)
    if visit.step is not Step.STAFF_TAKE or parcel is None or draft.state.unlock_of(parcel.compartment):
        return Refusal.NOT_NOW
    if draft.state.door(parcel.compartment) is DoorState.OPEN:
        return Refusal.NOT_NOW
    purpose = UnlockPurpose.REMOVE if visit.way else UnlockPurpose.MOVE
    refusal = authorise(draft, parcel.compartment, purpose, session=session.id, delivery=parcel.id)
    if refusal:
        return draft.notice(refusal)
    draft.show(replace(draft.state.visit, closed_mono_ms=None))
    return None


# At the close


def was_open(state: State, parcel: Delivery) -> bool:
    """Whether the door at hand was seen open, and is seen shut."""
    is_shut = state.door(parcel.compartment) is DoorState.CLOSED
    return is_shut and state.visit.closed_mono_ms is not None


def can_answer(state: State, parcel: Delivery) -> bool:
    """Whether staff can say what became of it: at its own door once they looked, at the new one always."""
    if state.unlock_of(parcel.compartment) or state.door(parcel.compartment) is DoorState.OPEN:
        return False
    return state.visit.is_second_door or was_open(state, parcel)


def answer_taking(draft: Draft, session: Session, fact: AnswerTaking) -> Refusal | None:
    """Whether staff have the parcel, left it, did not find it, or put it behind its new door."""
    visit, parcel = draft.state.visit, chosen(draft.state)
    if visit.step is not Step.STAFF_TAKE or parcel is None or draft.state.unlock_of(parcel.compartment):
        return Refusal.NOT_NOW
    is_second = fact.taken is Taken.PUT_IT_IN
    if visit.is_second_door is not is_second or not was_open(draft.state, parcel):
        return Refusal.NOT_NOW
    match fact.taken:
        case Taken.PUT_IT_IN:
            store_moved(draft, parcel, settled_by=draft.actor)
        case Taken.TOOK_IT:
            return _took(draft, session, parcel)
        case Taken.LEFT_IT:
            _leave(draft, parcel)
        case Taken.NOT_THERE:
            not_found(draft, parcel, VacancyFact.SEEN_EMPTY)
    back_to_parcels(draft)
    return None


def _took(draft: Draft, session: Session, parcel: Delivery) -> Refusal | None:
    way = draft.state.visit.way
    if way is None:
        return _to_other_door(draft, session, parcel, VacancyFact.SEEN_EMPTY)
    who = staff_name(draft.state, session.id)
    remove(draft, parcel, Removal(way, VacancyFact.SEEN_EMPTY, who))
    back_to_parcels(draft)
    return None


def _leave(draft: Draft, parcel: Delivery) -> None:
    if parcel.is_with_staff:
        keep(draft, parcel, "left_by_staff", in_doubt=False)
    clear_doubt(draft, draft.state.deliveries[parcel.id])


def _to_other_door(draft: Draft, session: Session, parcel: Delivery, fact: VacancyFact) -> Refusal | None:
    """The parcel is in hand: it belongs to the new door from here on, whose pulse follows."""
    place = other_door(draft.state, parcel)
    if place is None:
        return draft.notice(Refusal.NOTHING_FREE)
    draft.record(e.ParcelCarried(parcel.id, place.id, place.size, fact))
    moved = draft.state.deliveries[parcel.id]
    draft.show(replace(at_door(draft.state.visit, Step.STAFF_TAKE, moved), is_second_door=True))
    refusal = authorise(draft, place.id, UnlockPurpose.MOVE, session=session.id, delivery=parcel.id)
    return draft.notice(refusal) if refusal else None


def use_another_door(draft: Draft, session: Session) -> Refusal | None:
    """The new door did not open, or cannot be seen, and the parcel is still in hand."""
    parcel = chosen(draft.state)
    if parcel is None or not draft.state.visit.is_second_door or not can_answer(draft.state, parcel):
        return Refusal.NOT_NOW
    return _to_other_door(draft, session, parcel, _left_behind(draft.state, parcel))


def _bring_to_desk(draft: Draft, parcel: Delivery) -> Refusal | None:
    who = staff_name(draft.state, draft.state.visit.session)
    remove(draft, parcel, Removal(RemovalWay.TO_DESK, _left_behind(draft.state, parcel), who))
    back_to_parcels(draft)
    return None


def _left_behind(state: State, parcel: Delivery) -> VacancyFact:
    """What is known of the door at hand once the parcel is not behind it."""
    if was_open(state, parcel):
        return VacancyFact.SEEN_EMPTY
    is_watched = parcel.state is DeliveryState.MOVING and state.door(parcel.compartment) is DoorState.CLOSED
    return VacancyFact.WATCHED_NEVER_OPEN if is_watched else VacancyFact.LEFT_OPEN


def back_to_parcels(draft: Draft) -> None:
    """The list of parcels, for the next one."""
    visit = draft.state.visit
    draft.show(
        replace(
            visit, step=Step.STAFF_PARCELS, delivery=None, compartment=None, way=None, is_second_door=False
        )
    )
