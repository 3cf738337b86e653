"""The parcels of one sign-in: overlap, finishing behind the last door, and the wrong unit undone."""

from dataclasses import replace

from kiosk.domain import events as e
from kiosk.domain import inputs as i
from kiosk.domain.model.compartment import Condition, SizeClass
from kiosk.domain.model.credential import SpentWhy
from kiosk.domain.model.delivery import DeliveryState
from kiosk.domain.model.directory import Resident, Unit, UnitMode
from kiosk.domain.model.ids import CompartmentId, ResidentId, UnitId
from kiosk.domain.model.incident import IncidentKind
from kiosk.domain.model.screen import Action, ScreenKind
from kiosk.domain.refusals import Refusal
from kiosk.domain.rules.custody import PARCEL_MISADDRESSED, PARCEL_WAITING
from tests.domain.rig import Rig


def two_open() -> tuple[Rig, CompartmentId, CompartmentId]:
    """A courier who typed the next unit while the last door was open, and opened the next one."""
    rig = Rig().start()
    rig.sign_in_courier()
    first = rig.reserve("412")
    rig.pulse()
    rig.open(first)
    rig.do(i.NextParcel())
    second = rig.reserve("101")
    rig.pulse()
    rig.open(second)
    return rig, first, second


# Overlap


def test_three_touches_at_most_lead_from_one_unit_to_the_next() -> None:
    rig = Rig().start()
    rig.sign_in_courier()
    for unit in ("412", "101", "102"):
        assert rig.screen().kind is ScreenKind.UNIT
        rig.do(i.ChooseUnit(unit))
        touches: list[i.PanelTouch] = [i.ChooseSize(SizeClass.S), i.NextParcel()]
        assert len(touches) <= 3
        rig.do(touches[0])
        compartment = rig.pulse()
        rig.open(compartment)
        rig.close(compartment)
        rig.do(touches[1])
    assert len(rig.stored()) == 3


def test_each_door_confirms_at_its_own_close() -> None:
    rig, first, second = two_open()
    rig.close(first)
    assert [one.compartment for one in rig.stored()] == [first]
    assert rig.screen().door == rig.state.place(second).label
    rig.close(second)
    assert {one.compartment for one in rig.stored()} == {first, second}


def test_finish_lists_the_doors_still_open_and_is_done_with_the_last() -> None:
    rig, first, second = two_open()
    assert rig.do(i.Finish()).refusal is Refusal.CLOSE_THE_DOOR_FIRST
    shown = rig.screen()
    assert shown.kind is ScreenKind.PARCELS
    assert [(one.unit, one.is_open) for one in shown.parcels] == [("412", True), ("101", True)]
    rig.close(first)
    assert [one.is_open for one in rig.screen().parcels] == [False, True]
    rig.close(second)
    assert rig.screen().kind is ScreenKind.PROOF
    assert len(rig.screen().proofs) == 2
    assert rig.state.active_session is None


def test_a_door_open_for_a_moment_is_asked_about_instead_of_finished() -> None:
    rig = Rig().start()
    rig.sign_in_courier()
    only = rig.reserve("412")
    rig.pulse()
    rig.open(only)
    rig.do(i.Finish())
    rig.close(only, after_s=0.5)
    assert rig.screen().kind is ScreenKind.PARCELS
    rig.wait(3)
    assert (rig.screen().kind, rig.screen().door) == (ScreenKind.QUESTION, rig.state.place(only).label)
    assert rig.state.active_session is not None


def test_the_last_door_that_never_closes_parks_alone_and_the_session_goes_on() -> None:
    rig, first, second = two_open()
    rig.close(second)
    rig.do(i.NextParcel())
    rig.wait(120)
    assert rig.condition(first) is Condition.HELD_OPEN
    assert IncidentKind.DOOR_LEFT_OPEN in rig.incidents()
    assert rig.state.active_session is not None
    third = rig.drop_off("102")
    assert third.state is DeliveryState.STORED
    rig.do(i.Finish())
    left = rig.state.deliveries_in(rig.state.place(third.compartment).id)[0]
    assert left.has_code
    open_one = next(one for one in rig.state.deliveries.values() if one.compartment == first)
    assert (open_one.state, open_one.has_code) == (DeliveryState.UNCERTAIN, False)
    rig.close(first)
    assert rig.state.deliveries[open_one.id].state is DeliveryState.UNCERTAIN
    assert open_one.id not in {message.delivery for message in rig.messages()}


