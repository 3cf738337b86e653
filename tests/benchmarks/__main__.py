"""Measures the product against the frozen floors: python -m tests.benchmarks [LINE] [--rounds N].

Exit codes: 0 every goal holds within its tolerance, 1 one is missed, 2 no line of that name.
"""

import argparse
import asyncio
import shutil
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from rich.console import Console
from rich.status import Status

from tests.benchmarks.bench import ROUNDS, Bench
from tests.benchmarks.catalogue import LINES
from tests.benchmarks.instruments.child import ROOT
from tests.benchmarks.instruments.noise import around
from tests.benchmarks.report import is_good, save, show
from tests.benchmarks.row import Row

FOLDER = ROOT / "var" / "bench"


def _asked(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make bench", description="Measures against the frozen floors.")
    parser.add_argument("line", nargs="?", help=f"one of {', '.join(LINES)}; without it all of them")
    parser.add_argument(
        "--rounds", type=_count, default=ROUNDS, help="rounds of each line (default %(default)s)"
    )
    parser.add_argument("--idle-s", type=float, default=12.0, help="seconds of idling watched in each round")
    parser.add_argument("--folder", type=Path, default=FOLDER, help="where big databases and results live")
    return parser.parse_args(arguments)


def _count(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(
            f"{text}, expected a number from 1; fewer than {ROUNDS} decide nothing"
        )
    return int(text)


def _say(progress: Console, status: Status) -> Callable[[str], None]:
    """Progress on the terminal's last line, or line by line into a file."""
    return status.update if progress.is_terminal else lambda text: progress.print(text, highlight=False)


async def _measure(names: Sequence[str], bench: Bench) -> list[Row]:
    rows: list[Row] = []
    for name in names:
        bench.say(name)
        rows += await LINES[name](bench)
    return rows


def main(arguments: Sequence[str]) -> int:
    """Measure, print the table, write results.json."""
    asked = _asked(arguments)
    if asked.line and asked.line not in LINES:
        print(f"no line is called {asked.line}; there are: {', '.join(LINES)}", file=sys.stderr)
        return 2
    asked.folder.mkdir(parents=True, exist_ok=True)
    progress = Console(stderr=True)
    with progress.status("starting") as status, around(asked.folder) as noise:
        bench = Bench(asked.folder, _say(progress, status), asked.rounds, asked.idle_s)
        try:
            rows = asyncio.run(_measure([asked.line] if asked.line else list(LINES), bench))
        finally:
            shutil.rmtree(bench.folder / "work", ignore_errors=True)
    show(Console(), rows, noise)
    save(asked.folder / "results.json", rows, noise)
    return 0 if is_good(rows) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
