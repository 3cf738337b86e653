"""Start and reconciliation: what the doors say when a bank first answers, and when it was out of sight."""

from kiosk.domain import events as e
from kiosk.domain.changes import DoorsSighted, FaultRenamed
from kiosk.domain.draft import Draft
from kiosk.domain.inputs import BankGone, BankSeen, KioskStart
from kiosk.domain.model.compartment import DoorState
from kiosk.domain.model.delivery import Delivery, DeliveryState
from kiosk.domain.model.ids import SessionId
from kiosk.domain.model.incident import IncidentKind
from kiosk.domain.model.session import SessionState
from kiosk.domain.model.vacancy import Vacancy
from kiosk.domain.rules.at_places import doubt_reserved
from kiosk.domain.rules.custody import release_codes, tell_of_dispute, tell_uncertain
from kiosk.domain.rules.deliveries import deliveries_of
from kiosk.domain.rules.incidents import bank_incident, raise_incident, settle_incidents
from kiosk.domain.rules.reconciling import doubt_unseen, found_again, lost_from_sight
from kiosk.domain.rules.sessions import end_parked


def kiosk_start(draft: Draft, fact: KioskStart) -> None:
    """Once: every session is parked, compartments new to the settings are added, owed codes go out.

    What stood open and vacant when the kiosk ended is unknown: it may have been filled and shut since.
    """
    draft.record(e.KioskStarted(fact.version, boot=draft.stamp.boot, mono_ms=draft.stamp.mono_ms))
    doubt_reserved(draft)
    for session in tuple(draft.state.sessions.values()):
        if session.state is SessionState.ACTIVE:
            draft.record(e.SessionParked(session.id, "restart"))
        _tell_unanswered(draft, session.id)
        end_parked(draft, session.id)
    is_empty = draft.state.building.new_compartments_are_empty
    vacancy = Vacancy.VERIFIED if is_empty else Vacancy.UNKNOWN
    for compartment in draft.state.layout.compartments:
        if compartment not in draft.state.compartments:
            draft.record(e.CompartmentAdded(compartment, vacancy))
    for compartment in tuple(draft.state.compartments):
        doubt_unseen(draft, compartment)
    _tell_of_left_out(draft)
    release_codes(draft, _owed_a_code(draft))


def _tell_unanswered(draft: Draft, session: SessionId) -> None:
    """A courier was being asked, or had let a resident cut in, when the kiosk ended."""
    for delivery in deliveries_of(draft.state, session):
        if delivery.state is DeliveryState.UNCERTAIN:
            tell_uncertain(draft, delivery)
        if delivery.is_disputed:
            tell_of_dispute(draft, delivery)


def _tell_of_left_out(draft: Draft) -> None:
    """A parcel whose compartment the settings forgot stays in custody, and staff hear of it.

    Its door will not be seen again as things are, so what was under way there has ended unseen.
    """
    built, kind = draft.state.layout.compartments, IncidentKind.COMPARTMENT_LEFT_OUT
    for compartment in built:
        settle_incidents(draft, "settings", compartment=compartment, kinds=frozenset({kind}))
    for delivery in tuple(draft.state.deliveries.values()):
        if delivery.has_door and delivery.compartment not in built:
            raise_incident(draft, kind, compartment=delivery.compartment, delivery=delivery.id)
            found_again(draft, delivery.compartment, DoorState.UNKNOWN)


def _owed_a_code(draft: Draft) -> tuple[Delivery, ...]:
    return tuple(one for one in draft.state.deliveries.values() if one.owes_code)


def bank_seen(draft: Draft, fact: BankSeen) -> None:
    """A bank came up: its doors are levels, and what happened out of sight is settled by them."""
    doors = tuple(sorted(fact.doors.items()))
    incident = bank_incident(draft, fact.bank)
    draft.record(e.BankAnswered(fact.bank))
    draft.record(DoorsSighted(fact.bank, doors, draft.stamp.mono_ms))
    if incident:
        draft.record(e.IncidentSettled(incident.id, "bank"))
    for compartment, door in doors:
        found_again(draft, compartment, door)


def bank_gone(draft: Draft, fact: BankGone) -> None:
    """A bank is out of sight: its doors are unknown, a drop-off whose pulse was under way is uncertain."""
    known = draft.state.lost_banks.get(fact.bank)
    if known is not None:
        if known != fact.fault:
            draft.record(FaultRenamed(fact.bank, fact.fault))
        return
    draft.record(e.BankLost(fact.bank, fact.fault))
    raise_incident(draft, IncidentKind.BANK_LOST, bank=fact.bank)
    for place in draft.state.layout.of_bank(fact.bank):
        lost_from_sight(draft, place.id)
