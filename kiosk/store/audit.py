"""The audit of a database: file, chain, personal parts, the end of the log, and the active rows."""

import sqlite3
from collections.abc import Iterator

from kiosk.domain.state import State
from kiosk.store.audit_chain import Walk, explain
from kiosk.store.audit_fold import compare_with_rows
from kiosk.store.audit_proofs import compare_proofs
from kiosk.store.audit_report import PROBLEMS_KEPT, BadHead, Problem, ProblemKind, Report
from kiosk.store.chain import private_mac
from kiosk.store.log import Head
from kiosk.store.log_index import indexed_up_to

_PRIVATE = """SELECT kept.epoch, kept.seq, kept.salt, kept.body, event.private_mac, event.epoch
    FROM event_private AS kept LEFT JOIN event ON event.seq = kept.seq ORDER BY kept.seq"""

_STRAY = """SELECT listed.subject, listed.seq
    FROM event_subject AS listed LEFT JOIN event ON event.seq = listed.seq
    WHERE event.subject IS NOT listed.subject LIMIT 20"""
_UNINDEXED = """SELECT subject, seq FROM event WHERE seq <= ? AND subject <> '' AND NOT EXISTS (
    SELECT 1 FROM event_subject AS listed WHERE listed.subject = event.subject AND listed.seq = event.seq)
    LIMIT 20"""


def parse_head(text: str) -> Head:
    """A head as it was noted down: `EPOCH:SEQ:HASH`."""
    try:
        epoch, seq, digest = text.strip().split(":")
        return Head(int(epoch), int(seq), bytes.fromhex(digest))
    except ValueError as error:
        raise BadHead(f"{text!r} is not EPOCH:SEQ:HASH, such as 1:42:9f86...") from error


def verify(connection: sqlite3.Connection, *, head: str | None = None, empty: State | None = None) -> Report:
    """Check everything, in one pass over the log; with `empty`, a second pass folds it.

    Without a noted `head`, an end that was cut off together with everything that tells of it is not seen.
    """
    noted = parse_head(head) if head else None
    walk = Walk(wanted_seq=noted.seq if noted else 0)
    walk.run(connection)
    private, kept = _check_private(connection)
    problems = [*_structure(connection), *explain(walk), *private, *_end(connection, walk, noted)]
    problems += [*_subjects(connection), *compare_proofs(connection)]
    if empty is not None:
        problems += compare_with_rows(connection, empty)
    return Report(
        events=walk.events,
        verified=str(walk.whole),
        head=str(walk.head),
        private_removed=walk.macs - kept,
        is_folded=empty is not None,
        problems=tuple(problems[:PROBLEMS_KEPT]),
        more_problems=max(0, len(problems) - PROBLEMS_KEPT) + walk.broken_count - len(walk.broken),
    )


def _structure(connection: sqlite3.Connection) -> Iterator[Problem]:
    for (line,) in connection.execute("PRAGMA integrity_check(20)"):
        if line != "ok":
            yield Problem(ProblemKind.STRUCTURE, "file", f"the file is damaged: {line}")
    for table, row, *_ in connection.execute("PRAGMA foreign_key_check"):
        yield Problem(
            ProblemKind.STRUCTURE, f"{table}", f"{table} row {row} points to a row that is not there"
        )


def _subjects(connection: sqlite3.Connection) -> Iterator[Problem]:
    for subject, seq in connection.execute(_STRAY):
        yield Problem(
            ProblemKind.STRUCTURE, "event_subject", f"event_subject has {subject} at {seq}, the log has not"
        )
    for subject, seq in connection.execute(_UNINDEXED, (indexed_up_to(connection),)):
        yield Problem(ProblemKind.STRUCTURE, "event_subject", f"event_subject lacks {subject} at {seq}")


def _check_private(connection: sqlite3.Connection) -> tuple[list[Problem], int]:
    problems: list[Problem] = []
    kept = 0
    for epoch, seq, salt, body, mac, event_epoch in connection.execute(_PRIVATE):
        kept += mac is not None
        if mac is None or event_epoch != epoch:
            problems.append(_private(epoch, seq, "belongs to no event"))
        elif private_mac(salt, body) != mac:
            problems.append(_private(epoch, seq, "was changed"))
    return problems, kept


def _private(epoch: int, seq: int, what: str) -> Problem:
    return Problem(ProblemKind.PRIVATE, f"{epoch}:{seq}", f"the personal part of {epoch}:{seq} {what}")


def _end(connection: sqlite3.Connection, walk: Walk, noted: Head | None) -> Iterator[Problem]:
    last = walk.head
    if noted is not None and noted.seq > last.seq:
        yield _cut_off(last, noted.seq, "the noted head")
    elif noted is not None and walk.wanted != noted:
        found = str(walk.wanted) if walk.wanted else "no such row"
        text = f"{noted.epoch}:{noted.seq} is not the row that was noted: found {found}"
        yield Problem(ProblemKind.CHANGED, f"{noted.epoch}:{noted.seq}", text)
    known = "SELECT max(seq) FROM (SELECT max(seq) AS seq FROM intent UNION ALL SELECT max(seq) FROM cursor)"
    (ahead,) = connection.execute(known).fetchone()
    if ahead is not None and ahead > last.seq:
        yield _cut_off(last, ahead, "the answered intents and cursors")


def _cut_off(last: Head, known: int, who: str) -> Problem:
    place = f"{last.epoch}:{last.seq + 1}"
    return Problem(
        ProblemKind.CUT_OFF, place, f"the log ends at {last.epoch}:{last.seq}, but {who} know {known}"
    )
