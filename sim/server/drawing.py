"""Where each door stands in the drawing of the cabinet: heights in proportion, the screen among them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sim.cabinet import Cabinet, DoorId, DoorPlan

HEIGHT = 560.0
LEAST_DOOR_HEIGHT = 34.0
"""A smaller door could not be read; the drawing grows instead."""
COLUMN_WIDTHS = ((6, 128.0), (10, 108.0), (1000, 96.0))
"""Up to so many columns, so wide."""
GAP = 5.0
EDGE = 12.0
LEAST_SCREEN_MM = 300
OTHERWISE_MM = 200
SAME_HEIGHT = 0.85
"""Columns that come this near to the tallest are as tall; walls and rounding make up the difference."""

_Column = list[DoorPlan | None]
"""Doors from the top; None is the screen."""


@dataclass(frozen=True, slots=True)
class Place:
    """A rectangle of the drawing."""

    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Drawing:
    """Places of all doors and of the screen, and how large the whole is."""

    width: float
    height: float
    doors: Mapping[DoorId, Place]
    screen: Place


def draw(cabinet: Cabinet) -> Drawing:
    """Lay the cabinet out as it stands: columns from the left, rows from the top."""
    columns = _columns(cabinet)
    screen_mm = _screen_height(cabinet, columns)
    stacks = [[_height(cabinet, plan, screen_mm) for plan in column] for column in columns]
    height, width = _full_height(stacks), _column_width(len(columns))
    doors: dict[DoorId, Place] = {}
    screen = Place(EDGE, EDGE, width, 0)
    for index, (column, scale) in enumerate(zip(columns, _scales(stacks, height), strict=True)):
        x, y = EDGE + index * (width + GAP), EDGE
        for plan, height_mm in zip(column, stacks[index], strict=True):
            place = Place(round(x, 1), round(y, 1), width, round(height_mm * scale, 1))
            y += height_mm * scale + GAP
            if plan is None:
                screen = place
            else:
                doors[plan.id] = place
    return Drawing(2 * EDGE + len(columns) * (width + GAP) - GAP, height + 2 * EDGE, doors, screen)


def _columns(cabinet: Cabinet) -> list[_Column]:
    cells: list[tuple[int, int, DoorPlan | None]] = [
        (plan.column, plan.row, plan) for plan in cabinet.doors.values()
    ]
    cells.append((cabinet.screen_column, cabinet.screen_row, None))
    columns: dict[int, _Column] = {}
    for column, _, plan in sorted(cells, key=lambda cell: cell[:2]):
        columns.setdefault(column, []).append(plan)
    return list(columns.values())


def _screen_height(cabinet: Cabinet, columns: Sequence[_Column]) -> int:
    """The screen fills its column up to the tallest other one."""
    sums = {None in column: 0 for column in columns}
    for column in columns:
        total = sum(_height(cabinet, plan, 0) for plan in column)
        sums[None in column] = max(sums[None in column], total)
    return max(LEAST_SCREEN_MM, sums.get(False, 0) - sums[True])


def _height(cabinet: Cabinet, plan: DoorPlan | None, screen_mm: int) -> int:
    return screen_mm if plan is None else cabinet.heights_mm.get(plan.size, OTHERWISE_MM)


def _column_width(columns: int) -> float:
    return next(width for most, width in COLUMN_WIDTHS if columns <= most)


def _full_height(stacks: Sequence[Sequence[int]]) -> float:
    needed = (
        LEAST_DOOR_HEIGHT * sum(stack) / min(stack) + GAP * (len(stack) - 1)
        for stack in stacks
    )  # fmt: skip
    return round(max(HEIGHT, *needed), 1)


def _scales(stacks: Sequence[Sequence[int]], height: float) -> list[float]:
    """Pixels per millimetre, column by column."""
    tallest = max(sum(stack) for stack in stacks)
    filling = [(height - GAP * (len(stack) - 1)) / sum(stack) for stack in stacks]
    least = min(filling)
    return [
        fill if sum(stack) >= SAME_HEIGHT * tallest else least
        for stack, fill in zip(stacks, filling, strict=True)
    ]
