"""The log by subject and by intent. Rows enter these tables many at a time; the newest are read from the log.

Kept up with each row, the two tables would be a third of all that a delivery writes.
"""

import sqlite3

from kiosk.ports import EventRow
from kiosk.store.log import SELECT_EVENTS, event_row, page

INDEX_EVENTS = 500
"""So many events wait until they enter together, in order of key."""
_AT_ONCE = 5000

_SOME = "SELECT seq FROM event_subject WHERE subject = ? AND seq > ? ORDER BY seq LIMIT ?"
_INDEXED = SELECT_EVENTS + f"WHERE seq IN ({_SOME}) ORDER BY seq"
_NOT_YET = SELECT_EVENTS + "WHERE seq > ? AND subject = ? ORDER BY seq LIMIT ?"


def indexed_up_to(connection: sqlite3.Connection) -> int:
    """The last event number that these tables know."""
    (seq,) = connection.execute("SELECT value FROM meta WHERE key = 'indexed'").fetchone()
    return int(seq)


def events_of(connection: sqlite3.Connection, subject: str, after: int, limit: int) -> list[EventRow]:
    """A page of what happened to one compartment, delivery, session, bank or incident."""
    if not subject:
        return []
    wanted = page(limit)
    found = connection.execute(_INDEXED, (subject, after, wanted)).fetchall()
    since = max(after, indexed_up_to(connection))
    found += connection.execute(_NOT_YET, (since, subject, wanted - len(found)))
    return [event_row(row) for row in found]


def bring_up_to_date(connection: sqlite3.Connection) -> None:
    """Let what waits enter, if it is enough."""
    since = indexed_up_to(connection)
    (last,) = connection.execute("SELECT coalesce(max(seq), 0) FROM event").fetchone()
    if last - since < INDEX_EVENTS:
        return
    until = min(last, since + _AT_ONCE)
    connection.execute(
        """INSERT INTO event_subject (subject, seq)
        SELECT subject, seq FROM event WHERE seq > ? AND seq <= ? AND subject <> '' ORDER BY subject, seq""",
        (since, until),
    )
    connection.execute(
        """INSERT INTO intent (id, seq)
        SELECT intent, max(seq) FROM event WHERE seq > ? AND seq <= ? GROUP BY intent ORDER BY intent
        ON CONFLICT (id) DO UPDATE SET seq = max(seq, excluded.seq)""",
        (since, until),
    )
    connection.execute("UPDATE meta SET value = ? WHERE key = 'indexed'", (until,))
