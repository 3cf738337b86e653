"""What an idle kiosk with 48 doors costs: processor time against an idle web server, and disk writes."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

from tests.benchmarks.bench import Bench
from tests.benchmarks.instruments.child import Child, running
from tests.benchmarks.instruments.http import until_it_answers
from tests.benchmarks.product.side import product_launch
from tests.benchmarks.row import Kind, Row
from tests.benchmarks.sides import free_address, started

EVENTS = 10_000
DOORS = 48
_SETTLE_S = 6.0


@asynccontextmanager
async def _web_floor() -> AsyncIterator[Child]:
    address = free_address()
    async with running("the idle web server", ["tests.benchmarks.floors.web_server", address]) as child:
        await until_it_answers(address, child)
        yield child


async def _watched(child: Child, seconds: float) -> tuple[float, float]:
    """Thousandths of one core, and bytes that went to a disk."""
    cpu, written = child.cpu_ns(), child.written()
    await asyncio.sleep(seconds)
    return (child.cpu_ns() - cpu) / (seconds * 1e6), float(child.written() - written)


def _list(figures: Sequence[float]) -> str:
    return ", ".join(f"{figure:.0f}" for figure in figures)


async def measure(bench: Bench) -> Sequence[Row]:
    """Both idle side by side, watched over the same stretches of time."""
    floor: list[float] = []
    kiosk: list[float] = []
    written: list[float] = []
    launch = await product_launch(bench, EVENTS, boards=1, doors=DOORS)
    async with _web_floor() as web, started(launch, boards=1) as product:
        await asyncio.sleep(_SETTLE_S)
        for number, _ in bench.turns():
            bench.say(f"idle: round {number} of {bench.rounds}")
            async with asyncio.TaskGroup() as both:
                below = both.create_task(_watched(web, bench.idle_s))
                above = both.create_task(_watched(product.child, bench.idle_s))
            floor.append(below.result()[0])
            kiosk.append(above.result()[0])
            written.append(above.result()[1])
    watched = f"watched for {bench.rounds * bench.idle_s:.0f} s in all"
    return [
        Row("idle_cpu", "‰ core", floor, kiosk, 2.0, notes=(watched,)),
        Row(
            "idle_writes", "bytes", [], [sum(written)], 0.0, kind=Kind.LIMIT, tolerance=0.0,
            notes=(f"{watched}, meant for ten minutes: --idle-s 120; by round {_list(written)}",),
        ),
    ]  # fmt: skip
