"""People by the first letters of their name, masked: enough to know a label again, too little for a list."""

import unicodedata
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from kiosk.domain.model.directory import Directory, Resident, UnitMode
from kiosk.domain.model.ids import ResidentId, UnitId

LETTERS = 3
"""So many are typed; a name that is shorter is typed whole."""
LETTERS_AT_LEAST = 2
SHOWN_AT_MOST = 2
"""People of one household on one line."""
DOTS_AT_MOST = 6
KEYS_AT_MOST = 29
"""As many as a small panel holds, with the key that deletes."""
_DOT = "\N{MIDDLE DOT}"


@dataclass(frozen=True, slots=True)
class Match:
    """Somebody whose name begins like this; `resident` where the unit does not say whose a parcel is."""

    unit: UnitId
    resident: ResidentId | None
    shown: str
    """Masked, as the screen shows it."""


def plain(text: str) -> str:
    """Letters without case and accents."""
    apart = unicodedata.normalize("NFKD", text.casefold())
    return "".join(sign for sign in apart if sign.isalpha())


def found_by(directory: Directory, letters: str) -> tuple[Match, ...]:
    """A line for every household, and for every person of a separate unit, with such a name."""
    typed = plain(letters)
    units: dict[UnitId, list[Resident]] = {}
    if len(typed) >= LETTERS_AT_LEAST:
        for unit in directory.units:
            mine = [person for person in directory.members(unit) if _begins(person.name, typed)]
            if mine:
                units[unit] = mine
    return tuple(match for unit, people in units.items() for match in _lines(directory, unit, people, typed))


def _begins(name: str, typed: str) -> bool:
    return any(_is_hit(word, typed) for word in name.split())


def _is_hit(word: str, typed: str) -> bool:
    """Any word of a name: which one is the surname, no two countries agree."""
    bare = plain(word)
    return bare == typed or (len(typed) >= LETTERS and bare.startswith(typed))


def _lines(directory: Directory, unit: UnitId, people: list[Resident], typed: str) -> Iterator[Match]:
    if directory.units[unit].mode is UnitMode.SEPARATE:
        yield from (Match(unit, person.id, _masked(person.name, typed)) for person in people)
    else:
        shown = sorted({_masked(person.name, typed) for person in people})[:SHOWN_AT_MOST]
        yield Match(unit, None, ", ".join(shown))


def _masked(name: str, typed: str) -> str:
    return " ".join(_masked_word(word, typed) for word in name.split())


def _masked_word(word: str, typed: str) -> str:
    if not _is_hit(word, typed):
        return f"{word[0].upper()}."
    return word[:LETTERS] + _DOT * min(len(word) - LETTERS, DOTS_AT_MOST)


def name_keys(directory: Directory) -> tuple[str, ...]:
    """The letters that names here begin with, for the keys of the page; of many, the common ones."""
    starts = (
        plain(word)[:LETTERS]
        for unit in directory.units
        for person in directory.members(unit)
        for word in person.name.split()
    )
    found = Counter(sign.upper() for start in starts for sign in start)
    return tuple(sorted(sign for sign, _ in found.most_common(KEYS_AT_MOST)))
