"""The pickup time: reminders, the flag when it is over, and nothing that hangs on a clock nobody believes."""

import pytest

from kiosk.domain import events as e
from kiosk.domain import inputs as i
from kiosk.domain.changes import MessageQueued
from kiosk.domain.limits import DAY_MS, HOUR_MS
from kiosk.domain.model.command import Order
from kiosk.domain.model.delivery import Delivery, DeliveryFlag, DeliveryState
from kiosk.domain.model.ids import BootId
from kiosk.domain.model.incident import IncidentKind
from kiosk.domain.rules.custody import PARCEL_LAST_DAY, PARCEL_OVERDUE, PARCEL_REMINDER
from kiosk.domain.rules.pickup_time import Moment, next_due_ms
from tests.domain.rig import Rig

OVERDUE = IncidentKind.PARCEL_OVERDUE
YEAR_H = 365 * 24


def delivered() -> tuple[Rig, Delivery]:
    rig = Rig().start()
    rig.sign_in_courier()
    delivery = rig.drop_off()
    rig.do(i.Finish())
    return rig, rig.state.deliveries[delivery.id]


def after(rig: Rig, hours: float, *, is_quiet: bool = False) -> list[MessageQueued]:
    """What is queued when the calendar is read so long after now."""
    rig.mono_ms += round(hours * HOUR_MS)
    known = len(rig.messages())
    rig.do(i.CalendarRead(is_quiet=is_quiet))
    return rig.messages()[known:]


def kinds(messages: list[MessageQueued]) -> list[str]:
    return [one.kind for one in messages]


def hold(rig: Rig, delivery: Delivery, *, is_held: bool) -> None:
    order = Order("desk", rig.wall_ms + rig.mono_ms + 60_000)
    rig.do(i.HoldDelivery(order, delivery.id, is_held=is_held))


def next_h(rig: Rig, *, is_quiet: bool = False) -> float | None:
    now = Moment(rig.wall_ms + rig.mono_ms, rig.mono_ms, BootId(rig.boot))
    due_ms = next_due_ms(rig.state, now, is_quiet=is_quiet)
    return None if due_ms is None else due_ms / HOUR_MS


def test_a_recipient_is_reminded_at_24_and_72_hours_and_12_hours_before_the_end() -> None:
    rig, _ = delivered()
    told = [(hours, kinds(after(rig, 1))) for hours in range(1, 5 * 24 + 48)]
    assert [(hours, kind) for hours, found in told for kind in found] == [
        (24, PARCEL_REMINDER),
        (72, PARCEL_REMINDER),
        (108, PARCEL_LAST_DAY),
        (120, PARCEL_OVERDUE),
    ]


def test_a_reminder_says_how_many_days_are_left() -> None:
    rig, delivery = delivered()
    (first,) = after(rig, 24)
    assert (first.delivery, first.detail, first.door) == (delivery.id, "4", "1")
    (second,) = after(rig, 48)
    assert second.detail == "2"


def test_several_moments_that_are_over_make_one_message() -> None:
    rig, delivery = delivered()
    assert kinds(after(rig, 110)) == [PARCEL_LAST_DAY]
    assert rig.state.deliveries[delivery.id].reminded == 3
    assert kinds(after(rig, 100)) == [PARCEL_OVERDUE]
    assert not after(rig, 100)


def test_several_parcels_of_one_recipient_make_one_message() -> None:
    rig, first = delivered()
    second = rig.deliver()
    stranger = rig.deliver("101")
    found = after(rig, 25)
    assert {one.delivery for one in found} == {first.id, stranger.id}
    assert len(found) == 2
    assert next(one.door for one in found if one.delivery == first.id) == "1, 2"
    reminded = {event.delivery: event.messages for event in rig.of_type(e.RecipientReminded)}
    assert reminded[first.id] == reminded[second.id]
    assert reminded[stranger.id] != reminded[first.id]


def test_nobody_is_reminded_in_quiet_hours_and_once_after_them() -> None:
    rig, _ = delivered()
    assert not after(rig, 25, is_quiet=True)
    assert not after(rig, 48, is_quiet=True)
    assert kinds(after(rig, 8)) == [PARCEL_REMINDER]
    assert not after(rig, 1)


def test_a_parcel_whose_time_is_over_is_flagged_at_night_too_and_its_person_told_by_day() -> None:
    rig, delivery = delivered()
    assert not after(rig, 121, is_quiet=True)
    assert DeliveryFlag.OVERDUE in rig.state.deliveries[delivery.id].flags
    assert OVERDUE in rig.incidents()
    assert kinds(after(rig, 5)) == [PARCEL_OVERDUE]


def test_an_overdue_parcel_is_still_there_and_its_code_opens_its_door() -> None:
    rig, delivery = delivered()
    after(rig, 24 * 60)
    kept = rig.state.deliveries[delivery.id]
    assert (kept.state, kept.compartment) == (DeliveryState.STORED, delivery.compartment)
    rig.pick_up(delivery)
    rig.answer()
    assert delivery.id not in rig.state.deliveries
    assert OVERDUE not in rig.incidents()


def test_one_overdue_parcel_is_told_once() -> None:
    rig, _ = delivered()
    for _ in range(10):
        after(rig, 24)
    assert len([one for one in rig.of_type(e.IncidentRaised) if one.kind is OVERDUE]) == 1


