"""Custody of one parcel: stored, its code and messages, uncertain, settled, collected."""

from itertools import takewhile

from kiosk.domain import events as e
from kiosk.domain.changes import (
    CredentialAdded,
    CredentialSpent,
    DoubtBegan,
    MessageQueued,
    SpentCodesForgotten,
)
from kiosk.domain.draft import Draft
from kiosk.domain.effects import SendMessages
from kiosk.domain.limits import DAY_MS
from kiosk.domain.model.credential import CodeCandidate, Credential, SpentCode, SpentWhy
from kiosk.domain.model.delivery import Delivery, DeliveryFlag, DeliveryState
from kiosk.domain.model.ids import DeliveryId, IncidentId, MessageId, SessionId
from kiosk.domain.model.incident import IncidentKind
from kiosk.domain.model.place import PlaceKind, kind_of
from kiosk.domain.model.vacancy import VacancyFact
from kiosk.domain.rules.incidents import raise_incident, settle_incidents, still_asked
from kiosk.domain.state import State

PARCEL_WAITING = "parcel_waiting"
PARCEL_ON_SHELF = "parcel_on_shelf"
PARCEL_AT_DESK = "parcel_at_desk"
OPENED_BY_STAFF = "opened_by_staff"
PARCEL_REMINDER = "parcel_reminder"
PARCEL_LAST_DAY = "parcel_last_day"
PARCEL_OVERDUE = "parcel_overdue"
OPENED_WITHOUT_CODE = "opened_without_code"
KEY_USED_TO_HELP = "key_used_to_help"
KEY_USED_TO_REPAIR = "key_used_to_repair"
KEY_USED_TO_SEARCH = "key_used_to_search"
KEY_USED = "key_used"
"""Staff opened the door by key, for a reason that is none of the three."""
LEFT_BY_STAFF = "left_by_staff"
"""Staff opened a door to take a parcel out, and as far as anybody knows it is still inside."""
RETURNED_TO_CARRIER = "returned_to_carrier"
BROUGHT_TO_DESK = "brought_to_desk"
PARCEL_DISPOSED = "parcel_disposed"
DISPOSAL_NOTICE = "disposal_notice"
PARCEL_MOVED = "parcel_moved"
"""The parcel is behind another door; its code is the same."""
PARCEL_WITHDRAWN = "parcel_withdrawn"
"""The courier took the parcel out again after its code had been sent."""
PARCEL_MISADDRESSED = "parcel_misaddressed"
"""The courier had typed the wrong unit, and its code had been sent."""
PARCEL_DISPUTED = "parcel_disputed"
"""Somebody who opened the door said that the parcel is not theirs: it stays, and its code is dead."""
PARCEL_TAKEN_AWAY = "parcel_taken_away"
"""The same of a shelf or the desk."""
PARCEL_HANDED_OVER = "parcel_handed_over"
"""Staff gave the parcel to somebody who asked for it."""
PARCEL_NOT_AT_PLACE = "parcel_not_at_place"
"""Staff looked on the shelf or behind the desk, and it is not there."""
PARCEL_NOT_FOUND = "parcel_not_found"
"""Staff looked for a parcel in doubt, and it is not there."""

WITH_CODE = frozenset(
    {
        PARCEL_WAITING,
        PARCEL_ON_SHELF,
        PARCEL_AT_DESK,
        PARCEL_REMINDER,
        PARCEL_LAST_DAY,
        PARCEL_OVERDUE,
    }
)
"""Kinds of messages that carry the code: good for nothing once it has ended."""

_QUESTIONS = frozenset(
    {IncidentKind.DROP_OFF_UNCERTAIN, IncidentKind.PICKUP_IN_DOUBT, IncidentKind.DOOR_LEFT_OPEN}
)
_MISSING = frozenset({IncidentKind.PARCEL_MISSING})
_DISPUTED = frozenset({IncidentKind.PARCEL_DISPUTED})
_OVERDUE = frozenset({IncidentKind.PARCEL_OVERDUE})
_ANSWERED_BY_PICKUP = _QUESTIONS | {IncidentKind.NOBODY_TO_TELL, IncidentKind.UNEXPLAINED_OPENING}


