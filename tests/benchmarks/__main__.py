"""Measures the product against the frozen floors: python -m tests.benchmarks [LINE] [--rounds N].

Exit codes: 0 every goal holds within its tolerance, 1 one is missed or could not be measured, 2 no such line.
"""

import argparse
import asyncio
import fcntl
import shutil
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from rich.console import Console
from rich.status import Status

from tests.benchmarks.bench import ROUNDS, Bench, LineBroken
from tests.benchmarks.catalogue import LINES
from tests.benchmarks.instruments.child import ROOT
from tests.benchmarks.instruments.noise import around
from tests.benchmarks.report import is_good, save, show
from tests.benchmarks.row import Row

FOLDER = ROOT / "var" / "bench"
_BROKEN = (LineBroken, TimeoutError)


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


async def _measure(names: Sequence[str], bench: Bench) -> tuple[list[Row], list[str]]:
    """Every row, and a sentence for each line that could not be measured."""
    rows: list[Row] = []
    broken = []
    for name in names:
        bench.say(name)
        try:
            rows += await LINES[name](bench)
        except (*_BROKEN, BaseExceptionGroup) as error:
            broken.append(f"{name} could not be measured: {_why(error)}")
    return rows, broken


def _why(error: BaseException) -> str:
    """The first cause among those that are known; anything else is a mistake of ours and goes on up."""
    if not isinstance(error, BaseExceptionGroup):
        return str(error) or "it took too long; look at the load of the machine"
    _, unknown = error.split(_BROKEN)
    if unknown is not None:
        raise error
    return _why(error.exceptions[0])


@contextmanager
def _alone(folder: Path) -> Iterator[bool]:
    """Whether nobody else measures in this folder; two at a time would measure one another."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True


def main(arguments: Sequence[str]) -> int:
    """Measure, print the table, write results.json."""
    asked = _asked(arguments)
    if asked.line and asked.line not in LINES:
        print(f"no line is called {asked.line}; there are: {', '.join(LINES)}", file=sys.stderr)
        return 2
    with _alone(asked.folder) as is_alone:
        if is_alone:
            return _run(asked)
    print(f"{asked.folder}: another benchmark is running there; wait for it to end", file=sys.stderr)
    return 1


def _run(asked: argparse.Namespace) -> int:
    progress = Console(stderr=True)
    with progress.status("starting") as status, around(asked.folder) as noise:
        bench = Bench(asked.folder, _say(progress, status), asked.rounds, asked.idle_s)
        try:
            rows, broken = asyncio.run(_measure([asked.line] if asked.line else list(LINES), bench))
        finally:
            shutil.rmtree(bench.folder / "work", ignore_errors=True)
    show(Console(), rows, noise)
    save(asked.folder / "results.json", rows, noise)
    for sentence in broken:
        print(sentence, file=sys.stderr)
    return 0 if is_good(rows) and not broken else 1


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(130)
