"""What a performance has reached, for the sum over many."""

from collections import Counter

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
