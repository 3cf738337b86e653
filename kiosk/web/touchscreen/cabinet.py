"""The cabinet drawn as it stands: columns of doors in proportion, with the screen among them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from kiosk.domain.model.compartment import SizeClass, SizeSpec
from kiosk.domain.model.screen import DoorMark, DrawnDoor

COLUMN, GAP, MARGIN = 400, 16, 36
"""Millimetres of the drawing: a column's width, between two doors, around all."""
LOWEST = 140
"""A door is drawn at least this high, so that its number can be read."""
SCREEN_LOWEST = 320
USUAL = {SizeClass.S: 100, SizeClass.M: 200, SizeClass.L: 400, SizeClass.XL: 800}

Column = Sequence[DrawnDoor]


@dataclass(frozen=True, slots=True)
class Cell:
    """One door, or the screen (empty label), with its place in the drawing."""

    x: int
    y: int
    width: int
    height: int
    label: str
    mark: DoorMark

    @property
    def text_size(self) -> int:
        """As large as the door allows."""
        room = int(self.width / max(2, len(self.label)) * 1.1)
        wanted = 150 if self.mark is DoorMark.YOURS else 96
        return min(wanted, int(self.height * 0.72), room)

    @property
    def ajar(self) -> str:
        """The corners of the door when it stands open a little, hinged on its left."""
        right, low, lean = self.x + self.width - 22, self.y + self.height, min(26, max(10, self.height // 12))
        return f"{self.x},{self.y} {right},{self.y - lean} {right},{low + lean} {self.x},{low}"


@dataclass(frozen=True, slots=True)
class Drawing:
    """Every cell, the filled one last, so that nothing is drawn over it."""

    width: int
    height: int
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a marked door is, counted from one: for people who hear the page."""

    column: int
    columns: int
    row: int


def draw(columns: Sequence[Column], sizes: Mapping[SizeClass, SizeSpec]) -> Drawing:
    """Lay out a cabinet; every column ends at the same height."""
    heights = [[_height(door, sizes) for door in column] for column in columns]
    tall = max((sum(column) + GAP * (len(column) - 1) for column in heights), default=0)
    cells = [
        cell
        for index, (column, high) in enumerate(zip(columns, heights, strict=True))
        for cell in _stack(column, _filled(column, high, tall), MARGIN + index * (COLUMN + GAP))
    ]
    cells.sort(key=lambda cell: cell.mark is DoorMark.YOURS)
    width = 2 * MARGIN + len(columns) * (COLUMN + GAP) - GAP
    return Drawing(width, 2 * MARGIN + tall, tuple(cells))


def _height(door: DrawnDoor, sizes: Mapping[SizeClass, SizeSpec]) -> int:
    if door.size is None:
        return SCREEN_LOWEST
    spec = sizes.get(door.size)
    return max(LOWEST, spec.height_mm if spec else USUAL[door.size])


def _filled(column: Column, heights: Sequence[int], tall: int) -> list[int]:
    """Heights that reach the common end: the screen's panel takes the rest, otherwise every door a little."""
    rest = tall - sum(heights) - GAP * (len(heights) - 1)
    panels = [index for index, door in enumerate(column) if door.size is None]
    if panels:
        return [high + (rest if index == panels[0] else 0) for index, high in enumerate(heights)]
    *upper, _ = [high + rest * high // sum(heights) for high in heights]
    return [*upper, rest + sum(heights) - sum(upper)]


def _stack(column: Column, heights: Sequence[int], x: int) -> list[Cell]:
    cells, y = [], MARGIN
    for door, high in zip(column, heights, strict=True):
        cells.append(Cell(x, y, COLUMN, high, door.label, door.mark))
        y += high + GAP
    return cells


def spot_of(columns: Sequence[Column]) -> Spot | None:
    """Where the marked door is."""
    for number, column in enumerate(columns, 1):
        for row, door in enumerate(column, 1):
            if door.mark is DoorMark.YOURS:
                return Spot(number, len(columns), row)
    return None
