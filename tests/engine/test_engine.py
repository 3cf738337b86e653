"""The engine: one commit a batch, nothing moves or is said before it, and only the truth after a failure."""

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest

from kiosk.domain import inputs as i
from kiosk.domain.effects import Effect, Unlock
from kiosk.domain.model.compartment import DoorState, SizeClass
from kiosk.domain.model.delivery import DeliveryState
from kiosk.domain.model.ids import CompartmentId
from kiosk.domain.model.screen import ScreenKind
from kiosk.domain.refusals import Refusal
from kiosk.engine import BATCH
from kiosk.ports import Answer, JournalBroken, JournalRefused
from tests.domain.rig import digest
from tests.engine.rig import Core, Wires, core, started

WRONG = i.PresentCarrierCode(digest("000000"))
"""A wrong carrier code writes one event, and a refusal."""
C1 = CompartmentId("c1")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "kiosk.db"


@pytest.fixture
def wires() -> Wires:
    return Wires()


async def at_code_page(made: Core) -> Core:
    await started(made)
    await made.do(i.ChooseFlow(i.Flow.DELIVER))
    made.disk.batches.clear()
    return made


async def all_at_once(made: Core, *facts: i.Fact) -> list[Answer]:
    async with asyncio.TaskGroup() as asking:
        asked = [asking.create_task(made.do(fact)) for fact in facts]
    return [task.result() for task in asked]


async def test_what_waits_is_decided_together_and_written_once(path: Path, wires: Wires) -> None:
    async with core(path, wires) as made:
        await at_code_page(made)
        made.disk.gate = asyncio.Event()
        async with asyncio.TaskGroup() as asking:
            asked = [asking.create_task(made.do(WRONG)) for _ in range(8)]
            await asyncio.sleep(0.1)
            made.disk.gate.set()
        assert made.disk.batches == [8]
        assert [task.result().seq for task in asked] == sorted(
            {task.result().seq for task in asked}, key=lambda seq: seq or 0
        )
        assert made.state.buckets["carrier"].left == 2


async def test_a_batch_has_an_end(path: Path, wires: Wires) -> None:
    async with core(path, wires) as made:
        await at_code_page(made)
        doors = [i.DoorSeen(C1, state) for state in (DoorState.OPEN, DoorState.CLOSED) * BATCH]
        await all_at_once(made, *doors)
        assert max(made.disk.batches) <= BATCH
        assert sum(made.disk.batches) == 2 * BATCH


async def test_touches_that_only_move_the_screen_write_nothing(path: Path, wires: Wires) -> None:
    async with core(path, wires) as made:
        await at_code_page(made)
        await all_at_once(made, i.FirstTime(), i.GoBack(), i.AskHelp(), i.GoBack(), i.StayHere(), i.GoBack())
        assert made.screen().kind is ScreenKind.HOME
        assert made.disk.batches == []


async def test_nothing_moves_or_is_said_before_the_commit_is_done(path: Path, wires: Wires) -> None:
    async with core(path, wires) as made:
        await started(made)
        effects: list[Effect] = []
        made.engine.connect(effects.append)
        await made.do(i.ChooseFlow(i.Flow.DELIVER))
        await made.do(i.PresentCarrierCode(digest("111111")))
        await made.do(i.ChooseUnit("412"))
        made.disk.gate = asyncio.Event()
        before, revision = made.state, made.engine.revision
        async with asyncio.TaskGroup() as asking:
            asked = asking.create_task(made.do(i.ChooseSize(made.screen().sizes[0].size)))
            await asyncio.sleep(5)
            assert not asked.done()
            assert not effects
            assert not wires.pulses
            assert made.state is before
            assert made.engine.revision == revision
            made.disk.gate.set()
        assert [type(effect) for effect in effects] == [Unlock]
        assert made.state is not before


async def test_a_decision_sees_the_ones_before_it_in_its_batch(path: Path, wires: Wires) -> None:
    """Sign in, unit and size in one breath: each builds on a state that is not on disk yet."""
    async with core(path, wires) as made:
        await at_code_page(made)
        size = made.screen().sizes[0].size if made.screen().sizes else None
        assert size is None
        facts = (i.PresentCarrierCode(digest("111111")), i.ChooseUnit("412"), i.ChooseSize(SizeClass.S))
        answers = await all_at_once(made, *facts)
        assert [answer.refusal for answer in answers] == [None, None, None]
        assert made.disk.batches == [2]
        assert len(made.state.deliveries) == 1


