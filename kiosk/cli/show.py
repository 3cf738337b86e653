"""Writes answers: JSON for programs, a plain table for people."""

import json
import sys
from collections.abc import Iterable, Sequence

from rich.cells import cell_len
from rich.console import Console
from rich.table import Table
from rich.text import Text


def console() -> Console:
    """Standard output, as wide as the terminal."""
    return Console(highlight=False)


def is_unit(typed: str, label: str) -> bool:
    """Whether somebody who typed this means the unit with this label."""
    return typed.strip().casefold() == label.casefold()


def show_json(answer: object) -> None:
    """One JSON document."""
    print(json.dumps(answer, ensure_ascii=False, indent=2))


def show_json_line(answer: object) -> None:
    """One JSON object on one line, at once: for streams."""
    print(json.dumps(answer, ensure_ascii=False), flush=True)


def show_table(columns: Sequence[str], rows: Iterable[Sequence[object]], *, nothing: str) -> None:
    """A table, or one sentence when it would be empty. In a file it has every column."""
    cells = [[_cell(value) for value in row] for row in rows]
    if not cells:
        print(nothing)
        return
    if not sys.stdout.isatty():
        _print_plain([list(columns), *cells])
        return
    _print_for_screen(columns, cells)


def _print_for_screen(columns: Sequence[str], cells: Sequence[Sequence[str]]) -> None:
    """As wide as the screen: columns where nothing stands are left out, and no cell is cut."""
    used = [number for number in range(len(columns)) if any(row[number] for row in cells)]
    table = Table.grid(*(columns[number] for number in used), padding=(0, 2))
    table.show_header = True
    table.header_style = "bold"
    for row in cells:
        table.add_row(*(Text(row[number], overflow="fold") for number in used))
    console().print(table)


def _print_plain(rows: Sequence[Sequence[str]]) -> None:
    """As wide as it takes, and no blanks at the end: for files and for other programs."""
    widths = [max(cell_len(row[column]) for row in rows) for column in range(len(rows[0]))]
    for row in rows:
        padded = (cell + " " * (wide - cell_len(cell)) for cell, wide in zip(row, widths, strict=True))
        print("  ".join(padded).rstrip())


def _cell(value: object) -> str:
    if isinstance(value, list | tuple):
        return ", ".join(map(str, value))
    return "" if value is None else str(value)


def note(text: str) -> None:
    """A remark for the person at the keyboard; never mixed into the answer."""
    print(text, file=sys.stderr)
