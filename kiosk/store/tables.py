"""The tables of what is active: how each row is read, and how the difference of two states is written."""

import sqlite3
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from kiosk.store.errors import corrupt, file_of

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")

SqlValue = str | int | bytes | None
Row = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Table(Generic[K, V]):
    """One table keyed by one column. `upsert` takes the columns in the order of `to_row`."""

    name: str
    select: str
    upsert: str
    delete: str
    to_row: Callable[[K, V], tuple[SqlValue, ...]]
    from_row: Callable[[Row], tuple[K, V]]

    def load(self, connection: sqlite3.Connection) -> dict[K, V]:
        """Every row."""
        try:
            return dict(map(self.from_row, connection.execute(self.select)))
        except (ValueError, TypeError) as error:
            why = f"table {self.name}: a row cannot be read ({error})"
            raise corrupt(file_of(connection), why) from error

    def save(self, connection: sqlite3.Connection, before: Mapping[K, V], after: Mapping[K, V]) -> None:
        """Write what differs, and nothing else."""
        if before is after:
            return
        for key in before.keys() - after.keys():
            connection.execute(self.delete, (key,))
        for key, value in after.items():
            known = before.get(key)
            if known is not value and known != value:
                connection.execute(self.upsert, self.to_row(key, value))
