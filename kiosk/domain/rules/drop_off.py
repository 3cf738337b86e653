"""Drop-off: unit, size, door, close, next, finish."""

from kiosk.domain import events as e
from kiosk.domain.allocation import allocate, larger_than
from kiosk.domain.draft import Draft
from kiosk.domain.frozen import replace
from kiosk.domain.inputs import ChooseSize
from kiosk.domain.model.compartment import Compartment, Condition, DoorState, SizeClass
from kiosk.domain.model.delivery import Delivery, DeliveryState
from kiosk.domain.model.directory import Directory, UnitMode, alone, household
from kiosk.domain.model.ids import DeliveryId, RecipientId, ResidentId, UnitId
from kiosk.domain.model.place import OverflowWhy
from kiosk.domain.model.session import Session, Step
from kiosk.domain.model.unlock import UnlockPurpose
from kiosk.domain.refusals import Refusal
from kiosk.domain.rules.at_places import turn_to_outlets
from kiosk.domain.rules.custody import release_codes
from kiosk.domain.rules.deliveries import deliveries_of
from kiosk.domain.rules.questions import turn_to_question
from kiosk.domain.rules.sessions import at_door, count_done, deliveries_stored_by, end_session
from kiosk.domain.rules.unlocking import authorise
from kiosk.domain.state import State


def recipient_of(
    directory: Directory, unit: UnitId, named: ResidentId | None = None
) -> RecipientId | Refusal:
    """Whose parcel it is: the household's, or one resident's of a separate unit. Never a guess."""
    known = directory.units.get(unit)
    if known is None:
        return Refusal.UNKNOWN_UNIT
    members = directory.members(unit)
    if known.mode is UnitMode.HOUSEHOLD or not members:
        return household(unit)
    if any(person.id == named for person in members):
        return alone(named) if named else Refusal.UNIT_NEEDS_DESK
    return alone(members[0].id) if len(members) == 1 else Refusal.UNIT_NEEDS_DESK


def choose_size(draft: Draft, session: Session, fact: ChooseSize) -> Refusal | None:
    """Set a compartment aside and open its door, in one decision."""
    visit = draft.state.visit
    if visit.step is not Step.SIZE or visit.unit is None:
        return Refusal.NOT_NOW
    fits = allocate(draft.state, fact.size, visit.unit) or larger_than(draft.state, fact.size, visit.unit)
    if fits is None:
        turn_to_outlets(draft, OverflowWhy.NOTHING_FREE, fact.size)
        return Refusal.NOTHING_FREE
    return reserve(draft, session, visit.unit, fact.size)


def reserve(draft: Draft, session: Session, unit: UnitId, size: SizeClass) -> Refusal | None:
    """A new delivery in the best free compartment of a size, and its door's first unlock."""
    return reserve_in(draft, session, unit, allocate(draft.state, size, unit), size)


def reserve_in(
    draft: Draft, session: Session, unit: UnitId, place: Compartment | None, size: SizeClass
) -> Refusal | None:
    """A new delivery in this compartment, and its door's first unlock."""
    recipient = recipient_of(draft.state.directory, unit, draft.state.visit.resident)
    if isinstance(recipient, Refusal):
        draft.show(replace(draft.state.visit, step=Step.UNIT, unit=None, resident=None))
        return draft.notice(recipient)
    if place is None or session.carrier is None or session.carrier_code is None:
        draft.show(replace(draft.state.visit, step=Step.SIZE))
        return draft.notice(Refusal.NOTHING_FREE)
    delivery = DeliveryId(draft.new_id())
    draft.record(
        e.DeliveryReserved(
            delivery=delivery,
            compartment=place.id,
            unit=unit,
            recipient=recipient,
            carrier=session.carrier,
            carrier_code=session.carrier_code,
            session=session.id,
            size=size,
            unit_label=draft.state.directory.units[unit].label,
        )
    )
    return open_for(draft, session, delivery)


