"""The engine over real SQLite: one intent, one decision; what could not be written did not happen."""

import asyncio
import contextlib
import itertools
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from kiosk.domain import inputs as i
from kiosk.domain.effects import Effect
from kiosk.domain.model.compartment import DoorState, SizeClass
from kiosk.domain.model.ids import BootId, IntentId
from kiosk.domain.refusals import Refusal
from kiosk.domain.state import State
from kiosk.engine import Engine
from kiosk.ports import ActiveRows, Answer, Decision, Journal, JournalBroken, JournalRefused, Written
from kiosk.store.journal import SqliteJournal
from tests.domain.rig import BANKS, START_MS, digest, empty_state
from tests.store.rig import opened, rows_of

WRONG = i.PresentCarrierCode(digest("000000"))
"""A wrong carrier code writes one event, and a refusal."""


_OWN = itertools.count()


def stamping(fact: i.Fact, intent: IntentId | None, _: State) -> i.Stamp:
    mono_ms = round(asyncio.get_running_loop().time() * 1000)
    stamp_id = intent or IntentId(f"own {next(_OWN)}")
    return i.Stamp(START_MS + mono_ms, mono_ms, BootId("b"), is_trusted=True, intent=stamp_id)


class Troubled:
    """A real journal on a disk that fails when it is told to."""

    def __init__(self, journal: SqliteJournal) -> None:
        self._journal = journal
        self.fails: list[JournalBroken | JournalRefused] = []
        self.is_written_before_failing = False
        self.commits = 0

    async def commit(self, decisions: Sequence[Decision], before: State, after: State) -> Sequence[Written]:
        self.commits += 1
        failure = self.fails.pop(0) if self.fails else None
        written: Sequence[Written] = ()
        if failure is None or self.is_written_before_failing:
            written = await self._journal.commit(decisions, before, after)
        if failure:
            raise failure
        return written

    async def load(self, empty: State) -> ActiveRows:
        return await self._journal.load(empty)

    async def reopen(self) -> None:
        await self._journal.reopen()

    async def recall(self, decisions: Sequence[Decision], last_seq: int) -> Sequence[Written]:
        return await self._journal.recall(decisions, last_seq)

    async def seq_of(self, intent: IntentId) -> int | None:
        return await self._journal.seq_of(intent)

    async def answer_of(self, intent: IntentId) -> Answer | None:
        return await self._journal.answer_of(intent)

    @property
    def has_upkeep(self) -> bool:
        return self._journal.has_upkeep

    async def idle(self) -> None:
        await self._journal.idle()


@contextlib.asynccontextmanager
async def engine_on(journal: Journal, state: State) -> AsyncIterator[Engine]:
    engine = Engine(replace(state, directory=empty_state().directory), journal, stamping)
    async with asyncio.TaskGroup() as tasks:
        running = tasks.create_task(engine.run(), name="engine")
        try:
            yield engine
        finally:
            running.cancel()


@contextlib.asynccontextmanager
async def kiosk_on(path: Path) -> AsyncIterator[Engine]:
    """An engine that stands at the carrier's code page."""
    async with opened(path) as database:
        journal = SqliteJournal(database)
        rows = await journal.load(empty_state())
        async with engine_on(journal, rows.state) as engine:
            await begin(engine)
            yield engine


async def begin(engine: Engine) -> None:
    await engine.submit(i.KioskStart("test"))
    for bank in BANKS:
        places = engine.state.layout.of_bank(bank)
        await engine.submit(i.BankSeen(bank, {place.id: DoorState.CLOSED for place in places}))
    await engine.submit(i.ChooseFlow(i.Flow.DELIVER))


def refused_codes(path: Path) -> int:
    ((count,),) = rows_of(path, "SELECT count(*) FROM event WHERE type = 'CodeRefused'")
    assert isinstance(count, int)
    return count


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "kiosk.db"


async def test_repeated_intent_gets_the_first_answer(path: Path) -> None:
    async with kiosk_on(path) as engine:
        answers = [await engine.submit(WRONG, intent=IntentId("tap")) for _ in range(3)]
    assert {answer.refusal for answer in answers} == {Refusal.WRONG_CARRIER_CODE}
    assert len({answer.seq for answer in answers}) == 1
    assert refused_codes(path) == 1


