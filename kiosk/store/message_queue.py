"""The message rows, as the notifier sees them."""

import sqlite3
from collections.abc import Sequence

from kiosk.domain.changes import MessageQueued
from kiosk.domain.model.ids import MessageId
from kiosk.ports import WaitingMessage
from kiosk.store.database import Database

_WAITING = """
    SELECT id, kind, delivery, resident, due_at_ms, door, detail, tries,
        (SELECT sealed FROM credential WHERE credential.delivery = message.delivery LIMIT 1)
    FROM message WHERE handed_over_at_ms IS NULL AND dropped_at_ms IS NULL
    ORDER BY tries > 0, due_at_ms, id LIMIT ?"""


class SqliteMessages:
    """Messages wait here until a channel has taken them."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def waiting(self, limit: int) -> Sequence[WaitingMessage]:
        """Messages that wait: those that were never tried first, oldest first, then by their next try.

        `sealed` is the delivery's live code; nothing once the code has ended.
        """
        return await self._database.read(lambda connection: _waiting(connection, limit))

    async def handed_over(self, message: MessageId, at_ms: int) -> None:
        """The channel took it."""
        await self._database.write(lambda connection: _hand_over(connection, message, at_ms))

    async def put_off(self, message: MessageId, until_ms: int, why: str) -> None:
        """The channel did not take it; try again later."""
        await self._database.write(lambda connection: _put_off(connection, message, until_ms, why))

    async def dropped(self, message: MessageId, at_ms: int, why: str) -> None:
        """It is not worth sending any more."""
        await self._database.write(lambda connection: _drop(connection, message, at_ms, why))


def _hand_over(connection: sqlite3.Connection, message: MessageId, at_ms: int) -> None:
    connection.execute(
        "UPDATE message SET handed_over_at_ms = ? WHERE id = ? AND handed_over_at_ms IS NULL",
        (at_ms, message),
    )


def _put_off(connection: sqlite3.Connection, message: MessageId, until_ms: int, why: str) -> None:
    connection.execute(
        "UPDATE message SET due_at_ms = ?, tries = tries + 1, put_off_why = ? WHERE id = ?",
        (until_ms, why, message),
    )


def _drop(connection: sqlite3.Connection, message: MessageId, at_ms: int, why: str) -> None:
    connection.execute(
        "UPDATE message SET dropped_at_ms = ?, put_off_why = ? WHERE id = ? AND handed_over_at_ms IS NULL",
        (at_ms, why, message),
    )


def _waiting(connection: sqlite3.Connection, limit: int) -> list[WaitingMessage]:
    rows = connection.execute(_WAITING, (limit,))
    return [WaitingMessage(MessageQueued(*message), sealed, tries) for *message, tries, sealed in rows]
