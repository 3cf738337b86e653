"""Promise 4: a parcel that was confirmed is never forgotten."""

from bisect import bisect_right

from kiosk.rehearsal.diary import HandDid
from kiosk.rehearsal.judge.at_places import has_receipt, hear_places
from kiosk.rehearsal.judge.books import Books
from kiosk.rehearsal.judge.excuses import is_logged_open, physical_opening, why_wrong
from kiosk.rehearsal.judge.nouns import Life
from kiosk.rehearsal.judge.sight import Sight
from kiosk.rehearsal.judge.telling import EMPTY
from kiosk.rehearsal.judge.verdict import Hearing

_SAID_GONE = ("found_empty", "found_foreign", "took_it", "not_there", "take_out")
_SAID_NOT_HERE = ("not_deposited", "something_inside", "inside_no", "found_empty", "found_foreign")
_SAID_INSIDE = (
    "still_inside",
    "found_parcel",
    "inside_yes",
    "not_mine",
    "damaged_left",
    "left_it",
    "put_it_in",
)
_UNANSWERED = ("unlock_not_sent", "never_opened")


def hear(books: Books, sight: Sight, hearing: Hearing) -> None:
    """What people were told is in the log; what is in the log is behind its door; and the other way round."""
    _hear_proofs(books, hearing)
    _hear_messages(books, hearing)
    _hear_answers(books, hearing)
    hear_places(books, hearing)
    for life in books.lives.values():
        _hear_end(books, life, hearing)
        if life.ended is None and life.stored and life.parcel and life.elsewhere is None:
            _hear_inside(books, sight, life, hearing)
    for door, book in books.doors.items():
        belief = book.belief
        for inside in book.inside.values():
            is_known = bool(books.live_in[door]) or (belief is not None and belief.vacancy not in EMPTY)
            why = "" if is_known or not belief else why_wrong(books, sight, door, inside, belief)
            hearing.demand(
                not why,
                books.record.end_ms,
                f"parcel {inside.parcel} is forgotten in {books.name(door)}: {why}",
            )
    for fact in books.orphans:
        hearing.demand(None, fact.at_ms, f"event {fact.row.seq}, {fact.kind}, is about nothing that is known")


def _hear_proofs(books: Books, hearing: Hearing) -> None:
    """A proof that somebody was shown stands in the log, and stood there before."""
    told: set[tuple[str, str]] = set()
    for place, shown in books.shown:
        for proof in shown.screen.proofs:
            if (proof.delivery, proof.proof) in told:
                continue
            told.add((proof.delivery, proof.proof))
            life = books.life(proof.delivery)
            before = [one for one in life.stored if one.place < place] if life else []
            hearing.demand(
                any(one.body["proof"] == proof.proof for one in before) or has_receipt(books, proof, place),
                shown.at_ms,
                f"{shown.person} saw a proof of {proof.delivery} at door {proof.door}, "
                "and the log does not have it stored",
            )


def _hear_answers(books: Books, hearing: Hearing) -> None:
    """Who is told that nothing was done finds nothing of it in the log."""
    for intent, (_, answer) in books.answers.items():
        if answer.refusal == "not_durable":
            hearing.demand(
                intent not in books.by_intent,
                answer.at_ms,
                f"{answer.person} was told that nothing was done, and the log has it",
            )


def _hear_messages(books: Books, hearing: Hearing) -> None:
    """A code that reached a phone stands in the log, and stood there before."""
    issued = {
        message: fact for life in books.all_lives for code in life.codes for message, fact in code.told()
    }
    for place, arrived in books.arrivals:
        if arrived.has_code:
            fact = issued.get(arrived.message)
            hearing.demand(
                fact and fact.place < place,
                arrived.at_ms,
                f"a code reached {arrived.resident}, and the log issued none with message {arrived.message}",
            )


def _hear_end(books: Books, life: Life, hearing: Hearing) -> None:
    """A delivery ends by what a person did or said."""
    fact = life.ended
    if fact is None:
        return
    name = f"delivery {life.id} in {books.name(life.door)}"
    match fact.kind:
        case "DeliveryCollected":
            hearing.demand(life.stored, fact.at_ms, f"{name} was collected and never stored")
        case "DeliveryRemoved":
            is_so = books.touched_with(fact.intent, *_SAID_GONE)
            hearing.demand(is_so, fact.at_ms, f"{name} was removed, and nobody said that it is gone")
        case _ if life.stored or fact.body["why"] not in _UNANSWERED:
            is_so = books.touched_with(fact.intent, *_SAID_NOT_HERE)
            hearing.demand(is_so, fact.at_ms, f"{name} was cancelled, and nobody said that it is not here")
        case _:
            hearing.demand(
                life.parcel not in books.doors[life.door].inside or not life.parcel,
                fact.at_ms,
                f"{name} was cancelled as {fact.body['why']} with its parcel inside",
            )


def _hear_inside(books: Books, sight: Sight, life: Life, hearing: Hearing) -> None:
    """A stored parcel is behind its door, or went out by an opening that the log explains."""
    if life.parcel in books.doors[life.door].inside or life.in_doubt is not None:
        hearing.demand(True, books.record.end_ms, "")
        return
    taken = _taken(books, life)
    if taken is None:
        return
    why = _why_unexplained(books, sight, life, taken)
    where = f"delivery {life.id} is stored in {books.name(life.door)}"
    hearing.demand(not why, taken.at_ms, f"{where}, and {taken.person} took {life.parcel}: {why}")


def _taken(books: Books, life: Life) -> HandDid | None:
    hands = (one for one in reversed(books.hands[life.door]) if one.verb == "take out")
    return next((one for one in hands if one.parcel == life.parcel), None)


def _why_unexplained(books: Books, sight: Sight, life: Life, taken: HandDid) -> str:
    """Somebody took it: the log doubts it, is still at its door, heard a false word, or could not see."""
    book = books.doors[life.door]
    if is_logged_open(books, life.door, len(books.facts) + 1) or (
        life.kept and books.touched_with(life.kept.intent, *_SAID_INSIDE)
    ):
        return ""
    if books.touched_with(life.stored[-1].intent, *_SAID_INSIDE):
        return ""
    opened, closed = physical_opening(book, taken.at_ms)
    bank = books.record.doors[life.door].bank
    if opened is None or not sight.saw(bank, opened, min(closed, opened + 5_000)):
        return ""
    unlocks = book.unlocks
    index = bisect_right(unlocks, taken.at_ms, key=lambda one: one.fact.at_ms) - 1
    purpose = unlocks[index].purpose if index >= 0 else "nothing"
    if closed - opened < 5_000 or _is_still_at_hand(books, life):
        return ""
    if index >= 0 and unlocks[index].delivery != life.id and purpose != "look":
        return ""
    return f"the door was unlocked for {purpose}, and the log has no doubt"


def _is_still_at_hand(books: Books, life: Life) -> bool:
    """Whether a sign-in that had its door is not over."""
    mine = (books.sign_ins.get(session) for session in life.sessions)
    unlocked = [books.sign_ins.get(one.session) for one in books.doors[life.door].unlocks[-1:]]
    return any(one is not None and one.ended is None for one in (*mine, *unlocked))
