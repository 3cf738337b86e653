"""Promise 6: no plain code is at rest on the kiosk, in no event, personal part, answer, message or page."""

import re

from kiosk.domain.model.screen import Screen
from kiosk.rehearsal.judge.books import Books
from kiosk.rehearsal.judge.facts import Fact
from kiosk.rehearsal.judge.sight import Sight
from kiosk.rehearsal.judge.verdict import Hearing

_DIGITS = re.compile(r"\d{4} ?\d{4}\d*")
_PART_OF_A_WORD = re.compile(r"[\w-]")


def hear(books: Books, _: Sight, hearing: Hearing) -> None:
    """Every text against every code that went to a phone."""
    codes, end_ms = books.record.codes, books.record.end_ms
    texts = [(fact.at_ms, f"event {fact.row.seq}, {fact.kind},", _row(fact)) for fact in books.facts]
    texts += [(end_ms, "a text beside the log", text) for text in books.record.texts]
    texts += [
        (shown.at_ms, f"the page {shown.screen.kind} that {shown.person} saw", _words(shown.screen))
        for _, shown in books.shown
    ]
    texts += [
        (took.at_ms, f"the message {took.topic}", took.payload.decode())
        for _, took in books.taken
        if "/event/" not in took.topic  # those say what the rows say: promise 5
    ]
    if _has_one("\n".join(text for _, _, text in texts), codes):
        for at_ms, what, text in texts:
            hearing.demand(not _has_one(text, codes), at_ms, f"{what} holds a code")
    else:
        hearing.tried += len(texts)


def _row(fact: Fact) -> str:
    row = fact.row
    return f"{row.body}\n{row.actor}\n{row.subject}\n{row.intent}"


def _has_one(text: str, codes: frozenset[str]) -> bool:
    """Whether a code stands in a text by itself, with or without its further digits, and not in an id."""
    for found in _DIGITS.finditer(text):
        digits = found[0].replace(" ", "")
        if digits[:8] in codes and len(digits) in (8, 12) and not _is_inside_word(text, found.span()):
            return True
    return False


def _is_inside_word(text: str, span: tuple[int, int]) -> bool:
    start, end = span
    neighbours = text[max(0, start - 1) : start] + text[end : end + 1]
    return _PART_OF_A_WORD.search(neighbours) is not None


def _words(screen: Screen) -> str:
    """Everything on a page that is not fixed in its template."""
    offered = " ".join(offer.value for offer in screen.offers)
    proofs = " ".join(f"{one.proof} {one.unit}" for one in screen.proofs)
    return f"{screen.unit} {screen.initial} {screen.carrier} {screen.door} {screen.notice} {offered} {proofs}"
