"""A performance: told the same way twice, and whatever goes wrong with the program or its people is told."""

import asyncio
import os
import subprocess
import sys
from pathlib import Path

import pytest

from kiosk.rehearsal.performance import perform
from kiosk.rehearsal.soak import drawn, keep_quiet, play, work_folder
from sim.scenario.draw import Order
from sim.scenario.rates import Level
from sim.scenario.script import CourierVisit, FaultKind, FaultOrder, Given, Load, Script

HEAD = """
from tests.rehearsal.test_performance import head_of_a_heavy_day
print(head_of_a_heavy_day())
"""
HEAVY_DAY = Order("20", 1, Level.HEAVY)


def head_of_a_heavy_day() -> str:
    """Everything that the log of a day with thirty faults says, as one hash."""
    keep_quiet()
    with work_folder() as folder:
        return play(drawn(HEAVY_DAY).script, folder).head


@pytest.fixture(scope="module")
def told_first() -> str:
    return told_by_an_interpreter("0")


def told_by_an_interpreter(hash_seed: str) -> str:
    return subprocess.run(
        [sys.executable, "-c", HEAD],
        env=os.environ | {"PYTHONHASHSEED": hash_seed},
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        check=True,
    ).stdout


@pytest.mark.parametrize("hash_seed", ["1", "20"])
def test_a_heavy_day_does_not_hang_on_how_the_interpreter_hashes(told_first: str, hash_seed: str) -> None:
    assert told_first
    assert told_by_an_interpreter(hash_seed) == told_first


def test_a_performance_leaves_no_thread_and_no_loop(tmp_path: Path) -> None:
    outcome = perform(Script("nobody comes", Given(lasts_s=60)), tmp_path)
    assert not outcome.broken
    assert outcome.reached["event KioskStarted"] == 1
    with pytest.raises(RuntimeError):
        asyncio.get_running_loop()


def test_what_the_program_does_not_foresee_is_told(tmp_path: Path) -> None:
    script = Script("wrong", Given(lasts_s=60), faults=(FaultOrder(1, FaultKind.DOOR_JAMMED, "c99"),))
    outcome = perform(script, tmp_path)
    assert outcome.promises == {"runs"}
    assert "there is no door c99" in outcome.broken[0].text


def test_forty_eight_doors_take_more_than_twenty_four_parcels(tmp_path: Path) -> None:
    loads = tuple(Load(str(floor * 100 + flat), "S") for floor in range(1, 9) for flat in (1, 2, 4, 10))
    script = Script("many", Given(doors=48, lasts_s=7200), (CourierVisit(10, "halvorn", loads, 2),))
    outcome = perform(script, tmp_path)
    assert not outcome.broken
    assert outcome.reached["event DeliveryStored"] == 32
