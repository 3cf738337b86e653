"""Folding the whole log again and comparing the outcome with the rows that say what is active."""

import dataclasses
import sqlite3
from collections.abc import Iterator, Mapping
from typing import Any

from kiosk.domain.evolve import evolve
from kiosk.domain.state import State
from kiosk.store.active_rows import (
    BUCKETS,
    COMPARTMENTS,
    DELIVERIES,
    INCIDENTS,
    SESSIONS,
    holdings_of,
    load_active,
)
from kiosk.store.audit_report import Problem, ProblemKind
from kiosk.store.codec import UnreadableEvent, decode
from kiosk.store.errors import DatabaseCorrupt
from kiosk.store.tables import K, Table, V

_ROWS = "SELECT epoch, seq, type, v, at_ms, body FROM event ORDER BY seq"


def compare_with_rows(connection: sqlite3.Connection, empty: State) -> Iterator[Problem]:
    """Every difference between what the log says and what the tables hold."""
    folded, problem = _fold(connection, empty)
    if problem is not None:
        yield problem
        return
    try:
        stored = load_active(connection, empty)
    except DatabaseCorrupt as error:
        yield Problem(ProblemKind.ROWS, "tables", str(error))
        return
    yield from _compare(COMPARTMENTS, folded.compartments, stored.compartments)
    yield from _compare(DELIVERIES, folded.deliveries, stored.deliveries)
    yield from _compare(SESSIONS, folded.sessions, stored.sessions)
    yield from _compare(INCIDENTS, folded.incidents, stored.incidents)
    yield from _compare(BUCKETS, folded.buckets, stored.buckets)
    held = set(connection.execute("SELECT compartment, recipient FROM holding"))
    for compartment, recipient in sorted(held ^ holdings_of(folded.deliveries)):
        text = f"holding {compartment}: table and log disagree about {recipient}"
        yield Problem(ProblemKind.ROWS, f"holding {compartment}", text)


def _fold(connection: sqlite3.Connection, empty: State) -> tuple[State, Problem | None]:
    state = empty
    for epoch, seq, kind, v, at_ms, body in connection.execute(_ROWS):
        try:
            state = evolve(state, decode(kind, v, body), at_ms)
        except (UnreadableEvent, KeyError) as error:
            text = f"{epoch}:{seq} cannot be folded: {type(error).__name__}: {error}"
            return state, Problem(ProblemKind.ROWS, f"{epoch}:{seq}", text)
    return state, None


def _compare(table: Table[K, V], folded: Mapping[K, V], stored: Mapping[K, V]) -> Iterator[Problem]:
    for key in sorted(folded.keys() | stored.keys(), key=str):
        if folded.get(key) != stored.get(key):
            place = f"{table.name} {key}"
            yield Problem(
                ProblemKind.ROWS, place, f"{place}: {_difference(folded.get(key), stored.get(key))}"
            )


def _difference(folded: Any, stored: Any) -> str:
    if stored is None:
        return "in the log, but not in the table"
    if folded is None:
        return "in the table, but not in the log"
    said, kept = dataclasses.asdict(folded), dataclasses.asdict(stored)
    names = (name for name in said if said[name] != kept[name])
    return "; ".join(f"{name} is {kept[name]!s} in the table, {said[name]!s} in the log" for name in names)
