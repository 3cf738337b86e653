"""Moving the write-ahead log into the database file: passive, by the writer, with the outcome watched.

The log is never truncated or limited in size: a file that is reused costs half of one that grows.
"""

import logging
import sqlite3
from pathlib import Path

from kiosk.store.errors import describe

BUSY_BYTES = 4 * 1024 * 1024
"""A log grown beyond this is moved even while people wait."""
IDLE_ROWS = 1500
"""Rows changed since the last time that make it worth doing when nobody waits: about 2 MiB of log."""

ROWS_A_LOOK = 100
"""Rows changed between two looks at the log's size: one commit of a delivery changes about ten."""

_log = logging.getLogger(__name__)


class Checkpoints:
    """Decides when, does it, and remembers whether it works."""

    def __init__(self, path: Path) -> None:
        self._wal = path.with_name(f"{path.name}-wal")
        self._rows = 0
        self._looked_at_rows = 0
        self._busy_above = BUSY_BYTES
        self.fault: str | None = None
        """Why the last one failed; commits go on meanwhile, but the log grows until the disk is full."""

    @property
    def wal_bytes(self) -> int:
        """Size of the write-ahead log file; it stays that large when its content has been moved."""
        try:
            return self._wal.stat().st_size
        except FileNotFoundError:
            return 0

    def after_commit(self, connection: sqlite3.Connection, rows: int) -> None:
        """Count what was written; move it when the log has grown too large."""
        self._rows += rows
        if self._rows - self._looked_at_rows < ROWS_A_LOOK:
            return
        self._looked_at_rows = self._rows
        if self.wal_bytes > self._busy_above:
            self.move(connection)

    @property
    def is_worth_it(self) -> bool:
        """Whether enough has been written to be moved when nobody waits."""
        return self._rows >= IDLE_ROWS

    def when_idle(self, connection: sqlite3.Connection) -> None:
        """Nobody waits: move what is there, if there is enough of it."""
        if self.is_worth_it:
            self.move(connection)

    def move(self, connection: sqlite3.Connection) -> None:
        """Move what no reader holds; a failure is kept in `fault` and logged once."""
        try:
            busy, frames, moved = connection.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()
        except sqlite3.Error as error:
            self._failed(describe(error))
            return
        if self.fault is not None:
            _log.info("the write-ahead log moves again")
        self.fault = None
        self._rows = self._looked_at_rows = 0
        self._busy_above = max(BUSY_BYTES, self.wal_bytes)
        if busy or moved < frames:
            _log.info("a reader held part of the write-ahead log: %d of %d pages moved", moved, frames)

    def _failed(self, why: str) -> None:
        if self.fault is None:
            _log.error("the write-ahead log cannot be moved into the database (%s); check the disk", why)
        self.fault = why
