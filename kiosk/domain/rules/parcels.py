"""The parcels of one sign-in: turned back to, given to the right unit, finished when every door is shut."""

from kiosk.domain import events as e
from kiosk.domain.draft import Draft
from kiosk.domain.frozen import replace
from kiosk.domain.inputs import ChooseParcel
from kiosk.domain.model.delivery import Delivery, DeliveryFlag, DeliveryState
from kiosk.domain.model.ids import ResidentId, SessionId, UnitId
from kiosk.domain.model.session import Session, SessionKind, Step
from kiosk.domain.refusals import Refusal
from kiosk.domain.rules.custody import PARCEL_MISADDRESSED, clear_dispute, withdraw_code
from kiosk.domain.rules.deliveries import deliveries_of
from kiosk.domain.rules.drop_off import at_hand, finish, recipient_of, unfinished
from kiosk.domain.rules.holds import release
from kiosk.domain.rules.openings import is_brief
from kiosk.domain.rules.questions import turn_to_question
from kiosk.domain.rules.sessions import at_door
from kiosk.domain.state import State

_LISTED = (DeliveryState.DEPOSITING, DeliveryState.STORED, DeliveryState.UNCERTAIN)


def parcels_of(state: State, session: SessionId) -> tuple[Delivery, ...]:
    """What this sign-in has put behind doors, oldest first."""
    mine = deliveries_of(state, session)
    return tuple(one for one in mine if one.has_door and one.state in _LISTED)


def show_parcels(draft: Draft, session: Session) -> Refusal | None:
    """From the unit page to the parcels of this sign-in."""
    visit = draft.state.visit
    if visit.step not in (Step.UNIT, Step.QUESTION) or visit.correcting:
        return Refusal.NOT_NOW
    if not parcels_of(draft.state, session.id):
        return Refusal.NOT_NOW
    draft.show(replace(visit, step=Step.PARCELS, is_finishing=False))
    return None


def choose_parcel(draft: Draft, session: Session, fact: ChooseParcel) -> Refusal | None:
    """Turn back to the door of an earlier parcel; nothing opens."""
    visit, mine = draft.state.visit, parcels_of(draft.state, session.id)
    if visit.step is not Step.PARCELS or not 0 <= fact.number < len(mine):
        return Refusal.NOT_NOW
    draft.show(at_door(replace(visit, is_finishing=False), Step.DROP_OFF_DOOR, mine[fact.number]))
    return None


# Finishing


def finish_when_shut(draft: Draft) -> None:
    """A courier who wants to finish is done with the last door that shuts, or that is given up on."""
    visit, session = draft.state.visit, draft.state.active_session
    if visit.step is not Step.PARCELS or not visit.is_finishing:
        return
    if session is None or session.kind is not SessionKind.CARRIER or _is_waited_for(draft.state, session):
        return
    if visit.waiting:
        draft.show(turn_to_question(replace(visit, is_finishing=False)))
        return
    finish(draft, session)


def _is_waited_for(state: State, session: Session) -> bool:
    """A door is open, or was so briefly that it may bounce, and is judged in a moment."""
    mine = parcels_of(state, session.id)
    is_brief_yet = any(
        one.state is DeliveryState.DEPOSITING and is_brief(state, one.compartment) for one in mine
    )
    return is_brief_yet or unfinished(state, session) is not None


# The wrong unit


def can_correct(state: State, delivery: Delivery) -> bool:
    """Whether a stored parcel may be given to another unit without its door: it lies there alone."""
    if delivery.state is not DeliveryState.STORED or not delivery.has_door:
        return False
    return len(state.deliveries_in(delivery.compartment)) == 1


def is_correcting(state: State) -> bool:
    """Whether the unit typed next is that of a parcel behind its door; staff may have it meanwhile."""
    correcting = state.visit.correcting
    delivery = state.deliveries.get(correcting) if correcting else None
    return delivery is not None and can_correct(state, delivery)


def wrong_unit(draft: Draft, session: Session) -> Refusal | None:
    """From here on nobody is told of the parcel, and whoever was is told that it is not theirs."""
    delivery = at_hand(draft)
    if delivery is None or delivery.session != session.id or not can_correct(draft.state, delivery):
        return Refusal.NOT_NOW
    if draft.state.unlock_of(delivery.compartment):
        return Refusal.NOT_NOW
    draft.record(e.DeliveryFlagged(delivery.id, DeliveryFlag.DISPUTED, is_set=True))
    withdraw_code(draft, delivery, "wrong_unit", PARCEL_MISADDRESSED)
    visit = draft.state.visit
    draft.show(replace(visit, step=Step.UNIT, correcting=delivery.id, unit=None, resident=None))
    return None


def readdress(draft: Draft, unit: UnitId, resident: ResidentId | None) -> Refusal | None:
    """The parcel at hand is for this unit; it stays where it is."""
    visit = draft.state.visit
    delivery = draft.state.deliveries.get(visit.correcting) if visit.correcting else None
    if delivery is None or not can_correct(draft.state, delivery):
        draft.show(replace(visit, step=Step.UNIT, correcting=None))
        return Refusal.NOT_NOW
    directory = draft.state.directory
    recipient = recipient_of(directory, unit, resident)
    if isinstance(recipient, Refusal):
        draft.show(replace(visit, step=Step.UNIT))
        return draft.notice(recipient)
    label = directory.units[unit].label
    release(draft, delivery)  # whoever asked for the hold was not its recipient
    draft.record(e.DeliveryReaddressed(delivery.id, unit, recipient, "wrong_unit", unit_label=label))
    _settle(draft, draft.state.deliveries[delivery.id])
    return None


def keep_unit(draft: Draft) -> None:
    """The unit was right after all."""
    visit = draft.state.visit
    if visit.correcting and is_correcting(draft.state):
        _settle(draft, draft.state.deliveries[visit.correcting])
    else:
        draft.show(replace(visit, correcting=None))


def _settle(draft: Draft, delivery: Delivery) -> None:
    clear_dispute(draft, delivery)
    draft.show(at_door(draft.state.visit, Step.DROP_OFF_DOOR, draft.state.deliveries[delivery.id]))
