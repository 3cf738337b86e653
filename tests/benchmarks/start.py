"""From the start of the process to ready: the page answers and every board was asked once."""

from collections.abc import Callable, Sequence
from functools import partial

from tests.benchmarks.bench import Bench
from tests.benchmarks.product.side import product_launch
from tests.benchmarks.row import Kind, Row, Samples
from tests.benchmarks.sides import Launch, bare_launch, started

PASTS = (0, 10_000, 1_000_000)
_NAMES = {0: "start_empty", 10_000: "start_10k", 1_000_000: "start_1m"}


async def _once(prepare: Callable[[], Launch], into: list[float]) -> None:
    async with started(prepare()) as program:
        into.append(program.ready_ms)


async def _past(bench: Bench, events: int) -> tuple[list[float], list[float]]:
    bare, product = bare_launch(bench, events), await product_launch(bench, events)
    floor: list[float] = []
    kiosk: list[float] = []
    await _once(lambda: bare, [])
    await _once(lambda: product, [])
    await bench.interleave(
        f"start with {events:,} past events",
        partial(_once, lambda: bare, floor),
        partial(_once, lambda: product, kiosk),
    )
    return floor, kiosk


async def measure(bench: Bench) -> Sequence[Row]:
    """Three pasts; the first start of each is left out, it fills the caches of both sides."""
    taken = {events: await _past(bench, events) for events in PASTS}
    rows = [
        Row(
            _NAMES[events], "ms", floor, product, 5.0, kind=Kind.RATIO if events == PASTS[-1] else Kind.REPORT
        )
        for events, (floor, product) in taken.items()
    ]
    few, many = Samples([taken[10_000][1]]), Samples([taken[1_000_000][1]])
    worst = f"product against itself; at worst {few.worst:.0f} ms and {many.worst:.0f} ms"
    growth = Row("start_growth", "ms", taken[10_000][1], taken[1_000_000][1], 1.2, notes=(worst,))
    return [*rows, growth]
