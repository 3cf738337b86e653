"""Promise 11: the event log verifies, and who opens a compartment that holds a parcel is told about."""

from bisect import bisect_left
from collections import defaultdict

from kiosk.rehearsal.judge.books import Books
from kiosk.rehearsal.judge.facts import Fact
from kiosk.rehearsal.judge.nouns import Life
from kiosk.rehearsal.judge.sight import Sight
from kiosk.rehearsal.judge.verdict import Hearing


def hear(books: Books, _: Sight, hearing: Hearing) -> None:
    """What the audit found, and every opening to look."""
    hearing.demand(not books.record.problems, books.record.end_ms, "; ".join(books.record.problems[:3]))
    by_door: dict[str, list[Life]] = defaultdict(list)
    for life in books.lives.values():
        for _fact, door in life.places:
            by_door[door].append(life)
    for fact in books.by_kind["DoorOpened"]:
        unlock = books.unlocks.get(fact.body.get("unlock") or "")
        if unlock is None or unlock.purpose != "look" or _stood_open(books, unlock.door, fact):
            continue
        for life in by_door[unlock.door]:
            if _is_owed(life, unlock.door, fact):
                _hear_opening(books, life, fact, hearing)


def _stood_open(books: Books, door: str, fact: Fact) -> bool:
    """Whether the door was open already, so that nobody opened it."""
    moves = books.doors[door].moves
    index = bisect_left(moves, fact.row.seq, key=lambda move: move[2].row.seq) - 1
    return index >= 0 and moves[index][1]


def _is_owed(life: Life, door: str, fact: Fact) -> bool:
    seq = fact.row.seq
    if life.door_at(seq) != door or not life.codes or life.codes[0].issued.row.seq > seq:
        return False
    live = life.codes[-1]
    return live.ended is None or live.ended.row.seq > seq


def _hear_opening(books: Books, life: Life, fact: Fact, hearing: Hearing) -> None:
    told = [
        one
        for one in books.by_intent[fact.intent]
        if one.kind == "RecipientToldOfOpening" and one.body["delivery"] == life.id
    ]
    is_told = any(one.body["messages"] for one in told)
    if told and not is_told:
        is_told = bool(books.troubles_at.get(("nobody_to_tell", life.door)))
    where = f"{books.name(life.door)} with delivery {life.id} inside"
    hearing.demand(is_told, fact.at_ms, f"staff opened {where}, and {life.recipient} is not told")