def store(draft: Draft, delivery: Delivery, *, settled_by: str = "") -> None:
    """The parcel is in custody from here on."""
    trusted = draft.stamp.is_trusted
    due_at_ms = draft.stamp.at_ms + draft.state.limits.pickup_days * DAY_MS if trusted else None
    proof = delivery.proof or draft.stamp.proofs[0]
    _leave_tried(draft, delivery, VacancyFact.MOVED_ON)
    stamp = draft.stamp
    draft.record(
        e.DeliveryStored(delivery.id, proof, due_at_ms, settled_by, boot=stamp.boot, mono_ms=stamp.mono_ms)
    )


def is_shared(state: State, delivery: Delivery) -> bool:
    """Whether other parcels are behind the same door."""
    return len(state.deliveries_in(delivery.compartment)) > 1


def _leave_tried(draft: Draft, delivery: Delivery, fact: VacancyFact) -> None:
    """Compartments that were opened and did not fit are empty again, or hold what they held before."""
    for tried in delivery.tried:
        if not draft.state.deliveries_in(tried):
            draft.record(e.CompartmentSettled(tried, fact))


def _doubt_neighbours(draft: Draft, delivery: Delivery) -> None:
    """Nobody saw how the door was left that other parcels are behind: staff look, their codes stay live.

    What lies on a shelf or at the desk has nothing to do with what else is brought there.
    """
    if not delivery.has_door:
        return
    for other in draft.state.deliveries_in(delivery.compartment):
        if other.id != delivery.id and other.state is DeliveryState.STORED:
            put_in_doubt(draft, other.id)


def make_uncertain(draft: Draft, delivery: Delivery, why: str, *, is_asked: bool = False) -> None:
    """Nobody saw how a drop-off ended: no code, no message, no offer of its compartment until settled.

    A parcel whose code is out had been stored and was reopened: it stays stored, in doubt, its code live.
    `is_asked`: its courier is at the screen and is asked; staff hear of it only if there is no answer.
    """
    if delivery.has_code:
        keep(draft, delivery, why, in_doubt=True)
        return
    _leave_tried(draft, delivery, VacancyFact.LEFT_OPEN)
    if not is_asked:
        _doubt_neighbours(draft, delivery)
    draft.record(e.DeliveryUncertain(delivery.id, why))
    draft.record(DoubtBegan(delivery.id, draft.stamp.mono_ms))
    if not (is_asked and draft.state.is_session_alive(delivery.session)):
        tell_uncertain(draft, delivery)


def tell_uncertain(draft: Draft, delivery: Delivery) -> None:
    """Staff must look: nobody who could tell is there to be asked."""
    raise_incident(
        draft, IncidentKind.DROP_OFF_UNCERTAIN, compartment=delivery.compartment, delivery=delivery.id
    )


def keep(draft: Draft, delivery: Delivery, why: str, *, in_doubt: bool) -> None:
    """An opening ended with the parcel inside; in doubt when nobody said so. Whose it is hears of staff's."""
    draft.record(e.DeliveryKept(delivery.id, why))
    if delivery.is_with_staff and delivery.has_code:
        tell_of_opening(draft, delivery, LEFT_BY_STAFF, staff_name(draft.state, delivery.session))
    if in_doubt:
        put_in_doubt(draft, delivery.id)


def put_in_doubt(draft: Draft, delivery: DeliveryId) -> None:
    """Flag a parcel that staff must look for; its code stays live."""
    known = draft.state.deliveries[delivery]
    if not known.is_in_doubt:
        draft.record(e.DeliveryFlagged(delivery, DeliveryFlag.IN_DOUBT, is_set=True))
    raise_incident(draft, IncidentKind.PICKUP_IN_DOUBT, compartment=known.compartment, delivery=delivery)


def dispute(draft: Draft, delivery: Delivery) -> IncidentId:
    """Its recipient says that it is not theirs: no code opens it, nobody is told that it is, staff look."""
    draft.record(e.DeliveryFlagged(delivery.id, DeliveryFlag.DISPUTED, is_set=True))
    if delivery.has_code:
        spend_code(draft, delivery.id, SpentWhy.DISPUTED)
        draft.record(e.CodeRevoked(delivery.id, "not_mine", queue_messages(draft, delivery, PARCEL_DISPUTED)))
    return tell_of_dispute(draft, delivery)


