"""What is remembered for a while only: answered intents, spent codes, messages that left or were dropped."""

import sqlite3

DAY_MS = 86_400_000
INTENTS_MS = DAY_MS
SPENT_CODES_MS = 90 * DAY_MS
MESSAGES_MS = 30 * DAY_MS


def forget(connection: sqlite3.Connection, now_ms: int) -> None:
    """Drop what has aged out, judged by a wall clock that is trusted."""
    connection.execute(
        "DELETE FROM intent WHERE (SELECT at_ms FROM event WHERE event.seq = intent.seq) < ?",
        (now_ms - INTENTS_MS,),
    )
    connection.execute("DELETE FROM spent_code WHERE ended_at_ms < ?", (now_ms - SPENT_CODES_MS,))
    connection.execute(
        "DELETE FROM message WHERE coalesce(handed_over_at_ms, dropped_at_ms) < ?", (now_ms - MESSAGES_MS,)
    )
