"""Timers: each deadline once, doors first after a stop, and codes that one stamp could not bring."""

import asyncio
from dataclasses import dataclass, field

from kiosk.domain import inputs as i
from kiosk.domain.model.compartment import SizeClass
from kiosk.domain.model.ids import IntentId
from kiosk.domain.refusals import Refusal
from kiosk.domain.state import State
from kiosk.ports import Answer
from kiosk.rehearsal.virtual_loop import VirtualLoop
from kiosk.service.clock import Now
from kiosk.timers import LATE_MS, Timers
from tests.domain.rig import START_MS, Rig


@dataclass
class Rules:
    """An inbox that decides at once and keeps nothing; the rig's monotonic clock follows the loop."""

    rig: Rig
    start_ms: int = 0
    judged_ms: list[int] = field(default_factory=list)
    refusing: Refusal | None = None
    revision: int = 1
    _change: asyncio.Event = field(default_factory=asyncio.Event)

    boot = "boot-1"

    def __post_init__(self) -> None:
        self.start_ms = self.rig.mono_ms

    @property
    def state(self) -> State:
        """What is believed now."""
        return self.rig.state

    def now(self) -> Now:
        """Also the clock."""
        mono_ms = self.start_ms + round(asyncio.get_running_loop().time() * 1000)
        return Now(START_MS + mono_ms, mono_ms, is_trusted=True)

    async def submit(self, fact: i.Fact, *, intent: IntentId | None = None) -> Answer:
        """Decide."""
        self.rig.mono_ms = self.now().mono_ms
        self.judged_ms.append(self.rig.mono_ms - self.start_ms)
        if self.refusing:
            return Answer(self.refusing, None)
        before = self.rig.state
        outcome = self.rig.do(fact)
        if self.rig.state is not before:
            self.revision += 1
            self._change.set()
            self._change = asyncio.Event()
        return Answer(outcome.refusal, None)

    async def changed(self, after: int) -> int:
        """Wait for the next change."""
        while self.revision <= after:
            await self._change.wait()
        return self.revision


async def run(rules: Rules, seconds: float) -> None:
    async with asyncio.TaskGroup() as tasks:
        task = tasks.create_task(Timers(rules, rules).run())
        await asyncio.sleep(seconds)
        task.cancel()


async def test_each_deadline_is_judged_once_at_its_time() -> None:
    rig = Rig().start()
    rig.do(i.ChooseFlow(i.Flow.PICK_UP))
    rules = Rules(rig)
    await run(rules, 600)
    assert [round(ms / 1000) for ms in rules.judged_ms] == [40, 60]


async def test_nothing_is_judged_where_nothing_is_due() -> None:
    rules = Rules(Rig().start())
    await run(rules, 3600)
    assert rules.judged_ms == []


async def test_a_deadline_missed_by_a_stop_waits_for_the_doors_to_be_read() -> None:
    rig = Rig().start()
    rig.do(i.ChooseFlow(i.Flow.PICK_UP))
    rules = Rules(rig)

    async def stop() -> None:
        await asyncio.sleep(10)
        loop = asyncio.get_running_loop()
        assert isinstance(loop, VirtualLoop)
        loop.jump(300)

    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(stop())
        await run(rules, 400)
    assert rules.judged_ms[0] >= 310_000 + 1500
    assert rules.judged_ms[0] - 40_000 > LATE_MS


async def test_a_deadline_that_could_not_be_written_is_tried_again_every_second() -> None:
    rig = Rig().start()
    rig.do(i.ChooseFlow(i.Flow.PICK_UP))
    rules = Rules(rig, refusing=Refusal.NOT_DURABLE)

    async def recover() -> None:
        await asyncio.sleep(50)
        rules.refusing = None

    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(recover())
        await run(rules, 55)
    assert 9 <= len(rules.judged_ms) <= 13
    assert rig.state.visit.is_warned


async def test_codes_that_one_stamp_does_not_bring_follow_by_themselves() -> None:
    rig = Rig().start()
    rig.sign_in_courier()
    doors = []
    for size in (SizeClass.S, SizeClass.S, SizeClass.S, SizeClass.M, SizeClass.M):
        doors.append(rig.reserve(size=size))
        rig.open(rig.pulse())
        rig.do(i.NextParcel())
    for door in doors:
        rig.close(door, after_s=1)
    rules = Rules(rig)
    await run(rules, 62)
    assert all(delivery.has_code for delivery in rig.stored())
    assert len(rules.judged_ms) <= 6


async def test_codes_that_cannot_be_made_do_not_keep_the_kiosk_busy() -> None:
    rig = Rig().start()
    rig.sign_in_courier()
    rig.drop_off("412")
    rig.has_codes = False
    rules = Rules(rig)
    await run(rules, 120)
    assert not rig.stored()[0].has_code
    assert len(rules.judged_ms) < 100
