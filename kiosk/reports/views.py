"""What is told of the kiosk's state: plain rows, for the local interface and the command line alike.

Pure. No row holds a person's name, a code or a digest; instants are RFC 3339 in UTC.
"""

import json
from collections.abc import Iterable
from typing import TypedDict

from kiosk.domain.model.compartment import Compartment
from kiosk.domain.model.delivery import Delivery
from kiosk.domain.model.ids import BankId, UnitId
from kiosk.domain.model.incident import Incident, case_number
from kiosk.domain.model.place import kind_of
from kiosk.domain.state import State
from kiosk.ports import EventRow, KeptProof
from kiosk.service.incident_faults import fault_of_incident
from kiosk.service.instants import instant_text


class DoorDelivery(TypedDict):
    """A parcel behind a door."""

    id: str
    state: str


class DoorView(TypedDict):
    """One compartment: as built, as seen, and what is believed to be inside."""

    compartment: str
    label: str
    bank: str
    channel: int
    size: str
    column: int
    row: int
    door: str
    vacancy: str
    condition: str
    units: list[str]
    deliveries: list[DoorDelivery]


class DeliveryView(TypedDict):
    """One active delivery."""

    id: str
    state: str
    unit: str
    carrier: str
    place: str
    """`compartment`, `shelf` or `desk`."""
    compartment: str | None
    label: str
    reserved_at: str
    stored_at: str | None
    due_at: str | None
    flags: list[str]
    has_code: bool
    proof: str | None


class IncidentView(TypedDict):
    """One open incident."""

    id: str
    case: str
    fault: str
    """The number of its kind in the reference of errors."""
    next_step: str
    """The short number that the screen names."""
    kind: str
    severity: str
    raised_at: str
    bank: str | None
    compartment: str | None
    label: str | None
    delivery: str | None
    resident: str | None
    """Whom a message does not reach, by the id in the directory."""
    since_pulse_ms: int | None
    """How long after the door's last pulse it opened, of openings that nobody asked for."""


class ProofView(TypedDict):
    """A proof of delivery as it is kept; `text` is what its QR would hold."""

    code: str
    delivery: str
    at: str
    text: str


class EventView(TypedDict):
    """One row of the event log."""

    epoch: int
    seq: int
    type: str
    v: int
    at: str
    trusted: bool
    intent: str
    actor: str
    subject: str
    body: dict[str, object]


def _instant_if(at_ms: int | None) -> str | None:
    return None if at_ms is None else instant_text(at_ms)


def doors_view(state: State) -> list[DoorView]:
    """Every compartment in walking order: by column, from the top."""
    places = sorted(state.layout.compartments.values(), key=lambda place: (place.column, place.row))
    return [_door(state, place) for place in places]


def _door(state: State, place: Compartment) -> DoorView:
    status, inside = state.compartments.get(place.id), state.deliveries_in(place.id)
    return DoorView(
        compartment=place.id,
        label=place.label,
        bank=place.bank,
        channel=place.channel,
        size=place.size.value,
        column=place.column,
        row=place.row,
        door=state.door(place.id).value,
        vacancy=status.vacancy.value if status else "unknown",
        condition=status.condition.value if status else "serviceable",
        units=_units(state, inside),
        deliveries=[DoorDelivery(id=delivery.id, state=delivery.state.value) for delivery in inside],
    )


def _units(state: State, deliveries: Iterable[Delivery]) -> list[str]:
    return sorted({_unit_label(state, delivery.unit) for delivery in deliveries})


def _unit_label(state: State, unit: UnitId) -> str:
    known = state.directory.units.get(unit)
    return known.label if known else unit


def deliveries_view(state: State) -> list[DeliveryView]:
    """Every active delivery, oldest first."""
    oldest_first = sorted(state.deliveries.values(), key=lambda one: (one.reserved_at_ms, one.id))
    return [_delivery(state, delivery) for delivery in oldest_first]


def _delivery(state: State, delivery: Delivery) -> DeliveryView:
    return DeliveryView(
        id=delivery.id,
        state=delivery.state.value,
        unit=_unit_label(state, delivery.unit),
        carrier=delivery.carrier,
        place=kind_of(delivery.compartment).value,
        compartment=delivery.compartment if delivery.has_door else None,
        label=state.label_of(delivery.compartment),
        reserved_at=instant_text(delivery.reserved_at_ms),
        stored_at=_instant_if(delivery.stored_at_ms),
        due_at=_instant_if(delivery.due_at_ms),
        flags=sorted(flag.value for flag in delivery.flags),
        has_code=delivery.has_code,
        proof=delivery.proof,
    )


def incidents_view(state: State) -> list[IncidentView]:
    """Every open incident, oldest first."""
    oldest_first = sorted(state.incidents.values(), key=lambda one: (one.raised_at_ms, one.id))
    return [_incident(state, incident) for incident in oldest_first]


def _incident(state: State, incident: Incident) -> IncidentView:
    fault = fault_of_incident(incident.kind.value)
    return IncidentView(
        id=incident.id,
        case=case_number(incident.id),
        fault=fault.number,
        next_step=fault.next_step,
        kind=incident.kind.value,
        severity=incident.severity.value,
        raised_at=instant_text(incident.raised_at_ms),
        bank=incident.bank,
        compartment=incident.compartment,
        label=state.label_of(incident.compartment) if incident.compartment else None,
        delivery=incident.delivery,
        resident=incident.resident,
        since_pulse_ms=incident.since_pulse_ms,
    )


def proof_view(proof: KeptProof) -> ProofView:
    """One proof."""
    return ProofView(code=proof.code, delivery=proof.delivery, at=instant_text(proof.at_ms), text=proof.text)


def banks_view(state: State) -> dict[str, str]:
    """Every bank and whether it answers: `up`, `lost: why`, or `not yet`."""
    return {bank: _bank(state, bank) for bank in state.layout.banks}


def _bank(state: State, bank: BankId) -> str:
    if fault := state.lost_banks.get(bank):
        return f"lost: {fault}"
    is_seen = any(place.id in state.doors for place in state.layout.of_bank(bank))
    return "up" if is_seen else "not yet"


def event_view(row: EventRow) -> EventView:
    """One row of the log, its body as the object that it is."""
    return EventView(
        epoch=row.epoch,
        seq=row.seq,
        type=row.type,
        v=row.v,
        at=instant_text(row.at_ms),
        trusted=row.trusted,
        intent=row.intent,
        actor=row.actor,
        subject=row.subject,
        body=json.loads(row.body),
    )
