"""Random days at a kiosk: found and shrunk by Hypothesis, and long walks that a seed repeats."""

import random
from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, settings

from tests.domain.building import FAULTS, JUNK, PLACES, Building

STEPS = 250

TestBuilding = Building.TestCase
TestBuilding.settings = settings(
    max_examples=60, stateful_step_count=50, deadline=None, suppress_health_check=list(HealthCheck)
)


def choices(day: Building, dice: random.Random) -> list[tuple[int, Callable[[], None]]]:
    """What may happen next, and how often."""
    pick = dice.randrange(1000)
    is_busy = bool(day.unsent or day.rig.state.active_session)
    return [
        (100, lambda: day.the_usual_goes_on(pick, dice.choice((1, 3, 3, 10)))),
        (25, lambda: day.an_offer_is_touched(pick)),
        (6, lambda: day.anything_is_touched(dice.choice(JUNK))),
        (4, lambda: day.a_door_moves(dice.choice(PLACES))),
        (6, lambda: day.time_passes(dice.choice((1, 3, 11, 25, 65, 125, 400)))),
        (8 if is_busy else 2, lambda: day.something_fails(dice.choice(FAULTS), pick % 8)),
        (8 if day.unsent else 0, lambda: day.a_lock_does_not_open(dice.choice(("sent", "late", "silence")))),
    ]


@pytest.mark.parametrize("seed", range(24))
def test_long_walks_keep_every_rule(seed: int) -> None:
    dice, day = random.Random(seed), Building()
    day.start()
    for _ in range(STEPS):
        weights, steps = zip(*choices(day, dice), strict=True)
        dice.choices(steps, weights)[0]()
        day.look()
    day.teardown()
