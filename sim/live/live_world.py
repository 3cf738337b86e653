"""The made-up world on the running loop's clock: it ticks by itself, keeps its file and tells who watches."""

import asyncio
import logging
from collections.abc import Callable
from typing import TypeVar

from sim.cabinet import Cabinet
from sim.live.changes import Changes
from sim.sights import WorldView
from sim.truth import Truth
from sim.world import World
from sim.world_file import WorldFile

RETRY_S = 1.0
_log = logging.getLogger(__name__)
_T = TypeVar("_T")


class LiveWorld:
    """One world, touched only through `do`. Run `keep` beside it: it writes the file."""

    def __init__(self, cabinet: Cabinet, file: WorldFile, truth: Truth, changes: Changes) -> None:
        self.changes = changes
        self.trouble: str | None = None
        """Why the file could not be written the last time, if so."""
        self._loop = asyncio.get_running_loop()
        self._world = World(cabinet, self.now_ms(), truth)
        self._file = file
        self._alarm: asyncio.TimerHandle | None = None
        self._tried = Changes()
        self._tried_revision = -1

    @property
    def cabinet(self) -> Cabinet:
        """The cabinet as built."""
        return self._world.cabinet

    def now_ms(self) -> int:
        """The loop's time in whole milliseconds."""
        return round(self._loop.time() * 1000)

    def do(self, act: Callable[[World], _T]) -> _T:
        """Touch the world now; whatever it raises comes out and the world goes on."""
        before = self._world.revision
        self._world.tick(self.now_ms())
        try:
            return act(self._world)
        finally:
            self._wind_up()
            if self._world.revision != before:
                self.changes.tell()

    def view(self) -> WorldView:
        """Everything there is to see now."""
        return self.do(World.view)

    def _wind_up(self) -> None:
        if self._alarm is not None:
            self._alarm.cancel()
            self._alarm = None
        moment = self._world.next_moment()
        if moment is not None:
            self._alarm = self._loop.call_at(moment / 1000, self.do, _look)

    def stop(self) -> None:
        """Let time stand still; coils end with their boards."""
        if self._alarm is not None:
            self._alarm.cancel()
            self._alarm = None

    # ------------------------------------------------------------ the file
    async def keep(self) -> None:
        """Write the truth whenever it changed, for ever; what could not be written is tried again."""
        while True:
            number = self.changes.number
            if self.trouble or self._tried_revision < self._world.revision:
                await self._write()
            if self.trouble is None:
                await self.changes.after(number)
            else:
                await asyncio.sleep(RETRY_S)

    async def saved(self) -> None:
        """Wait until an attempt was made to write the world as it is now."""
        revision = self._world.revision
        while self._tried_revision < revision:
            await self._tried.after(self._tried.number)

    async def _write(self) -> None:
        revision, truth = self._world.revision, self._world.truth()
        try:
            await asyncio.to_thread(self._file.write, truth)
        except OSError as error:
            self._say_trouble(f"{self._file.path} could not be written: {error.strerror or error}")
        else:
            self._say_trouble(None)
        self._tried_revision = revision
        self._tried.tell()

    def _say_trouble(self, trouble: str | None) -> None:
        if trouble != self.trouble:
            self.trouble = trouble
            if trouble:
                _log.error("%s", trouble)
            self.changes.tell()

    def write_last(self) -> None:
        """The last write at the end, here and now; OSError."""
        self._file.write(self._world.truth())


def _look(world: World) -> None:
    """Time passed; that is all."""


class BankWiring:
    """What one board is wired to: the locks of its bank in the live world."""

    def __init__(self, live: LiveWorld, bank: str) -> None:
        self._live = live
        self._bank = bank

    def hooked(self) -> frozenset[int]:
        """What the latch feedback says now."""
        return self._live.do(lambda world: world.hooked(self._bank))

    def energise(self, channel: int, pulse_ms: int) -> None:
        """Current on a coil, from now on for so long."""
        self._live.do(lambda world: world.energise(self._bank, channel, pulse_ms))
