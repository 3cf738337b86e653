"""Promise 6: no plain code is at rest on the kiosk, in no event, personal part, answer, message or page."""

import re

from kiosk.domain.model.screen import Screen
from kiosk.rehearsal.judge.books import Books
from kiosk.rehearsal.judge.sight import Sight
from kiosk.rehearsal.judge.verdict import Hearing

_DIGITS = re.compile(r"(?<![\w-])(\d{4}) ?(\d{4})(?: ?\d{4})?(?![\w-])")


def hear(books: Books, _: Sight, hearing: Hearing) -> None:
    """Every text against every code that went to a phone."""
    codes = books.record.codes
    for fact in books.facts:
        if _has_one(f"{fact.row.body} {fact.row.actor} {fact.row.subject}", codes):
            hearing.demand(None, fact.at_ms, f"event {fact.row.seq}, {fact.kind}, holds a code")
    for text in books.record.texts:
        hearing.demand(not _has_one(text, codes), books.record.end_ms, "a text beside the log holds a code")
    for _place, shown in books.shown:
        is_so = not _has_one(_words(shown.screen), codes)
        hearing.demand(is_so, shown.at_ms, f"{shown.person} was shown a code on the page {shown.screen.kind}")


def _has_one(text: str, codes: frozenset[str]) -> bool:
    return any(first + second in codes for first, second in _DIGITS.findall(text))


def _words(screen: Screen) -> str:
    """Everything on a page that is not fixed in its template."""
    offered = " ".join(offer.value for offer in screen.offers)
    proofs = " ".join(f"{one.proof} {one.unit}" for one in screen.proofs)
    return f"{screen.unit} {screen.initial} {screen.carrier} {screen.door} {screen.notice} {offered} {proofs}"
