"""The rehearsal: processor seconds of one standard kiosk-day with its people, its faults and the judge."""

import asyncio
import json
import statistics
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from tests.benchmarks.bench import Bench, LineBroken
from tests.benchmarks.row import Kind, Row

DAYS = 7
"""In one act, as the soak plays them; a round plays two acts, and the first one also warms the program up."""
DAYS_A_SECOND = 4.0
"""The goal on one core."""
MEMORY_DISK = Path("/dev/shm")  # noqa: S108 - a folder of one's own is made in it


def _folder(bench: Bench) -> tempfile.TemporaryDirectory[str]:
    where = MEMORY_DISK if MEMORY_DISK.is_dir() else bench.folder
    return tempfile.TemporaryDirectory(prefix="latchwork-bench-", dir=where)


async def played(folder: Path, count: int) -> list[float]:
    """The processor seconds a day of each act of so many days, played in a program of its own."""
    command = ["-m", "tests.benchmarks.product.rehearsed_day", str(folder), str(count)]
    child = await asyncio.create_subprocess_exec(
        sys.executable, *command, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE
    )
    told, trouble = await child.communicate()
    if child.returncode:
        raise LineBroken(f"the rehearsal ended with {child.returncode}: {trouble.decode()[-500:]}")
    days: list[float] = json.loads(told)
    return days


async def measure(bench: Bench) -> Sequence[Row]:
    """The quicker of two acts in each round; a limit of its own, for there is no floor of a rehearsal."""
    seconds: list[float] = []
    for number, _ in bench.turns():
        bench.say(f"rehearsal: round {number} of {bench.rounds}")
        with _folder(bench) as folder:
            seconds.append(min(await played(Path(folder), DAYS)))
    rate = 1 / statistics.median(seconds)
    notes = (f"{rate:.1f} drawn kiosk-days a second and core, with people, usual faults and judge",)
    return [Row("rehearsal", "s a day", [], seconds, 1 / DAYS_A_SECOND, kind=Kind.LIMIT, notes=notes)]
