"""Somebody is locked in: every large compartment that is known to hold no parcel opens, one after another."""

from collections.abc import Iterator

from kiosk.domain import events as e
from kiosk.domain.allocation import is_spoken_for
from kiosk.domain.changes import RescueChanged
from kiosk.domain.draft import Draft
from kiosk.domain.frozen import replace
from kiosk.domain.help_touches import CallStaff, HelpTouch, OpenLargeDoors, SayLockedIn
from kiosk.domain.model.compartment import Compartment, DoorState
from kiosk.domain.model.ids import CompartmentId
from kiosk.domain.model.incident import IncidentKind
from kiosk.domain.model.rescue import LOCKED_IN, Rescue
from kiosk.domain.model.session import Step
from kiosk.domain.model.unlock import UnlockPurpose
from kiosk.domain.model.vacancy import Vacancy
from kiosk.domain.refusals import Refusal
from kiosk.domain.rules.access import bucket_now
from kiosk.domain.rules.cases import call_staff
from kiosk.domain.rules.incidents import raise_incident, settle_incidents
from kiosk.domain.rules.unlocking import authorise
from kiosk.domain.state import State

_EMPTY = (Vacancy.VERIFIED, Vacancy.PRESUMED)


def asked_for_help(draft: Draft, fact: HelpTouch) -> Refusal | None:
    """Somebody at the help page wants a person, or says that one is locked in."""
    match fact:
        case CallStaff():
            return call_staff(draft)
        case SayLockedIn():
            return _say_locked_in(draft)
        case OpenLargeDoors():
            return _open_large_doors(draft)


def _say_locked_in(draft: Draft) -> Refusal | None:
    visit = draft.state.visit
    if visit.step is not Step.HELP or not draft.state.layout.large:
        return Refusal.NOT_NOW
    draft.show(replace(visit, step=Step.LOCKED_IN))
    return None


def _open_large_doors(draft: Draft) -> Refusal | None:
    """One touch more; staff are alarmed anew each time that it counts."""
    if draft.state.visit.step is not Step.LOCKED_IN:
        return Refusal.NOT_NOW
    every_ms = draft.state.limits.locked_in_every_ms
    if bucket_now(draft, LOCKED_IN, depth=1, refill_ms=every_ms).left == 0:
        return draft.notice(Refusal.OPENED_LATELY)
    draft.actor = "kiosk"
    opening = tuple(one.id for one in may_open(draft.state))
    left = tuple(one.id for one in for_staff(draft.state) if one.id not in opening)
    draft.record(e.LockedInReported(opening, left, draft.stamp.boot, draft.stamp.mono_ms))
    settle_incidents(draft, "reported_again", kinds=frozenset({IncidentKind.LOCKED_IN}))
    case = raise_incident(draft, IncidentKind.LOCKED_IN)
    draft.show(replace(draft.state.visit, case=case))
    draft.record(RescueChanged(Rescue(opening, draft.stamp.mono_ms)))
    go_on(draft)
    return None


# Which doors


def may_open(state: State) -> tuple[Compartment, ...]:
    """Large compartments known to hold no parcel whose doors are seen shut, the one shut last first.

    One that may hold a parcel is left to staff: whoever presses the button is nobody we know.
    """
    shut = [one for one in state.layout.large if _is_empty(state, one) and _is_shut(state, one)]

    def order(place: Compartment) -> tuple[int, int, int]:
        view = state.doors[place.id]
        closed = view.since_mono_ms if view.opened_mono_ms is not None else 0
        return -closed, place.column, place.row

    return tuple(sorted(shut, key=order))


def for_staff(state: State) -> tuple[Compartment, ...]:
    """Large compartments that are not seen open, and that staff alone may open."""
    return tuple(
        one
        for one in state.layout.large
        if state.door(one.id) is not DoorState.OPEN and not (_is_empty(state, one) and _is_shut(state, one))
    )


def _is_empty(state: State, place: Compartment) -> bool:
    status = state.compartments.get(place.id)
    return status is not None and status.vacancy in _EMPTY and not is_spoken_for(state, place.id)


def _is_shut(state: State, place: Compartment) -> bool:
    return state.door(place.id) is DoorState.CLOSED


# One after another


def go_on(draft: Draft) -> None:
    """The next door, once it may open; one that may hold a parcel by now is passed by."""
    rescue = draft.state.rescue
    if rescue is None or draft.stamp.mono_ms < rescue.next_mono_ms:
        return
    still = {one.id for one in may_open(draft.state)}
    waiting = tuple(one for one in rescue.waiting if one in still and not draft.state.unlock_of(one))
    if waiting:
        _open(draft, waiting[0])
    again_ms = draft.stamp.mono_ms + draft.state.limits.rescue_every_ms
    draft.record(RescueChanged(Rescue(waiting[1:], again_ms) if waiting[1:] else None))


def _open(draft: Draft, compartment: CompartmentId) -> None:
    draft.actor = "kiosk"
    authorise(draft, compartment, UnlockPurpose.RESCUE, session=None)


def rescue_moments(state: State) -> Iterator[int]:
    """When the next door is due."""
    if state.rescue is not None:
        yield state.rescue.next_mono_ms
