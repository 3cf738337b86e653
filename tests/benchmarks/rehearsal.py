"""The rehearsal: processor seconds of one standard kiosk-day, the whole application in virtual time."""

import asyncio
import json
import statistics
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from tests.benchmarks.bench import Bench, LineBroken
from tests.benchmarks.row import Kind, Row

DAYS = 2
"""In one round; the first one also warms the program up."""
DAYS_A_SECOND = 4.0
"""The goal on one core."""
MEMORY_DISK = Path("/dev/shm")  # noqa: S108 - a folder of one's own is made in it


def _folder(bench: Bench) -> tempfile.TemporaryDirectory[str]:
    where = MEMORY_DISK if MEMORY_DISK.is_dir() else bench.folder
    return tempfile.TemporaryDirectory(prefix="latchwork-bench-", dir=where)


async def played(folder: Path, count: int) -> list[float]:
    """The processor seconds of each day, played in a program of its own."""
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
    """A stand-in: days without faults, for there is no floor and no drawn day yet."""
    seconds: list[float] = []
    for number, _ in bench.turns():
        bench.say(f"rehearsal: round {number} of {bench.rounds}")
        with _folder(bench) as folder:
            seconds.append(min(await played(Path(folder), DAYS)))
    rate = 1 / statistics.median(seconds)
    notes = (f"{rate:.1f} standard kiosk-days a second and core; 40 drop-offs and 40 pickups, no faults",)
    return [Row("rehearsal", "s a day", [], seconds, 1 / DAYS_A_SECOND, kind=Kind.LIMIT, notes=notes)]
