"""Deliveries: one parcel's stay, as a table of every state and every trigger."""

import enum
from dataclasses import dataclass

from kiosk.domain.model.compartment import SizeClass
from kiosk.domain.model.ids import (
    BootId,
    CarrierCodeId,
    CarrierId,
    CompartmentId,
    DeliveryId,
    RecipientId,
    SessionId,
    UnitId,
)
from kiosk.domain.model.place import has_door


class DeliveryState(enum.StrEnum):
    """Where a delivery is in its life. Overdue, held and in doubt are flags, not states."""

    RESERVED = "reserved"
    DEPOSITING = "depositing"
    STORED = "stored"
    COLLECTING = "collecting"
    MOVING = "moving"
    REMOVING = "removing"
    UNCERTAIN = "uncertain"
    COLLECTED = "collected"
    REMOVED = "removed"
    CANCELLED = "cancelled"

    @property
    def is_final(self) -> bool:
        """Whether the delivery has ended."""
        return self in (DeliveryState.COLLECTED, DeliveryState.REMOVED, DeliveryState.CANCELLED)

    @property
    def is_in_hand(self) -> bool:
        """Whether a person is busy at its door, so that a gap in watching matters."""
        return self in (
            DeliveryState.RESERVED,
            DeliveryState.DEPOSITING,
            DeliveryState.COLLECTING,
            DeliveryState.MOVING,
            DeliveryState.REMOVING,
        )


class DeliveryTrigger(enum.StrEnum):
    """Everything that can happen to a delivery."""

    UNLOCK_NOT_SENT = "unlock_not_sent"
    NEVER_OPENED = "never_opened"
    DOOR_OPENED = "door_opened"
    CLOSED_IN_SESSION = "closed_in_session"
    CLOSED_ALONE = "closed_alone"
    GAP = "gap"
    WALKED_AWAY = "walked_away"
    DOES_NOT_FIT = "does_not_fit"
    REOPENED = "reopened"
    TAKEN = "taken"
    STILL_INSIDE = "still_inside"
    MOVE_STARTED = "move_started"
    REMOVAL_STARTED = "removal_started"
    SETTLED_STORED = "settled_stored"
    SETTLED_EMPTY = "settled_empty"


class DeliveryRefusal(enum.StrEnum):
    """Why a trigger is refused in a state."""

    NOT_IN_HAND = "not_in_hand"
    IN_HAND = "in_hand"
    HAS_ENDED = "has_ended"
    NOT_IN_DOUBT = "not_in_doubt"


_S, _T, _R = DeliveryState, DeliveryTrigger, DeliveryRefusal

_TRANSITIONS: dict[tuple[DeliveryState, DeliveryTrigger], DeliveryState] = {
    (_S.RESERVED, _T.UNLOCK_NOT_SENT): _S.CANCELLED,
    (_S.RESERVED, _T.NEVER_OPENED): _S.CANCELLED,
    (_S.RESERVED, _T.DOOR_OPENED): _S.DEPOSITING,
    (_S.RESERVED, _T.GAP): _S.UNCERTAIN,
    (_S.RESERVED, _T.WALKED_AWAY): _S.UNCERTAIN,
    (_S.DEPOSITING, _T.CLOSED_IN_SESSION): _S.STORED,
    (_S.DEPOSITING, _T.CLOSED_ALONE): _S.UNCERTAIN,
    (_S.DEPOSITING, _T.GAP): _S.UNCERTAIN,
    (_S.DEPOSITING, _T.WALKED_AWAY): _S.UNCERTAIN,
    (_S.DEPOSITING, _T.DOES_NOT_FIT): _S.RESERVED,
    (_S.STORED, _T.DOOR_OPENED): _S.COLLECTING,
    (_S.STORED, _T.REOPENED): _S.DEPOSITING,
    (_S.STORED, _T.DOES_NOT_FIT): _S.RESERVED,
    (_S.STORED, _T.MOVE_STARTED): _S.MOVING,
    (_S.STORED, _T.REMOVAL_STARTED): _S.REMOVING,
    (_S.STORED, _T.SETTLED_STORED): _S.STORED,
    (_S.STORED, _T.SETTLED_EMPTY): _S.REMOVED,
    (_S.COLLECTING, _T.TAKEN): _S.COLLECTED,
    (_S.COLLECTING, _T.STILL_INSIDE): _S.STORED,
    (_S.COLLECTING, _T.CLOSED_ALONE): _S.STORED,
    (_S.COLLECTING, _T.GAP): _S.STORED,
    (_S.MOVING, _T.TAKEN): _S.REMOVED,
    (_S.MOVING, _T.SETTLED_STORED): _S.STORED,
    (_S.MOVING, _T.STILL_INSIDE): _S.STORED,
    (_S.MOVING, _T.CLOSED_ALONE): _S.STORED,
    (_S.MOVING, _T.GAP): _S.STORED,
    (_S.REMOVING, _T.TAKEN): _S.REMOVED,
    (_S.REMOVING, _T.STILL_INSIDE): _S.STORED,
    (_S.REMOVING, _T.CLOSED_ALONE): _S.STORED,
    (_S.REMOVING, _T.GAP): _S.STORED,
    (_S.UNCERTAIN, _T.REOPENED): _S.DEPOSITING,
    (_S.UNCERTAIN, _T.SETTLED_STORED): _S.STORED,
    (_S.UNCERTAIN, _T.SETTLED_EMPTY): _S.CANCELLED,
}

