"""S38: a refused opening is in the audit log with the reason."""

import dataclasses

import pytest

from kiosk.domain import events as e
from kiosk.domain import inputs as i
from kiosk.domain.frozen import replace
from kiosk.domain.model.command import CommandRefusal, Order
from kiosk.domain.model.compartment import Condition, SizeClass
from kiosk.domain.model.delivery import RemovalWay
from kiosk.domain.model.session import Visit
from kiosk.domain.refusals import Refusal
from tests.domain.rig import Rig, digest


def refusals(rig: Rig) -> list[tuple[str, str]]:
    """Bucket and reason of every refused code."""
    return [(one.bucket, one.why) for one in rig.of_type(e.CodeRefused)]


@pytest.mark.parametrize(
    ("flow", "fact", "recorded"),
    [
        (i.Flow.PICK_UP, i.PresentCode(digest("x"), is_long=False), ("code", Refusal.WRONG_CODE.value)),
        (
            i.Flow.DELIVER,
            i.PresentCarrierCode(digest("x")),
            ("carrier", Refusal.WRONG_CARRIER_CODE.value),
        ),
        (i.Flow.STAFF, i.PresentStaffPin("1", None), ("staff:1", Refusal.WRONG_STAFF_PIN.value)),
    ],
)
def test_s38_a_wrong_code_is_on_record(flow: i.Flow, fact: i.PanelTouch, recorded: tuple[str, str]) -> None:
    rig = Rig().start()
    rig.do(i.ChooseFlow(flow))
    assert rig.do(fact).refusal is not None
    assert refusals(rig) == [recorded]


def test_s38_a_code_that_was_revoked_is_on_record_with_the_reason() -> None:
    rig = Rig().start()
    delivery = rig.deliver()
    rig.pick_up(delivery)
    rig.answer(i.PickupAnswer.NOT_MINE)
    rig.do(i.Finish())
    assert rig.present(rig.code_of(delivery)).refusal is Refusal.CODE_DISPUTED
    assert refusals(rig) == [("code", Refusal.CODE_DISPUTED.value)]


def test_s38_a_command_that_is_refused_is_on_record_with_the_reason() -> None:
    rig = Rig().start()
    delivery = rig.deliver()
    rig.do(i.ReissueCode(Order("desk", 0), delivery.id))
    assert [one.why for one in rig.of_type(e.CommandRefused)] == [CommandRefusal.COMMAND_EXPIRED]


# Doors that do not open, and sign-ins that drain nothing


def recorded(rig: Rig) -> list[tuple[str, str]]:
    """Reason, and place or sign-in, of everything that was refused without a counted try."""
    return [(one.why, one.compartment or one.bucket) for one in rig.of_type(e.AccessRefused)]


def guess(rig: Rig, times: int) -> None:
    rig.do(i.ChooseFlow(i.Flow.PICK_UP))
    for number in range(times):
        rig.do(i.PresentCode(digest(f"guess {number}"), is_long=False))
    rig.do(i.GoBack())


def test_s38_a_door_out_of_sight_is_on_record_before_and_after_sign_in() -> None:
    rig = Rig().start()
    delivery = rig.deliver()
    rig.do(i.BankGone(rig.state.place(delivery.compartment).bank, "port_gone"))
    assert rig.present(rig.code_of(delivery)).refusal is Refusal.DOOR_UNREACHABLE
    (told,) = rig.of_type(e.AccessRefused)
    assert (told.why, told.compartment, told.delivery) == (
        Refusal.DOOR_UNREACHABLE.value,
        delivery.compartment,
        delivery.id,
    )


def test_s38_a_door_that_is_passed_by_is_on_record() -> None:
    rig = Rig().start()
    first, second = rig.deliver("412", SizeClass.S), rig.deliver("412", SizeClass.L)
    assert rig.state.place(first.compartment).bank != rig.state.place(second.compartment).bank
    rig.do(i.BankGone(rig.state.place(second.compartment).bank, "port_gone"))
    assert rig.present(rig.code_of(first)).refusal is None
    assert recorded(rig) == [(Refusal.DOOR_UNREACHABLE.value, second.compartment)]


def test_s38_a_door_that_somebody_has_is_on_record() -> None:
    rig = Rig().start()
    rig.sign_in_courier()
    compartment = rig.reserve()
    rig.pulse()
    rig.open(compartment)
    jammed = replace(rig.state.compartments[compartment], condition=Condition.JAMMED)
    compartments = {**rig.state.compartments, compartment: jammed}
    rig.state = replace(rig.state, compartments=compartments, visit=Visit())  # as at a second panel
    rig.sign_in_staff()
    for _ in range(50):
        rig.do(i.StaffOpen(compartment))
    session = rig.state.active_session
    assert session is not None
    (told,) = rig.of_type(e.AccessRefused)
    assert (told.why, told.session) == (Refusal.DOOR_IN_USE.value, session.id)


