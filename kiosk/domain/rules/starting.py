"""Start and reconciliation: what the doors say when a bank first answers, and when it was out of sight."""

from kiosk.domain import events as e
from kiosk.domain.changes import DoorsSighted
from kiosk.domain.draft import Draft
from kiosk.domain.inputs import BankGone, BankSeen, KioskStart
from kiosk.domain.model.compartment import DoorState
from kiosk.domain.model.delivery import Delivery, DeliveryState
from kiosk.domain.model.incident import IncidentKind
from kiosk.domain.model.session import SessionState
from kiosk.domain.model.vacancy import Vacancy
from kiosk.domain.rules.custody import keep, make_uncertain, release_codes
from kiosk.domain.rules.incidents import bank_incident, raise_incident
from kiosk.domain.rules.sessions import end_parked


def kiosk_start(draft: Draft, fact: KioskStart) -> None:
    """Once: every session is parked, compartments new to the settings are added, owed codes go out."""
    draft.record(e.KioskStarted(fact.version))
    for session in tuple(draft.state.sessions.values()):
        if session.state is SessionState.ACTIVE:
            draft.record(e.SessionParked(session.id, "restart"))
        end_parked(draft, session.id)
    is_empty = draft.state.building.new_compartments_are_empty
    vacancy = Vacancy.VERIFIED if is_empty else Vacancy.UNKNOWN
    for compartment in draft.state.layout.compartments:
        if compartment not in draft.state.compartments:
            draft.record(e.CompartmentAdded(compartment, vacancy))
    release_codes(draft, _owed_a_code(draft))


def _owed_a_code(draft: Draft) -> tuple[Delivery, ...]:
    stored = (one for one in draft.state.deliveries.values() if one.state is DeliveryState.STORED)
    return tuple(one for one in stored if not one.has_code)


def bank_seen(draft: Draft, fact: BankSeen) -> None:
    """A bank came up: its doors are levels, and what happened out of sight is settled by them."""
    doors = tuple(sorted(fact.doors.items()))
    incident = bank_incident(draft, fact.bank)
    draft.record(e.BankAnswered(fact.bank))
    draft.record(DoorsSighted(fact.bank, doors, draft.stamp.mono_ms))
    if incident:
        draft.record(e.IncidentSettled(incident.id, "bank"))
    for compartment, door in doors:
        for delivery in draft.state.deliveries_in(compartment):
            _reconcile(draft, delivery, door)


def _reconcile(draft: Draft, delivery: Delivery, door: DoorState) -> None:
    match delivery.state:
        case DeliveryState.RESERVED:
            make_uncertain(draft, delivery, "gap")
        case DeliveryState.DEPOSITING if door is not DoorState.OPEN:
            make_uncertain(draft, delivery, "gap")
        case DeliveryState.COLLECTING if door is not DoorState.OPEN:
            keep(draft, delivery, "gap", in_doubt=True)
        case _:
            return
    end_parked(draft, delivery.session)


def bank_gone(draft: Draft, fact: BankGone) -> None:
    """A bank is out of sight: its doors are unknown, a drop-off whose pulse was under way is uncertain."""
    if fact.bank in draft.state.lost_banks:
        return
    draft.record(e.BankLost(fact.bank, fact.fault))
    raise_incident(draft, IncidentKind.BANK_LOST, bank=fact.bank)
    wired = {place.id for place in draft.state.layout.of_bank(fact.bank)}
    for delivery in tuple(draft.state.deliveries.values()):
        if delivery.compartment in wired and delivery.state is DeliveryState.RESERVED:
            make_uncertain(draft, delivery, "gap")
