"""Of promise 10: whose parcel waits has heard of it, or staff know that the message does not arrive."""

from kiosk.rehearsal.judge.books import Books
from kiosk.rehearsal.judge.nouns import Code, Life
from kiosk.rehearsal.judge.verdict import Hearing

_UNDELIVERED = "message_undelivered"
_PATIENCE_MS = 5 * 3_600_000
"""Until staff must know: four hours of tries, and what a kiosk needs that was down in between."""

_SETTLES_MS = 3_600_000


def hear_unheard(books: Books, hearing: Hearing) -> None:
    """Every live code at the end, and every incident of a message that is still open."""
    for life in books.lives.values():
        code = life.codes[-1] if life.codes else None
        if code is not None and code.ended is None and life.ended is None:
            _hear_code(books, life, code, hearing)
    for trouble in books.troubles.values():
        if trouble.kind == _UNDELIVERED and trouble.settled is None:
            arrived = books.by_message.get(trouble.fact.body["message"])
            hearing.demand(
                arrived is None or arrived.at_ms > books.record.end_ms - _SETTLES_MS,
                books.record.end_ms,
                f"message {trouble.fact.body['message']} has arrived, and staff are told that it has not",
            )


def _hear_code(books: Books, life: Life, code: Code, hearing: Hearing) -> None:
    if books.record.end_ms - code.issued.at_ms < _PATIENCE_MS:
        return
    messages = [message for message, _ in code.told()]
    is_heard = any(message in books.by_message for message in messages)
    kinds = (_UNDELIVERED, "nobody_to_tell")
    known = (one for kind in kinds for one in books.troubles_at.get((kind, life.door), ()))
    is_known = any(one.settled is None or one.settled.row.actor.startswith("staff") for one in known)
    hearing.demand(
        is_heard or is_known,
        books.record.end_ms,
        f"nobody has heard of delivery {life.id} in {books.name(life.door)}, and staff do not know",
    )
