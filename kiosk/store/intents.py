"""Which intents have been decided, and what they were answered. Used on the writer's thread only."""

import sqlite3
from collections.abc import Sequence

from kiosk.domain.model.ids import IntentId
from kiosk.domain.refusals import Refusal
from kiosk.ports import Answer, Decision, JournalRefused
from kiosk.store.log_index import indexed_up_to

_REFUSALS = {refusal.value: refusal for refusal in Refusal}


class Intents:
    """The table of intents; those that it gets later are remembered from the end of the log."""

    def __init__(self) -> None:
        self._newest: dict[IntentId, int] = {}
        self._read_up_to = 0
        self._read_at: int | None = None
        """How many rows the connection had changed by then: nothing is new in the log until that grows."""

    def answer_of(self, connection: sqlite3.Connection, intent: IntentId) -> Answer | None:
        """The answer that an intent got."""
        row = connection.execute("SELECT seq, answer FROM intent WHERE id = ?", (intent,)).fetchone()
        if row is not None:
            return Answer(_REFUSALS.get(row[1], Refusal.NOT_NOW) if row[1] else None, row[0])
        self.read_on(connection)
        return Answer(None, self._newest[intent]) if intent in self._newest else None

    def claim(self, connection: sqlite3.Connection, decisions: Sequence[Decision]) -> None:
        """No intent is decided twice."""
        intents = [decision.intent for decision in decisions]
        known = [intent for intent in intents if self.answer_of(connection, intent) is not None]
        if known or len(set(intents)) < len(intents):
            raise JournalRefused(f"an intent was decided before: {known or intents}")

    def read_on(self, connection: sqlite3.Connection) -> None:
        """Take in what the log has got since the last time."""
        if self._read_at == connection.total_changes:
            return
        self._read_at = connection.total_changes
        if not self._read_up_to:
            self._read_up_to = indexed_up_to(connection)
        rows = connection.execute(
            "SELECT intent, seq FROM event WHERE seq > ? ORDER BY seq", (self._read_up_to,)
        )
        for intent, seq in rows:
            self._newest[intent] = self._read_up_to = seq

    def start_over(self) -> None:
        """The table has got what was remembered, or the disk may differ from it."""
        self._newest, self._read_up_to, self._read_at = {}, 0, None
