"""Unlocks between people: a door in use, a session that ended, a start."""

from dataclasses import replace

from kiosk.domain import inputs as i
from kiosk.domain.draft import Draft
from kiosk.domain.model.compartment import DoorState
from kiosk.domain.model.ids import BankId, BootId, IntentId, SessionId
from kiosk.domain.model.session import SessionState
from kiosk.domain.model.unlock import UnlockPurpose
from kiosk.domain.refusals import Refusal
from kiosk.domain.rules.unlocking import authorise
from tests.domain.rig import Rig


def opening() -> Rig:
    """A courier whose first pulse has left."""
    rig = Rig().start()
    rig.sign_in_courier()
    rig.reserve()
    rig.pulse()
    return rig


def draft_of(rig: Rig) -> Draft:
    stamp = i.Stamp(1, rig.mono_ms, BootId(rig.boot), True, IntentId("x"))
    return Draft(rig.state, stamp)


def test_a_door_that_a_living_session_waits_for_is_refused_to_another() -> None:
    rig = opening()
    (pending,) = rig.state.unlocks.values()
    draft = draft_of(rig)
    other = SessionId("other")
    refusal = authorise(draft, pending.compartment, UnlockPurpose.LOOK, session=other)
    assert refusal is Refusal.DOOR_IN_USE
    assert not draft.outcome(refusal).effects


def test_a_door_that_an_ended_session_waits_for_is_taken_over() -> None:
    rig = opening()
    (pending,) = rig.state.unlocks.values()
    rig.state = replace(rig.state, sessions={})
    draft = draft_of(rig)
    assert authorise(draft, pending.compartment, UnlockPurpose.LOOK, session=SessionId("other")) is None
    (taken,) = draft.state.unlocks.values()
    assert taken.session == "other"


def test_a_session_that_ended_or_parked_gets_no_pulse_by_itself() -> None:
    rig = opening()
    parked = {key: replace(one, state=SessionState.PARKED) for key, one in rig.state.sessions.items()}
    for sessions in ({}, parked):
        left = Rig(replace(rig.state, sessions=sessions), mono_ms=rig.mono_ms)
        left.wait(9)
        assert not left.unlocks()
        left.wait(5)
        assert not left.state.unlocks


def test_a_start_forgets_every_unlock_under_way() -> None:
    rig = opening()
    rig.crash()
    assert not rig.state.unlocks
    assert rig.state.door(rig.state.layout.of_bank(BankId("a"))[0].id) is DoorState.UNKNOWN
