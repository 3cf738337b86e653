"""Bytes that a drop-off with its pickup sends to the disk, against bare SQLite that does the same."""

import asyncio
import json
import shutil
import statistics
import sys
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from tests.benchmarks.bench import Bench
from tests.benchmarks.instruments.child import ROOT
from tests.benchmarks.product.cycle import Cycles, running_cycles
from tests.benchmarks.row import Kind, Row

EVENTS = 10_000
FLOOR_CYCLES = 40
PRODUCT_CYCLES = 6
"""In a round; a person's cycle at the product takes seconds, one of the floor milliseconds."""

_KIB = 1024


async def _floor_round(bench: Bench, sent: list[float], handed: list[float]) -> None:
    folder = bench.folder / "work" / "cycles"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    counts = await _counted(folder / "cycle.db")
    sent.append(counts["write_bytes"] / _KIB)
    handed.append(counts["wchar"] / _KIB)


async def _counted(database: Path) -> dict[str, float]:
    module = ["-m", "tests.benchmarks.floors.delivery_cycle", str(database), str(EVENTS), str(FLOOR_CYCLES)]
    process = await asyncio.create_subprocess_exec(
        sys.executable, *module, cwd=ROOT, stdout=asyncio.subprocess.PIPE
    )
    printed, _ = await process.communicate()
    counts: dict[str, float] = json.loads(printed)
    return counts


async def _product_round(cycles: Cycles, sent: list[float], handed: list[float]) -> None:
    before = cycles.counters()
    for _ in range(PRODUCT_CYCLES):
        await cycles.cycle()
    await cycles.rest()
    after = cycles.counters()
    sent.append((after.sent - before.sent) / PRODUCT_CYCLES / _KIB)
    handed.append((after.handed - before.handed) / PRODUCT_CYCLES / _KIB)


async def measure(bench: Bench) -> Sequence[Row]:
    """Counted by the kernel on both sides.

    The product moves its write-ahead log every dozen cycles, so its figure is the mean over all rounds.
    """
    floor: tuple[list[float], list[float]] = ([], [])
    product: tuple[list[float], list[float]] = ([], [])
    async with running_cycles(bench, EVENTS) as cycles:
        await bench.interleave(
            "bytes of a delivery",
            partial(_floor_round, bench, *floor),
            partial(_product_round, cycles, *product),
        )
        notes = (*cycles.notes(), f"KiB by round: {', '.join(f'{sent:.0f}' for sent in product[0])}")
    return [
        Row("cycle_bytes", "KiB", floor[0], [statistics.mean(product[0])], 1.5, notes=notes),
        Row("cycle_bytes_handed", "KiB", floor[1], [statistics.mean(product[1])], kind=Kind.REPORT),
    ]
