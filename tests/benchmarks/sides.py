"""What a line measures on both sides alike: a program with a page, boards on its port, codes keyed in."""

import asyncio
import shutil
import socket
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from tests.benchmarks.bench import Bench
from tests.benchmarks.floors.ledger import Ledger, code_of
from tests.benchmarks.instruments.boards import LOCKS, Boards, Unlocked, open_boards
from tests.benchmarks.instruments.child import Child, running
from tests.benchmarks.instruments.http import Wire, until_it_answers

BOARDS = 2
DOORS_A_BOARD = 24
FAST_BAUD = 115_200
PARCELS = BOARDS * DOORS_A_BOARD // 2
"""Behind every second door, so that parcels can also be brought."""
_READY_S = 60.0


@dataclass(frozen=True, slots=True)
class Started:
    """A program that is ready: its page answers and every board was asked once."""

    child: Child
    boards: Boards
    address: str
    ready_ms: float


class Side(Protocol):
    """A program at which codes are keyed in."""

    @property
    def boards(self) -> Boards:
        """The boards on its port."""

    async def approach(self, parcel: int) -> bytes:
        """Key in all digits of a parcel's code but the last; the request that the last one sends."""

    def send(self, request: bytes) -> None:
        """The last digit."""

    async def leave(self, unlocked: Unlocked) -> None:
        """Open the door, close it and go, so that the next person can come."""


@dataclass(frozen=True, slots=True)
class Launch:
    """How a program is started: the module and its arguments, and where its port is."""

    name: str
    arguments: Sequence[str]
    link: Path
    address: str


def free_address() -> str:
    """HOST:PORT that was free a moment ago."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return f"127.0.0.1:{probe.getsockname()[1]}"


def fresh_copy(source: Path, target: Path) -> Path:
    """A copy to work on, so that the big original is made once."""
    shutil.rmtree(target, ignore_errors=True)
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copytree(source, target)
    return target


@asynccontextmanager
async def started(launch: Launch, *, boards: int = BOARDS, baud: int | None = None) -> AsyncIterator[Started]:
    """Start a program and wait until it is ready."""
    async with AsyncExitStack() as stack:
        bus = await stack.enter_async_context(open_boards(launch.link, range(boards), baud=baud))
        start = time.perf_counter()
        child = await stack.enter_async_context(running(launch.name, launch.arguments))
        ready = await _until_ready(bus, range(boards), launch.address, child)
        yield Started(child, bus, launch.address, (ready - start) * 1000)


async def _until_ready(bus: Boards, addresses: range, address: str, child: Child) -> float:
    async with asyncio.timeout(_READY_S), asyncio.TaskGroup() as waiting:
        polls = [waiting.create_task(bus.next_poll(board)) for board in addresses]
        await until_it_answers(address, child)
        answered = time.perf_counter()
    return max(answered, *(poll.result() for poll in polls))


# The floor's side


def bare_ledger(bench: Bench, events: int) -> Path:
    """The folder with the floor's ledger of so many past events, made once."""
    folder = bench.folder / f"floor-{events}"
    if not (folder / "done").exists():
        bench.say(f"making the floor's ledger of {events:,} events, once")
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        ledger = Ledger(folder / "floor.db")
        ledger.stock(BOARDS, LOCKS)
        ledger.remember(events)
        ledger.close()
        (folder / "done").touch()
    return folder


def bare_launch(bench: Bench, events: int, *, boards: int = BOARDS, baud: int = FAST_BAUD) -> Launch:
    """The bare kiosk over a fresh copy of its ledger."""
    folder = fresh_copy(bare_ledger(bench, events), bench.folder / "work" / f"floor-{events}-{baud}")
    link, address = folder / "port", free_address()
    arguments = [str(folder / "floor.db"), str(link), str(baud), str(boards), address]
    return Launch("the bare kiosk", ["tests.benchmarks.floors.bare_kiosk", *arguments], link, address)


class BareSide:
    """Codes keyed in at the bare kiosk, which has no pages between them."""

    def __init__(self, program: Started) -> None:
        self.boards = program.boards
        self._address = program.address
        self._wire: Wire | None = None

    async def approach(self, parcel: int) -> bytes:
        """The bare kiosk has one page."""
        self._wire = await Wire.open(self._address)
        board, door = divmod(parcel, DOORS_A_BOARD)
        return self._wire.form("/act", {"code": code_of(board * LOCKS + door + 1)})

    def send(self, request: bytes) -> None:
        """The last digit."""
        if self._wire:
            self._wire.send(request)

    async def leave(self, unlocked: Unlocked) -> None:
        """Nobody asks anything."""
        if self._wire:
            await self._wire.reply()
            await self._wire.close()


@asynccontextmanager
async def bare_side(launch: Launch, *, baud: int | None = None) -> AsyncIterator[Side]:
    """The bare kiosk, ready."""
    async with started(launch, baud=baud) as program:
        yield BareSide(program)
