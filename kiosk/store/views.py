"""Reading several tables as they stood at one moment."""

import sqlite3
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


def in_one_view(connection: sqlite3.Connection, read: Callable[[sqlite3.Connection], T]) -> T:
    """Read in one transaction, so that a commit in between is not half seen."""
    connection.execute("BEGIN")
    try:
        return read(connection)
    finally:
        if connection.in_transaction:
            connection.execute("COMMIT")
