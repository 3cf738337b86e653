"""Whole deliveries at the touchscreen: a parcel is brought, a parcel is taken; and what that writes."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kiosk.service.codes import CODE_DIGITS, CodeKeys
from tests.benchmarks.bench import Bench
from tests.benchmarks.instruments.http import Wire
from tests.benchmarks.product.building import CARRIER_DIGITS, unit_label
from tests.benchmarks.product.folder import data_of
from tests.benchmarks.product.side import QUIET_S, Screen, folder_of, product_launch
from tests.benchmarks.sides import PARCELS, Started, started

REST_S = 2.8
"""The kiosk moves its write-ahead log after two seconds in which nobody came."""
_NEWEST = "SELECT sealed FROM credential WHERE delivery = (SELECT max(delivery) FROM credential)"


@dataclass(frozen=True, slots=True)
class Counters:
    """Bytes of the thread that writes the database: sent to the disk, and handed to write calls."""

    sent: int
    handed: int


class Cycles:
    """One person after another, at a kiosk that is watched by the kernel."""

    def __init__(self, program: Started, folder: Path) -> None:
        self._program = program
        self._data = data_of(folder)
        self._keys = CodeKeys.load(self._data.keys)
        self._count = 0
        self._events = self._newest_event()

    def counters(self) -> Counters:
        """What the thread that writes most has written."""
        return Counters(*max(self._program.child.thread_counters()))

    async def cycle(self) -> None:
        """One parcel in, one parcel out."""
        wire = await Wire.open(self._program.address)
        screen = Screen(wire)
        await screen.until("home")
        await self._drop_off(screen)
        await self._pick_up(screen)
        await wire.close()
        self._count += 1

    async def _drop_off(self, screen: Screen) -> None:
        await screen.touch("deliver", then="carrier_code")
        await screen.touch("carrier_code", CARRIER_DIGITS, then="unit")
        await screen.touch("unit", unit_label(PARCELS + self._count % PARCELS), then="size")
        await screen.touch("size", "S", then="opening")
        await self._door(screen, "put_in", "stored")
        await screen.touch("finish", then="proof")
        await screen.touch("finish", then="home")

    async def _pick_up(self, screen: Screen) -> None:
        await screen.touch("pick_up", then="code")
        await screen.touch("code", self._newest_code(), then="opening")
        await self._door(screen, "take_out", "got_everything")
        await screen.touch("got_everything", then="pickup_done")
        await screen.touch("finish", then="home")

    async def _door(self, screen: Screen, is_open: str, is_shut: str) -> None:
        boards = self._program.boards
        unlocked = await boards.unlocks.get()
        boards.pull_open(unlocked.address, unlocked.lock)
        await screen.until(is_open)
        await asyncio.sleep(2.0)  # a door that was open for less is not believed to be a pickup
        boards.push_shut(unlocked.address, unlocked.lock)
        await screen.until(is_shut)

    def _newest_code(self) -> str:
        sealed: bytes = self._read(_NEWEST)
        return self._keys.unseal(sealed)[:CODE_DIGITS]

    def _newest_event(self) -> int:
        newest: int = self._read("SELECT max(seq) FROM event")
        return newest

    def _read(self, question: str) -> Any:
        address = f"{self._data.database.absolute().as_uri()}?mode=ro"
        with closing(sqlite3.connect(address, uri=True)) as reading:
            return reading.execute(question).fetchone()[0]

    async def rest(self) -> None:
        """Nobody comes for a while."""
        await asyncio.sleep(REST_S)

    def notes(self) -> Sequence[str]:
        """What else is worth knowing."""
        events = (self._newest_event() - self._events) / max(1, self._count)
        return (f"{self._count} cycles of {events:.1f} events; the floor has 9 transactions and 7 events",)


@asynccontextmanager
async def running_cycles(bench: Bench, events: int) -> AsyncIterator[Cycles]:
    """A kiosk with half of its doors free."""
    launch = await product_launch(bench, events)
    async with started(launch) as program:
        await asyncio.sleep(QUIET_S)
        yield Cycles(program, folder_of(launch))