_SETTLING = (_T.SETTLED_STORED, _T.SETTLED_EMPTY)


def _refusal(state: DeliveryState, trigger: DeliveryTrigger) -> DeliveryRefusal:
    if state.is_final:
        return _R.HAS_ENDED
    if trigger in _SETTLING:
        return _R.NOT_IN_DOUBT
    return _R.IN_HAND if state.is_in_hand else _R.NOT_IN_HAND


DELIVERY_TABLE: dict[tuple[DeliveryState, DeliveryTrigger], DeliveryState | DeliveryRefusal] = {
    (state, trigger): _TRANSITIONS.get((state, trigger)) or _refusal(state, trigger)
    for state in DeliveryState
    for trigger in DeliveryTrigger
}
"""State and trigger -> the next state or a named refusal: every cell has an answer."""


def delivery_after(state: DeliveryState, trigger: DeliveryTrigger) -> DeliveryState | DeliveryRefusal:
    """The state that a trigger leads to, or why it is refused."""
    return DELIVERY_TABLE[state, trigger]


class RemovalWay(enum.StrEnum):
    """Where a parcel went that staff took out."""

    TO_CARRIER = "to_carrier"
    TO_DESK = "to_desk"
    DISPOSED = "disposed"


class DeliveryFlag(enum.StrEnum):
    """What is also true of a delivery, whatever its state."""

    OVERDUE = "overdue"
    HELD = "held"
    IN_DOUBT = "in_doubt"
    DISPUTED = "disputed"
    """Its recipient says that it is not theirs: no code opens it until staff have looked."""
    UNTOLD = "untold"
    """Its door was opened and nobody has explained that: its recipient is about to be told."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """One parcel's stay in a compartment, on a shelf or at the desk.

    `session` is the sign-in that is, or was, at its door.
    """

    id: DeliveryId
    state: DeliveryState
    compartment: CompartmentId
    """Where it is, or is meant to go: a compartment, or the identity of a shelf or the desk."""
    unit: UnitId
    recipient: RecipientId
    carrier: CarrierId
    carrier_code: CarrierCodeId
    session: SessionId
    size: SizeClass
    reserved_at_ms: int
    stored_at_ms: int | None = None
    due_at_ms: int | None = None
    proof: str | None = None
    has_code: bool = False
    flags: frozenset[DeliveryFlag] = frozenset()
    stored_boot: BootId | None = None
    stored_mono_ms: int = 0
    """On which start of the machine it was stored, and when by its monotonic clock."""
    reminded: int = 0
    """How many of the moments to remind at are over."""
    held_until_ms: int | None = None
    """Until when its recipient, or staff, want it kept; set while the flag `held` is."""
    disposal_from_ms: int | None = None
    """From when on it may be disposed of; its recipient was told thirty days before."""
    sent_again_at_ms: tuple[int, ...] = ()
    """When its message was sent once more, the newest ones, oldest first (UTC milliseconds)."""
    tried: tuple[CompartmentId, ...] = ()
    """Compartments that were opened and did not fit; not offered until this delivery is stored or ends."""

    @property
    def has_door(self) -> bool:
        """Whether it is behind a door; otherwise on a shelf or at the desk."""
        return has_door(self.compartment)

    @property
    def was_stored_here(self) -> bool:
        """Whether it had been put behind its present door before: then it is there whoever opens it again."""
        return self.stored_at_ms is not None and not self.tried

    @property
    def is_with_staff(self) -> bool:
        """Whether staff are carrying it out, or to another door."""
        return self.state in (DeliveryState.MOVING, DeliveryState.REMOVING)

    @property
    def is_disputed(self) -> bool:
        """Whether its recipient says that it is somebody else's."""
        return DeliveryFlag.DISPUTED in self.flags

    @property
    def owes_code(self) -> bool:
        """Whether it is in custody and its recipient should have a code and has none."""
        return self.state is DeliveryState.STORED and not self.has_code and not self.is_disputed

    @property
    def is_untold(self) -> bool:
        """Whether its recipient is still to be told of an opening."""
        return DeliveryFlag.UNTOLD in self.flags

    @property
    def is_in_doubt(self) -> bool:
        """Whether staff must look before anyone believes the state."""
        return DeliveryFlag.IN_DOUBT in self.flags
