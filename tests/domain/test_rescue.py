"""Somebody is locked in: large doors without a parcel open one after another, others are left to staff."""

import pytest

from kiosk.domain import events as e
from kiosk.domain import inputs as i
from kiosk.domain.frozen import replace
from kiosk.domain.help_touches import OpenLargeDoors, SayLockedIn
from kiosk.domain.model.compartment import CompartmentStatus, Condition, DoorState, Layout, SizeClass
from kiosk.domain.model.ids import CompartmentId
from kiosk.domain.model.incident import IncidentKind, Severity
from kiosk.domain.model.screen import Action
from kiosk.domain.model.unlock import UnlockPurpose
from kiosk.domain.model.vacancy import Vacancy
from kiosk.domain.refusals import Refusal
from tests.domain.rig import Rig

TEN_MINUTES_S = 600


def rig_with(*large: str) -> Rig:
    """A started kiosk whose only compartments with an inside release are these; L and XL are large anyway."""
    rig = Rig()
    built = {
        key: replace(place, has_inside_release=key in large)
        for key, place in rig.state.layout.compartments.items()
    }
    layout = rig.state.layout
    rig.state = replace(rig.state, layout=Layout(built, layout.sizes, 2, 4))
    return rig.start()


def report(rig: Rig) -> None:
    """From any page to the touch that opens doors."""
    rig.do(i.AskHelp())
    rig.do(SayLockedIn())
    rig.do(OpenLargeDoors())


def opened(rig: Rig) -> list[str]:
    """Every door that was opened for somebody locked in."""
    return [one.compartment for one in rig.of_type(e.UnlockAuthorised) if one.purpose is UnlockPurpose.RESCUE]


def know(rig: Rig, name: str, vacancy: Vacancy) -> None:
    """Somebody knows this of a compartment."""
    place = CompartmentId(name)
    known = {**rig.state.compartments, place: CompartmentStatus(place, vacancy)}
    rig.state = replace(rig.state, compartments=known)


def test_large_doors_open_one_after_another_without_a_sign_in() -> None:
    rig = rig_with("c1", "c2")
    report(rig)
    assert opened(rig) == ["c1"]
    rig.wait(1.4)
    assert opened(rig) == ["c1"]
    rig.wait(0.2)
    assert opened(rig) == ["c1", "c2"]
    rig.wait(10)
    assert opened(rig) == ["c1", "c2", "c7", "c8"]
    assert not rig.state.rescue


def test_the_door_that_was_shut_last_opens_first() -> None:
    rig = rig_with("c1", "c2", "c3")
    for name in ("c2", "c8"):
        rig.do(i.DoorSeen(CompartmentId(name), DoorState.OPEN))
        rig.wait(5)
        rig.do(i.DoorSeen(CompartmentId(name), DoorState.CLOSED))
        know(rig, name, Vacancy.VERIFIED)
    report(rig)
    rig.wait(20)
    assert opened(rig) == ["c8", "c2", "c1", "c3", "c7"]


def test_each_opening_says_who_and_why() -> None:
    rig = rig_with()
    rig.do(i.AskHelp())
    rig.do(SayLockedIn())
    outcome = rig.do(OpenLargeDoors())
    (first,) = [one for one in outcome.changes if isinstance(one, e.UnlockAuthorised)]
    assert (outcome.actor, first.reason, first.session, first.delivery) == ("kiosk", "locked_in", None, None)


def test_the_kiosk_is_named_also_where_somebody_is_signed_in() -> None:
    rig = rig_with()
    rig.sign_in_courier()
    rig.do(i.AskHelp())
    rig.do(SayLockedIn())
    assert rig.do(OpenLargeDoors()).actor == "kiosk"


def test_a_door_with_a_parcel_never_opens_and_is_named_for_staff() -> None:
    rig = rig_with()
    kept = rig.deliver(size=SizeClass.L)
    report(rig)
    rig.wait(20)
    assert kept.compartment == "c7"
    assert opened(rig) == ["c8"]
    large = rig.screen().large
    assert large is not None
    assert large.for_staff == ("7",)
    assert rig.of_type(e.LockedInReported)[-1].for_staff == ("c7",)


