"""What goes with a decision but is not folded from the log: live and spent codes, and messages that wait."""

import json
import sqlite3
from dataclasses import replace

from kiosk.domain.changes import (
    Change,
    CredentialAdded,
    CredentialSpent,
    DirectoryReplaced,
    MessageQueued,
    MessageToldOtherwise,
)
from kiosk.domain.model.credential import Credential, SpentCode, SpentWhy
from kiosk.domain.model.ids import Digest
from kiosk.domain.rules.custody import WITH_CODE
from kiosk.domain.state import State
from kiosk.store.directory_rows import replace_directory
from kiosk.store.retention import forget_people

_DROP_UNSAID = """UPDATE message SET dropped_at_ms = ?, put_off_why = ?
    WHERE delivery = ? AND handed_over_at_ms IS NULL AND dropped_at_ms IS NULL
    AND kind IN (SELECT value FROM json_each(?))"""
_TRIES = """SELECT coalesce(max(tries), 0) FROM message
    WHERE delivery = ? AND resident = ? AND handed_over_at_ms IS NULL AND dropped_at_ms IS NULL
    AND kind IN (SELECT value FROM json_each(?))"""
_SUPERSEDE = """UPDATE message SET dropped_at_ms = ?, put_off_why = ?
    WHERE delivery = ? AND resident = ? AND handed_over_at_ms IS NULL AND dropped_at_ms IS NULL
    AND kind IN (SELECT value FROM json_each(?))"""
_TELL_OTHERWISE = """UPDATE message SET dropped_at_ms = ?, put_off_why = ?
    WHERE id = ? AND handed_over_at_ms IS NULL AND dropped_at_ms IS NULL"""
_KINDS = json.dumps(sorted(WITH_CODE))
CODE_ENDED = "the code ended before the message left"
"""Why a message that was to tell a code is never sent: the code opens nothing any more."""
SUPERSEDED = "a newer message says the same"
TOLD_OTHERWISE = "staff told the person another way"


def save_side(connection: sqlite3.Connection, change: Change, *, uptime_ms: int = 0) -> None:
    """Write one change of a side table, decided at an uptime; anything else is not for here."""
    match change:
        case CredentialAdded(credential=live, sealed=sealed):
            connection.execute(
                """INSERT INTO credential (digest, long_digest, delivery, recipient, sealed)
                VALUES (?, ?, ?, ?, ?)""",
                (live.digest, live.long_digest, live.delivery, live.recipient, sealed),
            )
        case CredentialSpent(spent=spent):
            connection.execute("DELETE FROM credential WHERE digest = ?", (spent.digest,))
            connection.execute(_DROP_UNSAID, (spent.ended_at_ms, CODE_ENDED, spent.delivery, _KINDS))
            connection.execute(
                """INSERT INTO spent_code (digest, long_digest, delivery, ended_at_ms, why, ended_uptime_ms)
                VALUES (?, ?, ?, ?, ?, ?)""",
                (
                    spent.digest,
                    spent.long_digest,
                    spent.delivery,
                    spent.ended_at_ms,
                    spent.why.value,
                    uptime_ms,
                ),
            )
        case MessageQueued():
            _queue(connection, change)
        case MessageToldOtherwise(message=message, at_ms=at_ms):
            connection.execute(_TELL_OTHERWISE, (at_ms, TOLD_OTHERWISE, message))
        case DirectoryReplaced(directory=directory, pin_hashes=hashes):
            replace_directory(connection, directory, dict(hashes))
            forget_people(connection, change.forgotten, change.recipients)
        case _:
            pass


def _queue(connection: sqlite3.Connection, change: MessageQueued) -> None:
    """A newer message with the same code takes the place of an older one that never left, and its tries."""
    tries = 0
    if change.kind in WITH_CODE:
        about = (change.delivery, change.resident, _KINDS)
        (tries,) = connection.execute(_TRIES, about).fetchone()
        connection.execute(_SUPERSEDE, (change.due_at_ms, SUPERSEDED, *about))
    connection.execute(
        """INSERT INTO message (id, kind, delivery, resident, due_at_ms, door, detail, tries)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?)""",
        (
            change.id,
            change.kind,
            change.delivery,
            change.resident,
            change.due_at_ms,
            change.door,
            change.detail,
            tries,
        ),
    )


def load_codes(connection: sqlite3.Connection, empty: State) -> State:
    """`empty` with every live and spent code."""
    credentials = {live.digest: live for live in _live(connection)}
    spent = {code.digest: code for code in _spent(connection)}
    known: list[Credential | SpentCode] = [*spent.values(), *credentials.values()]
    return replace(
        empty,
        credentials=credentials,
        spent=spent,
        long_credentials={code.long_digest: code.digest for code in known},
    )


def _live(connection: sqlite3.Connection) -> list[Credential]:
    rows = connection.execute("SELECT digest, long_digest, delivery, recipient FROM credential")
    return [Credential(Digest(digest), Digest(more), delivery, who) for digest, more, delivery, who in rows]


def _spent(connection: sqlite3.Connection) -> list[SpentCode]:
    rows = connection.execute("SELECT digest, long_digest, delivery, ended_at_ms, why FROM spent_code")
    return [
        SpentCode(Digest(digest), Digest(more), delivery, ended_at, SpentWhy(why))
        for digest, more, delivery, ended_at, why in rows
    ]
