"""Deadlines on monotonic time: what is due, and when to look again."""

from collections.abc import Iterator

from kiosk.domain import events as e
from kiosk.domain.draft import Draft
from kiosk.domain.frozen import replace
from kiosk.domain.model.compartment import Condition, DoorState
from kiosk.domain.model.delivery import Delivery, DeliveryState
from kiosk.domain.model.ids import CompartmentId
from kiosk.domain.model.incident import IncidentKind
from kiosk.domain.model.place import has_door
from kiosk.domain.model.session import SessionKind, Step, Visit
from kiosk.domain.rules.custody import release_codes
from kiosk.domain.rules.deliveries import deliveries_of
from kiosk.domain.rules.doors import judge_sprung
from kiosk.domain.rules.incidents import raise_incident
from kiosk.domain.rules.key_use import alarm_due, raise_alarms
from kiosk.domain.rules.openings import brief_moments, is_sprung, judge_brief
from kiosk.domain.rules.rescue import go_on, rescue_moments
from kiosk.domain.rules.sessions import end_session
from kiosk.domain.rules.tidings import tell_tidings, tidings_due
from kiosk.domain.rules.unlocking import judge_unlock, unlock_moments
from kiosk.domain.state import State

_STAFF_STEPS = (
    Step.STAFF_PLACES,
    Step.STAFF_PLACED,
    Step.STAFF_SIGN_IN,
    Step.STAFF_LIST,
    Step.STAFF_DOOR,
    Step.STAFF_CASES,
    Step.STAFF_PARCELS,
    Step.STAFF_PARCEL,
    Step.STAFF_TAKE,
)
_COURIER_STEPS = (
    Step.CARRIER_CODE,
    Step.FIRST_TIME,
    Step.QUESTION,
    Step.UNIT,
    Step.FIND_NAME,
    Step.MATCHES,
    Step.SIZE,
    Step.NEEDS_PERSON,
    Step.OVERFLOW,
    Step.KEPT,
    Step.PARCELS,
    Step.DROP_OFF_DOOR,
)


def time_elapsed(draft: Draft) -> None:
    """Judge everything that is due now."""
    for pending in tuple(draft.state.unlocks.values()):
        judge_unlock(draft, pending)
    for delivery, due in tuple(brief_moments(draft.state)):
        if draft.stamp.mono_ms >= due:
            _judge_brief(draft, delivery)
    for compartment in tuple(draft.state.open_doors()):
        if is_sprung(draft.state, compartment):
            judge_sprung(draft, compartment)
        _judge_open_door(draft, compartment)
    _release_late_codes(draft)
    raise_alarms(draft)
    tell_tidings(draft)
    go_on(draft)
    _judge_visit(draft)


def moments(state: State) -> Iterator[int]:
    """Every monotonic time, past or future, at which something may become due."""
    limits = state.limits
    for pending in state.unlocks.values():
        yield from unlock_moments(state, pending)
    for _, due in brief_moments(state):
        yield due
    for view in state.doors.values():
        if view.state is DoorState.OPEN:
            if view.is_bounce:
                yield view.since_mono_ms + limits.taken_after_open_ms
            yield view.since_mono_ms + limits.left_open_first_ms
            yield view.since_mono_ms + limits.left_open_again_ms
            yield view.since_mono_ms + limits.left_open_incident_ms
    for delivery in state.deliveries.values():
        if delivery.owes_code:
            yield _code_due(state, delivery)
        if delivery.is_untold:
            yield tidings_due(state, delivery)
    yield from _alarm_moments(state)
    yield from rescue_moments(state)
    yield from _visit_moments(state)


def _alarm_moments(state: State) -> Iterator[int]:
    for status in state.compartments.values():
        if status.is_unexplained:
            yield alarm_due(state, status.id)


# Doors that were open for a moment


def _judge_brief(draft: Draft, delivery: Delivery) -> None:
    """What is uncertain then is asked at once, or with the next question where the courier has gone on."""
    judge_brief(draft, delivery)
    visit, session = draft.state.visit, draft.state.active_session
    is_asked = draft.state.deliveries[delivery.id].state is DeliveryState.UNCERTAIN
    if is_asked and session and session.kind is SessionKind.CARRIER and visit.delivery != delivery.id:
        draft.show(replace(visit, waiting=(*visit.waiting, delivery.id)))


# Doors left open


