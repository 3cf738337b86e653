"""Shared carrier codes open vacant compartments only, whatever happens in whatever order; S34 among it."""

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from kiosk.domain import events as e
from kiosk.domain import inputs as i
from kiosk.domain.draft import Outcome
from kiosk.domain.evolve import evolve
from kiosk.domain.model.compartment import DoorState, SizeClass
from kiosk.domain.model.delivery import DeliveryState
from kiosk.domain.model.screen import ScreenKind
from kiosk.domain.model.session import SessionKind
from kiosk.domain.model.unlock import UnlockPurpose
from kiosk.domain.model.vacancy import Vacancy
from kiosk.domain.refusals import Refusal
from kiosk.domain.state import State
from tests.domain.building import Building
from tests.domain.rig import Rig, digest

EMPTY = (Vacancy.VERIFIED, Vacancy.PRESUMED)


class Carriers(Building):
    """The building with couriers of two carriers who come again and again; each unlock is judged."""

    @precondition(lambda self: self.rig.screen().kind is ScreenKind.HOME)
    @rule(digits=st.sampled_from(("111111", "222222")))
    def a_courier_signs_in(self, digits: str) -> None:
        self.do(i.ChooseFlow(i.Flow.DELIVER))
        self.do(i.PresentCarrierCode(digest(digits)))

    @precondition(lambda self: self.rig.screen().kind is ScreenKind.UNIT)
    @rule(unit=st.sampled_from(("101", "412")), size=st.sampled_from(tuple(SizeClass)))
    def a_parcel_is_brought(self, unit: str, size: SizeClass) -> None:
        self.do(i.ChooseUnit(unit))
        self.do(i.ChooseSize(size))

    def do(self, fact: i.Fact) -> Outcome:
        """One input, and every unlock that it allows a courier."""
        before = self.rig.state
        outcome = super().do(fact)
        state = before
        for change in outcome.changes:
            if isinstance(change, e.UnlockAuthorised):
                self._judge(state, change)
            state = evolve(state, change, self.rig.wall_ms + self.rig.mono_ms)
        return outcome

    @staticmethod
    def _judge(state: State, unlock: e.UnlockAuthorised) -> None:
        session = state.sessions.get(unlock.session) if unlock.session else None
        if session is None or session.kind is not SessionKind.CARRIER:
            return
        mine = state.deliveries[unlock.delivery] if unlock.delivery else None
        assert mine is not None
        assert (mine.session, mine.compartment) == (session.id, unlock.compartment)
        assert unlock.purpose in (UnlockPurpose.DROP_OFF, UnlockPurpose.REOPEN)
        for other in state.deliveries_in(unlock.compartment):
            # Nothing is behind the door but what this very sign-in has put there, for the same recipient.
            assert other.session == session.id
            assert other.recipient == mine.recipient
        if mine.state is DeliveryState.RESERVED and unlock.attempt == 1:
            alone = len(state.deliveries_in(unlock.compartment)) == 1
            status = state.compartments[unlock.compartment]
            assert status.vacancy in EMPTY or not alone
            assert state.door(unlock.compartment) is DoorState.CLOSED


TestCarriers = Carriers.TestCase
TestCarriers.settings = settings(max_examples=40, stateful_step_count=40, deadline=None)


def test_s34_of_two_couriers_who_choose_the_last_compartment_one_gets_it() -> None:
    """One screen decides one touch after another: the second finds the size full and gets another way on."""
    rig = Rig().start()
    rig.sign_in_courier("111111")
    rig.drop_off("412", SizeClass.L)
    rig.do(i.Finish())
    rig.do(i.Finish())
    rig.sign_in_courier("222222")
    rig.do(i.ChooseUnit("101"))
    assert not next(one for one in rig.screen().sizes if one.size is SizeClass.L).free
    unlocks = len(rig.unlocks())
    assert rig.do(i.ChooseSize(SizeClass.L)).refusal is Refusal.NOTHING_FREE
    assert len(rig.unlocks()) == unlocks
    assert rig.screen().kind in (ScreenKind.SIZE, ScreenKind.OVERFLOW)
    assert {one.recipient for one in rig.state.deliveries.values()} == {"unit:u412"}


def test_s34_the_same_touch_twice_takes_one_compartment() -> None:
    rig = Rig().start()
    rig.sign_in_courier()
    rig.do(i.ChooseUnit("412"))
    assert rig.do(i.ChooseSize(SizeClass.L)).refusal is None
    assert rig.do(i.ChooseSize(SizeClass.L)).refusal is Refusal.NOT_NOW
    assert len(rig.unlocks()) == len(rig.state.deliveries) == 1
