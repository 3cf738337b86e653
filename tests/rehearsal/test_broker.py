"""Wherever the process dies and whatever the broker does: every event reaches it in order, and no other."""

import asyncio
import json
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from random import Random

import pytest

from kiosk.rehearsal.crash import Boundary
from kiosk.rehearsal.stage import Stage, raised
from kiosk.rehearsal.virtual_loop import run_virtually
from tests.rehearsal.story import play_with_broker, tell
from tests.rehearsal.test_crash import dying_at

CUTS = (Boundary.BEFORE_COMMIT, Boundary.AFTER_COMMIT, Boundary.AFTER_ANSWER)
EVERY = 3
"""One cut in so many is tried here; the crash tests try each without a broker."""


async def told(folder: Path, prepare: Callable[[Stage], None]) -> Counter[Boundary]:
    """The story with something arranged before it begins; then the broker must have the whole log."""
    async with raised(play_with_broker(folder)) as stage:
        await asyncio.sleep(5)
        before = stage.keeper.process.passed.copy()
        prepare(stage)
        await tell(stage)
        await asyncio.sleep(120)
        await demand_whole_log(stage)
        return stage.keeper.process.passed - before


async def demand_whole_log(stage: Stage) -> None:
    rows = {row.seq: (row.type, json.loads(row.body)) for row in await stage.rows()}
    events = [json.loads(one.payload) for one in stage.broker.taken if "/event/" in one.topic]
    assert list(dict.fromkeys(event["seq"] for event in events)) == list(rows)
    assert all((event["type"], event["data"]) == rows[event["seq"]] for event in events)


def test_a_kill_loses_no_event_and_tells_of_none_that_is_not_on_disk(tmp_path: Path) -> None:
    passed = run_virtually(told(tmp_path / "whole", lambda _stage: None))
    for boundary in CUTS:
        for number in range(1, passed[boundary] + 1, EVERY):

            def prepare(stage: Stage, boundary: Boundary = boundary, number: int = number) -> None:
                stage.keeper.passing = dying_at(boundary, number)

            run_virtually(told(tmp_path / f"{boundary}-{number}", prepare))


@pytest.mark.parametrize("seed", range(6))
async def test_a_broker_in_trouble_gets_everything_in_the_end(tmp_path: Path, seed: int) -> None:
    dice = Random(seed)
    async with raised(play_with_broker(tmp_path)) as stage, asyncio.TaskGroup() as tasks:
        trouble = tasks.create_task(_trouble(stage, dice))
        await tell(stage)
        stage.keeper.kill("anywhere")
        await stage.keeper.up()
        await tell(stage)
        trouble.cancel()
        await asyncio.wait({trouble})
        stage.broker.is_silent = stage.broker.is_stalled = False
        stage.broker.come_back()
        await asyncio.sleep(180)
        await demand_whole_log(stage)


async def _trouble(stage: Stage, dice: Random) -> None:
    while True:
        await asyncio.sleep(dice.expovariate(1 / 20))
        match dice.randrange(3):
            case 0:
                stage.broker.go_away()
                await asyncio.sleep(dice.expovariate(1 / 30))
                stage.broker.come_back(has_forgotten=dice.random() < 0.5)
            case 1:
                stage.broker.is_silent = True
                await asyncio.sleep(dice.expovariate(1 / 10))
                stage.broker.is_silent = False
            case _:
                stage.broker.is_stalled = True
                await asyncio.sleep(dice.expovariate(1 / 5))
                stage.broker.is_stalled = False
