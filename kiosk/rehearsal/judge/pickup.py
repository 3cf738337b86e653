"""Promise 7: a live code opens, whatever else is going on; a code is refused only when it has ended."""

from kiosk.rehearsal.diary import Answered, Touched
from kiosk.rehearsal.judge.books import Books
from kiosk.rehearsal.judge.facts import Fact
from kiosk.rehearsal.judge.nouns import Code, Life
from kiosk.rehearsal.judge.sight import Sight
from kiosk.rehearsal.judge.verdict import Hearing

_DISK = ("not_durable", "outcome_unknown", "stopping")
_NOT_ASKED = "not_now"
_NOT_THE_CODES_FAULT = ("code_too_soon",)
_ENDED = {
    "DeliveryCollected": "code_collected",
    "DeliveryRemoved": "code_removed",
    "DeliveryCancelled": "code_withdrawn",
    "CodeRevoked": "code_withdrawn",
}


def hear(books: Books, sight: Sight, hearing: Hearing) -> None:
    """Every code typed where the screen asked for one."""
    by_mark = dict(_marks(books))
    for intent, (place, touched) in books.touches.items():
        answer = books.answers.get(intent)
        known = by_mark.get(touched.code) if touched.action == "code" else None
        if known is None or answer is None:
            continue
        life, code = known
        if life.elsewhere is not None:
            continue
        if _is_live(code, touched.at_ms, answer[1].at_ms):
            _hear_live(books, sight, (life, place), (touched, answer[1]), hearing)
        elif code.ended is not None and code.ended.at_ms < touched.at_ms:
            _hear_ended(books, life, code, answer[1], hearing)


def _marks(books: Books) -> list[tuple[str, tuple[Life, Code]]]:
    return [
        (mark, (life, code))
        for life in books.all_lives
        for code in life.codes
        for message, _ in code.told()
        if (arrived := books.by_message.get(message))
        for mark in (arrived.code, arrived.long_code)
        if mark
    ]


def _is_live(code: Code, start_ms: int, end_ms: int) -> bool:
    is_over = code.ended is not None and code.ended.at_ms <= end_ms
    return code.issued.at_ms < start_ms and not is_over


def _hear_live(
    books: Books,
    sight: Sight,
    what: tuple[Life, int],
    done: tuple[Touched, Answered],
    hearing: Hearing,
) -> None:
    (life, place), (touched, answer) = what, done
    name = f"the live code of delivery {life.id} in {books.name(life.door)}"
    if answer.refusal in (_NOT_ASKED, *_NOT_THE_CODES_FAULT):
        return
    if answer.refusal in _DISK:
        is_so = any(touched.at_ms <= at_ms <= answer.at_ms for at_ms in books.disk_failed)
        hearing.demand(is_so, answer.at_ms, f"{name} was refused as {answer.refusal} with a whole disk")
    elif answer.refusal == "code_needs_more":
        guessed = sum(
            one.body["bucket"] == "code" and one.body["why"] == "wrong_code" and one.place < place
            for one in books.by_kind["CodeRefused"]
        )
        is_so = guessed >= books.record.numbers.wrong_codes
        hearing.demand(is_so, answer.at_ms, f"{name} was asked for more digits after {guessed} guesses")
    elif answer.refusal == "door_unreachable":
        plan = books.record.doors.get(life.door)  # a shelf is always in reach
        is_so = plan is not None and sight.was_blind(plan.bank, touched.at_ms)
        hearing.demand(is_so, answer.at_ms, f"{name} was refused as if nobody could see the door")
    else:
        is_so = not answer.refusal and _has_led_on(books, touched.intent)
        hearing.demand(is_so, answer.at_ms, f"{name} was refused: {answer.refusal or 'nothing happened'}")


def _has_led_on(books: Books, intent: str) -> bool:
    return any(fact.kind == "SessionStarted" for fact in books.by_intent[intent])


def _reason(books: Books, ended: Fact) -> str:
    """What must be said of a code: another one that is made with its end takes its place."""
    if ended.body.get("why") == "not_mine":
        return "code_disputed"
    if ended.kind == "CodeRevoked" and any(one.kind == "CodeIssued" for one in books.by_intent[ended.intent]):
        return "code_revoked"
    return _ENDED.get(ended.kind, "")


def _hear_ended(books: Books, life: Life, code: Code, answer: Answered, hearing: Hearing) -> None:
    """A code that has ended is refused with the reason, or opens once more what was just collected."""
    ended = code.ended
    if ended is None or not answer.refusal or answer.refusal in (*_DISK, _NOT_ASKED, *_NOT_THE_CODES_FAULT):
        return
    allowed = (
        _reason(books, ended),
        "code_needs_more",
        "reopened_too_often",
        "door_unreachable",
        "door_in_use",
    )
    hearing.demand(
        answer.refusal in allowed,
        answer.at_ms,
        f"the ended code of delivery {life.id} ({ended.kind}) was refused as {answer.refusal}",
    )
