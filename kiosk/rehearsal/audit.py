"""The database of a stage as an auditor reads it: what does not verify, and every text beside the log."""

from dataclasses import dataclass

from kiosk.domain.state import State
from kiosk.store.audit import verify
from kiosk.store.database import Database

_TEXTS = """SELECT body FROM event_private UNION ALL SELECT answer FROM intent
    UNION ALL SELECT door || ' ' || detail || ' ' || put_off_why FROM message
    UNION ALL SELECT code || ' ' || text FROM proof
    UNION ALL SELECT digest FROM credential UNION ALL SELECT long_digest FROM credential
    UNION ALL SELECT sealed FROM credential
    UNION ALL SELECT digest FROM spent_code UNION ALL SELECT long_digest FROM spent_code"""


@dataclass(frozen=True, slots=True)
class Audit:
    """What was found."""

    problems: tuple[str, ...]
    """One line for each; empty where everything verifies."""
    texts: tuple[str, ...]
    """Personal parts, answers, what is noted at messages, proofs, and what stands in the place of codes."""


async def audit_of(database: Database, empty: State) -> Audit:
    """Verify the log, its personal parts and the active rows, and read what else there is to read."""
    return await database.read(
        lambda connection: Audit(
            tuple(f"{one.place}: {one.text}" for one in verify(connection, empty=empty).problems),
            tuple(_as_text(text) for (text,) in connection.execute(_TEXTS)),
        )
    )


def _as_text(stored: str | bytes) -> str:
    return stored.decode("latin-1") if isinstance(stored, bytes) else stored
