"""Days drawn from a seed: always the same ones, standard in sum, and some kinds of faults left out."""

import os
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from config.sample import read_sample
from sim.scenario.draw import DAY_S, Order, Town, draw
from sim.scenario.draw_faults import FaultPlaces
from sim.scenario.rates import CARELESSNESS, LASTING, Level
from sim.scenario.script import CourierVisit, Pickup, ResidentVisit, StaffVisit, Visit

TOWN = Town(
    units=[unit.label for unit in read_sample().units],
    desk_units=["105"],
    carriers=["halvorn", "brindle"],
    accounts=["1", "2"],
    banks=["a", "b"],
    faults=FaultPlaces(["c1", "c2"], ["a", "b"], ["main"], ["before commit"]),
)
HEAD = """
from tests.sim.test_draw import TOWN
from sim.scenario.draw import Order, draw
from sim.scenario.rates import Level
from sim.scenario.toml_file import toml_of
print(toml_of(draw(Order("5", 2, Level.HEAVY), TOWN).script))
"""


def visits(seeds: int, level: Level = Level.NONE) -> list[Visit]:
    return [visit for seed in range(seeds) for visit in draw(Order(str(seed), 5, level), TOWN).script.visits]


def test_the_same_seed_draws_the_same_days() -> None:
    first, again, other = (draw(Order(seed, 2, Level.HEAVY), TOWN) for seed in ("1", "1", "2"))
    assert first == again
    assert first.script != other.script


@pytest.mark.parametrize("hash_seed", ["1", "20"])
def test_what_is_drawn_does_not_hang_on_how_the_interpreter_hashes(hash_seed: str) -> None:
    from sim.scenario.toml_file import toml_of

    told = subprocess.run(
        [sys.executable, "-c", HEAD],
        env=os.environ | {"PYTHONHASHSEED": hash_seed},
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        check=True,
    )
    assert told.stdout.strip() == toml_of(draw(Order("5", 2, Level.HEAVY), TOWN).script).strip()


def test_a_day_has_forty_drop_offs_and_forty_pickups() -> None:
    found = visits(20)
    loads = [load for visit in found if isinstance(visit, CourierVisit) for load in visit.loads]
    pickups = [visit for visit in found if isinstance(visit, ResidentVisit)]
    assert len(loads) == len(pickups) == 20 * 5 * 40
    assert max(len(visit.loads) for visit in found if isinstance(visit, CourierVisit)) > 16
    assert {visit.at_s < 5 * DAY_S for visit in found if isinstance(visit, StaffVisit)} == {True}


def test_people_are_ordinary() -> None:
    found = visits(60)
    mishaps = Counter(one.mishap for visit in found if isinstance(visit, CourierVisit) for one in visit.loads)
    pickups = Counter(visit.pickup for visit in found if isinstance(visit, ResidentVisit))
    couriers = sum(isinstance(visit, CourierVisit) for visit in found)
    assert 0.025 < sum(mishaps[one] for one in CARELESSNESS) / couriers < 0.035
    assert all(mishaps[one] for one in CARELESSNESS)
    assert 0.68 < pickups[Pickup.SAYS_NOTHING] / pickups.total() < 0.72
    both = pickups[Pickup.LEAVES_BOTH] + pickups[Pickup.ONLY_LOOKS]
    left = pickups[Pickup.LEAVES_PARCEL] + pickups[Pickup.LEAVES_PARCEL_SILENTLY] + both
    assert 0.007 < left / pickups.total() < 0.013
    doors = pickups[Pickup.LEAVES_DOOR] + both
    assert 0.015 < doors / pickups.total() < 0.025


@pytest.mark.parametrize(("level", "a_day"), [(Level.NONE, 0), (Level.USUAL, 3), (Level.HEAVY, 30)])
def test_so_many_things_break_a_day(level: Level, a_day: int) -> None:
    faults = [one for seed in range(20) for one in draw(Order(str(seed), 5, level), TOWN).script.faults]
    assert len(faults) == 20 * 5 * a_day


def test_some_kinds_do_not_come_with_a_seed_and_every_kind_comes_with_some_seed() -> None:
    drawn = [draw(Order(str(seed), 1, Level.HEAVY), TOWN).rates.faults for seed in range(30)]
    assert all(len(faults) < len(LASTING) for faults in drawn)
    assert set().union(*drawn) == set(LASTING)


def test_every_number_of_a_seed_is_printed() -> None:
    lines = draw(Order("1", 1, Level.HEAVY), TOWN).rates.lines()
    assert "drop_offs_a_day = 40" in lines
    assert [line for line in lines if line.startswith("careless_couriers = ")]
    assert [line for line in lines if line.startswith("faults.")]
