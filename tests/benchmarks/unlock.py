"""From the last digit of a resident's code to the unlock bytes on the wire, with 1,000,000 past events."""

import asyncio
import random
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from functools import partial

from tests.benchmarks.bench import Bench
from tests.benchmarks.instruments.boards import transaction_s
from tests.benchmarks.product.side import product_launch, product_side
from tests.benchmarks.row import Kind, Row, Samples
from tests.benchmarks.sides import BOARDS, FAST_BAUD, PARCELS, Side, bare_launch, bare_side

EVENTS = 1_000_000
PRESSES = 12
"""Codes keyed in by each side in a round."""
SLOW_BAUD = 9600
_UNLOCK_S = 10.0
_MAX_PHASE_S = 0.5


class _Desk:
    """Both sides, ready, and where their figures go."""

    def __init__(self, bare: Side, product: Side) -> None:
        self.sides = {"floor": bare, "product": product}
        self.parcels = {"floor": 0, "product": 0}

    async def press(self, name: str, *, at_poll: bool) -> float:
        """One code: milliseconds from the last digit to the bytes."""
        parcel = self.parcels[name]
        self.parcels[name] = (parcel + 1) % PARCELS
        return await pressed(self.sides[name], parcel, at_poll=at_poll)

    async def round(self, name: str, into: Samples, *, at_poll: bool) -> None:
        """The presses of one side in one round."""
        into.add([await self.press(name, at_poll=at_poll) for _ in range(PRESSES)])


async def pressed(side: Side, parcel: int, *, at_poll: bool) -> float:
    """Key in a code, the last digit at a random moment or just when the first board is being asked."""
    request = await side.approach(parcel)
    if at_poll:
        await side.boards.next_poll(0)
    else:
        await asyncio.sleep(random.uniform(0, _MAX_PHASE_S))
    start = time.perf_counter()
    side.send(request)
    async with asyncio.timeout(_UNLOCK_S):
        unlocked = await side.boards.unlocks.get()
    await side.leave(unlocked)
    return (unlocked.at - start) * 1000


@asynccontextmanager
async def _desk(bench: Bench, baud: int) -> AsyncIterator[_Desk]:
    slowed = baud if baud != FAST_BAUD else None
    bare, product = bare_launch(bench, EVENTS, baud=baud), await product_launch(bench, EVENTS, baud=baud)
    async with bare_side(bare, baud=slowed) as floor, product_side(product, baud=slowed) as kiosk:
        yield _Desk(floor, kiosk)


async def _pair(bench: Bench, desk: _Desk, what: str, *, at_poll: bool) -> tuple[Samples, Samples]:
    floor, product = Samples(), Samples()
    await bench.interleave(
        what,
        partial(desk.round, "floor", floor, at_poll=at_poll),
        partial(desk.round, "product", product, at_poll=at_poll),
    )
    return floor, product


def _worst(floor: Samples, product: Samples) -> str:
    return f"longest of all: floor {floor.worst:.1f} ms, product {product.worst:.1f} ms"


async def _fast(bench: Bench) -> Row:
    async with _desk(bench, FAST_BAUD) as desk:
        floor, product = await _pair(bench, desk, "digit to unlock bytes", at_poll=False)
    return Row(
        "unlock", "ms", floor.medians, product.medians, 2.0,
        p99=(floor.p99, product.p99), notes=(_worst(floor, product),),
    )  # fmt: skip


async def _slow(bench: Bench) -> list[Row]:
    async with _desk(bench, SLOW_BAUD) as desk:
        floor, product = await _pair(bench, desk, "the same at 9600 baud", at_poll=False)
        floor_wait, wait = await _pair(bench, desk, "the same, just behind a poll", at_poll=True)
        collisions = desk.sides["product"].boards.collisions
    one = transaction_s(SLOW_BAUD) * 1000
    notes = (
        _worst(floor_wait, wait),
        f"one board transaction is {one:.1f} ms, a sweep of {BOARDS} boards {BOARDS * one:.1f} ms",
        f"frames that cut into another one: {collisions}",
    )
    return [
        Row("unlock_9600", "ms", floor.medians, product.medians, 2.0, p99=(floor.p99, product.p99)),
        Row(
            "unlock_9600_wait", "ms", floor_wait.medians, wait.medians, one, kind=Kind.LIMIT,
            p99=(floor_wait.p99, wait.p99), notes=notes,
        ),
    ]  # fmt: skip


async def measure(bench: Bench) -> Sequence[Row]:
    """Without wire time, and at 9600 baud with polling on."""
    return [await _fast(bench), *await _slow(bench)]
