"""The drawing of the cabinet: as it stands, in proportion, nothing on top of anything else."""

from itertools import combinations
from pathlib import Path

import pytest

from sim.cabinet import Cabinet, DoorId, DoorPlan, cabinet_of
from sim.server.drawing import LEAST_DOOR_HEIGHT, Place, draw
from tests.sim.panel_rig import sample_settings

HEIGHTS = {"S": 105, "M": 225, "L": 345, "XL": 705}
PATTERNS = (("M", "S", "S", "L", "M", "L", "S", "M"), ("S", "S", "M", "XL", "S", "M", "S", "S"))


def large(doors: int) -> Cabinet:
    """Columns of eight, with the screen at the top of the third."""
    plans = [
        DoorPlan(
            id=DoorId(f"d{number}"),
            label=str(number),
            bank="a",
            channel=number,
            column=number // 8 + 1,
            row=number % 8 + 2,
            size=PATTERNS[number // 8 % 2][number % 8],
            supply="main",
        )
        for number in range(doors)
    ]
    return Cabinet({plan.id: plan for plan in plans}, HEIGHTS, screen_column=3, screen_row=1)


def overlap(one: Place, two: Place) -> bool:
    return (
        one.x < two.x + two.width
        and two.x < one.x + one.width
        and one.y < two.y + two.height
        and two.y < one.y + one.height
    )


@pytest.fixture
def sample(tmp_path: Path) -> Cabinet:
    return cabinet_of(sample_settings(tmp_path))


@pytest.mark.parametrize("doors", [1, 8, 24, 120])
def test_every_door_and_the_screen_are_inside_and_apart(doors: int) -> None:
    drawing = draw(large(doors))
    places = [*drawing.doors.values(), drawing.screen]
    assert len(places) == doors + 1
    assert not [pair for pair in combinations(places, 2) if overlap(*pair)]
    assert all(place.x >= 0 and place.x + place.width <= drawing.width for place in places)
    assert all(place.y >= 0 and place.y + place.height <= drawing.height for place in places)


@pytest.mark.parametrize("doors", [8, 24, 120])
def test_every_door_is_tall_enough_to_be_read(doors: int) -> None:
    assert min(place.height for place in draw(large(doors)).doors.values()) >= LEAST_DOOR_HEIGHT - 0.1


def test_four_sizes_are_as_tall_as_they_are(sample: Cabinet) -> None:
    drawing = draw(sample)
    for column in {plan.column for plan in sample.doors.values()}:
        plans = [plan for plan in sample.doors.values() if plan.column == column]
        ratios = [drawing.doors[plan.id].height / sample.heights_mm[plan.size] for plan in plans]
        assert max(ratios) / min(ratios) < 1.01


def test_columns_stand_from_the_left_and_rows_from_the_top(sample: Cabinet) -> None:
    drawing = draw(sample)
    for one, two in combinations(sample.doors.values(), 2):
        if one.column < two.column:
            assert drawing.doors[one.id].x < drawing.doors[two.id].x
        if one.column == two.column and one.row < two.row:
            assert drawing.doors[one.id].y < drawing.doors[two.id].y


def test_the_screen_stands_among_the_doors_of_its_column(sample: Cabinet) -> None:
    drawing = draw(sample)
    column = [plan for plan in sample.doors.values() if plan.column == sample.screen_column]
    above = [plan for plan in column if plan.row < sample.screen_row]
    assert all(drawing.doors[plan.id].y < drawing.screen.y for plan in above)
    assert all(drawing.doors[plan.id].y > drawing.screen.y for plan in column if plan not in above)


def test_a_screen_in_a_column_of_its_own_is_drawn() -> None:
    plan = DoorPlan(id=DoorId("d1"), label="1", bank="a", channel=1, column=1, row=1, size="S", supply="main")
    drawing = draw(Cabinet({plan.id: plan}, HEIGHTS, screen_column=2, screen_row=1))
    assert drawing.screen.x > drawing.doors[plan.id].x
    assert drawing.screen.height > drawing.doors[plan.id].height
