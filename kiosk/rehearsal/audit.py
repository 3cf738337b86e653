"""The database of a stage as an auditor reads it: what does not verify, and every text beside the log."""

from dataclasses import dataclass

from kiosk.store.audit import verify
from kiosk.store.database import Database

_TEXTS = """SELECT body FROM event_private UNION ALL SELECT answer FROM intent
    UNION ALL SELECT door || ' ' || detail || ' ' || put_off_why FROM message"""


@dataclass(frozen=True, slots=True)
class Audit:
    """What was found."""

    problems: tuple[str, ...]
    """One line for each; empty where everything verifies."""
    texts: tuple[str, ...]
    """Personal parts, answers, and what is noted at messages."""


async def audit_of(database: Database) -> Audit:
    """Verify the log and its personal parts, and read what else there is to read."""
    return await database.read(
        lambda connection: Audit(
            tuple(f"{problem.place}: {problem.text}" for problem in verify(connection).problems),
            tuple(str(text) for (text,) in connection.execute(_TEXTS)),
        )
    )
