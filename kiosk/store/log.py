"""The event log as rows: appending decisions, and reading pages by key. Its head is always read from it."""

import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from kiosk.domain.events import AnyEvent, Event
from kiosk.ports import Decision, EventRow, Written
from kiosk.store.chain import GENESIS, EventColumns, private_mac, row_hash
from kiosk.store.codec import encode
from kiosk.store.tables import Row

PAGE_ROWS = 500
"""Rows in one read at most."""

Salting = Callable[[], bytes]

_INSERT = """INSERT INTO event (epoch, seq, type, v, at_ms, mono_ms, boot, trusted, intent, actor, subject,
    body, private_mac, hash) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"""
SELECT_EVENTS = """SELECT epoch, seq, type, v, at_ms, mono_ms, boot, trusted, intent, actor, subject, body
    FROM event """
_HEAD = """SELECT meta.value, event.seq, event.hash
    FROM meta LEFT JOIN event ON event.seq = (SELECT max(seq) FROM event) WHERE meta.key = 'epoch'"""
_HEADS = "SELECT epoch, seq, hash FROM event WHERE seq > ? AND seq <= ? ORDER BY seq"
_AFTER = SELECT_EVENTS + "WHERE seq > ? ORDER BY seq LIMIT ?"
_NEWEST = SELECT_EVENTS + "ORDER BY seq DESC LIMIT ?"


@dataclass(frozen=True, slots=True)
class Head:
    """Where the log stands. `seq` goes on across epochs, so it alone names a row of one database."""

    epoch: int
    seq: int
    hash: bytes

    def __str__(self) -> str:
        return f"{self.epoch}:{self.seq}:{self.hash.hex()}"


def head_of(connection: sqlite3.Connection) -> Head:
    """The newest row, by key; the epoch is the one that the next row gets."""
    epoch, seq, digest = connection.execute(_HEAD).fetchone()
    return Head(epoch, seq or 0, digest or GENESIS)


def append(connection: sqlite3.Connection, decisions: Sequence[Decision], salting: Salting) -> list[Written]:
    """Write every event of a batch, and of its intents what the events do not say."""
    head = head_of(connection)
    written: list[Written] = []
    for decision in decisions:
        events = [change for change in decision.changes if isinstance(change, Event)]
        for event in events:
            head = _append_one(connection, head, decision, event, salting)
            written.append(_written(head, event, decision))
        if decision.refusal is not None or not events:
            _keep_answer(connection, decision, head.seq)
    return written


def recall(connection: sqlite3.Connection, decisions: Sequence[Decision], last: int) -> list[Written]:
    """The events of a batch that was written up to a number, as they stand in the log."""
    told = [(event, one) for one in decisions for event in one.changes if isinstance(event, Event)]
    rows = connection.execute(_HEADS, (last - len(told), last))
    return [
        _written(Head(*head), event, decision) for head, (event, decision) in zip(rows, told, strict=True)
    ]


def _keep_answer(connection: sqlite3.Connection, decision: Decision, seq: int) -> None:
    answer = decision.refusal.value if decision.refusal else ""
    connection.execute(
        "INSERT INTO intent (id, seq, answer) VALUES (?, ?, ?)", (decision.intent, seq, answer)
    )


def _written(head: Head, event: AnyEvent, decision: Decision) -> Written:
    stamp = decision.stamp
    return Written(head.epoch, head.seq, event, head.hash.hex(), at_ms=stamp.at_ms, trusted=stamp.is_trusted)


def _append_one(
    connection: sqlite3.Connection, head: Head, decision: Decision, event: AnyEvent, salting: Salting
) -> Head:
    stored, stamp, seq = encode(event), decision.stamp, head.seq + 1
    mac = _keep_apart(connection, head.epoch, seq, stored.private, salting) if stored.private else None
    columns: EventColumns = (
        head.epoch,
        seq,
        stored.type,
        stored.v,
        stamp.at_ms,
        stamp.mono_ms,
        stamp.boot,
        int(stamp.is_trusted),
        decision.intent,
        decision.actor,
        stored.subject,
        stored.body,
        mac,
    )
    digest = row_hash(head.hash, columns)
    connection.execute(_INSERT, (*columns, digest))
    return Head(head.epoch, seq, digest)


def _keep_apart(connection: sqlite3.Connection, epoch: int, seq: int, body: str, salting: Salting) -> str:
    salt = salting()
    connection.execute(
        "INSERT INTO event_private (epoch, seq, salt, body) VALUES (?, ?, ?, ?)", (epoch, seq, salt, body)
    )
    return private_mac(salt, body)


def events_after(connection: sqlite3.Connection, after: int, limit: int) -> list[EventRow]:
    """A page of the log in order of number; at most PAGE_ROWS."""
    return [event_row(row) for row in connection.execute(_AFTER, (after, page(limit)))]


def newest_events(connection: sqlite3.Connection, limit: int) -> list[EventRow]:
    """The last page of the log, oldest first."""
    return [event_row(row) for row in connection.execute(_NEWEST, (page(limit),))][::-1]


def page(limit: int) -> int:
    """How many rows one read may give."""
    return max(0, min(limit, PAGE_ROWS))


def event_row(row: Row) -> EventRow:
    """A row of `SELECT_EVENTS`."""
    *before, trusted, intent, actor, subject, body = row
    epoch, seq, kind, v, at_ms, mono_ms, boot = before
    return EventRow(
        epoch=epoch,
        seq=seq,
        type=kind,
        v=v,
        at_ms=at_ms,
        mono_ms=mono_ms,
        boot=boot,
        trusted=bool(trusted),
        intent=intent,
        actor=actor,
        subject=subject,
        body=body,
    )
