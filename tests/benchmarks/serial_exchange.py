"""What the driver adds to one exchange with a board: parser, checksum, bus, against a bare descriptor."""

import asyncio
import statistics
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path

from hal.lock_bank import LockBank
from tests.benchmarks.bench import Bench
from tests.benchmarks.floors.serial_line import SerialLine, timed_exchanges
from tests.benchmarks.instruments.child import running
from tests.benchmarks.product.bank import opened_bank
from tests.benchmarks.row import Kind, Row, Samples
from tests.benchmarks.sides import FAST_BAUD

EXCHANGES = 200
PAUSE_S = 0.004
"""Longer than the silence between two frames, so that nobody waits for it."""
_READY_S = 20.0


@asynccontextmanager
async def _lone_boards(link: Path) -> AsyncIterator[str]:
    _make_room(link)
    async with running("boards", ["tests.benchmarks.instruments.lone_boards", str(link), "0"]) as child:
        async with asyncio.timeout(_READY_S):
            while True:
                if _is_there(link):
                    break
                child.fail_if_ended()
                await asyncio.sleep(0.02)
        yield str(link)


def _is_there(link: Path) -> bool:
    return link.is_symlink()


def _make_room(link: Path) -> None:
    link.parent.mkdir(parents=True, exist_ok=True)
    link.unlink(missing_ok=True)


async def _floor_round(port: str, into: Samples, cpu: list[float]) -> None:
    line, start = SerialLine(port, FAST_BAUD), time.process_time()
    into.add(await timed_exchanges(line, 0, count=EXCHANGES, pause_s=PAUSE_S))
    cpu.append((time.process_time() - start) / EXCHANGES * 1e6)
    line.close()


async def _product_round(bank: LockBank, into: Samples, cpu: list[float]) -> None:
    await bank.connect()
    await asyncio.sleep(PAUSE_S)
    start, taken = time.process_time(), []
    for _ in range(EXCHANGES):
        begin = time.perf_counter()
        await bank.read_states()
        taken.append((time.perf_counter() - begin) * 1000)
        await asyncio.sleep(PAUSE_S)
    into.add(taken)
    cpu.append((time.process_time() - start) / EXCHANGES * 1e6)
    bank.close()


async def measure(bench: Bench) -> Sequence[Row]:
    """Boards in another process, no wire time."""
    floor, product = Samples(), Samples()
    floor_cpu: list[float] = []
    cpu: list[float] = []
    async with _lone_boards(bench.folder / "work" / "boards") as port, opened_bank(port, FAST_BAUD) as bank:
        await bench.interleave(
            "serial exchange",
            partial(_floor_round, port, floor, floor_cpu),
            partial(_product_round, bank, product, cpu),
        )
    note = f"processor time: {statistics.median(cpu):.0f} us, floor {statistics.median(floor_cpu):.0f} us"
    return [
        Row(
            "serial_exchange", "ms", floor.medians, product.medians, 2.5,
            p99=(floor.p99, product.p99), notes=(note,),
        ),
        Row("serial_exchange_cpu", "us", floor_cpu, cpu, kind=Kind.REPORT),
    ]  # fmt: skip
