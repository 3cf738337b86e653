"""The table on the terminal and the results file."""

import json
import platform
import statistics
from collections.abc import Iterator, Sequence
from pathlib import Path

from rich.console import Console
from rich.table import Table

from kiosk.service.clock import SystemClock, TrustSource
from tests.benchmarks.instruments.noise import Noise
from tests.benchmarks.row import Kind, Row, Verdict

FORMAT = 1
_COLOURS = {
    Verdict.HOLDS: "green",
    Verdict.WITHIN_TOLERANCE: "yellow",
    Verdict.MISSED: "bold red",
    Verdict.REPORTED: "dim",
}
_SHORT = {Verdict.WITHIN_TOLERANCE: "near", Verdict.REPORTED: "-"}


def _figure(value: float) -> str:
    if value == 0 or value >= 1000:
        return f"{value:,.0f}"
    return f"{value:.3g}" if value < 10 else f"{value:.1f}"


def _middle(figures: Sequence[float]) -> str:
    return _figure(statistics.median(figures)) if figures else "-"


def _goal(row: Row) -> str:
    if row.goal is None or row.kind is Kind.REPORT:
        return "-"
    return f"{row.goal:g}x" if row.kind is Kind.RATIO else _figure(row.goal)


def table(rows: Sequence[Row]) -> Table:
    """All rows, each figure the median of its rounds."""
    shown = Table(title="Latchwork against the leanest honest program", title_justify="left")
    for name in ("line", "floor", "product", "unit", "ratio", "goal", "verdict"):
        is_word = name in ("line", "unit", "verdict")
        shown.add_column(name, justify="left" if is_word else "right", no_wrap=True)
    for row in rows:
        ratio = "-" if row.ratio is None else f"{row.ratio:.2f}x"
        word = _SHORT.get(row.verdict, row.verdict.value)
        verdict = f"[{_COLOURS[row.verdict]}]{word}[/]"
        sides = (_middle(row.floor), _middle(row.product))
        shown.add_row(row.name, *sides, row.unit, ratio, _goal(row), verdict)
    return shown


def _ranges(row: Row) -> Iterator[str]:
    for side, figures in (("floor", row.floor), ("product", row.product)):
        if len(figures) > 1:
            yield f"{side} {_figure(min(figures))} to {_figure(max(figures))}"
    if row.p99:
        yield f"p99 {_figure(row.p99[0])} and {_figure(row.p99[1])}"


def show(console: Console, rows: Sequence[Row], noise: Noise) -> None:
    """The table, how far the rounds were apart, what the lines have to add, how steady the machine was."""
    console.print(table(rows))
    for row in rows:
        for note in (", ".join(_ranges(row)), *row.notes):
            if note:
                console.print(f"{row.name}: {note}", highlight=False)
    console.print(f"{noise.sentence()}. Medians of rounds; p99 is only reported.", highlight=False)


def save(path: Path, rows: Sequence[Row], noise: Noise) -> None:
    """Write the results file."""
    found = {
        "format": FORMAT,
        "at_ms": SystemClock(TrustSource.ASSUME).now().at_ms,
        "machine": {"system": platform.platform(), "python": platform.python_version()},
        "noise": noise.as_json(),
        "lines": [row.as_json() for row in rows],
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")


def is_good(rows: Sequence[Row]) -> bool:
    """Whether every goal holds, within its tolerance."""
    return all(row.verdict is not Verdict.MISSED for row in rows)
