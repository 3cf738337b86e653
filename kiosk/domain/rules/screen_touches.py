"""Touches that only move the screen: the home page's choices, back, help, language, still here."""

from kiosk.domain.draft import Draft
from kiosk.domain.frozen import replace
from kiosk.domain.inputs import ChooseFlow, ChooseLanguage, Flow
from kiosk.domain.model.compartment import Condition, DoorState
from kiosk.domain.model.ids import CompartmentId
from kiosk.domain.model.session import SessionKind, Step, Visit
from kiosk.domain.refusals import Refusal
from kiosk.domain.rules.drop_off import finish as finish_drop_off
from kiosk.domain.rules.drop_off import next_parcel
from kiosk.domain.rules.parcels import keep_unit
from kiosk.domain.rules.sessions import end_session
from kiosk.domain.state import State

_FIRST_STEP = {Flow.PICK_UP: Step.CODE, Flow.DELIVER: Step.CARRIER_CODE, Flow.STAFF: Step.STAFF_SIGN_IN}
_LEADS_HOME = (
    Step.CODE,
    Step.CARRIER_CODE,
    Step.STAFF_SIGN_IN,
    Step.PROOF,
    Step.STAFF_LIST,
    Step.PICKUP_DONE,
)
_STEP_BEFORE = {
    Step.FIRST_TIME: Step.CARRIER_CODE,
    Step.FIND_NAME: Step.UNIT,
    Step.MATCHES: Step.UNIT,
    Step.SIZE: Step.UNIT,
    Step.STAFF_CASES: Step.STAFF_LIST,
    Step.STAFF_PARCELS: Step.STAFF_LIST,
}
_PAGE_BEFORE = {
    Step.NEEDS_PERSON: Step.SIZE,
    Step.OVERFLOW: Step.SIZE,
    Step.STAFF_PLACES: Step.STAFF_LIST,
    Step.STAFF_PLACED: Step.STAFF_PLACES,
}
_NEEDS_CLOSED_DOOR = (Step.DROP_OFF_DOOR, Step.PICKUP_DOOR)
_STAFF_STEPS = (Step.STAFF_DOOR, Step.STAFF_TAKE, Step.STAFF_PARCEL)


def choose_flow(draft: Draft, fact: ChooseFlow) -> Refusal | None:
    """From the home page, or from a last page that nobody needs any more."""
    step = draft.state.visit.step
    if step not in (Step.HOME, Step.PROOF, Step.PICKUP_DONE, Step.HELP):
        return Refusal.NOT_NOW
    if step is Step.HELP and draft.state.active_session:
        return Refusal.NOT_NOW
    if fact.flow is Flow.DELIVER and not draft.state.directory.is_set_up:
        return draft.notice(Refusal.NOT_SET_UP)
    if step is Step.PICKUP_DONE:
        end_session(draft, "finished")
    if draft.state.active_session or draft.state.visit.step is Step.CARRIER_CODE:
        return None  # a courier had let this person cut in
    draft.show(
        Visit(
            step=_FIRST_STEP[fact.flow],
            language=draft.state.visit.language,
            touched_mono_ms=draft.stamp.mono_ms,
        )
    )
    return None


def ask_help(draft: Draft) -> Refusal | None:
    """The help page; the door at hand stays watched meanwhile."""
    visit = draft.state.visit
    if visit.step is Step.LOCKED_IN:
        return go_back(draft)
    if visit.step is not Step.HELP:
        draft.show(replace(visit, step=Step.HELP, back=visit.step, touched_mono_ms=draft.stamp.mono_ms))
    return None


def first_time(draft: Draft) -> Refusal | None:
    """The four steps explained."""
    visit = draft.state.visit
    if visit.step is not Step.CARRIER_CODE:
        return Refusal.NOT_NOW
    draft.show(replace(visit, step=Step.FIRST_TIME))
    return None


def choose_language(draft: Draft, fact: ChooseLanguage) -> Refusal | None:
    """Another language until the visit ends."""
    if fact.language not in draft.state.building.languages:
        return Refusal.NOT_NOW
    draft.show(replace(draft.state.visit, language=fact.language))
    return None


def go_back(draft: Draft) -> Refusal | None:
    """One step back; from the first page of a session it signs out."""
    visit = draft.state.visit
    if before := _PAGE_BEFORE.get(visit.step):
        draft.show(replace(visit, step=before))
        return None
    match visit.step:
        case Step.HELP:
            draft.show(replace(visit, step=visit.back))
        case Step.LOCKED_IN:
            draft.show(replace(visit, step=Step.HELP))
        case step if step in _STEP_BEFORE:
            draft.show(replace(visit, step=_STEP_BEFORE[step], unit=None, resident=None, matches=()))
        case Step.UNIT | Step.QUESTION | Step.PARCELS:
            return _leave_drop_off(draft)
        case step if step in _LEADS_HOME:
            end_session(draft, "signed_out")
        case step if step in _STAFF_STEPS:
            return _back_for_staff(draft)
        case Step.PICKUP_DOOR if visit.is_troubled:
            draft.show(replace(visit, is_troubled=False))
        case _:
            return draft.notice(Refusal.CLOSE_THE_DOOR_FIRST) if visit.step in _NEEDS_CLOSED_DOOR else None
    return None


def _back_for_staff(draft: Draft) -> Refusal | None:
    visit = draft.state.visit
    match visit.step:
        case Step.STAFF_DOOR:
            return _back_to_list(draft)
        case Step.STAFF_TAKE:
            return _back_to_parcel(draft)
        case _:
            draft.show(replace(visit, step=Step.STAFF_PARCELS, delivery=None))
    return None


def _leave_drop_off(draft: Draft) -> Refusal | None:
    session = draft.state.active_session
    if draft.state.visit.correcting:
        keep_unit(draft)
        return None
    return finish_drop_off(draft, session) if session else None


def _back_to_list(draft: Draft) -> Refusal | None:
    visit = draft.state.visit
    if visit.compartment and _is_busy(draft.state, visit.compartment):
        return draft.notice(Refusal.CLOSE_THE_DOOR_FIRST)
    draft.show(replace(visit, step=Step.STAFF_LIST, compartment=None, delivery=None))
    return None


def _back_to_parcel(draft: Draft) -> Refusal | None:
    visit = draft.state.visit
    if visit.is_second_door or (visit.compartment and _is_busy(draft.state, visit.compartment)):
        return draft.notice(Refusal.CLOSE_THE_DOOR_FIRST)
    draft.show(replace(visit, step=Step.STAFF_PARCEL, compartment=None, way=None))
    return None


def _is_busy(state: State, compartment: CompartmentId) -> bool:
    """Whether a door is opening, or open and not given up on."""
    if state.unlock_of(compartment):
        return True
    is_held = state.compartments[compartment].condition is Condition.HELD_OPEN
    return state.door(compartment) is DoorState.OPEN and not is_held


def stay_here(draft: Draft) -> Refusal | None:
    """The touch itself has already restarted the clock."""
    return None


def carry_on(draft: Draft) -> Refusal | None:
    """`next` on the proof page: the session is over, so it leads to the code page again."""
    session = draft.state.active_session
    if session is None or session.kind is not SessionKind.CARRIER:
        return choose_flow(draft, ChooseFlow(Flow.DELIVER))
    return next_parcel(draft, session)
