"""Floor: what one drop-off with its pickup must write: nine full-sync transactions, seven chained events.

Frozen: a change here changes what every past figure meant.

Run: python -m tests.benchmarks.floors.delivery_cycle DATABASE EVENTS_BEFORE CYCLES
prints the bytes that went to the disk and those handed to write calls, as JSON.
"""

import hashlib
import json
import sqlite3
import sys
from collections.abc import Iterable
from pathlib import Path

Statement = tuple[str, tuple[object, ...]]

_SCHEMA = """
CREATE TABLE event (
  seq INTEGER PRIMARY KEY, at_ms INTEGER NOT NULL, type TEXT NOT NULL, subject TEXT NOT NULL,
  body TEXT NOT NULL, hash BLOB NOT NULL);
CREATE INDEX event_subject ON event (subject);
CREATE TABLE compartment (id INTEGER PRIMARY KEY, vacancy TEXT NOT NULL);
CREATE TABLE session (id INTEGER PRIMARY KEY, state TEXT NOT NULL);
CREATE TABLE delivery (
  id INTEGER PRIMARY KEY, compartment INTEGER NOT NULL, state TEXT NOT NULL, digest BLOB);
CREATE UNIQUE INDEX delivery_live ON delivery (digest) WHERE state = 'stored';
CREATE TABLE message (id INTEGER PRIMARY KEY, state TEXT NOT NULL);
"""
_BODY = "x" * 110
_COMPARTMENTS = 24
_CHUNK = 10_000
_VACANCY = "UPDATE compartment SET vacancy = ? WHERE id = ?"
_STATE = "UPDATE delivery SET state = ? WHERE id = ?"
_END_SESSION = "UPDATE session SET state = 'ended' WHERE id = ?"


class CycleBook:
    """A database and the cycles written into it."""

    def __init__(self, path: Path) -> None:
        self._base = sqlite3.connect(path, isolation_level=None)
        for setting in ("page_size=1024", "journal_mode=WAL", "synchronous=FULL"):
            self._base.execute(f"PRAGMA {setting}")
        self._base.executescript(_SCHEMA)
        places = [(place,) for place in range(_COMPARTMENTS)]
        self._base.executemany("INSERT INTO compartment VALUES (?, 'verified')", places)
        self._head = bytes(32)
        self.seq = 0
        self.transactions = 0

    def close(self) -> None:
        """Close the file; the log is folded into the database."""
        self._base.close()

    def remember(self, events: int) -> None:
        """Give the book a past."""
        while self.seq < events:
            self._base.execute("BEGIN")
            for _ in range(min(_CHUNK, events - self.seq)):
                self._event("Happened", self.seq // 8)
            self._base.execute("COMMIT")

    def _event(self, kind: str, delivery: int) -> None:
        self.seq += 1
        row = (self.seq, 1_700_000_000_000 + self.seq, kind, f"delivery-{delivery:024d}")
        body = json.dumps({"note": _BODY})
        self._head = hashlib.sha256(self._head + json.dumps([*row, body]).encode()).digest()
        self._base.execute("INSERT INTO event VALUES (?, ?, ?, ?, ?, ?)", (*row, body, self._head))

    def _commit(self, kind: str | None, delivery: int, statements: Iterable[Statement]) -> None:
        self._base.execute("BEGIN IMMEDIATE")
        if kind:
            self._event(kind, delivery)
        for text, values in statements:
            self._base.execute(text, values)
        self._base.execute("COMMIT")
        self.transactions += 1

    def cycle(self, number: int) -> None:
        """One parcel in, one parcel out."""
        place, courier, resident = number % _COMPARTMENTS, 2 * number, 2 * number + 1
        digest = hashlib.sha256(str(number).encode()).digest()[:16]
        reserve = "INSERT INTO delivery VALUES (?, ?, 'reserved', NULL)"
        store = "UPDATE delivery SET state = 'stored', digest = ? WHERE id = ?"
        sign_in = "INSERT INTO session VALUES (?, 'active')"
        self._commit(None, number, [(sign_in, (courier,))])
        self._commit("Reserved", number, [(reserve, (number, place)), (_VACANCY, ("occupied", place))])
        self._commit("DropOffOpened", number, [(_STATE, ("depositing", number))])
        self._commit(
            "Stored",
            number,
            [(store, (digest, number)), ("INSERT INTO message VALUES (?, 'due')", (number,))],
        )
        self._commit(None, number, [("UPDATE message SET state = 'sent' WHERE id = ?", (number,))])
        self._commit("PickupAuthorised", number, [(_END_SESSION, (courier,)), (sign_in, (resident,))])
        self._commit("PickupOpened", number, [(_STATE, ("collecting", number))])
        self._commit("Collected", number, [(_STATE, ("collected", number)), (_VACANCY, ("verified", place))])
        self._commit("Ended", number, [(_END_SESSION, (resident,))])

    def fold(self) -> None:
        """Bring the log into the database, as an idle moment would."""
        self._base.execute("PRAGMA wal_checkpoint(PASSIVE)")


def _counters() -> dict[str, int]:
    lines = Path("/proc/self/io").read_text().splitlines()
    return {name: int(value) for name, _, value in (line.partition(": ") for line in lines)}


def measure(path: Path, events: int, cycles: int) -> dict[str, float]:
    """Bytes of one cycle, the checkpoint at the end included."""
    book = CycleBook(path)
    book.remember(events)
    book.fold()
    before = _counters()
    for number in range(cycles):
        book.cycle(number)
    book.fold()
    after = _counters()
    book.close()
    return {name: (after[name] - before[name]) / cycles for name in ("write_bytes", "wchar")}


if __name__ == "__main__":
    print(json.dumps(measure(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))))
