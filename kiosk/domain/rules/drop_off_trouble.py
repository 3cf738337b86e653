"""What goes wrong at a courier's door: reopen, push again, another door, does not fit, not deposited."""

from kiosk.domain import events as e
from kiosk.domain.allocation import allocate, larger_than
from kiosk.domain.draft import Draft
from kiosk.domain.frozen import replace
from kiosk.domain.model.compartment import Compartment, DoorState, SizeClass
from kiosk.domain.model.delivery import Delivery, DeliveryState
from kiosk.domain.model.ids import UnitId
from kiosk.domain.model.incident import IncidentKind
from kiosk.domain.model.session import Session, Step
from kiosk.domain.model.unlock import UnlockPurpose
from kiosk.domain.model.vacancy import VacancyFact
from kiosk.domain.refusals import Refusal
from kiosk.domain.rules.custody import cancel, is_shared, make_uncertain, withdraw_code
from kiosk.domain.rules.drop_off import at_hand, open_for, reserve
from kiosk.domain.rules.incidents import raise_incident
from kiosk.domain.rules.questions import turn_to_question
from kiosk.domain.rules.refused import for_parcel
from kiosk.domain.rules.unlocking import authorise, pulse_again

_REOPENED = (DeliveryState.STORED, DeliveryState.UNCERTAIN)


def reopen(draft: Draft, session: Session) -> Refusal | None:
    """Open a door filled in this same sign-in again, or one that nobody knows whether it was filled."""
    delivery = at_hand(draft)
    if delivery is None or delivery.state not in _REOPENED or delivery.session != session.id:
        return Refusal.NOT_NOW
    if draft.state.unlock_of(delivery.compartment):
        return Refusal.NOT_NOW
    if draft.state.visit.reopened >= draft.state.limits.reopens_at_most:
        return draft.notice(for_parcel(draft, Refusal.REOPENED_TOO_OFTEN, delivery))
    refusal = authorise(
        draft, delivery.compartment, UnlockPurpose.REOPEN, session=session.id, delivery=delivery.id
    )
    if refusal:
        return draft.notice(refusal)
    visit = draft.state.visit
    draft.show(replace(visit, reopened=visit.reopened + 1, again=(*visit.again, delivery.id)))
    return None


def push_again(draft: Draft, session: Session) -> Refusal | None:
    """One more pulse on touch for the door at hand."""
    compartment = draft.state.visit.compartment
    pending = draft.state.unlock_of(compartment) if compartment else None
    if pending is None or pending.session != session.id or pending.sent_mono_ms is None:
        return Refusal.NOT_NOW
    return pulse_again(draft, pending)


def use_another_door(draft: Draft, session: Session) -> Refusal | None:
    """The door did not open, the parcel is still in hand: another compartment, as large or larger."""
    visit = draft.state.visit
    if visit.step is not Step.DROP_OFF_DOOR or at_hand(draft) or visit.unit is None or visit.size is None:
        return Refusal.NOT_NOW
    other = _another(draft, visit.size, visit.unit)
    return reserve(draft, session, visit.unit, other.size if other else visit.size)


def _at_open_door(draft: Draft) -> Delivery | None:
    """The delivery at hand while its door is not shut."""
    delivery = at_hand(draft)
    if delivery is None or delivery.state is not DeliveryState.DEPOSITING:
        return None
    return delivery if draft.state.door(delivery.compartment) is not DoorState.CLOSED else None


def does_not_fit(draft: Draft, session: Session) -> Refusal | None:
    """The door is open and the parcel is too large: the same delivery takes the next larger compartment."""
    delivery = _at_open_door(draft)
    if delivery is None:
        return Refusal.NOT_NOW
    bigger = larger_than(draft.state, delivery.size, delivery.unit)
    if bigger is None:
        return draft.notice(Refusal.NOTHING_LARGER)
    withdraw_code(draft, delivery, "does_not_fit")
    draft.record(e.DeliveryRelocated(delivery.id, bigger.id, bigger.size))
    return open_for(draft, session, delivery.id)


def something_inside(draft: Draft, session: Session) -> Refusal | None:
    """What was offered as empty is not: staff look, and the parcel takes another door if there is one."""
    delivery = _at_open_door(draft)
    if delivery is None or delivery.was_stored_here or is_shared(draft.state, delivery):
        return Refusal.NOT_NOW
    foreign = delivery.compartment
    other = _another(draft, delivery.size, delivery.unit)
    if other is None:
        _give_up(draft, delivery)
    else:
        draft.record(e.DeliveryRelocated(delivery.id, other.id, other.size))
        draft.record(e.CompartmentSettled(foreign, VacancyFact.SEEN_FOREIGN))
    raise_incident(draft, IncidentKind.FOREIGN_PARCEL, compartment=foreign)
    if other is not None:
        return open_for(draft, session, delivery.id)
    draft.show(turn_to_question(draft.state.visit))
    return draft.notice(Refusal.NOTHING_FREE)


def _another(draft: Draft, size: SizeClass, unit: UnitId) -> Compartment | None:
    """A free compartment of the size, or the next larger one."""
    return allocate(draft.state, size, unit) or larger_than(draft.state, size, unit)


def _give_up(draft: Draft, delivery: Delivery) -> None:
    make_uncertain(draft, delivery, "something_inside", is_asked=True)
    cancel(draft, draft.state.deliveries[delivery.id], "something_inside", VacancyFact.SEEN_FOREIGN)


def not_deposited(draft: Draft, session: Session) -> Refusal | None:
    """The courier keeps the parcel, says a touch: behind the shut door the question is asked once more."""
    delivery = _at_open_door(draft)
    if delivery is None:
        return Refusal.NOT_NOW
    withdraw_code(draft, delivery, "not_deposited")
    make_uncertain(draft, draft.state.deliveries[delivery.id], "not_deposited", is_asked=True)
    return None