async def test_twenty_taps_at_once_are_one_intent(path: Path) -> None:
    async with kiosk_on(path) as engine, asyncio.TaskGroup() as taps:
        asked = [taps.create_task(engine.submit(WRONG, intent=IntentId("tap"))) for _ in range(20)]
    assert {task.result().refusal for task in asked} == {Refusal.WRONG_CARRIER_CODE}
    assert refused_codes(path) == 1


async def test_repeated_intent_gets_the_first_answer_after_a_restart_too(path: Path) -> None:
    async with kiosk_on(path) as engine:
        first = await engine.submit(WRONG, intent=IntentId("tap"))
    async with kiosk_on(path) as engine:
        assert await engine.submit(WRONG, intent=IntentId("tap")) == first
    assert refused_codes(path) == 1


async def test_definite_error_refuses_only_the_culprit(path: Path) -> None:
    async with opened(path) as database:
        journal = Troubled(SqliteJournal(database))
        async with engine_on(journal, empty_state()) as engine:
            await begin(engine)
            journal.fails = [JournalRefused("the batch"), JournalRefused("the first of it")]
            async with asyncio.TaskGroup() as both:
                names = ("first", "second")
                tasks = [both.create_task(engine.submit(WRONG, intent=IntentId(name))) for name in names]
    assert [task.result().refusal for task in tasks] == [Refusal.NOT_DURABLE, Refusal.WRONG_CARRIER_CODE]
    assert refused_codes(path) == 1


@pytest.mark.parametrize(
    ("is_written", "told"),
    [(True, Refusal.WRONG_CARRIER_CODE), (False, Refusal.NOT_DURABLE)],
)
async def test_commit_that_raised_is_looked_up(path: Path, *, is_written: bool, told: Refusal) -> None:
    forgotten: list[None] = []
    async with opened(path) as database:
        journal = Troubled(SqliteJournal(database))
        async with engine_on(journal, empty_state()) as engine:
            await begin(engine)
            engine.on_doubt(lambda: forgotten.append(None))
            journal.fails, journal.is_written_before_failing = [JournalBroken("cut")], is_written
            answer = await engine.submit(WRONG, intent=IntentId("tap"))
            left = engine.state.buckets.get("carrier")
    assert answer.refusal is told
    assert (left is not None) is is_written
    assert refused_codes(path) == int(is_written)
    assert forgotten


async def test_what_was_looked_up_is_told_before_anybody_sees_it(path: Path) -> None:
    told: list[Written] = []

    async def seen(engine: Engine) -> list[Written]:
        await engine.changed(engine.revision)
        return list(told)

    async with opened(path) as database:
        journal = Troubled(SqliteJournal(database))
        async with engine_on(journal, empty_state()) as engine, asyncio.TaskGroup() as tasks:
            await begin(engine)
            engine.listen(told.extend)
            looking = tasks.create_task(seen(engine))
            await asyncio.sleep(0)
            journal.fails, journal.is_written_before_failing = [JournalBroken("cut")], True
            await engine.submit(WRONG, intent=IntentId("tap"))
    assert [type(row.event).__name__ for row in looking.result()] == ["CodeRefused"]


async def test_no_effect_goes_out_before_its_decision_is_on_disk(path: Path) -> None:
    effects: list[Effect] = []
    async with opened(path) as database:
        journal = Troubled(SqliteJournal(database))
        async with engine_on(journal, empty_state()) as engine:
            engine.connect(effects.append)
            await begin(engine)
            await engine.submit(i.PresentCarrierCode(digest("111111")))
            await engine.submit(i.ChooseUnit("412"))
            journal.fails = [JournalBroken("cut")]
            answer = await engine.submit(i.ChooseSize(SizeClass.S))
            again = await engine.submit(i.ChooseSize(SizeClass.S))
    assert answer.refusal is Refusal.NOT_DURABLE
    assert again.refusal is None
    assert len(effects) == 1


async def test_engine_that_drains_answers_what_waits_and_takes_nothing_new(path: Path) -> None:
    async with kiosk_on(path) as engine, asyncio.TaskGroup() as tasks:
        waiting = tasks.create_task(engine.submit(WRONG))
        await asyncio.sleep(0)
        await engine.drain()
        assert waiting.done()
        assert (await engine.submit(WRONG)).refusal is Refusal.STOPPING
