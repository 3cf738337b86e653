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
    FROM message WHERE handed_over_at_ms IS NULL AND due_at_ms <= ? ORDER BY due_at_ms, id LIMIT ?"""


class SqliteMessages:
    """Messages wait here until a channel has taken them."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def waiting(self, now_ms: int, limit: int) -> Sequence[WaitingMessage]:
        """Messages that are due and not handed over, oldest first.

        `sealed` is the delivery's live code; nothing once the code has ended.
        """
        return await self._database.read(lambda connection: _waiting(connection, now_ms, limit))

    async def handed_over(self, message: MessageId, at_ms: int) -> None:
        """The channel took it."""
        await self._database.write(lambda connection: _hand_over(connection, message, at_ms))

    async def put_off(self, message: MessageId, until_ms: int, why: str) -> None:
        """The channel did not take it; try again later."""
        await self._database.write(lambda connection: _put_off(connection, message, until_ms, why))


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


def _waiting(connection: sqlite3.Connection, now_ms: int, limit: int) -> list[WaitingMessage]:
    rows = connection.execute(_WAITING, (now_ms, limit))
    return [WaitingMessage(MessageQueued(*message), sealed, tries) for *message, tries, sealed in rows]