async def test_each_answer_names_the_last_event_of_its_own_decision(path: Path, wires: Wires) -> None:
    async with core(path, wires) as made:
        await at_code_page(made)
        answers = await all_at_once(made, WRONG, i.StayHere(), WRONG)
        last = made.written[-1].seq
        assert [answer.seq for answer in answers] == [last - 1, None, last]


async def test_only_the_culprit_of_a_definite_error_is_refused(path: Path, wires: Wires) -> None:
    async with core(path, wires) as made:
        await at_code_page(made)
        made.disk.fails = [JournalRefused("batch"), JournalRefused("first")]
        answers = await all_at_once(made, WRONG, WRONG, i.StayHere(), WRONG)
        refusals = [answer.refusal for answer in answers]
        wrong = Refusal.WRONG_CARRIER_CODE
        assert refusals == [Refusal.NOT_DURABLE, wrong, None, wrong]
        assert made.state.buckets["carrier"].left == 8


@pytest.mark.parametrize("is_written", [True, False])
async def test_a_commit_that_raised_is_looked_up_and_told_as_it_is(
    path: Path, wires: Wires, *, is_written: bool
) -> None:
    async with core(path, wires) as made:
        await started(made)
        await made.do(i.ChooseFlow(i.Flow.DELIVER))
        await made.do(i.PresentCarrierCode(digest("111111")))
        await made.do(i.ChooseUnit("412"))
        made.disk.fails, made.disk.is_written_before_failing = [JournalBroken("cut")], is_written
        answer = await made.do(i.ChooseSize(SizeClass.S), intent="tap")
        assert answer.refusal is (None if is_written else Refusal.NOT_DURABLE)
        assert (answer.seq is not None) is is_written
        assert made.events().count("DeliveryReserved") == int(is_written)
        assert [row.seq for row in made.written] == list(range(1, len(made.written) + 1))
        assert len({row.head for row in made.written}) == len(made.written)
        assert len(made.state.deliveries) == int(is_written)
        assert await made.do(i.ChooseSize(SizeClass.S), intent="tap") == answer
        await asyncio.sleep(3)
        assert len(wires.pulses) == int(is_written)
    async with core(path, wires) as again:
        assert len(again.state.deliveries) == int(is_written)


async def test_after_doubt_every_door_is_said_again(path: Path, wires: Wires) -> None:
    """A door closes while the disk fails: the report is lost, and comes again by itself."""
    async with core(path, wires) as made:
        await started(made)
        compartment = await made.courier_at_door()
        await asyncio.sleep(3)
        made.disk.fails = [JournalBroken("cut")]
        made.push(compartment)
        await asyncio.sleep(2)
        assert made.state.deliveries_in(compartment)[0].state is DeliveryState.STORED
        assert made.state.door(compartment) is DoorState.CLOSED
        assert made.screen().notice is None


async def test_rows_are_read_again_after_doubt(path: Path, wires: Wires) -> None:
    """What is on disk counts, whatever was believed; doors and the visit are memory and stay."""
    async with core(path, wires) as made:
        await at_code_page(made)
        await made.do(WRONG)
        made.disk.rows_as = lambda state: replace(state, buckets={})
        made.disk.fails = [JournalBroken("cut")]
        await made.do(WRONG)
        assert made.state.buckets == {}
        assert made.state.doors
        assert made.state.directory.carriers
        assert made.screen().kind is ScreenKind.CARRIER_CODE


async def test_a_failure_that_needs_no_doubt_raises_none(path: Path, wires: Wires) -> None:
    async with core(path, wires) as made:
        await at_code_page(made)
        doubts: list[None] = []
        made.engine.on_doubt(lambda: doubts.append(None))
        made.disk.fails = [JournalRefused("full"), JournalRefused("full")]
        await made.do(WRONG)
        assert len(doubts) == 0
        made.disk.fails = [JournalBroken("cut")]
        await made.do(WRONG)
        assert len(doubts) == 1


async def test_a_full_disk_is_said_on_the_screen_and_takes_itself_back(path: Path, wires: Wires) -> None:
    async with core(path, wires) as made:
        await started(made)
        compartment = await made.courier_at_door()
        await asyncio.sleep(3)
        made.disk.fails_always = JournalRefused("full")
        made.push(compartment)
        await asyncio.sleep(5)
        assert made.screen().notice is Refusal.NOT_DURABLE
        assert (await made.do(i.NotDeposited())).refusal is Refusal.NOT_DURABLE
        assert made.state.deliveries_in(compartment)[0].state is DeliveryState.DEPOSITING
        made.disk.fails_always = None
        await asyncio.sleep(2)
        assert made.screen().kind is ScreenKind.STORED
        assert made.screen().notice is None


