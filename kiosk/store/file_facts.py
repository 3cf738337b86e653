"""What a look at the file tells of it besides its rows: how far followers are, and what waits."""

import sqlite3
from dataclasses import dataclass
from pathlib import Path

_FACTS = """SELECT
    (SELECT coalesce(max(seq), 0) FROM event),
    (SELECT coalesce(max(seq), 0) FROM cursor WHERE name = 'published'),
    (SELECT count(*) FROM message WHERE handed_over_at_ms IS NULL AND dropped_at_ms IS NULL)"""
_PUT_OFF = """SELECT tries, put_off_why FROM message
    WHERE handed_over_at_ms IS NULL AND dropped_at_ms IS NULL AND tries > 0 ORDER BY tries DESC, id LIMIT 1"""


@dataclass(frozen=True, slots=True)
class FileFacts:
    """Sizes in bytes. `tries` and `put_off_why` are of the message that was tried most in vain."""

    size: int
    log_size: int
    """Of the write-ahead log."""
    seq: int
    published: int
    messages_waiting: int
    tries: int
    put_off_why: str


def read_facts(connection: sqlite3.Connection, path: Path) -> FileFacts:
    """The facts of an open file."""
    seq, published, waiting = connection.execute(_FACTS).fetchone()
    tries, why = connection.execute(_PUT_OFF).fetchone() or (0, "")
    log = path.with_name(f"{path.name}-wal")
    return FileFacts(
        size=path.stat().st_size,
        log_size=log.stat().st_size if log.exists() else 0,
        seq=seq,
        published=published,
        messages_waiting=waiting,
        tries=tries,
        put_off_why=why,
    )
