"""Authorised unlocks that the door sensor has not answered yet."""

import enum
from dataclasses import dataclass

from kiosk.domain.model.ids import CompartmentId, DeliveryId, SessionId, UnlockId


class UnlockPurpose(enum.StrEnum):
    """Why a door may open."""

    DROP_OFF = "drop_off"
    PICKUP = "pickup"
    REOPEN = "reopen"
    LOOK = "look"
    REMOVE = "remove"
    """Staff take a parcel out, to give it back or to bring it to the desk."""
    MOVE = "move"
    """Staff carry a parcel to another door."""
    RESCUE = "rescue"
    """Somebody says that a person is locked in: nobody has signed in."""
    BENCH = "bench"


@dataclass(frozen=True, slots=True)
class PendingUnlock:
    """An `UnlockAuthorised` that is not resolved; `sent_mono_ms` is set once its bytes have left."""

    id: UnlockId
    compartment: CompartmentId
    session: SessionId | None
    delivery: DeliveryId | None
    purpose: UnlockPurpose
    attempt: int
    authorised_mono_ms: int
    sent_mono_ms: int | None = None
    closed_reads: int = 0
    """Reads after the end of the pulse that still say closed; the second pulse needs two."""
    earlier_sent_mono_ms: int | None = None
    """When the pulse before this one left: it may yet open the door if this one is never sent."""
