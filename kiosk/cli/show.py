"""Writes answers: JSON for programs, a plain table for people."""

import json
import sys
from collections.abc import Iterable, Sequence

from rich.console import Console
from rich.table import Table
from rich.text import Text

WIDE = 200
"""Columns where there is no screen: a table in a file or a pipe is not cut to fit one."""


def console() -> Console:
    """Standard output, as wide as the terminal or as wide as it takes."""
    return Console(width=None if sys.stdout.isatty() else WIDE, highlight=False)


def show_json(answer: object) -> None:
    """One JSON document."""
    print(json.dumps(answer, ensure_ascii=False, indent=2))


def show_json_line(answer: object) -> None:
    """One JSON object on one line, at once: for streams."""
    print(json.dumps(answer, ensure_ascii=False), flush=True)


def show_table(columns: Sequence[str], rows: Iterable[Sequence[object]], *, nothing: str) -> None:
    """A table, or one sentence when it would be empty."""
    cells = [[_cell(value) for value in row] for row in rows]
    if not cells:
        print(nothing)
        return
    table = Table.grid(*columns, padding=(0, 2))
    table.show_header = True
    table.header_style = "bold"
    for row in cells:
        table.add_row(*map(Text, row))
    console().print(table)


def _cell(value: object) -> str:
    if isinstance(value, list | tuple):
        return ", ".join(map(str, value))
    return "" if value is None else str(value)


def note(text: str) -> None:
    """A remark for the person at the keyboard; never mixed into the answer."""
    print(text, file=sys.stderr)