def open_for(draft: Draft, session: Session, delivery: DeliveryId) -> Refusal | None:
    """Turn to the door of a reserved delivery and unlock it."""
    reserved = draft.state.deliveries[delivery]
    refusal = authorise(
        draft, reserved.compartment, UnlockPurpose.DROP_OFF, session=session.id, delivery=delivery
    )
    draft.show(at_door(draft.state.visit, Step.DROP_OFF_DOOR, reserved))
    return refusal


def at_hand(draft: Draft) -> Delivery | None:
    """The delivery whose door the courier's page is about."""
    visit = draft.state.visit
    if visit.step is not Step.DROP_OFF_DOOR or visit.delivery is None:
        return None
    return draft.state.deliveries.get(visit.delivery)


_LEADS_ON = (Step.DROP_OFF_DOOR, Step.PROOF, Step.QUESTION, Step.PARCELS, Step.PLACE, Step.KEPT)


def _is_on_the_way(draft: Draft) -> bool:
    """Whether the parcel at hand is still to be put on its shelf, or to be given to the desk."""
    visit = draft.state.visit
    delivery = draft.state.deliveries.get(visit.delivery) if visit.delivery else None
    return visit.step is Step.PLACE and delivery is not None and delivery.state is DeliveryState.RESERVED


def next_parcel(draft: Draft, session: Session) -> Refusal | None:
    """Go on with another parcel; a door that stands open confirms at its own close."""
    if draft.state.visit.step not in _LEADS_ON or _is_on_the_way(draft):
        return Refusal.NOT_NOW
    delivery = at_hand(draft)
    if delivery and draft.state.unlock_of(delivery.compartment):
        return draft.notice(Refusal.CLOSE_THE_DOOR_FIRST)
    _note_done(draft)
    release_codes(draft, deliveries_stored_by(draft.state, session.id))
    draft.show(turn_to_question(replace(draft.state.visit, size=None, is_finishing=False)))
    return None


def _note_done(draft: Draft) -> None:
    delivery = at_hand(draft)
    if delivery and delivery.state is DeliveryState.STORED:
        count_done(draft, delivery.id)


def finish(draft: Draft, session: Session) -> Refusal | None:
    """The courier is done: doors still open are listed first, the proofs are shown once."""
    waiting = unfinished(draft.state, session)
    if waiting is not None:
        _note_done(draft)
        _turn_to_unfinished(draft, waiting)
        return draft.notice(Refusal.CLOSE_THE_DOOR_FIRST if waiting.has_door else Refusal.NOT_NOW)
    _note_done(draft)
    visit = draft.state.visit
    end_session(draft, "finished")
    if visit.done:
        draft.show(replace(draft.state.visit, step=Step.PROOF, done=visit.done, language=visit.language))
    return None


def _turn_to_unfinished(draft: Draft, waiting: Delivery) -> None:
    """Open doors are listed, and the last to shut ends the visit; whatever else waits is at hand again."""
    visit = draft.state.visit
    if waiting.has_door and draft.state.unlock_of(waiting.compartment) is None:
        draft.show(replace(visit, step=Step.PARCELS, is_finishing=True, delivery=None, compartment=None))
    else:
        draft.show(at_door(visit, Step.DROP_OFF_DOOR if waiting.has_door else Step.PLACE, waiting))


def unfinished(state: State, session: Session) -> Delivery | None:
    """A delivery of this sign-in whose door is opening, or open and not given up on; opening ones first."""
    mine = [one for one in deliveries_of(state, session.id) if _is_unfinished(state, session, one)]
    return min(mine, key=lambda one: state.unlock_of(one.compartment) is None, default=None)


def _is_unfinished(state: State, session: Session, delivery: Delivery) -> bool:
    if not delivery.has_door:
        return delivery.state is DeliveryState.RESERVED
    pending = state.unlock_of(delivery.compartment)
    if pending is not None and pending.session == session.id:
        return True
    is_open = state.door(delivery.compartment) is DoorState.OPEN
    is_held = state.compartments[delivery.compartment].condition is Condition.HELD_OPEN
    return delivery.state is DeliveryState.DEPOSITING and is_open and not is_held
