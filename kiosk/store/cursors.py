"""How far each follower of the log has come. A cursor rides with the next decision, not alone.

Losing the last steps of a cursor is harmless: its follower sees those events again and knows them by number.
"""

import sqlite3

from kiosk.store.database import Database

SAVE_EVENTS = 100
SAVE_MS = 30_000
_SAVE = """INSERT INTO cursor (name, seq) VALUES (?, ?)
    ON CONFLICT (name) DO UPDATE SET seq = excluded.seq"""


class Cursors:
    """Cursors by name of their follower."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._saved: dict[str, int] = {}
        self._moved: dict[str, int] = {}
        self._moved_since_ms: int | None = None

    async def read(self, name: str) -> int:
        """The number of the last event a follower is done with; 0 for a new one."""
        if name not in self._saved:
            self._saved[name] = await self._database.read(lambda connection: _read(connection, name))
        return self._moved.get(name, self._saved[name])

    async def advance(self, name: str, seq: int, mono_ms: int) -> None:
        """A follower is done up to here. Committed alone only after 100 events or 30 s without a decision."""
        await self.read(name)
        start, self._moved[name] = self._saved[name], seq
        if self._moved_since_ms is None:
            self._moved_since_ms = mono_ms
        if seq - start >= SAVE_EVENTS or mono_ms - self._moved_since_ms >= SAVE_MS:
            moved = dict(self._moved)
            await self._database.write(lambda connection: save_cursors(connection, moved))
            self.are_saved(moved)

    @property
    def moved(self) -> dict[str, int]:
        """What the next commit should carry."""
        return dict(self._moved)

    def are_saved(self, moved: dict[str, int]) -> None:
        """A commit has carried these."""
        self._saved |= moved
        self._moved = {name: seq for name, seq in self._moved.items() if moved.get(name) != seq}
        if not self._moved:
            self._moved_since_ms = None


def _read(connection: sqlite3.Connection, name: str) -> int:
    row = connection.execute("SELECT seq FROM cursor WHERE name = ?", (name,)).fetchone()
    return int(row[0]) if row else 0


def save_cursors(connection: sqlite3.Connection, moved: dict[str, int]) -> None:
    """Write cursors inside a transaction."""
    for name, seq in moved.items():
        connection.execute(_SAVE, (name, seq))
