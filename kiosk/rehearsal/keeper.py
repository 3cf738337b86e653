"""Keeps the kiosk running as a service manager does: starts its process, and starts it anew when it ended."""

import asyncio
import shutil
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from pathlib import Path

from kiosk.data_folder import DataFolder
from kiosk.failures import FORESEEABLE
from kiosk.ports import JournalBroken
from kiosk.rehearsal.at_kiosk import Front
from kiosk.rehearsal.crash import Boundary, Killed, Process
from kiosk.rehearsal.diary import Crashed, Diary, Started
from kiosk.rehearsal.ends import ENDED
from kiosk.rehearsal.virtual_clock import VirtualClock, loop_ms

RESTART_MS = 2000
"""What the service manager and the start of the program take together."""
_ENDS = (Killed, JournalBroken, *FORESEEABLE)

Life = Callable[[Process], AbstractAsyncContextManager[Front]]


def _passes_all(_: Boundary) -> bool:
    return False


def _nothing() -> None:
    """Nobody follows."""


class Keeper:
    """One process after another. `passing` decides at each boundary whether the process dies there."""

    def __init__(self, life: Life, folder: Path, clock: VirtualClock, diary: Diary) -> None:
        self.passing: Callable[[Boundary], bool] = _passes_all
        self.down_ms = RESTART_MS
        """How long nothing runs after an end."""
        self.on_news: Callable[[], None] = _nothing
        """Called with every revision of the running kiosk."""
        self.lives = 0
        self._life = life
        self._folder = folder
        self._clock = clock
        self._diary = diary
        self._front: Front | None = None
        self._news = asyncio.Event()
        self._is_closing = asyncio.Event()
        self._is_power_cut = False
        self.process = self._new_process(self.folder_of(1))

    def folder_of(self, life: int) -> DataFolder:
        """The data folder of the so-manieth process."""
        return DataFolder(self._folder / f"life-{life}")

    def _new_process(self, folder: DataFolder) -> Process:
        self.lives += 1
        return Process(folder, self.folder_of(self.lives + 1), self._passes)

    def _passes(self, boundary: Boundary) -> bool:
        return self.passing(boundary)

    # What people meet

    @property
    def front(self) -> Front | None:
        """What runs behind the screen, if anything does."""
        front = self._front
        return front if front is not None and front.process.is_alive else None

    async def news(self) -> None:
        """Wait for anything new."""
        await self._news.wait()

    def _tell(self) -> None:
        self._news.set()
        self._news = asyncio.Event()

    async def up(self) -> None:
        """Wait until the kiosk runs."""
        while self.front is None:
            await self._news.wait()

    # What befalls the process

    def kill(self, where: str, *, is_power_cut: bool = False) -> None:
        """End the process at this instant; after a power cut the machine itself starts anew."""
        self._is_power_cut = self._is_power_cut or is_power_cut
        self.process.kill(where)

    async def run(self) -> None:
        """Keep it running until `close`."""
        async with asyncio.TaskGroup() as lives:
            while not self._is_closing.is_set():
                life = lives.create_task(self._live(self.process), name=f"life {self.lives}")
                await self.process.over.wait()
                await self._follow_up(life)

    async def _follow_up(self, life: asyncio.Task[None]) -> None:
        process, self._front = self.process, None
        self._tell()
        if not process.is_alive:
            self._diary.add(Crashed(loop_ms(), process.died_at))
            life.cancel()
        if not self._is_closing.is_set():
            await self._pause()
            self.process = self._new_process(process.folder if process.is_alive else process.next_folder)

    async def _pause(self) -> None:
        await asyncio.sleep(self.down_ms / 1000)
        if self._is_power_cut:
            self._clock.reboot()
        else:
            self._clock.restart()
        self._is_power_cut = False

    async def close(self) -> None:
        """Ask the process to end in order, and wait for its last commit."""
        self._is_closing.set()
        self.process.stopping.set()
        await self.process.over.wait()

    # A process

    async def _live(self, process: Process) -> None:
        try:
            async with self._life(process) as front:
                self._come_up(front)
                await self._until_asked(front)
        except* _ENDS as ended:
            self._note_end(process, ended)
        finally:
            process.over.set()
            if not process.is_alive:
                shutil.rmtree(process.folder.root)

    def _come_up(self, front: Front) -> None:
        self._front = front
        self._diary.add(Started(loop_ms(), self._clock.boot))
        self._tell()

    async def _until_asked(self, front: Front) -> None:
        async with asyncio.TaskGroup() as following:
            follower = following.create_task(self._follow(front), name="screen on the wall")
            try:
                await front.process.stopping.wait()
            finally:
                follower.cancel()

    async def _follow(self, front: Front) -> None:
        revision = front.inbox.revision
        while True:
            revision = await front.inbox.changed(revision)
            self.on_news()
            self._tell()

    def _note_end(self, process: Process, ended: BaseExceptionGroup[BaseException]) -> None:
        """The program has ended by itself, as it does where nothing would be true any more."""
        if process.is_alive:
            self._diary.add(Crashed(loop_ms(), f"{ENDED}{_first(ended)}"))


def _first(error: BaseException) -> BaseException:
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    return error
