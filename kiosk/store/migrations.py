"""Migrations: ordered, each in one transaction together with the version it reaches."""

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass

from kiosk.store.schema import FIRST, SECOND


@dataclass(frozen=True, slots=True)
class Migration:
    """Statements that lead to a version; the last one writes that version into the file."""

    version: int
    statements: tuple[str, ...]


MIGRATIONS = (Migration(1, FIRST), Migration(2, SECOND))
SCHEMA_VERSION = 2
"""What this program reads and writes."""


def version_of(connection: sqlite3.Connection) -> int:
    """The version that stands in the file; 0 for an empty one."""
    row: tuple[int] = connection.execute("PRAGMA user_version").fetchone()
    return row[0]


def migrate(connection: sqlite3.Connection, migrations: Sequence[Migration] = MIGRATIONS) -> int:
    """Bring a database up to date, one whole migration after another; returns its version."""
    for migration in migrations:
        if migration.version > version_of(connection):
            _apply(connection, migration)
    return version_of(connection)


def _apply(connection: sqlite3.Connection, migration: Migration) -> None:
    connection.execute("BEGIN IMMEDIATE")
    try:
        for statement in migration.statements:
            connection.execute(statement)
        connection.execute("COMMIT")
    finally:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
