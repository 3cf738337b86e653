"""What can be wrong with a database file, and what each error of SQLite means for a write under way."""

import sqlite3
from pathlib import Path

from kiosk.ports import JournalBroken, JournalRefused

_DISK = frozenset(
    {sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PROTOCOL, sqlite3.SQLITE_NOLFS}
)
_DAMAGE = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB})
_PRIMARY = 0xFF


class DatabaseRefused(Exception):
    """The database cannot be used. Nothing was changed; the message says the way out."""


class DatabaseGone(DatabaseRefused):
    """There are keys of an earlier start, but no database: an empty one would forget every parcel."""


class DatabaseAbsent(DatabaseRefused):
    """There is no database here."""


class DatabaseNewer(DatabaseRefused):
    """A newer program wrote it."""


class DatabaseCorrupt(DatabaseRefused):
    """The file is damaged, or is not a kiosk's database."""


class DatabaseNotWritable(DatabaseRefused):
    """Nothing can be written: rights, a read-only mount, a full or broken disk, or another process."""


class DatabaseUnreadable(DatabaseRefused):
    """Reading failed for now: the disk did not give what was asked for."""


def code_of(error: sqlite3.Error) -> int:
    """The primary result code; SQLITE_MISUSE for errors that come from the Python module itself."""
    try:
        return error.sqlite_errorcode & _PRIMARY
    except AttributeError:
        return sqlite3.SQLITE_MISUSE


def describe(error: sqlite3.Error) -> str:
    """SQLite's words and the name of its code."""
    try:
        return f"{error} ({error.sqlite_errorname})"
    except AttributeError:
        return str(error)


def before_commit(error: sqlite3.Error) -> JournalRefused | JournalBroken:
    """A statement inside a transaction failed and was rolled back: definite, unless the disk is to blame."""
    if code_of(error) in _DISK | _DAMAGE:
        return JournalBroken(f"the disk failed while writing: {describe(error)}")
    return JournalRefused(f"the database refused: {describe(error)}")


def at_commit(error: sqlite3.Error) -> JournalRefused | JournalBroken:
    """COMMIT itself failed. Only a constraint is definite: it is judged before the first byte is written."""
    if code_of(error) == sqlite3.SQLITE_CONSTRAINT:
        return JournalRefused(f"the database refused: {describe(error)}")
    return JournalBroken(f"the commit failed and nobody knows whether it is on disk: {describe(error)}")


def refused(path: Path, error: sqlite3.Error) -> DatabaseRefused:
    """Why a database cannot be opened."""
    code = code_of(error)
    if code in _DAMAGE:
        return corrupt(path, describe(error))
    if code == sqlite3.SQLITE_FULL:
        return DatabaseNotWritable(f"{path}: the disk is full; free some space, then start again")
    if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return DatabaseNotWritable(f"{path}: another process is writing to it; stop that process first")
    return DatabaseNotWritable(
        f"{path}: cannot be written ({describe(error)}); check the rights of the file and its folder, "
        "and whether the disk is mounted read-only or has failed"
    )


def unreadable(path: Path, error: sqlite3.Error) -> DatabaseRefused:
    """Why a database cannot be read."""
    if code_of(error) in _DAMAGE:
        return corrupt(path, describe(error))
    return DatabaseUnreadable(
        f"{path}: cannot be read ({describe(error)}); check the disk, and the rights of file and folder"
    )


def corrupt(path: Path, why: str) -> DatabaseCorrupt:
    """A damaged file: it is left as it is."""
    return DatabaseCorrupt(
        f"{path}: the database is damaged: {why}. Nothing was changed or deleted: there may be parcels "
        "behind the doors. Copy the whole folder first, then restore a backup or move the file away by hand"
    )


def file_of(connection: sqlite3.Connection) -> Path:
    """The database file behind a connection."""
    return Path(connection.execute("PRAGMA database_list").fetchone()[2])
