"""Reading what is stored: pages of the log for the daemon, the whole file for commands without one."""

import sqlite3
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Self, TypeVar

from kiosk.domain.state import State
from kiosk.ports import ActiveRows, EventRow, KeptProof
from kiosk.store.audit import verify
from kiosk.store.audit_report import Report
from kiosk.store.connection import open_reader
from kiosk.store.database import Database, Work
from kiosk.store.errors import unreadable
from kiosk.store.file_facts import FileFacts, read_facts
from kiosk.store.journal import load_rows
from kiosk.store.log import events_after, head_of, newest_events
from kiosk.store.log_index import events_of
from kiosk.store.proof_rows import proofs_by_code
from kiosk.store.views import in_one_view

T = TypeVar("T")


class LogReader:
    """Pages of the log, at most 500 rows each, on the read-only connection of the daemon."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def read_events(self, after_seq: int, limit: int) -> Sequence[EventRow]:
        """Events after a number, in order."""
        return await self._database.read(lambda connection: events_after(connection, after_seq, limit))

    async def newest_events(self, limit: int) -> Sequence[EventRow]:
        """The last events, oldest first."""
        return await self._database.read(lambda connection: newest_events(connection, limit))

    async def events_of(self, subject: str, after_seq: int, limit: int) -> Sequence[EventRow]:
        """Events of one compartment, delivery, session, bank or incident, in order."""
        return await self._database.read(
            lambda connection: in_one_view(
                connection, lambda view: events_of(view, subject, after_seq, limit)
            )
        )

    async def head(self) -> str:
        """`EPOCH:SEQ:HASH` of the newest event."""
        return await self._database.read(lambda connection: str(head_of(connection)))


class StoredFile:
    """A database read without a daemon. Nothing is written through it; DatabaseRefused says what is wrong."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._connection: sqlite3.Connection | None = None

    def __enter__(self) -> Self:
        self._connection = open_reader(self._path)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def load(self, empty: State) -> ActiveRows:
        """`empty` with its durable parts filled in."""
        return self._read(lambda connection: load_rows(connection, empty))

    def events(self, after_seq: int, limit: int) -> Sequence[EventRow]:
        """Events after a number, in order; at most 500."""
        return self._read(lambda connection: events_after(connection, after_seq, limit))

    def newest_events(self, limit: int) -> Sequence[EventRow]:
        """The last events, oldest first; at most 500."""
        return self._read(lambda connection: newest_events(connection, limit))

    def facts(self) -> FileFacts:
        """How large it is, how far its followers are, and what waits."""
        return self._read(lambda connection: read_facts(connection, self._path))

    def proofs(self, code: str) -> Sequence[KeptProof]:
        """Proofs of delivery with these six characters, newest first."""
        return self._read(lambda connection: proofs_by_code(connection, code))

    def head(self) -> str:
        """`EPOCH:SEQ:HASH` of the newest event."""
        return self._read(lambda connection: str(head_of(connection)))

    def verify(self, *, head: str | None = None, empty: State | None = None) -> Report:
        """Check the whole log; with `empty` also against the active rows."""
        return self._read(lambda connection: verify(connection, head=head, empty=empty))

    def _read(self, work: Work[T]) -> T:
        if self._connection is None:
            raise RuntimeError("a stored file is read inside its `with` block")
        try:
            return in_one_view(self._connection, work)
        except sqlite3.Error as error:
            raise unreadable(self._path, error) from error
