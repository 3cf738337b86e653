"""Drop-off: unit, size, door, close, and what can go wrong at the door."""

from dataclasses import replace

from kiosk.domain import events as e
from kiosk.domain.allocation import allocate, larger_than
from kiosk.domain.draft import Draft
from kiosk.domain.inputs import AnswerQuestion, ChooseSize, ChooseUnit
from kiosk.domain.model.compartment import Condition, SizeClass
from kiosk.domain.model.delivery import Delivery, DeliveryState
from kiosk.domain.model.directory import UnitMode, household
from kiosk.domain.model.ids import DeliveryId, RecipientId, UnitId
from kiosk.domain.model.session import Session, Step
from kiosk.domain.model.unlock import UnlockPurpose
from kiosk.domain.model.vacancy import VacancyFact
from kiosk.domain.refusals import Refusal
from kiosk.domain.rules.access import turn_to_question
from kiosk.domain.rules.custody import make_uncertain, release_codes, settle_incidents_of, store
from kiosk.domain.rules.sessions import at_door, deliveries_stored_by, end_session
from kiosk.domain.rules.unlocking import authorise, pulse_again


def answer_question(draft: Draft, session: Session, fact: AnswerQuestion) -> Refusal | None:
    """The courier says whether the parcel of an interrupted drop-off is inside."""
    delivery = draft.state.deliveries.get(fact.delivery)
    if delivery is None or draft.state.visit.delivery != fact.delivery:
        return Refusal.NOT_NOW
    if delivery.state is not DeliveryState.UNCERTAIN or delivery.carrier_code != session.carrier_code:
        return Refusal.NOT_NOW
    settle_uncertain(draft, delivery, is_inside=fact.is_inside, fact=VacancyFact.LEFT_OPEN)
    if fact.is_inside:
        visit = draft.state.visit
        draft.show(replace(visit, done=(*visit.done, delivery.id)))
    draft.show(turn_to_question(draft.state.visit))
    return None


def settle_uncertain(draft: Draft, delivery: Delivery, *, is_inside: bool, fact: VacancyFact) -> None:
    """Somebody answers for an uncertain drop-off: stored with its code, or never here."""
    if is_inside:
        store(draft, delivery, settled_by=draft.actor)
        release_codes(draft, (draft.state.deliveries[delivery.id],))
        settle_incidents_of(draft, delivery)
        return
    draft.record(e.DeliveryCancelled(delivery.id, f"settled by {draft.actor}", fact))
    if fact is VacancyFact.SEEN_EMPTY:
        settle_incidents_of(draft, delivery)


def choose_unit(draft: Draft, session: Session, fact: ChooseUnit) -> Refusal | None:
    """The unit as typed, checked against the directory."""
    if draft.state.visit.step not in (Step.UNIT, Step.QUESTION):
        return Refusal.NOT_NOW
    unit = draft.state.directory.unit_named(fact.label)
    if unit is None:
        return draft.notice(Refusal.UNKNOWN_UNIT)
    draft.show(replace(draft.state.visit, step=Step.SIZE, unit=unit.id))
    return None


def recipient_of(draft: Draft, unit: UnitId) -> RecipientId:
    """Whose parcel it is: the household's, or the only resident's of a separate unit."""
    members = draft.state.directory.members(unit)
    if draft.state.directory.units[unit].mode is UnitMode.SEPARATE and len(members) == 1:
        return RecipientId(f"resident:{members[0].id}")
    return household(unit)


def choose_size(draft: Draft, session: Session, fact: ChooseSize) -> Refusal | None:
    """Set a compartment aside and open its door, in one decision."""
    visit = draft.state.visit
    if visit.step is not Step.SIZE or visit.unit is None:
        return Refusal.NOT_NOW
    return _reserve(draft, session, visit.unit, fact.size)


def _reserve(draft: Draft, session: Session, unit: UnitId, size: SizeClass) -> Refusal | None:
    place = allocate(draft.state, size, unit)
    if place is None or session.carrier is None or session.carrier_code is None:
        draft.show(replace(draft.state.visit, step=Step.SIZE))
        return draft.notice(Refusal.NOTHING_FREE)
    delivery = DeliveryId(draft.new_id())
    draft.record(
        e.DeliveryReserved(
            delivery=delivery,
            compartment=place.id,
            unit=unit,
            recipient=recipient_of(draft, unit),
            carrier=session.carrier,
            carrier_code=session.carrier_code,
            session=session.id,
            size=size,
            unit_label=draft.state.directory.units[unit].label,
        )
    )
    return _open_for(draft, session, delivery)