def test_s38_who_may_not_dispose_of_a_parcel_is_on_record() -> None:
    rig = Rig()
    people = {key: replace(who, is_manager=False) for key, who in rig.state.directory.staff.items()}
    rig.state = replace(rig.state, directory=dataclasses.replace(rig.state.directory, staff=people))
    delivery = rig.start().deliver()
    rig.sign_in_staff()
    rig.do(i.ShowStored())
    rig.do(i.ChooseStored(delivery.id))
    for _ in range(50):
        assert rig.do(i.TakeOut(RemovalWay.DISPOSED)).refusal is Refusal.NEEDS_MANAGER
    assert recorded(rig) == [(Refusal.NEEDS_MANAGER.value, delivery.compartment)]


def test_s38_a_door_reopened_too_often_is_on_record_once_a_minute() -> None:
    rig = Rig().start()
    delivery = rig.deliver()
    rig.pick_up(delivery)
    for _ in range(3):
        rig.do(i.Reopen())
        rig.pulse()
        rig.open(delivery.compartment)
        rig.close(delivery.compartment)
    for _ in range(4):
        assert rig.do(i.Reopen()).refusal is Refusal.REOPENED_TOO_OFTEN
        rig.wait(20)
    assert recorded(rig) == [(Refusal.REOPENED_TOO_OFTEN.value, delivery.compartment)] * 2


def test_s38_that_codes_need_more_digits_is_on_record_once_until_a_try_comes_back() -> None:
    rig = Rig().start()
    guess(rig, 500)
    assert recorded(rig) == [(Refusal.CODE_NEEDS_MORE.value, "code")]
    rig.wait(44 * 60)
    guess(rig, 50)
    assert len(recorded(rig)) == 1
    rig.wait(61)
    guess(rig, 50)
    assert recorded(rig) == [(Refusal.CODE_NEEDS_MORE.value, "code")] * 2


def test_s38_a_wrong_rest_of_a_code_and_haste_are_on_record_once_a_minute() -> None:
    rig = Rig().start()
    guess(rig, 11)
    rig.do(i.ChooseFlow(i.Flow.PICK_UP))
    for number in range(20):
        rig.do(i.PresentCode(digest(f"long {number}"), is_long=True))
        rig.wait(1)
    assert sorted(recorded(rig)[1:]) == [
        (Refusal.CODE_TOO_SOON.value, "code"),
        (Refusal.WRONG_CODE.value, "code"),
    ]


def test_s38_a_paused_sign_in_is_on_record() -> None:
    rig = Rig().start()
    rig.do(i.ChooseFlow(i.Flow.DELIVER))
    for number in range(40):
        rig.do(i.PresentCarrierCode(digest(f"wrong {number}")))
    rig.do(i.GoBack())
    rig.do(i.ChooseFlow(i.Flow.STAFF))
    for _ in range(40):
        rig.do(i.PresentStaffPin("1", None))
    assert recorded(rig) == [
        (Refusal.CARRIER_CODE_PAUSED.value, "carrier"),
        (Refusal.STAFF_PIN_PAUSED.value, "staff:1"),
    ]


def test_s38_an_account_that_nobody_has_is_on_record_without_what_was_typed() -> None:
    rig = Rig().start()
    rig.do(i.ChooseFlow(i.Flow.STAFF))
    for number in range(40):
        rig.do(i.PresentStaffPin(f"40{number}", None))
    assert recorded(rig) == [(Refusal.WRONG_STAFF_PIN.value, "staff")]


def test_s38_what_memory_keeps_of_refusals_is_bounded() -> None:
    rig = Rig().start()
    for _ in range(30):
        rig.deliver()
        rig.pick_up(delivery := rig.stored()[0])
        for _ in range(4):
            rig.do(i.Reopen())
            rig.pulse()
            rig.open(delivery.compartment)
            rig.close(delivery.compartment, after_s=3)
        rig.answer()
        rig.do(i.Finish())
    assert len(rig.of_type(e.AccessRefused)) == 30
    assert len(rig.state.refusals_written) <= 3


def test_s38_a_bench_tool_that_is_refused_is_on_record() -> None:
    rig = Rig().start()
    delivery = rig.deliver()
    assert rig.do(i.BenchUnlock(delivery.compartment, "test")).actor == "command:bench"
    assert recorded(rig) == [(Refusal.DOOR_IN_USE.value, delivery.compartment)]
