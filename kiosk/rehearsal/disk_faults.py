"""The database as the rehearsal opens it: its disk can fail, and the process can die there."""

import enum
from collections import Counter, deque
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import NoReturn, TypeVar

from kiosk.ports import JournalBroken, JournalRefused, Written
from kiosk.rehearsal.crash import Boundary, Process
from kiosk.rehearsal.inline_executor import InlineExecutor
from kiosk.store.database import Database, Work
from kiosk.store.errors import DatabaseNotWritable

T = TypeVar("T")


class DiskFault(enum.StrEnum):
    """How a commit fails: one alone, or every one while the disk is full or gone."""

    REFUSED = "refused"
    """A definite error: nothing of it is on disk."""
    LOST = "lost"
    """Nobody knows, and it is not on disk."""
    KEPT = "kept"
    """Nobody knows, and it is on disk."""
    FULL = "full"
    """As refused."""
    GONE = "gone"
    """As lost."""

    @property
    def is_definite(self) -> bool:
        """Whether the disk says that nothing was written."""
        return self in (DiskFault.REFUSED, DiskFault.FULL)


def _nobody_asks(*_: object) -> None:
    """Nobody follows."""


class Disk:
    """What is wrong with the disk. It outlives the process; the counters say what has struck."""

    def __init__(self) -> None:
        self.struck: Counter[DiskFault] = Counter()
        """How often each has failed something: a commit, or the opening of the database."""
        self.is_full = False
        """Every commit is refused."""
        self.is_gone = False
        """Every commit breaks, and nothing can be opened."""
        self.on_events: Callable[[int], None] = _nobody_asks
        """Called with the number of the newest event whenever some are on disk."""
        self.on_fault: Callable[[DiskFault], None] = _nobody_asks
        """Called with each fault as it strikes."""
        self.before_commit: Callable[[], None] = _nobody_asks
        """Called before each commit; a fault that begins there meets it."""
        self._next: deque[DiskFault] = deque()

    def strike_next(self, fault: DiskFault) -> None:
        """Let the next commit, or the one after those already asked for, fail."""
        self._next.append(fault)

    def forgive(self) -> None:
        """Let no later commit fail that was still to."""
        self._next.clear()

    @property
    def is_troubled(self) -> bool:
        """Whether a commit would fail now."""
        return self.is_full or self.is_gone or bool(self._next)

    def fate(self) -> DiskFault | None:
        """What becomes of the commit that comes now."""
        self.before_commit()
        if self.is_gone:
            fault: DiskFault | None = DiskFault.GONE
        elif self.is_full:
            fault = DiskFault.FULL
        else:
            fault = self._next.popleft() if self._next else None
        if fault:
            self.struck[fault] += 1
            self.on_fault(fault)
        return fault

    def demand_there(self, path: Path) -> None:
        """DatabaseNotWritable while the disk is gone."""
        if self.is_gone:
            self.struck[DiskFault.GONE] += 1
            raise DatabaseNotWritable(f"{path}: cannot be written (rehearsed: the disk is gone)")


class RehearsedDatabase(Database):
    """The real one; each commit passes the boundaries of its process, and its disk may fail."""

    def __init__(self, path: Path, process: Process, disk: Disk) -> None:
        inline = InlineExecutor()
        super().__init__(path, writer=inline, reader=inline)
        self._file = path
        self._process = process
        self._disk = disk

    async def open(self) -> None:
        """Open, if the disk is there."""
        self._disk.demand_there(self._file)
        await super().open()

    async def reopen(self) -> None:
        """Open again, if the disk is there."""
        self._process.demand_alive()
        self._disk.demand_there(self._file)
        await super().reopen()

    async def commit(self, work: Work[T]) -> T:
        """One transaction, or a fault in its place."""
        self._process.demand_alive()
        fault = self._disk.fate()
        if fault is not None and fault.is_definite:
            raise JournalRefused("the database refused (rehearsed)")
        if fault in (DiskFault.LOST, DiskFault.GONE):
            return await super().commit(lambda connection: _breaking(work(connection)))
        written = await super().commit(lambda connection: self._last_moment(work(connection)))
        if isinstance(written, list) and written and isinstance(written[-1], Written):
            self._disk.on_events(written[-1].seq)
        self._process.pass_by(Boundary.AFTER_COMMIT)
        if fault is DiskFault.KEPT:
            self._give_up()
            raise JournalBroken("the commit failed and nobody knows whether it is on disk (rehearsed)")
        return written

    def _last_moment(self, written: T) -> T:
        self._process.pass_by(Boundary.BEFORE_COMMIT)
        return written

    async def ask_writer(self, work: Work[T]) -> T:
        """Read on the writer's connection."""
        self._process.demand_alive()
        return await super().ask_writer(work)

    async def read(self, work: Work[T]) -> T:
        """Read on the other one."""
        self._process.demand_alive()
        return await super().read(work)

    async def idle(self) -> None:
        """Nobody waits."""
        self._process.demand_alive()
        await super().idle()


def _breaking(_: object) -> NoReturn:
    """Every row is written, and then the disk fails: the transaction is rolled back."""
    raise JournalBroken("the disk failed while writing (rehearsed)")


def opening(
    process: Process, disk: Disk, opened: Callable[[Database], None]
) -> Callable[[Path], AbstractAsyncContextManager[Database]]:
    """How a process opens its database; `opened` hears of it."""

    @asynccontextmanager
    async def open_it(path: Path) -> AsyncIterator[Database]:
        database = RehearsedDatabase(path, process, disk)
        try:
            await database.open()
            opened(database)
            yield database
        finally:
            await database.close()

    return open_it
