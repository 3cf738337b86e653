"""Promise 5: every committed event reaches the broker at least once, in order, and nothing else does."""

import json
from collections.abc import Iterator

from kiosk.rehearsal.diary import BrokerTook
from kiosk.rehearsal.judge.books import Books
from kiosk.rehearsal.judge.facts import Fact
from kiosk.rehearsal.judge.sight import Sight
from kiosk.rehearsal.judge.verdict import Hearing

LATEST_MS = 180_000
"""So long after a broker works again an event has reached it, whatever went wrong before."""
_SAME = ("type", "v", "actor", "intent", "trusted", "epoch")


def hear(books: Books, _: Sight, hearing: Hearing) -> None:
    """What arrived against the log, and the log against what arrived."""
    if not books.record.has_broker:
        return
    facts = {fact.row.seq: fact for fact in books.facts}
    newest = 0
    for place, took, content in _events(books):
        seq = content.get("seq")
        fact = facts.get(seq) if isinstance(seq, int) else None
        if fact is None:
            hearing.demand(None, took.at_ms, f"event {seq} reached the broker, and the log does not have it")
            continue
        hearing.demand(
            fact.place < place, took.at_ms, f"event {fact.row.seq} was published before it was on disk"
        )
        hearing.demand(not (why := _differs(content, fact)), took.at_ms, f"event {fact.row.seq}: {why}")
        hearing.demand(
            fact.row.seq <= newest + 1,
            took.at_ms,
            f"event {fact.row.seq} reached the broker, and {newest + 1} had not",
        )
        hearing.reached["event sent again"] += fact.row.seq <= newest
        newest = max(newest, fact.row.seq)
    for fact in books.facts:
        if fact.at_ms <= books.record.end_ms - LATEST_MS:
            hearing.demand(
                fact.row.seq <= newest,
                fact.at_ms,
                f"event {fact.row.seq}, {fact.kind}, never reached the broker",
            )


def _events(books: Books) -> Iterator[tuple[int, BrokerTook, dict[str, object]]]:
    for place, took in books.taken:
        if "/event/" in took.topic:
            yield place, took, json.loads(took.payload)


def _differs(content: dict[str, object], fact: Fact) -> str:
    """What of a message is not as the log has it."""
    row = fact.row
    for name in _SAME:
        if content.get(name) != getattr(row, name):
            return f"{name} is {content.get(name)!r} at the broker and {getattr(row, name)!r} in the log"
    if content.get("data") != fact.body:
        return "the broker has another body than the log"
    if content.get("id") != f"{content.get('kiosk')}/{row.epoch}/{row.seq}":
        return f"its id is {content.get('id')!r}"
    return ""
