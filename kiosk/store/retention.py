"""What is remembered for a while only: answered intents, spent codes, ended messages, proofs of delivery.

And what is forgotten on order: messages to a person, and the personal parts of the log on their parcels.
"""

import sqlite3
from collections.abc import Sequence

from kiosk.domain.model.ids import RecipientId, ResidentId

DAY_MS = 86_400_000
INTENTS_MS = DAY_MS
SPENT_CODES_MS = 90 * DAY_MS
MESSAGES_MS = 30 * DAY_MS
PROOFS_MS = 180 * DAY_MS

_PARTS_OF = """DELETE FROM event_private WHERE seq IN (
    SELECT event.seq FROM event_private JOIN event ON event.seq = event_private.seq
    WHERE event.type IN ('DeliveryReserved', 'DeliveryReaddressed')
    AND json_extract(event.body, '$.recipient') = ?)"""


class Uptime:
    """How long the kiosk has run over all its starts, at least: no clock that jumps makes it longer."""

    def __init__(self) -> None:
        self._before_ms: int | None = None
        self._began_mono_ms: int | None = None

    def read(self, connection: sqlite3.Connection) -> None:
        """Go on from where the last code ended; said once a start."""
        if self._before_ms is None:
            row = connection.execute("SELECT coalesce(max(ended_uptime_ms), 0) FROM spent_code").fetchone()
            self._before_ms = row[0]

    def at(self, mono_ms: int) -> int:
        """The uptime at a monotonic time of this start, in milliseconds."""
        if self._began_mono_ms is None:
            self._began_mono_ms = mono_ms
        return (self._before_ms or 0) + mono_ms - self._began_mono_ms


def forget(connection: sqlite3.Connection, now_ms: int, *, uptime_ms: int) -> None:
    """Drop what has aged out by a wall clock that is trusted; spent codes by uptime too: a clock may jump."""
    connection.execute(
        "DELETE FROM intent WHERE (SELECT at_ms FROM event WHERE event.seq = intent.seq) < ?",
        (now_ms - INTENTS_MS,),
    )
    connection.execute(
        "DELETE FROM spent_code WHERE ended_at_ms < ? AND ended_uptime_ms < ?",
        (now_ms - SPENT_CODES_MS, uptime_ms - SPENT_CODES_MS),
    )
    connection.execute(
        "DELETE FROM message WHERE coalesce(handed_over_at_ms, dropped_at_ms) < ?", (now_ms - MESSAGES_MS,)
    )
    connection.execute(
        """DELETE FROM proof WHERE at_ms < ?
        AND NOT EXISTS (SELECT 1 FROM delivery WHERE delivery.id = proof.delivery)""",
        (now_ms - PROOFS_MS,),
    )


def forget_people(
    connection: sqlite3.Connection, residents: Sequence[ResidentId], recipients: Sequence[RecipientId]
) -> None:
    """Drop every message to these people, and what stands apart from the log on parcels of these recipients.

    The chain stays whole: an event holds only a digest of its personal part.
    """
    connection.executemany("DELETE FROM message WHERE resident = ?", [(one,) for one in residents])
    connection.executemany(_PARTS_OF, [(one,) for one in recipients])