def test_a_door_that_may_hold_a_parcel_is_left_to_staff() -> None:
    rig = rig_with()
    know(rig, "c7", Vacancy.UNKNOWN)
    rig.do(i.DoorSeen(CompartmentId("c8"), DoorState.UNKNOWN))
    report(rig)
    rig.wait(20)
    assert not opened(rig)
    assert IncidentKind.LOCKED_IN in rig.incidents()
    large = rig.screen().large
    assert large is not None
    assert large.for_staff == ("7", "8")


def test_a_door_that_is_given_out_meanwhile_is_passed_by() -> None:
    rig = rig_with("c1")
    report(rig)
    rig.do(i.GoBack())
    rig.do(i.GoBack())
    rig.sign_in_courier()
    given = rig.reserve(size=SizeClass.L)
    rig.wait(20)
    assert given == "c7"
    assert opened(rig) == ["c1", "c8"]


def test_it_counts_once_in_ten_minutes_and_a_restart_credits_nothing() -> None:
    rig = rig_with()
    report(rig)
    rig.wait(5)
    assert rig.do(OpenLargeDoors()).refusal is Refusal.OPENED_LATELY
    assert rig.screen().notice is Refusal.OPENED_LATELY
    rig.crash()
    rig.see_banks()
    report(rig)
    assert len(rig.of_type(e.LockedInReported)) == 1
    rig.wait(TEN_MINUTES_S)
    report(rig)
    assert len(rig.of_type(e.LockedInReported)) == 2


def test_staff_are_alarmed_each_time_that_it_counts() -> None:
    rig = rig_with()
    report(rig)
    rig.wait(TEN_MINUTES_S)
    report(rig)
    raised = [one for one in rig.of_type(e.IncidentRaised) if one.kind is IncidentKind.LOCKED_IN]
    assert [one.severity for one in raised] == [Severity.ALARM, Severity.ALARM]
    open_now = [one for one in rig.state.incidents.values() if one.kind is IncidentKind.LOCKED_IN]
    assert [one.id for one in open_now] == [raised[1].incident]
    assert rig.screen().case


def test_what_was_opened_must_be_looked_into() -> None:
    rig = rig_with()
    report(rig)
    rig.pulse()
    rig.open("c7")
    assert rig.vacancy("c7") is Vacancy.UNKNOWN
    rig.close("c7")
    assert rig.vacancy("c7") is Vacancy.UNKNOWN
    assert IncidentKind.UNEXPLAINED_OPENING not in rig.incidents()


def test_a_door_that_does_not_open_is_told_and_the_next_one_does_not_wait_for_it() -> None:
    rig = rig_with()
    report(rig)
    rig.pulse()
    rig.wait(2)
    assert opened(rig) == ["c7", "c8"]
    rig.wait(15)
    assert rig.condition("c7") is Condition.JAMMED
    assert rig.vacancy("c7") is Vacancy.VERIFIED


def test_a_start_forgets_the_doors_that_were_to_open() -> None:
    rig = rig_with("c1", "c2")
    report(rig)
    rig.restart()
    rig.wait(30)
    assert opened(rig) == ["c1"]


@pytest.mark.parametrize("touch", [SayLockedIn(), OpenLargeDoors()])
def test_it_takes_two_pages(touch: i.PanelTouch) -> None:
    rig = rig_with()
    assert rig.do(touch).refusal is Refusal.NOT_NOW
    rig.do(i.AskHelp())
    if isinstance(touch, OpenLargeDoors):
        assert rig.do(touch).refusal is Refusal.NOT_NOW
    assert not opened(rig)


def test_the_way_back_leads_where_one_was() -> None:
    rig = rig_with()
    rig.sign_in_courier()
    before = rig.screen().kind
    rig.do(i.AskHelp())
    rig.do(SayLockedIn())
    rig.do(i.AskHelp())
    rig.do(i.GoBack())
    assert rig.screen().kind is before


def test_nobody_is_offered_it_where_no_compartment_holds_a_person() -> None:
    rig = rig_with()
    layout = rig.state.layout
    small = {key: one for key, one in layout.compartments.items() if one.size in (SizeClass.S, SizeClass.M)}
    rig.state = replace(rig.state, layout=Layout(small, layout.sizes, 2, 4))
    rig.do(i.AskHelp())
    assert not rig.screen().offers_action(Action.LOCKED_IN)
    assert rig.do(SayLockedIn()).refusal is Refusal.NOT_NOW
