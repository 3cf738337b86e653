"""Holds: who may keep a parcel, for how long, when nobody may, and how a hold ends. One rule for all ways."""

import pytest

from kiosk.domain import events as e
from kiosk.domain import inputs as i
from kiosk.domain.limits import DAY_MS
from kiosk.domain.model.command import CommandRefusal, Order
from kiosk.domain.model.delivery import Delivery, DeliveryFlag
from kiosk.domain.model.ids import CompartmentId
from kiosk.domain.model.screen import Action, ScreenKind
from kiosk.domain.model.vacancy import VacancyFact
from kiosk.domain.refusals import Refusal
from kiosk.domain.rules.holds import occupancy
from tests.domain.rig import Rig


def now_ms(rig: Rig) -> int:
    return rig.wall_ms + rig.mono_ms


def held(rig: Rig, delivery: Delivery) -> int | None:
    """Until when, if at all."""
    known = rig.state.deliveries[delivery.id]
    assert (DeliveryFlag.HELD in known.flags) is (known.held_until_ms is not None)
    return known.held_until_ms


def ask(rig: Rig, delivery: Delivery) -> None:
    """From the help page to the page that asks how long."""
    rig.do(i.AskHelp())
    assert rig.do(i.AskToHold()).refusal is None
    assert rig.screen().kind is ScreenKind.CODE
    assert rig.do(i.PresentCode(rig.code_of(delivery), is_long=False)).refusal is None


def order(rig: Rig, delivery: Delivery, until_ms: int | None = None, *, is_held: bool = True) -> None:
    sent = Order("desk", now_ms(rig) + 60_000)
    rig.do(i.HoldDelivery(sent, delivery.id, is_held, until_ms))


def test_a_resident_keeps_all_their_parcels_and_no_door_opens() -> None:
    rig = Rig().start()
    first, second, other = rig.deliver(), rig.deliver(), rig.deliver("101")
    before = len(rig.unlocks())
    ask(rig, first)
    assert rig.screen().kind is ScreenKind.HOLD
    assert [one.door for one in rig.screen().stored] == ["1", "2"]
    assert rig.do(i.HoldParcels(7)).refusal is None
    assert held(rig, first) == held(rig, second) == now_ms(rig) + 7 * DAY_MS
    assert held(rig, other) is None
    assert len(rig.unlocks()) == before
    rig.do(i.Finish())
    assert rig.screen().kind is ScreenKind.HOME
    assert rig.present(rig.code_of(first)).refusal is None


def test_a_hold_is_ended_at_the_same_page() -> None:
    rig = Rig().start()
    delivery = rig.deliver()
    ask(rig, delivery)
    rig.do(i.HoldParcels(3))
    assert rig.screen().offers_action(Action.HOLD)
    rig.do(i.HoldParcels(0))
    assert held(rig, delivery) is None


@pytest.mark.parametrize("days", [15, 99])
def test_nothing_is_kept_for_more_than_fourteen_days(days: int) -> None:
    rig = Rig().start()
    delivery = rig.deliver()
    ask(rig, delivery)
    assert rig.do(i.HoldParcels(days)).refusal is Refusal.HOLD_TOO_LONG
    order(rig, delivery, now_ms(rig) + days * DAY_MS)
    order(rig, delivery, now_ms(rig))
    assert [one.why for one in rig.of_type(e.CommandRefused)] == [CommandRefusal.HOLD_TOO_LONG] * 2
    assert held(rig, delivery) is None


def test_nothing_is_kept_longer_when_nine_in_ten_compartments_are_taken() -> None:
    rig = Rig().start()
    delivery = rig.deliver()
    for number in range(2, 9):
        assert occupancy(rig.state) < 0.9
        rig.do(i.BenchUnlock(CompartmentId(f"c{number}"), "full"))
    assert rig.of_type(e.CompartmentSettled)[-1].fact is VacancyFact.LEFT_OPEN
    assert occupancy(rig.state) == 1.0
    ask(rig, delivery)
    assert rig.do(i.HoldParcels(3)).refusal is Refusal.NEARLY_FULL
    order(rig, delivery)
    assert rig.of_type(e.CommandRefused)[-1].why is CommandRefusal.NEARLY_FULL


def test_a_clock_that_nobody_trusts_keeps_nothing_longer_and_ends_no_hold() -> None:
    rig = Rig().start()
    delivery = rig.deliver()
    order(rig, delivery)
    rig.is_trusted = False
    ask(rig, delivery)
    assert rig.do(i.HoldParcels(3)).refusal is Refusal.DATE_NOT_KNOWN
    rig.wall_ms += 400 * DAY_MS
    rig.do(i.CalendarRead(is_quiet=False))
    assert held(rig, delivery) is not None


def test_a_hold_ends_on_its_day_and_its_recipient_has_a_day_left() -> None:
    rig = Rig().start()
    delivery = rig.deliver()
    order(rig, delivery, now_ms(rig) + 10 * DAY_MS)
    rig.wait(10 * DAY_MS / 1000)
    rig.do(i.CalendarRead(is_quiet=True))
    assert held(rig, delivery) is None
    known = rig.state.deliveries[delivery.id]
    assert known.due_at_ms == now_ms(rig) + DAY_MS
    assert DeliveryFlag.OVERDUE not in known.flags


def test_a_command_without_a_day_keeps_it_as_long_as_may_be() -> None:
    rig = Rig().start()
    delivery = rig.deliver()
    order(rig, delivery)
    assert held(rig, delivery) == now_ms(rig) + 14 * DAY_MS
    order(rig, delivery, is_held=False)
    assert held(rig, delivery) is None


def test_staff_keep_one_parcel_and_end_the_hold() -> None:
    rig = Rig().start()
    delivery, other = rig.deliver(), rig.deliver()
    rig.sign_in_staff()
    rig.do(i.ShowStored())
    rig.do(i.ChooseStored(delivery.id))
    assert rig.do(i.HoldParcels(14)).refusal is None
    assert held(rig, delivery) == now_ms(rig) + 14 * DAY_MS
    assert held(rig, other) is None
    assert rig.screen().stored[0].remarks == ("held",)
    rig.do(i.HoldParcels(0))
    assert held(rig, delivery) is None


def test_a_code_that_was_used_up_keeps_nothing_and_opens_nothing() -> None:
    rig = Rig().start()
    delivery = rig.deliver()
    rig.pick_up(delivery)
    rig.answer()
    rig.do(i.Finish())
    before = len(rig.unlocks())
    rig.do(i.AskHelp())
    rig.do(i.AskToHold())
    outcome = rig.do(i.PresentCode(rig.code_of(delivery), is_long=False))
    assert outcome.refusal is Refusal.CODE_COLLECTED
    assert len(rig.unlocks()) == before


def test_nobody_keeps_anything_from_another_page() -> None:
    rig = Rig().start()
    assert rig.do(i.AskToHold()).refusal is Refusal.NOT_NOW
    assert rig.do(i.HoldParcels(3)).refusal is Refusal.NOT_NOW