async def test_a_deadline_that_could_not_be_written_is_judged_again(path: Path, wires: Wires) -> None:
    async with core(path, wires) as made:
        await started(made)
        made.jam("c1")
        await made.courier_at_door()
        await asyncio.sleep(1)
        made.disk.fails_always = JournalRefused("full")
        await asyncio.sleep(30)
        assert made.screen().kind is ScreenKind.OPENING
        made.disk.fails_always = None
        await asyncio.sleep(3)
        assert made.screen().kind is ScreenKind.JAMMED


async def test_a_disk_that_does_not_come_back_ends_the_process_and_nobody_is_lied_to(
    path: Path, wires: Wires
) -> None:
    answers: list[Answer] = []

    async def life() -> None:
        async with core(path, wires) as made:
            await at_code_page(made)
            made.disk.fails, made.disk.reopening_fails = [JournalBroken("cut")], True
            answers.append(await made.do(WRONG))
            answers.append(await made.do(WRONG))
            await asyncio.sleep(60)

    with pytest.raises(ExceptionGroup) as ended:
        await life()
    assert ended.group_contains(JournalBroken)
    assert [answer.refusal for answer in answers] == [Refusal.OUTCOME_UNKNOWN, Refusal.STOPPING]


async def test_a_stop_in_the_middle_of_a_commit_claims_nothing(path: Path, wires: Wires) -> None:
    async with asyncio.TaskGroup() as people, core(path, wires) as made:
        await at_code_page(made)
        made.disk.gate = asyncio.Event()
        asked = people.create_task(made.do(WRONG))
        await asyncio.sleep(0.1)
        waiting = people.create_task(made.do(WRONG))
        await asyncio.sleep(0.1)
    assert asked.result() == Answer(Refusal.OUTCOME_UNKNOWN, None)
    assert waiting.result() == Answer(Refusal.STOPPING, None)


async def test_a_stop_decides_what_waits_and_takes_nothing_new(path: Path, wires: Wires) -> None:
    async with core(path, wires) as made, asyncio.TaskGroup() as people:
        await at_code_page(made)
        waiting = people.create_task(made.do(WRONG))
        await asyncio.sleep(0)
        await made.engine.drain()
        assert (await waiting).refusal is Refusal.WRONG_CARRIER_CODE
        assert (await made.do(WRONG)).refusal is Refusal.STOPPING


async def test_twenty_taps_with_one_token_move_one_lock(path: Path, wires: Wires) -> None:
    async with core(path, wires) as made:
        await started(made)
        await made.do(i.ChooseFlow(i.Flow.DELIVER))
        await made.do(i.PresentCarrierCode(digest("111111")))
        await made.do(i.ChooseUnit("412"))
        async with asyncio.TaskGroup() as taps:
            size = i.ChooseSize(SizeClass.S)
            asked = [taps.create_task(made.do(size, intent="tap")) for _ in range(20)]
        assert len({task.result() for task in asked}) == 1
        await asyncio.sleep(10)
        assert len(wires.pulses) == 1
    frames = wires.unlock_frames
    async with core(path, wires) as again:
        await started(again)
        assert (await again.do(i.ChooseSize(SizeClass.S), intent="tap")) == asked[0].result()
        await asyncio.sleep(10)
    assert wires.unlock_frames == frames


async def test_an_idle_kiosk_writes_nothing_and_rests_once(path: Path, wires: Wires) -> None:
    async with core(path, wires) as made:
        await started(made)
        await asyncio.sleep(10)
        idles, commits = made.disk.idles, len(made.disk.batches)
        await asyncio.sleep(600)
        assert (made.disk.idles, len(made.disk.batches)) == (idles, commits)


async def test_whoever_waits_for_a_change_is_woken_by_one(path: Path, wires: Wires) -> None:
    async with core(path, wires) as made, asyncio.TaskGroup() as pages:
        await started(made)
        revision = made.engine.revision
        page = pages.create_task(made.engine.changed(revision))
        await asyncio.sleep(5)
        assert not page.done()
        await made.do(i.ChooseFlow(i.Flow.PICK_UP))
        assert await page > revision
