"""Sessions: started at sign-in, parked with a door left behind, ended with everything of theirs decided."""

from kiosk.domain import events as e
from kiosk.domain.draft import Draft
from kiosk.domain.frozen import replace
from kiosk.domain.model.compartment import DoorState
from kiosk.domain.model.delivery import Delivery, DeliveryState
from kiosk.domain.model.directory import person_of
from kiosk.domain.model.ids import DeliveryId, SessionId
from kiosk.domain.model.session import Session, SessionKind, Step, Visit
from kiosk.domain.model.vacancy import Vacancy, VacancyFact
from kiosk.domain.rules.custody import (
    collect,
    keep,
    make_uncertain,
    release_codes,
    tell_of_dispute,
    tell_uncertain,
)
from kiosk.domain.rules.cutting_in import come_back, give_up
from kiosk.domain.rules.deliveries import deliveries_of
from kiosk.domain.rules.openings import is_sprung, judge_brief, take_up_sprung
from kiosk.domain.state import State


def started(draft: Draft, event: e.SessionStarted, step: Step) -> Session:
    """Open a session and let the screen belong to it."""
    draft.record(event)
    session = draft.state.sessions[event.session]
    draft.actor = session.actor
    draft.show(
        Visit(
            step=step,
            session=session.id,
            language=draft.state.visit.language,
            touched_mono_ms=draft.stamp.mono_ms,
        )
    )
    return session


def end_session(draft: Draft, why: str) -> None:
    """End the session at the screen; nothing of it stays undecided but a door that is still open."""
    session = draft.state.active_session
    if session is not None:
        draft.actor = session.actor
        _judge_openings(draft, session)
        left_behind = [
            one for one in deliveries_of(draft.state, session.id) if _conclude(draft, session, one)
        ]
        _tell_of_wrong_units(draft, session)
        _doubt_open_doors(draft)
        release_codes(draft, deliveries_stored_by(draft.state, session.id))
        draft.record(e.SessionParked(session.id, why) if left_behind else e.SessionEnded(session.id, why))
    was_asked_back = draft.state.visit.step is Step.CARRIER_CODE
    draft.show(Visit(touched_mono_ms=draft.stamp.mono_ms))
    if was_asked_back:
        give_up(draft, why)
    else:
        come_back(draft)


def _tell_of_wrong_units(draft: Draft, session: Session) -> None:
    """A unit was said to be wrong, and the right one was never typed: staff see whose parcel it is."""
    for one in deliveries_of(draft.state, session.id):
        if session.kind is SessionKind.CARRIER and one.is_disputed:
            tell_of_dispute(draft, one)


def _judge_openings(draft: Draft, session: Session) -> None:
    """Nobody waits any longer whether a door bounces, or stays open after it did."""
    for delivery in deliveries_of(draft.state, session.id):
        if is_sprung(draft.state, delivery.compartment):
            take_up_sprung(draft, session, delivery.compartment)
        judge_brief(draft, delivery)


def _doubt_open_doors(draft: Draft) -> None:
    """A vacant compartment that stands open when the person leaves may be filled by anybody."""
    unshut = [one.id for one in draft.state.compartments.values() if one.may_stand_open]
    for compartment in (*draft.state.open_doors(), *unshut):
        is_vacant = draft.state.compartments[compartment].vacancy in (Vacancy.VERIFIED, Vacancy.PRESUMED)
        if is_vacant and not draft.state.deliveries_in(compartment):
            draft.record(e.CompartmentSettled(compartment, VacancyFact.LEFT_OPEN))


def count_done(draft: Draft, delivery: DeliveryId) -> None:
    """A parcel of this sign-in is finished: its proof, or its mark, stands on the pages that follow."""
    visit = draft.state.visit
    if delivery not in visit.done:
        draft.show(replace(visit, done=(*visit.done, delivery)))


def deliveries_stored_by(state: State, session: SessionId) -> tuple[Delivery, ...]:
    """Parcels in custody that this session put in."""
    return tuple(
        delivery for delivery in deliveries_of(state, session) if delivery.state is DeliveryState.STORED
    )


def _conclude(draft: Draft, session: Session, delivery: Delivery) -> bool:
    """Decide one delivery at its session's end; True when its door is left open and must be watched."""
    match delivery.state:
        case DeliveryState.RESERVED | DeliveryState.DEPOSITING:
            make_uncertain(draft, delivery, "walked_away")
            return False
        case DeliveryState.UNCERTAIN:
            tell_uncertain(draft, delivery)
            return False
        case DeliveryState.COLLECTING:
            return _conclude_pickup(draft, session, delivery)
        case DeliveryState.MOVING | DeliveryState.REMOVING:
            return _conclude_with_staff(draft, delivery)
        case _:
            return False


def _conclude_pickup(draft: Draft, session: Session, delivery: Delivery) -> bool:
    if draft.state.door(delivery.compartment) is not DoorState.CLOSED:
        return True
    if _is_collected(draft.state, session, delivery):
        collect(draft, delivery, VacancyFact.COLLECTED_SILENTLY)
    else:
        keep(draft, delivery, "no_answer", in_doubt=True)
    return False


def _conclude_with_staff(draft: Draft, delivery: Delivery) -> bool:
    if draft.state.door(delivery.compartment) is not DoorState.CLOSED:
        return True
    keep(draft, delivery, "no_answer", in_doubt=True)
    return False


def _is_collected(state: State, session: Session, delivery: Delivery) -> bool:
    """A code opens all of its person's doors; where parcels share one, it stands for its own parcel only."""
    if session.delivery is None:
        return False
    if delivery.id == session.delivery:
        return True
    before = state.reopenings.get(delivery.compartment)
    was_shared = before is not None and before.delivery != delivery.id
    return not was_shared and len(state.deliveries_in(delivery.compartment)) == 1


def end_parked(draft: Draft, session: SessionId) -> None:
    """End a parked session once no door of it is open any more."""
    known = draft.state.sessions.get(session)
    if known is None or draft.state.is_session_alive(session):
        return
    if not any(delivery.state.is_in_hand for delivery in deliveries_of(draft.state, session)):
        draft.record(e.SessionEnded(session, "settled"))


def sign_in_again(draft: Draft, session: Session) -> None:
    """Close every other parked session of the same carrier code; its open doors go over to this one."""
    for other in tuple(draft.state.sessions.values()):
        if other.id == session.id or other.kind is not SessionKind.CARRIER:
            continue
        if other.carrier_code != session.carrier_code:
            continue
        for delivery in deliveries_of(draft.state, other.id):
            if delivery.state is DeliveryState.DEPOSITING:
                draft.record(e.DeliveryResumed(delivery.id, session.id))
        draft.record(e.SessionEnded(other.id, "signed_in_again"))


def at_door(visit: Visit, step: Step, delivery: Delivery) -> Visit:
    """The visit turned to the door of a delivery."""
    return replace(
        visit,
        step=step,
        unit=delivery.unit,
        resident=person_of(delivery.recipient),
        size=delivery.size,
        delivery=delivery.id,
        compartment=delivery.compartment,
        closed_mono_ms=None,
        open_calls=0,
        found_open=False,
        is_troubled=False,
        reopened=visit.again.count(delivery.id),
        correcting=None,
        is_second_door=False,
    )
