"""The calendar: nothing before the clock was trusted for ten minutes, everything at its time after that."""

import asyncio
from dataclasses import dataclass
from datetime import time
from zoneinfo import ZoneInfo

from kiosk.calendar import Calendar, Steadiness
from kiosk.domain import inputs as i
from kiosk.domain.changes import MessageQueued
from kiosk.domain.limits import HOUR_MS, MINUTE_MS
from kiosk.domain.model.incident import IncidentKind
from kiosk.service.clock import Now
from kiosk.service.quiet_hours import QuietHours
from tests.domain.rig import Rig
from tests.engine.test_timers import Rules

NONE = QuietHours(ZoneInfo("UTC"), time(0), time(0))
NIGHT = QuietHours(ZoneInfo("UTC"), time(21), time(8))
HOUR_S = 3600.0


@dataclass
class Watched(Rules):
    """Rules whose clock can be wrong."""

    is_trusted: bool = True
    set_by_ms: int = 0

    def now(self) -> Now:
        """What the clock says."""
        mono_ms = self.start_ms + round(asyncio.get_running_loop().time() * 1000)
        return Now(self.rig.wall_ms + mono_ms + self.set_by_ms, mono_ms, self.is_trusted)


def delivered(*, starts_at_h: float = 12) -> Rig:
    """A parcel dropped off at an hour of the day."""
    rig = Rig(wall_ms=round(starts_at_h * HOUR_MS) + 20_000 * 24 * HOUR_MS - 1_000_000)
    rig.start()
    rig.sign_in_courier()
    rig.drop_off()
    rig.do(i.Finish())
    return rig


async def run(rules: Rules, hours: float, quiet: QuietHours = NONE) -> None:
    async with asyncio.TaskGroup() as tasks:
        task = tasks.create_task(Calendar(rules, rules, quiet).run())
        await asyncio.sleep(hours * HOUR_S)
        task.cancel()


def told_h(rules: Rules) -> list[float]:
    """When reminders were queued, in hours after the start."""
    start_ms = rules.rig.wall_ms + rules.start_ms
    queued = (one for one in rules.rig.changes if isinstance(one, MessageQueued))
    return [round((one.due_at_ms - start_ms) / HOUR_MS, 1) for one in queued if one.kind != "parcel_waiting"]


async def test_each_reminder_leaves_at_its_time_and_the_flag_is_set() -> None:
    rules = Watched(delivered())
    await run(rules, 130)
    assert told_h(rules) == [24.0, 72.0, 108.0, 120.0]
    assert IncidentKind.PARCEL_OVERDUE in rules.rig.incidents()


async def test_what_is_due_at_night_leaves_in_the_morning_once() -> None:
    rules = Watched(delivered(starts_at_h=22))
    await run(rules, 130, NIGHT)
    assert told_h(rules) == [34.0, 82.0, 108.0, 130.0]


async def test_the_core_is_asked_only_when_something_is_due() -> None:
    rules = Watched(delivered())
    await run(rules, 130)
    assert len(rules.judged_ms) == 4


async def test_nothing_is_judged_while_the_clock_is_not_trusted() -> None:
    rules = Watched(delivered(), is_trusted=False)
    await run(rules, 200)
    assert not rules.judged_ms


async def test_after_a_start_it_takes_ten_minutes_until_something_is_judged() -> None:
    rig = delivered()
    rig.mono_ms += 30 * HOUR_MS
    rules = Watched(rig)
    await run(rules, 1)
    assert rules.judged_ms == [10 * MINUTE_MS]


async def test_a_clock_that_is_set_counts_anew() -> None:
    rig = delivered()
    rig.mono_ms += 30 * HOUR_MS
    rules = Watched(rig)
    async with asyncio.TaskGroup() as tasks:
        task = tasks.create_task(Calendar(rules, rules, NONE).run())
        await asyncio.sleep(310)
        rules.set_by_ms = 6_000
        await asyncio.sleep(HOUR_S)
        task.cancel()
    assert rules.judged_ms == [16 * MINUTE_MS]


def test_trust_that_is_lost_for_a_moment_counts_anew() -> None:
    steady = Steadiness()
    assert not steady.is_proven(Now(0, 0, is_trusted=True))
    assert not steady.is_proven(Now(500_000, 500_000, is_trusted=False))
    assert not steady.is_proven(Now(700_000, 700_000, is_trusted=True))
    assert not steady.is_proven(Now(1_299_999, 1_299_999, is_trusted=True))
    assert steady.is_proven(Now(1_300_000, 1_300_000, is_trusted=True))
