"""Wherever the process dies, the parcel is accounted for: the log knows it, and Edie gets it."""

import asyncio
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from kiosk.rehearsal.crash import Boundary
from kiosk.rehearsal.diary import Crashed
from kiosk.rehearsal.disk_faults import DiskFault
from kiosk.rehearsal.stage import Stage, raised, state_of
from kiosk.rehearsal.virtual_loop import run_virtually
from tests.rehearsal.story import Courier, Edie, play, tell


def dying_at(boundary: Boundary, number: int) -> Callable[[Boundary], bool]:
    """Dies once, at the so-manieth passing of a boundary."""
    passed: Counter[Boundary] = Counter()

    def passing(now: Boundary) -> bool:
        passed[now] += 1
        return now is boundary and passed[now] == number

    return passing


async def told_with(folder: Path, prepare: Callable[[Stage], None]) -> tuple[Stage, Courier, Edie]:
    """The story with something arranged before it begins."""
    async with raised(play(folder)) as stage:
        await asyncio.sleep(5)
        prepare(stage)
        courier, edie = await tell(stage)
        await demand_accounted(stage, courier, edie)
    return stage, courier, edie


async def demand_accounted(stage: Stage, courier: Courier, edie: Edie) -> None:
    """The parcel is with Edie, or behind a door of which the kiosk says that something is there."""
    state = state_of(stage)
    assert state is not None
    for sight in stage.room.world.view().doors:
        if courier.parcel in sight.door.parcels:
            assert [one for one in state.deliveries.values() if one.compartment == str(sight.plan.id)]
            return
    assert edie.parcel == courier.parcel


async def boundaries_of_the_story(folder: Path) -> Counter[Boundary]:
    """How often each boundary is passed when nothing goes wrong."""
    async with raised(play(folder)) as stage:
        await asyncio.sleep(5)
        before = stage.keeper.process.passed.copy()
        await tell(stage)
        return stage.keeper.process.passed - before


def test_a_kill_at_every_boundary_loses_no_parcel(
    tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    passed = run_virtually(boundaries_of_the_story(tmp_path))
    assert set(passed) == set(Boundary)
    cuts = [(boundary, number) for boundary in Boundary for number in range(1, passed[boundary] + 1)]
    for cut, (boundary, number) in enumerate(cuts):

        def prepare(stage: Stage, boundary: Boundary = boundary, number: int = number) -> None:
            stage.keeper.passing = dying_at(boundary, number)

        stage, _, edie = run_virtually(told_with(tmp_path / f"{cut}-{boundary}-{number}", prepare))
        died = [entry.where for entry in stage.diary.entries if isinstance(entry, Crashed)]
        assert died == [boundary]
        assert edie.parcel is not None, (boundary, number)
    record_property("kill points on the stage", len(cuts))


@pytest.mark.parametrize("fault", DiskFault)
@pytest.mark.parametrize("number", range(1, 12))
def test_a_commit_that_fails_is_never_told_as_one_that_did_not(
    tmp_path: Path, fault: DiskFault, number: int
) -> None:
    passed = 0

    def prepare(stage: Stage) -> None:
        def strike(boundary: Boundary) -> bool:
            nonlocal passed
            if boundary is Boundary.AFTER_COMMIT:
                passed += 1
                if passed == number:
                    stage.disk.strike_next(fault)
            return False

        stage.keeper.passing = strike

    stage, _, _ = run_virtually(told_with(tmp_path / "told", prepare))
    assert stage.disk.struck[fault] == 1


async def test_a_disk_that_is_gone_ends_the_process_until_it_is_back(tmp_path: Path) -> None:
    async with raised(play(tmp_path)) as stage:
        await asyncio.sleep(5)
        stage.disk.is_gone = True
        kiosk = stage.kiosk("courier")
        stage.hands("stranger").use_key(stage.hands("stranger").door_labelled("1"))
        await asyncio.sleep(60)
        assert not kiosk.is_up()
        stage.disk.is_gone = False
        await asyncio.sleep(60)
        assert kiosk.is_up()
        assert stage.keeper.lives > 2


async def test_a_full_disk_refuses_and_recovers_by_itself(tmp_path: Path) -> None:
    async with raised(play(tmp_path)) as stage:
        await asyncio.sleep(5)
        stage.disk.is_full = True
        stage.hands("stranger").use_key(stage.hands("stranger").door_labelled("1"))
        await asyncio.sleep(60)
        assert not [row for row in await stage.rows() if row.type == "DoorOpened"]
        stage.disk.is_full = False
        await asyncio.sleep(60)
        assert [row for row in await stage.rows() if row.type == "DoorOpened"]
        assert stage.keeper.lives == 1


async def test_a_dead_process_moves_nothing_more(tmp_path: Path) -> None:
    """Its tasks still unwind for a while; no frame, no commit and no message leaves them."""
    async with raised(play(tmp_path)) as stage:
        await asyncio.sleep(5)
        dead, pulses = stage.keeper.process, len(stage.room.world.pulses_after(0))
        kiosk = stage.kiosk("courier")
        async with asyncio.TaskGroup() as hurried:
            hurried.create_task(_press_and_see_nothing(stage))
            stage.keeper.kill("here")
        passed = dead.passed.total()
        await asyncio.sleep(60)
        assert dead.passed.total() == passed
        assert len(stage.room.world.pulses_after(0)) == pulses
        assert kiosk.seen().kind == "home"
        assert not dead.folder.root.exists()


async def _press_and_see_nothing(stage: Stage) -> None:
    assert not stage.kiosk("hurried").is_up()
