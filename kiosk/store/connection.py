"""Opening the file: the writer that may create and migrate it, and readers that can change nothing.

Connections belong to the thread that opened them. Nothing here deletes, renames or repairs a file.
"""

import os
import sqlite3
from contextlib import ExitStack, closing
from pathlib import Path

from kiosk.store.errors import (
    DatabaseAbsent,
    DatabaseCorrupt,
    DatabaseNewer,
    DatabaseNotWritable,
    code_of,
    corrupt,
    refused,
    unreadable,
)
from kiosk.store.migrations import SCHEMA_VERSION, migrate, version_of
from kiosk.store.schema import APPLICATION_ID

BUSY_TIMEOUT_MS = 5000
_SHARED = (
    f"PRAGMA busy_timeout = {BUSY_TIMEOUT_MS}",
    "PRAGMA temp_store = MEMORY",
    "PRAGMA trusted_schema = OFF",
)
# The page size counts only before the first table, so it comes first.
_WRITER = (
    "PRAGMA page_size = 1024",
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = FULL",
    "PRAGMA foreign_keys = ON",
    "PRAGMA secure_delete = ON",
    "PRAGMA wal_autocheckpoint = 0",
)


def open_writer(path: Path, *, may_be_full: bool = False) -> sqlite3.Connection:
    """Open for writing, making and migrating the file as needed; proves that a commit reaches the disk.

    `may_be_full`: a running kiosk whose disk has filled goes on reading, and refuses what it cannot write.
    """
    _create(path)
    with ExitStack() as on_failure:
        connection = on_failure.enter_context(closing(_connect(path, "rw")))
        _open_up(connection, path, may_be_full=may_be_full)
        on_failure.pop_all()
    return connection


def _open_up(connection: sqlite3.Connection, path: Path, *, may_be_full: bool) -> None:
    try:
        _recognise(connection, path)
        for pragma in _WRITER:
            connection.execute(pragma)
        _demand_wal(connection, path)
        migrate(connection)
        _probe(connection, may_be_full=may_be_full)
    except sqlite3.Error as error:
        raise refused(path, error) from error


def _probe(connection: sqlite3.Connection, *, may_be_full: bool) -> None:
    """One real commit: a disk that was remounted read-only says yes to everything before this.

    After an I/O error it also settles for good where the write-ahead log ends.
    """
    try:
        connection.execute("UPDATE meta SET value = value + 1 WHERE key = 'openings'")
    except sqlite3.OperationalError as error:
        if not (may_be_full and code_of(error) == sqlite3.SQLITE_FULL):
            raise


def open_reader(path: Path) -> sqlite3.Connection:
    """Open for reading only; the database must be there and of this program's version."""
    if not path.exists():
        raise DatabaseAbsent(f"{path}: there is no database; it is made when the kiosk first starts")
    with ExitStack() as on_failure:
        connection = on_failure.enter_context(closing(_connect(path, "ro")))
        try:
            _recognise(connection, path)
            _demand_tables(connection, path)
            connection.execute("PRAGMA query_only = ON")
        except sqlite3.Error as error:
            raise unreadable(path, error) from error
        on_failure.pop_all()
    return connection


def _connect(path: Path, mode: str) -> sqlite3.Connection:
    try:
        return sqlite3.connect(f"{path.absolute().as_uri()}?mode={mode}", uri=True, isolation_level=None)
    except sqlite3.Error as error:
        raise refused(path, error) from error


def _create(path: Path) -> None:
    """Make an empty file for the owner only; its companions get the same rights from SQLite."""
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    except FileExistsError:
        _demand_whole(path)
        return
    except OSError as error:
        raise DatabaseNotWritable(
            f"{path}: cannot be made ({error.strerror}); check the rights of the folder and the disk"
        ) from error
    os.close(descriptor)
    _demand_whole(path)
    _sync_folder(path.parent)


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _demand_whole(path: Path) -> None:
    """An empty file beside a write-ahead log with content was a database once: never start afresh on it."""
    log = path.with_name(f"{path.name}-wal")
    if path.stat().st_size == 0 and log.exists() and log.stat().st_size > 0:
        raise corrupt(path, f"it is empty, but {log.name} beside it is not")


def _recognise(connection: sqlite3.Connection, path: Path) -> None:
    for pragma in _SHARED:
        connection.execute(pragma)
    version = version_of(connection)
    (application,) = connection.execute("PRAGMA application_id").fetchone()
    is_empty = connection.execute("SELECT 1 FROM sqlite_schema LIMIT 1").fetchone() is None
    if application != APPLICATION_ID and not is_empty:
        raise DatabaseCorrupt(f"{path}: this is not a kiosk's database; give the kiosk a folder of its own")
    if version > SCHEMA_VERSION:
        raise DatabaseNewer(
            f"{path}: written by a newer program (schema {version}, this one knows {SCHEMA_VERSION}); "
            "nothing was changed; install the version that wrote it"
        )


def _demand_wal(connection: sqlite3.Connection, path: Path) -> None:
    (mode,) = connection.execute("PRAGMA journal_mode").fetchone()
    if mode != "wal":
        raise DatabaseNotWritable(
            f"{path}: this file system cannot hold a write-ahead log (mode is {mode}); use a local disk"
        )


def _demand_tables(connection: sqlite3.Connection, path: Path) -> None:
    version = version_of(connection)
    if version == 0:
        raise DatabaseAbsent(f"{path}: there is no database yet; it is made when the kiosk first starts")
    if version < SCHEMA_VERSION:
        raise DatabaseNotWritable(
            f"{path}: written by an older program (schema {version}); "
            "start the kiosk once, which brings it up to date"
        )