def tell_of_dispute(draft: Draft, delivery: Delivery) -> IncidentId:
    """Nobody knows whose the parcel is: staff see to it."""
    return raise_incident(
        draft, IncidentKind.PARCEL_DISPUTED, compartment=delivery.compartment, delivery=delivery.id
    )


def clear_doubt(draft: Draft, delivery: Delivery) -> None:
    """Somebody who may know says that the parcel is here. Whose it is may be asked still."""
    if delivery.is_in_doubt:
        draft.record(e.DeliveryFlagged(delivery.id, DeliveryFlag.IN_DOUBT, is_set=False))
    settle_missing(draft, delivery)
    settle_incidents_of(draft, delivery)


def clear_dispute(draft: Draft, delivery: Delivery) -> None:
    """Staff looked, and the parcel is its recipient's after all."""
    if delivery.is_disputed:
        draft.record(e.DeliveryFlagged(delivery.id, DeliveryFlag.DISPUTED, is_set=False))
    settle_dispute(draft, delivery)


def collect(draft: Draft, delivery: Delivery, fact: VacancyFact) -> None:
    """The recipient has the parcel: its code is spent."""
    draft.record(e.DeliveryCollected(delivery.id, fact, boot=draft.stamp.boot, mono_ms=draft.stamp.mono_ms))
    spend_code(draft, delivery.id, SpentWhy.COLLECTED)
    settle_where(draft, delivery, kinds=_ANSWERED_BY_PICKUP)
    settle_missing(draft, delivery)
    end_overdue(draft, delivery)


def end_overdue(draft: Draft, delivery: Delivery) -> None:
    """Staff need not think of this parcel's pickup time any more."""
    settle_incidents(draft, draft.actor, kinds=_OVERDUE, delivery=delivery.id)


def settle_dispute(draft: Draft, delivery: Delivery) -> None:
    """Somebody has looked whose parcel it is."""
    settle_incidents(draft, draft.actor, kinds=_DISPUTED, delivery=delivery.id)


def settle_missing(draft: Draft, delivery: Delivery) -> None:
    """A parcel that somebody had looked for in vain is there after all."""
    settle_incidents(draft, draft.actor, kinds=_MISSING, delivery=delivery.id)


def cancel(draft: Draft, delivery: Delivery, why: str, fact: VacancyFact) -> None:
    """The parcel is not here, and a code that was sent for it opens nothing any more."""
    _leave_tried(draft, delivery, VacancyFact.LEFT_OPEN)
    withdraw_code(draft, delivery, why)
    end_overdue(draft, delivery)
    draft.record(e.DeliveryCancelled(delivery.id, why, fact))


def withdraw_code(draft: Draft, delivery: Delivery, why: str, message: str = PARCEL_WITHDRAWN) -> None:
    """A code that was sent dies before its parcel was collected; its recipient is told."""
    if not delivery.has_code:
        return
    spend_code(draft, delivery.id, SpentWhy.WITHDRAWN)
    kind = message if delivery.has_door else PARCEL_TAKEN_AWAY
    draft.record(e.CodeRevoked(delivery.id, why, queue_messages(draft, delivery, kind)))


def settle_incidents_of(draft: Draft, delivery: Delivery) -> None:
    """Close the questions about a compartment that has been looked into."""
    settle_where(draft, delivery, kinds=_QUESTIONS)


def settle_where(draft: Draft, delivery: Delivery, *, kinds: frozenset[IncidentKind]) -> None:
    """Close incidents at a parcel's door but what is asked there still; elsewhere, those of this parcel."""
    place, alone = delivery.compartment, None if delivery.has_door else delivery.id
    if delivery.has_door:
        kinds -= still_asked(draft.state, place)
    settle_incidents(draft, draft.actor, compartment=place, delivery=alone, kinds=kinds)


def spend_code(draft: Draft, delivery: DeliveryId, why: SpentWhy) -> None:
    """The live code of a delivery opens nothing any more; the screen can say why for 90 days."""
    for live in tuple(draft.state.credentials.values()):
        if live.delivery == delivery:
            stamp = draft.stamp
            spent = SpentCode(
                live.digest, live.long_digest, delivery, stamp.at_ms, why, ended_mono_ms=stamp.mono_ms
            )
            draft.record(CredentialSpent(spent))
    _forget_spent(draft)


