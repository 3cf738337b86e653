"""What the events of a delivery, and the opening of its door, make of the state."""

from kiosk.domain import events as e
from kiosk.domain.frozen import replace
from kiosk.domain.mapping import with_entry, without
from kiosk.domain.model.compartment import CompartmentStatus
from kiosk.domain.model.credential import Reopening
from kiosk.domain.model.delivery import Delivery, DeliveryFlag, DeliveryState
from kiosk.domain.model.ids import BootId, CompartmentId, DeliveryId, SessionId
from kiosk.domain.model.place import has_door
from kiosk.domain.model.session import SessionKind
from kiosk.domain.model.unlock import PendingUnlock, UnlockPurpose
from kiosk.domain.model.vacancy import Vacancy, VacancyFact, vacancy_after
from kiosk.domain.state import State

SENT_REMEMBERED = 10
_WITH_STAFF = {UnlockPurpose.REMOVE: DeliveryState.REMOVING, UnlockPurpose.MOVE: DeliveryState.MOVING}
Custody = (
    e.DeliveryRelocated
    | e.DeliveryReaddressed
    | e.DeliveryResumed
    | e.DeliveryUncertain
    | e.DeliveryKept
    | e.ParcelCarried
)
Mark = e.DeliveryFlagged | e.CodeIssued | e.CodeRevoked
Timing = e.PickupTimeSet | e.RecipientReminded | e.DisposalAnnounced
Ending = e.DeliveryCancelled | e.DeliveryCollected | e.DeliveryRemoved
Told = e.DeliveryReserved | e.DeliveryStored | Custody | Mark | Timing | Ending


def told(state: State, event: Told, at_ms: int) -> State:
    """The state after any event of a delivery."""
    match event:
        case e.DeliveryReserved():
            return reserved(state, event, at_ms)
        case e.DeliveryStored():
            return stored(state, event, at_ms)
        case e.DeliveryCancelled() | e.DeliveryCollected() | e.DeliveryRemoved():
            return ended(state, event)
        case _ if isinstance(event, Custody):
            return in_custody(state, event)
        case _ if isinstance(event, Timing):
            return timed(state, event)
        case _:
            return marked(state, event)


def with_status(state: State, status: CompartmentStatus) -> State:
    """The state with one compartment's status replaced."""
    return replace(state, compartments=with_entry(state.compartments, status.id, status))


def settled(state: State, compartment: CompartmentId, fact: VacancyFact) -> State:
    """The state after a fact about the inside of a compartment; what is foreign there no spent code opens.

    A shelf and the desk have no vacancy: nobody sees them.
    """
    if not has_door(compartment):
        return state
    status = state.compartments[compartment]
    if fact is VacancyFact.SEEN_FOREIGN:
        state = replace(state, reopenings=without(state.reopenings, compartment))
    vacancy = vacancy_after(status.vacancy, fact)
    is_told = vacancy is Vacancy.UNKNOWN or fact is VacancyFact.WATCHED_NEVER_OPEN
    may_stand_open = status.may_stand_open and not is_told
    return with_status(state, replace(status, vacancy=vacancy, may_stand_open=may_stand_open))


def _opening(state: State, compartment: CompartmentId) -> State:
    """A door that opens, or may: with nobody's parcel inside, what comes next must be seen to the end."""
    status = state.compartments.get(compartment)
    if status is None or status.vacancy is Vacancy.UNKNOWN or state.deliveries_in(compartment):
        return state
    return with_status(state, replace(status, may_stand_open=True))


def door_shut(state: State, compartment: CompartmentId) -> State:
    """A door was seen to close, or was watched and never opened."""
    status = state.compartments.get(compartment)
    if status is None or not status.may_stand_open:
        return state
    return with_status(state, replace(status, may_stand_open=False))


def with_delivery(state: State, delivery: Delivery) -> State:
    """The state with one delivery added or replaced."""
    return replace(state, deliveries=with_entry(state.deliveries, delivery.id, delivery))


# Into custody


def reserved(state: State, event: e.DeliveryReserved, at_ms: int) -> State:
    """A compartment was set aside."""
    given_out = _given_out(state, event.compartment)
    return with_delivery(given_out, set_aside(event, event.compartment, at_ms))


def set_aside(event: e.DeliveryReserved | e.PlaceAssigned, place: CompartmentId, at_ms: int) -> Delivery:
    """The parcel that a compartment, a shelf or the desk is meant for; nobody has it yet."""
    return Delivery(
        id=event.delivery,
        state=DeliveryState.RESERVED,
        compartment=place,
        unit=event.unit,
        recipient=event.recipient,
        carrier=event.carrier,
        carrier_code=event.carrier_code,
        session=event.session,
        size=event.size,
        reserved_at_ms=at_ms,
    )


