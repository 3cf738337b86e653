"""A parcel behind a door that the log calls empty: whether anybody could have known better.

Only a door seen open changes what is believed. So a parcel may be overlooked where a person's word was false,
where a valid pickup ended without an answer, or where it came in while nobody could see the door.
"""

from bisect import bisect_left, bisect_right

from kiosk.rehearsal.judge.books import Books
from kiosk.rehearsal.judge.nouns import Belief, DoorBook, Inside
from kiosk.rehearsal.judge.sight import Sight

SEEN_AFTER_MS = 5_000
"""A door that stands open for so long while its bank is watched cannot be missed."""
_SAW_EMPTY = ("found_empty", "took_it", "not_there", "take_out", "another_door")
"""What staff say of a door that they looked behind."""


def why_wrong(books: Books, sight: Sight, door: str, inside: Inside, belief: Belief) -> str:
    """Why nobody may believe a compartment empty that holds this parcel; empty where it is excused."""
    if inside.place > belief.fact.place:
        return _why_overlooked(books, sight, door, inside, belief)
    return _why_claimed(books, belief)


def _why_claimed(books: Books, belief: Belief) -> str:
    """The parcel was inside when the compartment was called empty."""
    intent, claim = belief.fact.intent, belief.claim
    if belief.vacancy == "presumed":
        return ""
    if claim == "collected_confirmed" and books.touched_with(intent, "got_everything", "damaged_taken"):
        return ""
    if claim == "seen_empty" and books.touched_with(intent, *_SAW_EMPTY):
        return ""
    return f"it was there when {claim} made it {belief.vacancy}, and no person had said so"


def _why_overlooked(books: Books, sight: Sight, door: str, inside: Inside, belief: Belief) -> str:
    """The parcel was put in after the compartment was called empty."""
    if belief.vacancy == "presumed" and _is_opened_by_pickup(books, door, inside.at_ms):
        return ""
    opened, closed = physical_opening(books.doors[door], inside.at_ms)
    bank = books.record.doors[door].bank
    if opened is None:
        return ""
    latest = min(closed, opened + SEEN_AFTER_MS)
    if latest - opened < SEEN_AFTER_MS or not sight.saw(bank, opened, latest):
        return ""
    return f"it was put in {inside.at_ms / 1000:.1f} s after the start, while the open door was watched"


def _is_opened_by_pickup(books: Books, door: str, at_ms: int) -> bool:
    """Whether the door was last unlocked for a resident, or for a courier who tried it."""
    unlocks = books.doors[door].unlocks
    index = bisect_right(unlocks, at_ms, key=lambda one: one.fact.at_ms) - 1
    return index >= 0 and unlocks[index].purpose in ("pickup", "reopen", "drop_off")


def physical_opening(book: DoorBook, at_ms: int) -> tuple[int | None, int]:
    """From when until when the feedback of a door said that it was free, around a moment."""
    index = bisect_right(book.latch, at_ms, key=lambda one: one[0]) - 1
    if index < 0 or book.latch[index][1]:
        return None, at_ms
    closed = book.latch[index + 1][0] if index + 1 < len(book.latch) else 1 << 62
    return book.latch[index][0], closed


def is_logged_open(books: Books, door: str, seq: int) -> bool:
    """Whether the last that the log had of a door is that it opened, with its bank in sight ever since."""
    moves = books.doors[door].moves
    index = bisect_left(moves, seq, key=lambda move: move[2].row.seq) - 1
    if index < 0 or not moves[index][1]:
        return False
    bank, opened = books.record.doors[door].bank, moves[index][2].row.seq
    answers = (one.row.seq for one in books.by_kind["BankAnswered"] if one.body["bank"] == bank)
    return not any(opened < answered < seq for answered in answers)
