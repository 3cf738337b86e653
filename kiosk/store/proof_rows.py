"""Signed proofs of delivery, one row a parcel stored. A proof rides with the next decision, not alone.

Losing the last of them is harmless: they are signed again, letter for letter, from the end of the log.
"""

import sqlite3
from collections.abc import Sequence

from kiosk.domain.events import DeliveryReaddressed, DeliveryStored
from kiosk.ports import KeptProof, Written
from kiosk.store.codec import decode
from kiosk.store.database import Database

TAIL_ROWS = 1000
"""More than one batch can write; everything before it was kept with the batch that came after."""
_SAVE = "INSERT OR IGNORE INTO proof (seq, delivery, code, at_ms, text) VALUES (?, ?, ?, ?, ?)"
_BY_CODE = "SELECT seq, delivery, code, at_ms, text FROM proof WHERE code = ? ORDER BY seq DESC"
_UNSIGNED = """SELECT epoch, seq, type, v, body, hash, at_ms, trusted FROM event
    WHERE type IN ('DeliveryStored', 'DeliveryReaddressed')
    AND seq > max((SELECT coalesce(max(seq), 0) FROM proof), (SELECT coalesce(max(seq), 0) FROM event) - ?)
    ORDER BY seq"""


class ProofShelf:
    """Proofs that were signed and wait for the next commit."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._waiting: tuple[KeptProof, ...] = ()

    def put(self, proof: KeptProof) -> None:
        """Keep a proof from the next commit on."""
        self._waiting = (*self._waiting, proof)

    @property
    def waiting(self) -> tuple[KeptProof, ...]:
        """What the next commit should carry."""
        return self._waiting

    def are_saved(self, saved: Sequence[KeptProof]) -> None:
        """A commit has carried these."""
        if saved:
            self._waiting = tuple(one for one in self._waiting if one not in saved)

    async def unsigned(self) -> Sequence[Written]:
        """Parcels at the end of the log that have no proof yet."""
        return await self._database.read(_unsigned)

    async def by_code(self, code: str) -> Sequence[KeptProof]:
        """Proofs with these six characters, newest first."""
        stored = await self._database.read(lambda connection: proofs_by_code(connection, code))
        found = {one.seq: one for one in (*stored, *self._waiting) if one.code == code}
        return [found[seq] for seq in sorted(found, reverse=True)]


def save_proofs(connection: sqlite3.Connection, proofs: Sequence[KeptProof]) -> None:
    """Write proofs inside a transaction."""
    rows = [(one.seq, one.delivery, one.code, one.at_ms, one.text) for one in proofs]
    connection.executemany(_SAVE, rows)


def proofs_by_code(connection: sqlite3.Connection, code: str) -> list[KeptProof]:
    """Proofs with these six characters, newest first."""
    return [KeptProof(*row) for row in connection.execute(_BY_CODE, (code,))]


def _unsigned(connection: sqlite3.Connection) -> list[Written]:
    return [
        Written(epoch, seq, _proven(kind, v, body), digest.hex(), at_ms=at_ms, trusted=bool(trusted))
        for epoch, seq, kind, v, body, digest, at_ms, trusted in connection.execute(_UNSIGNED, (TAIL_ROWS,))
    ]


def _proven(kind: str, v: int, body: str) -> DeliveryStored | DeliveryReaddressed:
    event = decode(kind, v, body)
    if not isinstance(event, DeliveryStored | DeliveryReaddressed):
        raise TypeError(f"{type(event).__name__} in the place of {kind}")
    return event
