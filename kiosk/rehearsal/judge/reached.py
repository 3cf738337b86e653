"""What a performance has reached, for the sum over many; and figures that only many together can judge."""

from collections import Counter
from itertools import pairwise

from kiosk.rehearsal.judge.books import Books


def reached(books: Books) -> Counter[str]:
    """How often each event, state, vacancy, refusal and page came."""
    found = Counter({f"event {kind}": len(facts) for kind, facts in books.by_kind.items() if facts})
    found.update(f"screen {shown.screen.kind}" for _, shown in books.shown)
    found.update(f"refusal {one.refusal}" for _, one in books.answers.values() if one.refusal)
    found.update(f"vacancy {belief.vacancy}" for book in books.doors.values() for belief in book.beliefs)
    found.update(f"incident {trouble.kind}" for trouble in books.troubles.values())
    found.update(f"unlock {unlock.purpose} {unlock.attempt}" for unlock in books.unlocks.values())
    return found


def measures(books: Books) -> dict[str, int]:
    """Milliseconds of doors in all and unknown, drop-offs tried, drop-offs turned away."""
    end_ms = books.record.end_ms
    unknown = 0
    for book in books.doors.values():
        ends = [*(after.fact.at_ms for _, after in pairwise(book.beliefs)), end_ms]
        unknown += sum(
            end - belief.fact.at_ms
            for belief, end in zip(book.beliefs, ends, strict=False)
            if belief.vacancy == "unknown"
        )
    turned_away = sum(one.refusal == "nothing_free" for _, one in books.answers.values())
    return {
        "door_ms": end_ms * len(books.doors),
        "unknown_door_ms": unknown,
        "drop_offs": len(books.reservations) + turned_away,
        "turned_away": turned_away,
    }