def _open_for(draft: Draft, session: Session, delivery: DeliveryId) -> Refusal | None:
    reserved = draft.state.deliveries[delivery]
    refusal = authorise(
        draft, reserved.compartment, UnlockPurpose.DROP_OFF, session=session.id, delivery=delivery
    )
    draft.show(replace(at_door(draft.state.visit, Step.DROP_OFF_DOOR, reserved), size=reserved.size))
    return refusal


def _at_hand(draft: Draft) -> Delivery | None:
    visit = draft.state.visit
    if visit.step is not Step.DROP_OFF_DOOR or visit.delivery is None:
        return None
    return draft.state.deliveries.get(visit.delivery)


def _is_settled(draft: Draft) -> bool:
    delivery = _at_hand(draft)
    if delivery is None or delivery.state in (DeliveryState.STORED, DeliveryState.UNCERTAIN):
        return True
    status = draft.state.compartments[delivery.compartment]
    return delivery.state is DeliveryState.DEPOSITING and status.condition is Condition.HELD_OPEN


def next_parcel(draft: Draft, session: Session) -> Refusal | None:
    """Go on with another parcel; the code of the last one goes out now."""
    visit = draft.state.visit
    if visit.step not in (Step.DROP_OFF_DOOR, Step.PROOF):
        return Refusal.NOT_NOW
    if not _is_settled(draft):
        return draft.notice(Refusal.CLOSE_THE_DOOR_FIRST)
    _note_done(draft)
    release_codes(draft, deliveries_stored_by(draft.state, session.id))
    draft.show(turn_to_question(replace(draft.state.visit, size=None)))
    return None


def _note_done(draft: Draft) -> None:
    delivery = _at_hand(draft)
    visit = draft.state.visit
    if delivery and delivery.state is DeliveryState.STORED and delivery.id not in visit.done:
        draft.show(replace(visit, done=(*visit.done, delivery.id)))


def finish(draft: Draft, session: Session) -> Refusal | None:
    """The courier is done: the proofs are shown once, then the session ends."""
    if draft.state.visit.step is Step.DROP_OFF_DOOR and not _is_settled(draft):
        return draft.notice(Refusal.CLOSE_THE_DOOR_FIRST)
    _note_done(draft)
    done = draft.state.visit.done
    end_session(draft, "finished")
    if done:
        draft.show(replace(draft.state.visit, step=Step.PROOF, done=done))
    return None


def reopen(draft: Draft, session: Session) -> Refusal | None:
    """Open a door filled in this same sign-in again."""
    delivery = _at_hand(draft)
    if delivery is None or delivery.state is not DeliveryState.STORED or delivery.session != session.id:
        return Refusal.NOT_NOW
    refusal = authorise(
        draft, delivery.compartment, UnlockPurpose.REOPEN, session=session.id, delivery=delivery.id
    )
    return draft.notice(refusal) if refusal else None


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
    if visit.step is not Step.DROP_OFF_DOOR or _at_hand(draft) or visit.unit is None or visit.size is None:
        return Refusal.NOT_NOW
    bigger = larger_than(draft.state, visit.size, visit.unit)
    has_same = allocate(draft.state, visit.size, visit.unit) is not None
    size = visit.size if has_same or bigger is None else bigger.size
    return _reserve(draft, session, visit.unit, size)


def does_not_fit(draft: Draft, session: Session) -> Refusal | None:
    """The door is open and the parcel is too large: the same delivery takes the next larger compartment."""
    delivery = _at_hand(draft)
    if delivery is None or delivery.state is not DeliveryState.DEPOSITING:
        return Refusal.NOT_NOW
    bigger = larger_than(draft.state, delivery.size, delivery.unit)
    if bigger is None:
        return draft.notice(Refusal.NOTHING_LARGER)
    draft.record(e.DeliveryRelocated(delivery.id, bigger.id, bigger.size))
    return _open_for(draft, session, delivery.id)


def not_deposited(draft: Draft, session: Session) -> Refusal | None:
    """The courier keeps the parcel: its compartment was open, so it stays unknown until somebody looks."""
    delivery = _at_hand(draft)
    if delivery is None or delivery.state is not DeliveryState.DEPOSITING:
        return Refusal.NOT_NOW
    make_uncertain(draft, delivery, "not_deposited")
    draft.record(e.DeliveryCancelled(delivery.id, "not_deposited", VacancyFact.LEFT_OPEN))
    draft.show(turn_to_question(draft.state.visit))
    return None
