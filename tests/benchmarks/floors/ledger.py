"""Floor: the leanest SQLite ledger that is still honest: WAL, full sync, one chained event a transaction.

Frozen: a change here changes what every past figure meant.
"""

import hashlib
import hmac
import itertools
import json
import os
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

_SCHEMA = """
CREATE TABLE event (
  seq INTEGER PRIMARY KEY, at_ms INTEGER NOT NULL, type TEXT NOT NULL, subject TEXT NOT NULL,
  body TEXT NOT NULL, hash BLOB NOT NULL);
CREATE INDEX event_subject ON event (subject);
CREATE TABLE delivery (
  id INTEGER PRIMARY KEY, board INTEGER NOT NULL, lock INTEGER NOT NULL, state TEXT NOT NULL,
  digest BLOB NOT NULL, changed_ms INTEGER NOT NULL);
CREATE UNIQUE INDEX delivery_live ON delivery (digest) WHERE state = 'stored';
"""
_START = bytes(32)
_CHUNK = 10_000
_AT_MS = 1_700_000_000_000


@dataclass(frozen=True, slots=True)
class Door:
    """Where a code leads."""

    delivery: int
    board: int
    lock: int


def chained(before: bytes, seq: int, event: tuple[int, str, str, str]) -> bytes:
    """The hash of an event: over the hash before it and its own columns."""
    return hashlib.sha256(before + json.dumps([seq, *event]).encode()).digest()


def digest_of(key: bytes, digits: str) -> bytes:
    """The keyed digest of a code."""
    return hmac.new(key, digits.encode(), hashlib.sha256).digest()[:16]


def code_of(delivery: int) -> str:
    """The made-up code of a delivery."""
    return f"{delivery:08d}"


class Ledger:
    """One connection, used by one thread."""

    def __init__(self, path: Path) -> None:
        self._base = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        self._base.execute("PRAGMA page_size=1024")
        self._base.execute("PRAGMA journal_mode=WAL")
        self._base.execute("PRAGMA synchronous=FULL")
        self._key = _key_beside(path)
        if not self._base.execute("SELECT 1 FROM sqlite_master").fetchone():
            self._base.executescript(_SCHEMA)
        newest: tuple[int, bytes] | None = self._base.execute(
            "SELECT seq, hash FROM event ORDER BY seq DESC LIMIT 1"
        ).fetchone()
        self.seq, self.head = newest or (0, _START)

    def close(self) -> None:
        """Close the file."""
        self._base.close()

    def stock(self, boards: int, locks: int) -> None:
        """Put one parcel behind every door."""
        rows = [
            (number, board, lock, digest_of(self._key, code_of(number)), _AT_MS)
            for number, (board, lock) in enumerate(itertools.product(range(boards), range(locks)), 1)
        ]
        self._base.execute("BEGIN")
        self._base.executemany("INSERT OR REPLACE INTO delivery VALUES (?, ?, ?, 'stored', ?, ?)", rows)
        self._base.execute("COMMIT")

    def remember(self, events: int) -> None:
        """Give the ledger a past of so many events."""
        while self.seq < events:
            self._base.execute("BEGIN")
            rows = list(self._past(min(_CHUNK, events - self.seq)))
            self._base.executemany("INSERT INTO event VALUES (?, ?, ?, ?, ?, ?)", rows)
            self._base.execute("COMMIT")

    def _past(self, count: int) -> Iterator[tuple[int, int, str, str, str, bytes]]:
        for _ in range(count):
            yield self._next(_AT_MS + self.seq, "UnlockAuthorised", f"delivery-{self.seq // 8}")

    def _next(self, at_ms: int, kind: str, subject: str) -> tuple[int, int, str, str, str, bytes]:
        body = json.dumps({"deadline": at_ms + 8000, "attempt": 1})
        event = (at_ms, kind, subject, body)
        self.seq += 1
        self.head = chained(self.head, self.seq, event)
        return (self.seq, *event, self.head)

    def authorise(self, digits: str, at_ms: int) -> Door | None:
        """Find a live code and write down that its door may open: one transaction, on disk on return."""
        found = self._base.execute(
            "SELECT id, board, lock FROM delivery WHERE digest = ? AND state = 'stored'",
            (digest_of(self._key, digits),),
        ).fetchone()
        if found is None:
            return None
        door = Door(*found)
        self._base.execute("BEGIN IMMEDIATE")
        event = self._next(at_ms, "UnlockAuthorised", f"delivery-{door.delivery}")
        self._base.execute("INSERT INTO event VALUES (?, ?, ?, ?, ?, ?)", event)
        self._base.execute("UPDATE delivery SET changed_ms = ? WHERE id = ?", (at_ms, door.delivery))
        self._base.execute("COMMIT")
        return door

    def verify(self) -> bool:
        """Whether every event chains to the one before."""
        head = _START
        for seq, at_ms, kind, subject, body, kept in self._base.execute("SELECT * FROM event ORDER BY seq"):
            head = chained(head, seq, (at_ms, kind, subject, body))
            if head != kept:
                return False
        return bool(head == self.head)


def _key_beside(path: Path) -> bytes:
    key = path.with_suffix(".key")
    if not key.exists():
        key.write_bytes(os.urandom(32))
        key.chmod(0o600)
    return key.read_bytes()
