"""Pages of the log with the chain's head after each row: what leaves the kiosk, without the personal part."""

import sqlite3
from collections.abc import Sequence

from kiosk.ports import ChainedRow
from kiosk.store.database import Database
from kiosk.store.log import event_row, page

_AFTER = """SELECT epoch, seq, type, v, at_ms, mono_ms, boot, trusted, intent, actor, subject, body, hash
    FROM event WHERE seq > ? ORDER BY seq LIMIT ?"""


class ChainedPages:
    """Reads on the read-only connection of the daemon."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def read_chained(self, after_seq: int, limit: int) -> Sequence[ChainedRow]:
        """Events after a number, in order; at most 500."""
        return await self._database.read(lambda connection: _after(connection, after_seq, limit))


def _after(connection: sqlite3.Connection, after_seq: int, limit: int) -> list[ChainedRow]:
    rows = connection.execute(_AFTER, (after_seq, page(limit)))
    return [ChainedRow(event_row(tuple(columns)), digest.hex()) for *columns, digest in rows]
