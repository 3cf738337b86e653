"""Cases: what staff were told of and no look behind a door settles. Each has a number that people can say."""

from kiosk.domain import events as e
from kiosk.domain.changes import MessageToldOtherwise
from kiosk.domain.draft import Draft
from kiosk.domain.frozen import replace
from kiosk.domain.inputs import CloseCase
from kiosk.domain.model.incident import Incident, IncidentKind
from kiosk.domain.model.session import Session, Step
from kiosk.domain.refusals import Refusal
from kiosk.domain.rules.incidents import raise_incident
from kiosk.domain.state import State

CASES = (
    IncidentKind.LOCKED_IN,
    IncidentKind.HELP_WANTED,
    IncidentKind.PARCEL_MISSING,
    IncidentKind.PARCEL_DAMAGED,
    IncidentKind.NOBODY_TO_TELL,
    IncidentKind.MESSAGE_UNDELIVERED,
    IncidentKind.PARCEL_OVERDUE,
)
"""What staff see to and then say that they did; the most urgent first."""


def cases(state: State) -> tuple[Incident, ...]:
    """Open cases, the most urgent kind first, then the oldest."""
    known = (one for one in state.incidents.values() if one.kind in CASES)
    return tuple(sorted(known, key=lambda one: (CASES.index(one.kind), one.raised_at_ms, one.id)))


def case_of(state: State) -> Incident | None:
    """What staff were told of by the person at the screen, or else of the door at hand; the newest."""
    visit = state.visit
    if visit.case is not None:
        return state.incidents.get(visit.case)
    if visit.compartment is None:
        return None
    here = (one for one in state.incidents.values() if one.compartment == visit.compartment)
    return max(here, key=lambda one: (one.raised_at_ms, one.id), default=None)


def call_staff(draft: Draft) -> Refusal | None:
    """Somebody wants a person: staff are told once for each door, and once where there is none at hand."""
    visit = draft.state.visit
    if visit.step is not Step.HELP:
        return Refusal.NOT_NOW
    kind = IncidentKind.HELP_WANTED
    told = raise_incident(draft, kind, compartment=visit.compartment, delivery=visit.delivery)
    draft.show(replace(draft.state.visit, case=told))
    return None


def show_cases(draft: Draft, session: Session) -> Refusal | None:
    """From the list of doors to the cases."""
    if draft.state.visit.step is not Step.STAFF_LIST:
        return Refusal.NOT_NOW
    draft.show(replace(draft.state.visit, step=Step.STAFF_CASES))
    return None


def close_case(draft: Draft, session: Session, fact: CloseCase) -> Refusal | None:
    """Staff have seen to it."""
    known = draft.state.incidents.get(fact.incident)
    if draft.state.visit.step is not Step.STAFF_CASES or known is None or known.kind not in CASES:
        return Refusal.NOT_NOW
    draft.record(e.IncidentSettled(known.id, draft.actor))
    if known.message is not None:
        draft.record(MessageToldOtherwise(known.message, draft.stamp.at_ms))
    return None
