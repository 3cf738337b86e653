"""Incidents: what staff must know and do."""

import enum
from dataclasses import dataclass
from hashlib import blake2s

from kiosk.domain.model.ids import BankId, CompartmentId, DeliveryId, IncidentId, MessageId, ResidentId


class IncidentKind(enum.StrEnum):
    """What happened."""

    BANK_LOST = "bank_lost"
    DOOR_JAMMED = "door_jammed"
    DOOR_LEFT_OPEN = "door_left_open"
    UNEXPLAINED_OPENING = "unexplained_opening"
    DROP_OFF_UNCERTAIN = "drop_off_uncertain"
    PICKUP_IN_DOUBT = "pickup_in_doubt"
    FOREIGN_PARCEL = "foreign_parcel"
    UNLOCK_NOT_SENT = "unlock_not_sent"
    PARCEL_MISSING = "parcel_missing"
    PARCEL_DISPUTED = "parcel_disputed"
    """A resident opened their door and says that the parcel behind it is not theirs."""
    PARCEL_DAMAGED = "parcel_damaged"
    LOCKED_IN = "locked_in"
    """Somebody at the screen says that a person is locked in; empty large compartments were opened."""
    HELP_WANTED = "help_wanted"
    """Somebody at the screen asks for a person."""
    NOBODY_TO_TELL = "nobody_to_tell"
    MESSAGE_UNDELIVERED = "message_undelivered"
    """A message does not reach its person: no contact that works, or the way has been down for long."""
    PARCEL_OVERDUE = "parcel_overdue"
    """Its pickup time is over; it stays where it is, and its code opens its door as before."""
    COMPARTMENT_LEFT_OUT = "compartment_left_out"
    """A parcel is behind a door that the settings no longer name."""
    SYNC_BLOCKED = "sync_blocked"
    """Events have not left for the broker for a while; nothing is lost."""
    MESSAGES_FAILING = "messages_failing"
    """The part that sends messages to residents crashes again and again; they wait, nothing is lost."""
    SYNC_FAILING = "sync_failing"
    """The part that sends events to the broker crashes again and again; they wait, nothing is lost."""


CASE_DIGITS = 6


def case_number(incident: IncidentId) -> str:
    """The short number that people say to one another; digits only, so that every language can."""
    digest = blake2s(incident.encode(), digest_size=8).digest()
    return f"{int.from_bytes(digest) % 10**CASE_DIGITS:0{CASE_DIGITS}}"


class Part(enum.StrEnum):
    """What runs beside the core, and is started again when it crashes."""

    MESSAGES = "messages"
    UPLINK = "uplink"


class Severity(enum.StrEnum):
    """How soon somebody must act."""

    NOTICE = "notice"
    TASK = "task"
    ALARM = "alarm"


@dataclass(frozen=True, slots=True)
class Incident:
    """An open incident: one a place and kind, so that a fault is told once and not at every poll."""

    id: IncidentId
    kind: IncidentKind
    severity: Severity
    raised_at_ms: int
    bank: BankId | None = None
    compartment: CompartmentId | None = None
    delivery: DeliveryId | None = None
    message: MessageId | None = None
    """The message that does not arrive, and `resident`: whom it is for."""
    resident: ResidentId | None = None
    since_pulse_ms: int | None = None
    """Of an opening that nobody asked for: how long before it the door's last pulse since the start was."""