def _judge_open_door(draft: Draft, compartment: CompartmentId) -> None:
    limits, status = draft.state.limits, draft.state.compartments[compartment]
    open_ms = draft.stamp.mono_ms - draft.state.doors[compartment].since_mono_ms
    calls = (open_ms >= limits.left_open_first_ms) + (open_ms >= limits.left_open_again_ms)
    visit = draft.state.visit
    if calls > visit.open_calls and compartment in _doors_of_visit(draft.state):
        draft.show(replace(visit, open_calls=calls))
    if open_ms < limits.left_open_incident_ms or status.condition is Condition.HELD_OPEN:
        return
    draft.record(e.ConditionChanged(compartment, Condition.HELD_OPEN))
    raise_incident(draft, IncidentKind.DOOR_LEFT_OPEN, compartment=compartment)
    _free_the_screen(draft, compartment)


def _doors_of_visit(state: State) -> set[CompartmentId]:
    """The door at hand, and every other door that the person at the screen has still open."""
    session, visit = state.active_session, state.visit
    at_hand = {visit.compartment} if visit.compartment else set()
    if session is None:
        return at_hand
    busy = (one for one in deliveries_of(state, session.id) if one.state.is_in_hand)
    return at_hand | {one.compartment for one in busy}


def _free_the_screen(draft: Draft, compartment: CompartmentId) -> None:
    session = draft.state.active_session
    if session is None or compartment not in _doors_of_visit(draft.state):
        return
    if session.kind is SessionKind.RESIDENT:
        end_session(draft, "door_left_open")
    else:
        draft.show(replace(draft.state.visit, touched_mono_ms=draft.stamp.mono_ms))


# Codes that wait for the courier


def _code_due(state: State, delivery: Delivery) -> int:
    if not delivery.has_door:
        is_at_hand = state.visit.step is Step.PLACE and state.visit.delivery == delivery.id
        since = state.visit.touched_mono_ms if is_at_hand else 0
        return since + state.limits.code_release_after_ms
    view = state.doors.get(delivery.compartment)
    return (view.since_mono_ms if view else 0) + state.limits.code_release_after_ms


def _late(state: State, mono_ms: int) -> tuple[Delivery, ...]:
    owed = (delivery for delivery in state.deliveries.values() if delivery.owes_code)
    return tuple(delivery for delivery in owed if _code_due(state, delivery) <= mono_ms)


def is_code_late(state: State, mono_ms: int) -> bool:
    """Whether a code should have gone out by now: one stamp brings a few codes only, so ask again."""
    return bool(_late(state, mono_ms))


def _release_late_codes(draft: Draft) -> None:
    release_codes(draft, _late(draft.state, draft.stamp.mono_ms))


# The person at the screen


def idle_ms(state: State) -> int:
    """How long the present page waits for a touch before it warns."""
    if state.visit.step is Step.LOCKED_IN:
        return state.limits.idle_rescue_ms
    step = state.visit.back if state.visit.step is Step.HELP else state.visit.step
    if step is Step.PLACE:
        return state.limits.idle_on_the_way_ms
    if step in _STAFF_STEPS:
        return state.limits.idle_staff_ms
    return state.limits.idle_carrier_ms if step in _COURIER_STEPS else state.limits.idle_resident_ms


def _stands_still(state: State) -> bool:
    """Nobody is hurried while a door of theirs opens or stands open, until it is given up on."""
    if state.active_session is None:
        return False
    at_hand = state.visit.compartment
    if at_hand is not None and _keeps_waiting(state, at_hand):
        return True  # most often so, and there is no need to look further
    return any(_keeps_waiting(state, compartment) for compartment in _doors_of_visit(state))


def _keeps_waiting(state: State, compartment: CompartmentId) -> bool:
    if not has_door(compartment):
        return False
    if state.unlock_of(compartment):
        return True
    is_held = state.compartments[compartment].condition is Condition.HELD_OPEN
    return state.door(compartment) is DoorState.OPEN and not is_held


def _is_idle_home(visit: Visit) -> bool:
    return visit.step is Step.HOME and not visit.language and visit.notice is None


def _visit_moments(state: State) -> Iterator[int]:
    visit = state.visit
    if _is_idle_home(visit) or _stands_still(state):
        return
    if visit.step is Step.PICKUP_DONE:
        yield (visit.closed_mono_ms or visit.touched_mono_ms) + state.limits.reopen_by_touch_ms
        return
    warn = visit.touched_mono_ms + idle_ms(state)
    yield warn
    yield warn + state.limits.idle_warning_ms


def _judge_visit(draft: Draft) -> None:
    visit, now = draft.state.visit, draft.stamp.mono_ms
    times = list(_visit_moments(draft.state))
    if not times or now < times[0]:
        return
    if now >= times[-1]:
        end_session(draft, "idle")
    elif not visit.is_warned and visit.step is not Step.HOME:
        draft.show(replace(visit, is_warned=True))