def _given_out(state: State, compartment: CompartmentId) -> State:
    status = state.compartments[compartment]
    given_out = replace(state, reopenings=without(state.reopenings, compartment))
    return with_status(given_out, replace(status, uses=status.uses + 1))


def stored(state: State, event: e.DeliveryStored, at_ms: int) -> State:
    """The parcel is in custody; a proof once given stays the same, and so does the time since when."""
    delivery = state.deliveries[event.delivery]
    if delivery.stored_at_ms is None:
        delivery = replace(
            delivery, stored_at_ms=at_ms, stored_boot=BootId(event.boot) or None, stored_mono_ms=event.mono_ms
        )
    kept = replace(
        delivery,
        state=DeliveryState.STORED,
        due_at_ms=delivery.due_at_ms or event.due_at_ms,
        proof=delivery.proof or event.proof,
        tried=(),
    )
    return settled(with_delivery(state, kept), delivery.compartment, VacancyFact.STORED)


def in_custody(state: State, event: Custody) -> State:
    """The parcel takes another compartment, is in somebody's hands again, is in doubt, or stays."""
    delivery = state.deliveries[event.delivery]
    match event:
        case e.ParcelCarried():
            return _carried(state, delivery, event)
        case e.DeliveryRelocated():
            return _relocated(state, delivery, event)
        case e.DeliveryReaddressed(unit=unit, recipient=recipient):
            strange = replace(state, reopenings=without(state.reopenings, delivery.compartment))
            return with_delivery(strange, replace(delivery, unit=unit, recipient=recipient))
        case e.DeliveryResumed(session=session):
            return with_delivery(
                state, replace(delivery, state=_in_hand(state, delivery, session), session=session)
            )
        case e.DeliveryUncertain():
            uncertain = with_delivery(state, replace(delivery, state=DeliveryState.UNCERTAIN, tried=()))
            return settled(uncertain, delivery.compartment, VacancyFact.GAP)
        case e.DeliveryKept():
            kept = with_delivery(state, replace(delivery, state=DeliveryState.STORED))
            return settled(kept, delivery.compartment, VacancyFact.STILL_INSIDE)


def _relocated(state: State, delivery: Delivery, event: e.DeliveryRelocated) -> State:
    moved = replace(
        delivery,
        state=DeliveryState.RESERVED,
        compartment=event.compartment,
        size=event.size,
        tried=(*delivery.tried, delivery.compartment),
    )
    return _opening(with_delivery(_given_out(state, event.compartment), moved), delivery.compartment)


def _carried(state: State, delivery: Delivery, event: e.ParcelCarried) -> State:
    """What else is behind the old door stays there."""
    in_hand = replace(
        delivery, state=DeliveryState.MOVING, compartment=event.compartment, size=event.size, tried=()
    )
    placed = with_delivery(_given_out(state, event.compartment), in_hand)
    if placed.deliveries_in(delivery.compartment):
        return placed
    return settled(placed, delivery.compartment, event.fact)


def _in_hand(state: State, delivery: Delivery, session: SessionId | None) -> DeliveryState:
    """What an open door makes of a delivery: a courier puts in, anybody else takes out."""
    if delivery.state is DeliveryState.RESERVED:
        return DeliveryState.DEPOSITING
    known = state.sessions.get(session) if session else None
    is_courier = known is not None and known.kind is SessionKind.CARRIER
    if delivery.state is DeliveryState.UNCERTAIN and is_courier:
        return DeliveryState.DEPOSITING
    if delivery.state is not DeliveryState.STORED:
        return delivery.state
    return DeliveryState.DEPOSITING if is_courier else DeliveryState.COLLECTING


def marked(state: State, event: Mark) -> State:
    """A flag or the code of a delivery changed."""
    delivery = state.deliveries[event.delivery]
    match event:
        case e.CodeIssued():
            return with_delivery(state, replace(delivery, has_code=True))
        case e.CodeRevoked():
            return with_delivery(state, replace(delivery, has_code=False))
        case e.DeliveryFlagged(flag=flag, is_set=is_set):
            flags = delivery.flags | {flag} if is_set else delivery.flags - {flag}
            until = event.until_at_ms if flag is DeliveryFlag.HELD else delivery.held_until_ms
            return with_delivery(state, replace(delivery, flags=flags, held_until_ms=until))


