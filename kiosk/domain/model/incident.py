"""Incidents: what staff must know and do."""

import enum
from dataclasses import dataclass

from kiosk.domain.model.ids import BankId, CompartmentId, DeliveryId, IncidentId


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
    NOBODY_TO_TELL = "nobody_to_tell"
    COMPARTMENT_LEFT_OUT = "compartment_left_out"
    """A parcel is behind a door that the settings no longer name."""
    SYNC_BLOCKED = "sync_blocked"
    """Events have not left for the broker for a while; nothing is lost."""
    MESSAGES_FAILING = "messages_failing"
    """The part that sends messages to residents crashes again and again; they wait, nothing is lost."""
    SYNC_FAILING = "sync_failing"
    """The part that sends events to the broker crashes again and again; they wait, nothing is lost."""


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
    since_pulse_ms: int | None = None
    """Of an opening that nobody asked for: how long before it the door's last pulse since the start was."""
