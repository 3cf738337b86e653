"""Incidents: one a place and kind, so that a fault is told once; what befalls a parcel is told for each."""

from kiosk.domain import events as e
from kiosk.domain.draft import Draft
from kiosk.domain.model.delivery import DeliveryState
from kiosk.domain.model.ids import BankId, CompartmentId, DeliveryId, IncidentId, MessageId, ResidentId
from kiosk.domain.model.incident import Incident, IncidentKind, Severity
from kiosk.domain.model.place import has_door
from kiosk.domain.state import State

_SEVERITY = {
    IncidentKind.BANK_LOST: Severity.ALARM,
    IncidentKind.DOOR_JAMMED: Severity.TASK,
    IncidentKind.DOOR_LEFT_OPEN: Severity.ALARM,
    IncidentKind.UNEXPLAINED_OPENING: Severity.ALARM,
    IncidentKind.DROP_OFF_UNCERTAIN: Severity.TASK,
    IncidentKind.PICKUP_IN_DOUBT: Severity.TASK,
    IncidentKind.FOREIGN_PARCEL: Severity.TASK,
    IncidentKind.UNLOCK_NOT_SENT: Severity.ALARM,
    IncidentKind.PARCEL_MISSING: Severity.ALARM,
    IncidentKind.PARCEL_DISPUTED: Severity.TASK,
    IncidentKind.PARCEL_DAMAGED: Severity.TASK,
    IncidentKind.LOCKED_IN: Severity.ALARM,
    IncidentKind.HELP_WANTED: Severity.ALARM,
    IncidentKind.NOBODY_TO_TELL: Severity.TASK,
    IncidentKind.MESSAGE_UNDELIVERED: Severity.TASK,
    IncidentKind.PARCEL_OVERDUE: Severity.TASK,
    IncidentKind.COMPARTMENT_LEFT_OUT: Severity.ALARM,
    IncidentKind.SYNC_BLOCKED: Severity.NOTICE,
    IncidentKind.MESSAGES_FAILING: Severity.ALARM,
    IncidentKind.SYNC_FAILING: Severity.TASK,
}


_OF_ONE_PARCEL = frozenset(
    {
        IncidentKind.PARCEL_MISSING,
        IncidentKind.PARCEL_DISPUTED,
        IncidentKind.PARCEL_DAMAGED,
        IncidentKind.NOBODY_TO_TELL,
        IncidentKind.PARCEL_OVERDUE,
    }
)


def _is_of_one_parcel(kind: IncidentKind, place: CompartmentId | None) -> bool:
    """Parcels of several people lie on one shelf, so there each has incidents of its own."""
    return kind in _OF_ONE_PARCEL or (place is not None and not has_door(place))


def _place(known: Incident) -> tuple[IncidentKind, BankId | None, CompartmentId | None, DeliveryId | None]:
    delivery = known.delivery if _is_of_one_parcel(known.kind, known.compartment) else None
    return known.kind, known.bank, known.compartment, delivery


def raise_incident(
    draft: Draft,
    kind: IncidentKind,
    *,
    bank: BankId | None = None,
    compartment: CompartmentId | None = None,
    delivery: DeliveryId | None = None,
) -> IncidentId:
    """Tell staff, unless the same is open already; the incident that is open then."""
    place = (kind, bank, compartment, delivery if _is_of_one_parcel(kind, compartment) else None)
    for known in draft.state.incidents.values():
        if _place(known) == place:
            return known.id
    incident = IncidentId(draft.new_id())
    draft.record(
        e.IncidentRaised(
            incident=incident,
            kind=kind,
            severity=_SEVERITY[kind],
            bank=bank,
            compartment=compartment,
            delivery=delivery,
            since_pulse_ms=_since_pulse(draft, kind, compartment),
        )
    )
    return incident


def raise_message_incident(
    draft: Draft, delivery: DeliveryId, message: MessageId, resident: ResidentId
) -> None:
    """Tell staff that a message does not reach its person; each message has an incident of its own."""
    parcel = draft.state.deliveries.get(delivery)
    kind = IncidentKind.MESSAGE_UNDELIVERED
    draft.record(
        e.IncidentRaised(
            incident=IncidentId(draft.new_id()),
            kind=kind,
            severity=_SEVERITY[kind],
            compartment=parcel.compartment if parcel else None,
            delivery=delivery,
            message=message,
            resident=resident,
        )
    )


def _since_pulse(draft: Draft, kind: IncidentKind, compartment: CompartmentId | None) -> int | None:
    """A lock that lets go long after its pulse tells another story than one that was never pulsed."""
    if compartment is None or kind is not IncidentKind.UNEXPLAINED_OPENING:
        return None
    pulsed, opened = draft.state.pulses.get(compartment), draft.state.unexplained.get(compartment)
    return opened - pulsed if pulsed is not None and opened is not None and pulsed <= opened else None


def raise_alarm(draft: Draft, compartment: CompartmentId) -> None:
    """A door opened, and nobody says that it was them."""
    inside = draft.state.deliveries_in(compartment)
    delivery = inside[0].id if inside else None
    raise_incident(draft, IncidentKind.UNEXPLAINED_OPENING, compartment=compartment, delivery=delivery)


def settle_incidents(
    draft: Draft,
    by: str,
    *,
    kinds: frozenset[IncidentKind],
    compartment: CompartmentId | None = None,
    delivery: DeliveryId | None = None,
) -> None:
    """Close every open incident of these kinds: all, those at one compartment, or those of one delivery.

    An opening that is not an incident yet becomes one first: what settles it is on record beside it.
    """
    status = draft.state.compartments.get(compartment) if compartment else None
    if status is not None and status.is_unexplained and IncidentKind.UNEXPLAINED_OPENING in kinds:
        raise_alarm(draft, status.id)
    for incident in tuple(draft.state.incidents.values()):
        is_here = compartment in (None, incident.compartment) and delivery in (None, incident.delivery)
        if is_here and incident.kind in kinds:
            draft.record(e.IncidentSettled(incident.id, by))


def still_asked(state: State, compartment: CompartmentId) -> frozenset[IncidentKind]:
    """What nobody has answered yet of the parcels behind a door: one answer is not for all of them."""
    inside = state.deliveries_in(compartment)
    doubts = {IncidentKind.PICKUP_IN_DOUBT for one in inside if one.is_in_doubt}
    uncertain = (one for one in inside if one.state is DeliveryState.UNCERTAIN)
    return frozenset(doubts | {IncidentKind.DROP_OFF_UNCERTAIN for _ in uncertain})


def bank_incident(draft: Draft, bank: BankId) -> Incident | None:
    """The open incident of a lost bank."""
    lost = (
        one
        for one in draft.state.incidents.values()
        if one.bank == bank and one.kind is IncidentKind.BANK_LOST
    )
    return next(lost, None)