def test_a_courier_who_waits_to_finish_is_let_go_when_a_door_is_given_up_on() -> None:
    rig, first, second = two_open()
    rig.do(i.Finish())
    rig.close(second)
    rig.wait(125)
    assert rig.state.active_session is None
    left = next(one for one in rig.state.deliveries.values() if one.compartment == first)
    assert (left.state, left.has_code) == (DeliveryState.UNCERTAIN, False)


def test_earlier_parcels_are_reached_for_the_whole_session_and_open_three_times_at_most() -> None:
    rig = Rig().start()
    rig.sign_in_courier()
    first = rig.drop_off("412")
    rig.do(i.NextParcel())
    assert rig.screen().offers_action(Action.PARCELS)
    for _ in range(3):
        rig.do(i.ShowParcels())
        before = len(rig.unlocks())
        assert rig.do(i.ChooseParcel(0)).refusal is None
        assert (rig.screen().kind, len(rig.unlocks())) == (ScreenKind.STORED, before)
        assert rig.do(i.Reopen()).refusal is None
        rig.pulse()
        rig.open(first.compartment)
        rig.close(first.compartment)
        rig.do(i.NextParcel())
    rig.do(i.ShowParcels())
    rig.do(i.ChooseParcel(0))
    assert rig.do(i.Reopen()).refusal is Refusal.REOPENED_TOO_OFTEN


def test_a_parcel_of_another_sign_in_is_not_on_the_list() -> None:
    rig = Rig().start()
    rig.deliver()
    rig.sign_in_courier()
    assert not rig.screen().offers_action(Action.PARCELS)
    assert rig.do(i.ShowParcels()).refusal is Refusal.NOT_NOW
    rig.drop_off("101")
    rig.do(i.NextParcel())
    rig.do(i.ShowParcels())
    assert [one.unit for one in rig.screen().parcels] == ["101"]
    for number in (1, -1):
        assert rig.do(i.ChooseParcel(number)).refusal is Refusal.NOT_NOW


# The wrong unit


def test_a_wrong_unit_that_nobody_was_told_of_is_put_right_without_a_word() -> None:
    rig = Rig().start()
    rig.sign_in_courier()
    delivery = rig.drop_off("101")
    unlocks = len(rig.unlocks())
    assert rig.do(i.WrongUnit()).refusal is None
    assert (rig.screen().kind, rig.screen().door) == (ScreenKind.UNIT, "1")
    rig.do(i.ChooseUnit("412"))
    assert (rig.screen().kind, rig.screen().unit) == (ScreenKind.STORED, "412")
    rig.do(i.Finish())
    after = rig.state.deliveries[delivery.id]
    assert (after.recipient, after.compartment, after.has_code) == ("unit:u412", delivery.compartment, True)
    assert [(message.kind, message.resident) for message in rig.messages()] == [(PARCEL_WAITING, "r412")]
    assert len(rig.unlocks()) == unlocks


def test_a_code_that_is_out_dies_at_once_and_the_first_recipient_is_told() -> None:
    rig = Rig().start()
    rig.sign_in_courier()
    delivery = rig.drop_off("101")
    rig.do(i.NextParcel())
    wrong_code = rig.code_of(delivery)
    rig.do(i.ShowParcels())
    rig.do(i.ChooseParcel(0))
    rig.do(i.WrongUnit())
    assert wrong_code not in rig.state.credentials
    assert rig.state.spent[wrong_code].why is SpentWhy.WITHDRAWN
    rig.do(i.ChooseUnit("412"))
    rig.do(i.Finish())
    assert [(message.kind, message.resident) for message in rig.messages()] == [
        (PARCEL_WAITING, "r101"),
        (PARCEL_MISADDRESSED, "r101"),
        (PARCEL_WAITING, "r412"),
    ]
    assert rig.code_of(delivery) in rig.state.credentials
    rig.do(i.Finish())
    assert rig.present(wrong_code).refusal is Refusal.CODE_WITHDRAWN


