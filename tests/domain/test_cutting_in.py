"""Quick pickup: a resident cuts in, and the courier comes back where the page was, or types the code."""

import pytest

from kiosk.domain import events as e
from kiosk.domain import inputs as i
from kiosk.domain.model.delivery import Delivery
from kiosk.domain.model.screen import Action, ScreenKind
from kiosk.domain.model.session import SessionKind
from kiosk.domain.refusals import Refusal
from tests.domain.rig import Rig, digest


def cut_in() -> tuple[Rig, Delivery]:
    """A parcel waits for 412; the courier of another one lets its resident cut in."""
    rig = Rig().start()
    waiting = rig.deliver("412")
    rig.sign_in_courier("222222")
    rig.drop_off("101")
    rig.do(i.NextParcel())
    assert rig.screen().offers_action(Action.QUICK_PICKUP)
    assert rig.do(i.QuickPickup()).refusal is None
    assert rig.screen().kind is ScreenKind.CODE
    return rig, waiting


def fetch(rig: Rig, waiting: Delivery, *, open_s: float = 8) -> None:
    """The resident types the code, takes the parcel, answers, and touches that it is all."""
    rig.do(i.PresentCode(rig.code_of(waiting), is_long=False))
    rig.open(rig.pulse())
    rig.close(waiting.compartment, after_s=open_s)
    rig.answer()
    assert rig.screen().kind is ScreenKind.PICKUP_DONE
    rig.do(i.Finish())


def test_the_courier_comes_back_where_the_page_was() -> None:
    rig, waiting = cut_in()
    fetch(rig, waiting)
    assert waiting.id not in rig.state.deliveries
    session = rig.state.active_session
    assert session is not None
    assert (session.kind, rig.screen().kind) == (SessionKind.CARRIER, ScreenKind.UNIT)
    assert len(rig.of_type(e.SessionResumed)) == 1
    rig.drop_off("102")
    rig.do(i.Finish())
    assert len(rig.screen().proofs) == 2


def test_the_couriers_time_runs_on_and_then_the_code_is_asked_again() -> None:
    rig, waiting = cut_in()
    fetch(rig, waiting, open_s=90)
    assert (rig.screen().kind, rig.screen().is_resuming) == (ScreenKind.CARRIER_CODE, True)
    assert rig.state.active_session is None
    rig.do(i.PresentCarrierCode(digest("222222")))
    assert rig.screen().kind is ScreenKind.UNIT
    rig.do(i.ShowParcels())
    assert [one.unit for one in rig.screen().parcels] == ["101"]


def test_another_carriers_code_ends_the_visit_that_waits() -> None:
    rig, waiting = cut_in()
    fetch(rig, waiting, open_s=90)
    rig.do(i.PresentCarrierCode(digest("111111")))
    assert rig.state.aside is None
    assert len(rig.state.sessions) == 1
    assert not rig.screen().offers_action(Action.PARCELS)


@pytest.mark.parametrize("touch", [i.GoBack(), None])
def test_a_page_that_nobody_comes_back_to_ends_in_the_home_page(touch: i.PanelTouch | None) -> None:
    rig, waiting = cut_in()
    fetch(rig, waiting, open_s=90)
    if touch:
        rig.do(touch)
    else:
        rig.wait(100)
    assert rig.screen().kind is ScreenKind.HOME
    assert (rig.state.aside, dict(rig.state.sessions)) == (None, {})


def test_a_resident_who_changes_their_mind_gives_the_page_back() -> None:
    rig, _ = cut_in()
    rig.do(i.GoBack())
    assert rig.screen().kind is ScreenKind.UNIT
    assert rig.state.active_session is not None


def test_a_wrong_code_opens_nothing_and_keeps_the_courier_waiting() -> None:
    rig, _ = cut_in()
    unlocks = len(rig.unlocks())
    assert rig.do(i.PresentCode(digest("222222"), is_long=False)).refusal is Refusal.WRONG_CODE
    assert len(rig.unlocks()) == unlocks
    rig.do(i.GoBack())
    assert rig.screen().kind is ScreenKind.UNIT


def test_nobody_who_cut_in_has_anything_of_the_couriers_sign_in() -> None:
    rig, _ = cut_in()
    for touch in (i.Reopen(), i.ShowParcels(), i.NextParcel(), i.ChooseUnit("412"), i.WrongUnit()):
        assert rig.do(touch).refusal is Refusal.NOT_NOW
    assert rig.screen().kind is ScreenKind.CODE
    assert rig.screen().carrier == ""


def test_nobody_cuts_in_while_a_door_of_the_courier_is_open() -> None:
    rig = Rig().start()
    rig.sign_in_courier()
    first = rig.reserve("412")
    rig.open(rig.pulse())
    assert rig.do(i.QuickPickup()).refusal is Refusal.NOT_NOW
    rig.do(i.NextParcel())
    assert rig.screen().kind is ScreenKind.UNIT
    assert not rig.screen().offers_action(Action.QUICK_PICKUP)
    assert rig.do(i.QuickPickup()).refusal is Refusal.NOT_NOW
    rig.close(first)
    assert rig.screen().offers_action(Action.QUICK_PICKUP)


def test_codes_of_the_courier_go_out_though_somebody_cut_in() -> None:
    rig, _ = cut_in()
    rig.wait(61)
    assert all(one.has_code for one in rig.stored())


def test_a_restart_ends_the_visit_that_waits() -> None:
    rig, _ = cut_in()
    rig.restart()
    assert (rig.state.aside, dict(rig.state.sessions)) == (None, {})
    assert rig.screen().kind is ScreenKind.HOME


def test_a_resident_who_leaves_a_door_open_does_not_take_the_courier_along() -> None:
    rig, waiting = cut_in()
    rig.do(i.PresentCode(rig.code_of(waiting), is_long=False))
    rig.open(rig.pulse())
    rig.wait(125)
    assert (rig.screen().kind, rig.screen().is_resuming) == (ScreenKind.CARRIER_CODE, True)
    rig.do(i.PresentCarrierCode(digest("222222")))
    assert rig.screen().kind is ScreenKind.UNIT
