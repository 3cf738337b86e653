"""Resident memory after the start, with 1,000,000 past events."""

import asyncio
from collections.abc import Sequence
from functools import partial

from tests.benchmarks.bench import Bench
from tests.benchmarks.product.side import product_launch
from tests.benchmarks.row import Kind, Row
from tests.benchmarks.sides import Launch, bare_launch, started

EVENTS = 1_000_000
LIMIT_MIB = 60.0
_SETTLE_S = 3.0


async def _once(launch: Launch, into: list[float]) -> None:
    async with started(launch) as program:
        await asyncio.sleep(_SETTLE_S)
        into.append(program.child.rss_kib() / 1024)


async def measure(bench: Bench) -> Sequence[Row]:
    """Against the bare kiosk, and against what a small board has."""
    bare, product = bare_launch(bench, EVENTS), await product_launch(bench, EVENTS)
    floor: list[float] = []
    kiosk: list[float] = []
    await bench.interleave("memory after start", partial(_once, bare, floor), partial(_once, product, kiosk))
    return [
        Row("memory", "MiB", floor, kiosk, 2.2),
        Row("memory_limit", "MiB", [], kiosk, LIMIT_MIB, kind=Kind.LIMIT, tolerance=0.0),
    ]