def _forget_spent(draft: Draft) -> None:
    """What ended long ago goes from memory too, by a clock that may be believed; oldest come first."""
    if not draft.stamp.is_trusted:
        return
    old = takewhile(lambda code: _has_aged(draft, code), draft.state.spent.values())
    if digests := frozenset(code.digest for code in old):
        draft.record(SpentCodesForgotten(digests))


def _has_aged(draft: Draft, code: SpentCode) -> bool:
    """By the wall clock and by monotonic time, for a clock may jump; older ones count from the start."""
    kept_ms, stamp = draft.state.limits.spent_codes_kept_ms, draft.stamp
    since = draft.state.started_mono_ms if code.ended_mono_ms is None else code.ended_mono_ms
    return stamp.mono_ms - since > kept_ms and code.ended_at_ms < stamp.at_ms - kept_ms


def free_candidate(draft: Draft) -> CodeCandidate | None:
    """A fresh code of this stamp that nobody has had, if there is one."""
    state = draft.state
    return next((code for code in draft.stamp.codes if _is_new(state, code)), None)


def _is_new(state: State, code: CodeCandidate) -> bool:
    is_known = code.digest in state.credentials or code.digest in state.spent
    return not is_known and code.long_digest not in state.long_credentials


def issue_code(draft: Draft, delivery: Delivery) -> bool:
    """Make the code of a stored parcel and queue its messages; False when no fresh code was at hand."""
    candidate = free_candidate(draft)
    if candidate is None:
        return False
    live = Credential(candidate.digest, candidate.long_digest, delivery.id, delivery.recipient)
    draft.record(CredentialAdded(live, candidate.sealed))
    draft.record(e.CodeIssued(delivery.id, queue_messages(draft, delivery, waiting_kind(delivery))))
    return True


_WAITING = {
    PlaceKind.COMPARTMENT: PARCEL_WAITING,
    PlaceKind.SHELF: PARCEL_ON_SHELF,
    PlaceKind.DESK: PARCEL_AT_DESK,
}


def waiting_kind(delivery: Delivery) -> str:
    """The message that says where a parcel waits, and carries its code."""
    return _WAITING[kind_of(delivery.compartment)]


def staff_name(state: State, session: SessionId | None) -> str:
    """Who of the staff has, or had, this session; empty where nobody is known."""
    known = state.sessions.get(session) if session else None
    person = state.directory.staff.get(known.staff) if known and known.staff else None
    return person.name if person else ""


def tell_of_opening(draft: Draft, delivery: Delivery, kind: str, who: str = "") -> tuple[MessageId, ...]:
    """Somebody was at this parcel's place: its recipient is told of it, and who it was if anybody knows."""
    told = queue_messages(draft, delivery, kind, who)
    draft.record(e.RecipientToldOfOpening(delivery.id, told))
    return told


def queue_messages(draft: Draft, delivery: Delivery, kind: str, detail: str = "") -> tuple[MessageId, ...]:
    """Let a message to everyone whose parcel it is wait; nobody to tell is staff's task."""
    door = draft.state.label_of(delivery.compartment)
    ids: list[MessageId] = []
    for person in draft.state.directory.recipients(delivery.recipient, delivery.unit):
        message = MessageId(draft.new_id())
        ids.append(message)
        draft.record(
            MessageQueued(message, kind, delivery.id, person.id, draft.stamp.at_ms, door=door, detail=detail)
        )
    if ids:
        draft.move(SendMessages())
    else:
        raise_incident(
            draft, IncidentKind.NOBODY_TO_TELL, compartment=delivery.compartment, delivery=delivery.id
        )
    return tuple(ids)


def codes_owed(state: State) -> int:
    """How many parcels have no code yet: none but these get their first one by any decision."""
    return sum(not delivery.has_code for delivery in state.deliveries.values())


def release_codes(draft: Draft, deliveries: tuple[Delivery, ...]) -> None:
    """Send out the codes of stored parcels that have none yet; what is left waits for the next chance."""
    for delivery in deliveries:
        if delivery.owes_code and not issue_code(draft, delivery):
            return