def timed(state: State, event: Timing) -> State:
    """How long a parcel may wait, or what was said of it."""
    delivery = state.deliveries[event.delivery]
    match event:
        case e.PickupTimeSet(stored_at_ms=stored_at_ms, due_at_ms=due_at_ms):
            return with_delivery(state, replace(delivery, stored_at_ms=stored_at_ms, due_at_ms=due_at_ms))
        case e.RecipientReminded(reminded=reminded):
            return with_delivery(state, replace(delivery, reminded=reminded))
        case e.DisposalAnnounced(from_at_ms=from_at_ms):
            return with_delivery(state, replace(delivery, disposal_from_ms=from_at_ms))


def sent_again(state: State, delivery: DeliveryId, at_ms: int) -> State:
    """The message of a parcel was sent once more; a few of the times are enough to judge the next one."""
    known = state.deliveries[delivery]
    return with_delivery(
        state, replace(known, sent_again_at_ms=(*known.sent_again_at_ms, at_ms)[-SENT_REMEMBERED:])
    )


# Out of custody


def ended(state: State, event: Ending) -> State:
    """The delivery is over; its compartment may hold another one still."""
    delivery = state.deliveries[event.delivery]
    gone = replace(state, deliveries=without(state.deliveries, delivery.id))
    gone = replace(
        gone,
        doubts=without(gone.doubts, delivery.id),
        sent_again=without(gone.sent_again, delivery.id),
    )
    if isinstance(event, e.DeliveryCollected) and delivery.has_door:
        gone = _reopenable(gone, delivery, event)
    if gone.deliveries_in(delivery.compartment):
        return gone
    return settled(gone, delivery.compartment, event.fact)


def _reopenable(state: State, delivery: Delivery, event: e.DeliveryCollected) -> State:
    is_at_hand = state.visit.delivery == delivery.id
    entry = Reopening(
        compartment=delivery.compartment,
        delivery=delivery.id,
        recipient=delivery.recipient,
        boot=BootId(event.boot),
        closed_mono_ms=event.mono_ms,
        count=state.visit.reopened if is_at_hand else 0,
    )
    return replace(state, reopenings=with_entry(state.reopenings, delivery.compartment, entry))


# Unlocks and the doors that answer them


def unlock_authorised(state: State, event: e.UnlockAuthorised) -> State:
    """The last authorisation of a door is the one that its sensor answers."""
    before = state.unlock_of(event.compartment)
    kept = {key: one for key, one in state.unlocks.items() if one.compartment != event.compartment}
    pending = PendingUnlock(
        id=event.unlock,
        compartment=event.compartment,
        session=event.session,
        delivery=event.delivery,
        purpose=event.purpose,
        attempt=event.attempt,
        authorised_mono_ms=event.deadline_mono_ms - state.limits.unlock_deadline_ms,
        earlier_sent_mono_ms=before.sent_mono_ms if before and event.attempt > 1 else None,
    )
    pulsed = _opening(state, event.compartment)
    return _counted_reopening(replace(pulsed, unlocks={**kept, pending.id: pending}), event)


def _counted_reopening(state: State, event: e.UnlockAuthorised) -> State:
    entry = state.reopenings.get(event.compartment)
    if entry is None or event.attempt > 1 or event.purpose is not UnlockPurpose.REOPEN:
        return state
    counted = replace(entry, count=entry.count + 1)
    return replace(state, reopenings=with_entry(state.reopenings, event.compartment, counted))


def unlock_not_sent(state: State, event: e.UnlockNotSent) -> State:
    """The pulse never left; one before it may yet open the door."""
    pending = state.unlocks.get(event.unlock)
    if pending is None or pending.earlier_sent_mono_ms is None:
        return replace(state, unlocks=without(state.unlocks, event.unlock))
    waiting = replace(pending, sent_mono_ms=pending.earlier_sent_mono_ms)
    return replace(state, unlocks=with_entry(state.unlocks, pending.id, waiting))


def door_opened(state: State, event: e.DoorOpened) -> State:
    """A door answered its authorisation: its delivery is in that session's hands."""
    state = _opening(state, event.compartment)
    pending = state.unlocks.get(event.unlock) if event.unlock else None
    if pending is None:
        return state
    resolved = replace(state, unlocks=without(state.unlocks, pending.id))
    delivery = resolved.deliveries.get(pending.delivery) if pending.delivery else None
    if delivery is None or pending.session is None or pending.purpose is UnlockPurpose.LOOK:
        return resolved
    opened = _WITH_STAFF.get(pending.purpose) or _in_hand(resolved, delivery, pending.session)
    if opened is delivery.state:
        return resolved
    return with_delivery(resolved, replace(delivery, state=opened, session=pending.session))
