"""The kept proofs of delivery against the log: none is missing, none is of a parcel that was never stored."""

import sqlite3
from collections.abc import Iterator

from kiosk.store.audit_report import Problem, ProblemKind

_LACKING = """SELECT event.epoch, event.seq FROM event JOIN delivery ON delivery.id = event.subject
    WHERE event.type IN ('DeliveryStored', 'DeliveryReaddressed')
    AND event.seq BETWEEN (SELECT min(seq) FROM proof) AND (SELECT max(seq) FROM proof)
    AND NOT EXISTS (SELECT 1 FROM proof WHERE proof.seq = event.seq) LIMIT 20"""
_STRAY = """SELECT proof.seq FROM proof LEFT JOIN event ON event.seq = proof.seq
    WHERE event.subject IS NOT proof.delivery
    OR event.type NOT IN ('DeliveryStored', 'DeliveryReaddressed') LIMIT 20"""


def compare_proofs(connection: sqlite3.Connection) -> Iterator[Problem]:
    """Parcels that are here have a proof each; the newest may still wait for the next commit."""
    for epoch, seq in connection.execute(_LACKING):
        text = f"the parcel stored at {epoch}:{seq} has no proof of delivery"
        yield Problem(ProblemKind.PROOFS, f"{epoch}:{seq}", text)
    for (seq,) in connection.execute(_STRAY):
        text = f"a proof of delivery names event {seq}, which puts that parcel into nobody's custody"
        yield Problem(ProblemKind.PROOFS, f"proof {seq}", text)