def test_nobody_is_told_while_the_right_unit_is_being_typed() -> None:
    rig = Rig().start()
    rig.sign_in_courier()
    rig.drop_off("101")
    rig.do(i.WrongUnit())
    for _ in range(4):
        rig.wait(50)
        rig.do(i.StayHere())
    assert rig.messages() == []


def test_a_courier_who_never_types_the_right_unit_leaves_it_to_staff() -> None:
    rig = Rig().start()
    rig.sign_in_courier()
    delivery = rig.drop_off("101")
    rig.do(i.WrongUnit())
    rig.wait(100)
    assert rig.state.active_session is None
    assert rig.messages() == []
    assert IncidentKind.PARCEL_DISPUTED in rig.incidents()
    assert rig.state.deliveries[delivery.id].is_disputed


def test_a_restart_while_the_right_unit_is_typed_tells_nobody_but_staff() -> None:
    rig = Rig().start()
    rig.sign_in_courier()
    rig.drop_off("101")
    rig.do(i.WrongUnit())
    rig.restart()
    rig.wait(100)
    assert rig.messages() == []
    assert IncidentKind.PARCEL_DISPUTED in rig.incidents()


def test_a_unit_that_was_right_after_all_stays() -> None:
    rig = Rig().start()
    rig.sign_in_courier()
    rig.drop_off("101")
    rig.do(i.WrongUnit())
    rig.do(i.GoBack())
    assert (rig.screen().kind, rig.screen().unit) == (ScreenKind.STORED, "101")
    rig.do(i.Finish())
    assert [message.resident for message in rig.messages()] == ["r101"]
    assert IncidentKind.PARCEL_DISPUTED not in rig.incidents()


def test_a_unit_that_cannot_be_meant_leaves_the_question_open() -> None:
    rig = Rig().start()
    known, home = rig.state.directory, UnitId("u412")
    people = {ResidentId(name): Resident(ResidentId(name), home, name, "en", "") for name in ("ana", "ben")}
    units = {**known.units, home: Unit(home, "412", UnitMode.SEPARATE)}
    rig.do(i.ChangeDirectory(replace(known, units=units, residents={**known.residents, **people})))
    rig.sign_in_courier()
    rig.drop_off("101")
    rig.do(i.WrongUnit())
    assert rig.do(i.ChooseUnit("999")).refusal is Refusal.UNKNOWN_UNIT
    assert rig.do(i.ChooseUnit("412")).refusal is Refusal.UNIT_NEEDS_DESK
    assert rig.screen().kind is ScreenKind.UNIT
    assert rig.messages() == []


def test_the_log_keeps_why_and_the_private_part_keeps_for_whom() -> None:
    rig = Rig().start()
    rig.sign_in_courier()
    rig.drop_off("101")
    rig.do(i.WrongUnit())
    rig.do(i.ChooseUnit("412"))
    moved = rig.of_type(e.DeliveryReaddressed)[-1]
    assert (moved.unit, moved.why, moved.unit_label) == ("u412", "wrong_unit", "412")
    assert {"unit_label"} == moved.PRIVATE


def test_only_the_parcel_at_hand_of_this_sign_in_is_given_to_another_unit() -> None:
    rig = Rig().start()
    rig.sign_in_courier()
    assert rig.do(i.WrongUnit()).refusal is Refusal.NOT_NOW
    compartment = rig.reserve("101")
    rig.pulse()
    rig.open(compartment)
    assert rig.do(i.WrongUnit()).refusal is Refusal.NOT_NOW
    assert not rig.screen().offers_action(Action.WRONG_UNIT)
