"""What is remembered for a while only: answered intents, spent codes, messages that left or were dropped.

And what is forgotten on order: messages to a person, and the personal parts of the log on their parcels.
"""

import sqlite3
from collections.abc import Sequence

from kiosk.domain.model.ids import RecipientId, ResidentId

DAY_MS = 86_400_000
INTENTS_MS = DAY_MS
SPENT_CODES_MS = 90 * DAY_MS
MESSAGES_MS = 30 * DAY_MS

_PARTS_OF = """DELETE FROM event_private WHERE seq IN (
    SELECT event.seq FROM event_private JOIN event ON event.seq = event_private.seq
    WHERE event.type = 'DeliveryReserved' AND json_extract(event.body, '$.recipient') = ?)"""


def newest_spent(connection: sqlite3.Connection) -> int:
    """The row of the code that ended last."""
    row: tuple[int] = connection.execute("SELECT coalesce(max(rowid), 0) FROM spent_code").fetchone()
    return row[0]


def forget(connection: sqlite3.Connection, now_ms: int, *, spent_up_to: int) -> None:
    """Drop what has aged out, judged by a wall clock that is trusted.

    Of spent codes only those up to a row, which ended before the start: a clock that jumps while the kiosk
    runs ages none of the others.
    """
    connection.execute(
        "DELETE FROM intent WHERE (SELECT at_ms FROM event WHERE event.seq = intent.seq) < ?",
        (now_ms - INTENTS_MS,),
    )
    connection.execute(
        "DELETE FROM spent_code WHERE rowid <= ? AND ended_at_ms < ?", (spent_up_to, now_ms - SPENT_CODES_MS)
    )
    connection.execute(
        "DELETE FROM message WHERE coalesce(handed_over_at_ms, dropped_at_ms) < ?", (now_ms - MESSAGES_MS,)
    )


def forget_people(
    connection: sqlite3.Connection, residents: Sequence[ResidentId], recipients: Sequence[RecipientId]
) -> None:
    """Drop every message to these people, and what stands apart from the log on parcels of these recipients.

    The chain stays whole: an event holds only a digest of its personal part.
    """
    connection.executemany("DELETE FROM message WHERE resident = ?", [(one,) for one in residents])
    connection.executemany(_PARTS_OF, [(one,) for one in recipients])
