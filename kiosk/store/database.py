"""The database as the daemon holds it: one writer and one read-only connection, each on its own thread."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Callable
from concurrent.futures import Executor
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import TypeVar

from kiosk.ports import JournalBroken
from kiosk.store.checkpoints import Checkpoints
from kiosk.store.connection import open_reader, open_writer
from kiosk.store.errors import at_commit, before_commit, describe, unreadable

T = TypeVar("T")
Work = Callable[[sqlite3.Connection], T]


class Database:
    """Runs work on the right connection. The threads are handed in; an inline executor serves as well."""

    def __init__(self, path: Path, *, writer: Executor, reader: Executor) -> None:
        self._path = path
        self._writing = writer
        self._reading = reader
        self._writer: sqlite3.Connection | None = None
        self._reader: sqlite3.Connection | None = None
        self._reopening = asyncio.Lock()
        self.checkpoints = Checkpoints(path)

    async def open(self) -> None:
        """Open both connections; DatabaseRefused says why not. Close afterwards in either case."""
        loop = asyncio.get_running_loop()
        await loop.run_in_executor(self._writing, self._open_writer, False)
        await loop.run_in_executor(self._reading, self._open_reader)

    def _open_writer(self, is_again: bool) -> None:
        self._writer = open_writer(self._path, may_be_full=is_again)
        if is_again:
            self.checkpoints.move(self._writer)

    def _open_reader(self) -> None:
        self._reader = open_reader(self._path)

    async def close(self) -> None:
        """Close both; the writer last, so that it can put the write-ahead log away."""
        loop = asyncio.get_running_loop()
        reader, self._reader = self._reader, None
        if reader is not None:
            await loop.run_in_executor(self._reading, _close, reader)
        writer, self._writer = self._writer, None
        if writer is not None:
            await loop.run_in_executor(self._writing, _close, writer)

    async def reopen(self) -> None:
        """Start afresh after an I/O error, if nobody has yet: what the file holds now is the truth.

        All of it is moved into the database file: a failed sync may have left the log's pages unwritten.
        """
        async with self._reopening:
            if self._writer is None:
                await self.close()
                loop = asyncio.get_running_loop()
                await loop.run_in_executor(self._writing, self._open_writer, True)
                await loop.run_in_executor(self._reading, self._open_reader)

    async def commit(self, work: Work[T]) -> T:
        """Run work in one transaction. JournalRefused: nothing is on disk. JournalBroken: unknown; reopen."""
        return await asyncio.get_running_loop().run_in_executor(self._writing, self._commit, work)

    async def write(self, work: Work[T]) -> T:
        """The same for whoever need not know what came of it: the database is open again afterwards."""
        try:
            return await self.commit(work)
        except JournalBroken:
            await self.reopen()
            raise

    async def ask_writer(self, work: Work[T]) -> T:
        """Read on the writer's thread, behind whatever it is busy with."""
        return await asyncio.get_running_loop().run_in_executor(self._writing, self._ask, work)

    async def read(self, work: Work[T]) -> T:
        """Run work on the read-only connection."""
        return await asyncio.get_running_loop().run_in_executor(self._reading, self._read, work)

    @property
    def has_upkeep(self) -> bool:
        """Whether something waits for a time when nobody does."""
        return self.checkpoints.is_worth_it

    async def idle(self) -> None:
        """Nobody waits."""
        await asyncio.get_running_loop().run_in_executor(self._writing, self._idle)

    def _idle(self) -> None:
        if self._writer is not None:
            self.checkpoints.when_idle(self._writer)

    def _commit(self, work: Work[T]) -> T:
        if self._writer is None:
            raise self._closed()
        rows = self._writer.total_changes
        try:
            result = transact(self._writer, work)
        except JournalBroken:
            self._give_up()
            raise
        self.checkpoints.after_commit(self._writer, self._writer.total_changes - rows)
        return result

    def _give_up(self) -> None:
        """A connection that met an I/O error remembers things that may not be so: it is not used again."""
        writer, self._writer = self._writer, None
        if writer is not None:
            _close(writer)

    def _ask(self, work: Work[T]) -> T:
        if self._writer is None:
            raise self._closed()
        return _reading(self._path, self._writer, work)

    def _read(self, work: Work[T]) -> T:
        if self._reader is None:
            raise self._closed()
        return _reading(self._path, self._reader, work)

    def _closed(self) -> JournalBroken:
        return JournalBroken(f"{self._path}: closed after an I/O error; it must be opened again")


def _reading(path: Path, connection: sqlite3.Connection, work: Work[T]) -> T:
    try:
        return work(connection)
    except sqlite3.Error as error:
        raise unreadable(path, error) from error


def transact(connection: sqlite3.Connection, work: Work[T]) -> T:
    """Run work in one immediate transaction. Whatever happens, none is left open."""
    try:
        connection.execute("BEGIN IMMEDIATE")
        result = work(connection)
        try:
            connection.execute("COMMIT")
        except sqlite3.Error as error:
            raise at_commit(error) from error
    except sqlite3.Error as error:
        raise before_commit(error) from error
    finally:
        _roll_back(connection)
    return result


def _roll_back(connection: sqlite3.Connection) -> None:
    if connection.in_transaction:
        try:
            connection.execute("ROLLBACK")
        except sqlite3.Error as error:
            raise JournalBroken(f"could not be rolled back: {describe(error)}") from error


def _close(connection: sqlite3.Connection) -> None:
    with suppress(sqlite3.Error):
        connection.close()


@asynccontextmanager
async def open_database(path: Path, *, writer: Executor, reader: Executor) -> AsyncIterator[Database]:
    """The database for as long as the context lasts."""
    database = Database(path, writer=writer, reader=reader)
    try:
        await database.open()
        yield database
    finally:
        await database.close()