def test_two_overdue_parcels_behind_one_door_are_two_tasks() -> None:
    rig, _ = delivered()
    rig.deliver("101")
    after(rig, 125)
    assert len([one for one in rig.state.incidents.values() if one.kind is OVERDUE]) == 2


def test_nobody_is_reminded_of_a_parcel_that_was_collected() -> None:
    rig, delivery = delivered()
    rig.pick_up(delivery)
    rig.answer()
    assert not after(rig, 24 * 30)
    assert next_h(rig) is None


def test_a_held_parcel_is_neither_reminded_of_nor_overdue() -> None:
    rig, delivery = delivered()
    hold(rig, delivery, is_held=True)
    assert not after(rig, 24 * 9)
    assert OVERDUE not in rig.incidents()
    assert next_h(rig) == 5 * 24, "the hold ends then"


def test_a_hold_that_ends_leaves_a_day() -> None:
    rig, delivery = delivered()
    hold(rig, delivery, is_held=True)
    after(rig, 24 * 9)
    hold(rig, delivery, is_held=False)
    assert kinds(after(rig, 1)) == [PARCEL_REMINDER]
    assert OVERDUE not in rig.incidents()
    assert next_h(rig) == pytest.approx(11)
    assert kinds(after(rig, 12)) == [PARCEL_LAST_DAY]
    after(rig, 12)
    assert OVERDUE in rig.incidents()


def test_a_hold_takes_an_overdue_parcel_off_the_list() -> None:
    rig, delivery = delivered()
    after(rig, 121)
    hold(rig, delivery, is_held=True)
    assert OVERDUE not in rig.incidents()
    assert DeliveryFlag.OVERDUE not in rig.state.deliveries[delivery.id].flags


# Clocks


@pytest.mark.parametrize("jump_h", [YEAR_H, -YEAR_H, 30])
def test_a_wall_clock_that_jumps_hastens_nothing(jump_h: int) -> None:
    rig, _ = delivered()
    rig.wall_ms += jump_h * HOUR_MS
    assert not after(rig, 23)
    assert kinds(after(rig, 1)) == [PARCEL_REMINDER]
    assert OVERDUE not in rig.incidents()


def test_after_a_boot_the_wall_clock_counts() -> None:
    rig, _ = delivered()
    rig.boot, rig.wall_ms, rig.mono_ms = "boot-2", rig.wall_ms + rig.mono_ms, 0
    assert not after(rig, 23)
    assert kinds(after(rig, 1)) == [PARCEL_REMINDER]


def test_while_the_clock_is_not_believed_nothing_is_judged() -> None:
    rig, _ = delivered()
    rig.is_trusted = False
    assert not after(rig, 24 * 30)
    assert OVERDUE not in rig.incidents()


def test_when_trust_returns_missed_reminders_are_one() -> None:
    rig, _ = delivered()
    rig.is_trusted = False
    for _ in range(4):
        assert not after(rig, 24)
    rig.is_trusted = True
    assert kinds(after(rig, 1)) == [PARCEL_REMINDER]


def untrusted() -> tuple[Rig, Delivery]:
    rig = Rig().start()
    rig.is_trusted = False
    rig.wall_ms = -rig.mono_ms
    delivery = rig.deliver()
    assert delivery.due_at_ms is None
    assert next_h(rig) == 0
    return rig, delivery


def test_a_drop_off_without_a_clock_counts_from_when_it_was_in_the_same_boot() -> None:
    rig, delivery = untrusted()
    rig.mono_ms += 30 * HOUR_MS
    rig.is_trusted, rig.wall_ms = True, 1_790_000_000_000
    assert kinds(after(rig, 0)) == [PARCEL_REMINDER]
    known = rig.state.deliveries[delivery.id]
    stored_ms = rig.wall_ms + known.stored_mono_ms
    assert (known.stored_at_ms, known.due_at_ms) == (stored_ms, stored_ms + 5 * DAY_MS)


def test_a_drop_off_without_a_clock_has_the_full_time_after_a_boot() -> None:
    rig, delivery = untrusted()
    rig.boot, rig.mono_ms = "boot-2", 50_000
    rig.is_trusted, rig.wall_ms = True, 1_790_000_000_000
    assert not after(rig, 0)
    known = rig.state.deliveries[delivery.id]
    assert known.due_at_ms == rig.wall_ms + rig.mono_ms + 5 * DAY_MS
    assert not after(rig, 23)
    assert kinds(after(rig, 1)) == [PARCEL_REMINDER]


# When to look


def test_the_next_look_is_at_the_next_thing_that_is_due() -> None:
    rig, _ = delivered()
    assert next_h(rig) == pytest.approx(24, abs=0.1)
    assert next_h(rig, is_quiet=True) == pytest.approx(120, abs=0.1)
    after(rig, 24)
    assert next_h(rig) == pytest.approx(48, abs=0.1)
    after(rig, 24 * 5)
    assert next_h(rig) is None


def test_reading_the_calendar_again_changes_nothing() -> None:
    rig, _ = delivered()
    for _ in range(6):
        after(rig, 24)
        assert not rig.do(i.CalendarRead(is_quiet=False)).changes
