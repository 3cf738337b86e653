"""What the phones of a unit announce: read from the messages as a person reads them, in any language."""

import functools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from config.sample import read_sample
from sim.people.kiosk import Phone
from sim.people.place import Place

_CODE = re.compile(r"(\d{4}) (\d{4})")
_DOOR = re.compile(r"\w*\d\w*")
_SHELF = re.compile(r"R-\d+")
_DESK = "Front desk"
_MORE = re.compile(r"\d{4}")


@dataclass(frozen=True, slots=True)
class Announcement:
    """One parcel that waits, as the message says."""

    code: str
    """Eight digits."""
    more: str
    """The rest of them, for a screen that asks for more."""
    door: str
    """The label of its door or shelf, or the name of the desk."""

    def digits(self, asked: int) -> str:
        """As many as the screen asks for."""
        return (self.code + self.more)[:asked] if asked > len(self.code) else self.code


@functools.cache
def residents_of(unit: str) -> tuple[str, ...]:
    """The ids of everybody who lives there."""
    building = read_sample()
    known = {one.id for one in building.units if one.label == unit}
    return tuple(person.id for person in building.residents if person.unit in known)


def announced(phone: Phone) -> Iterator[Announcement]:
    """Every parcel that a phone has ever announced, oldest first."""
    for message in phone.messages():
        found = _read(message.text)
        if found is not None:
            yield found


@functools.lru_cache(maxsize=4096)
def _read(text: str) -> Announcement | None:
    code = _CODE.search(text)
    where = _where(text[: code.start()]) if code else ""
    if code is None or not where:
        return None
    more = _MORE.search(text, code.end())
    return Announcement(code[1] + code[2], more[0] if more else "", where)


def _where(text: str) -> str:
    """The label of a shelf or a door, or the name of the desk."""
    if shelf := _SHELF.search(text):
        return shelf[0]
    door = _DOOR.search(text)
    return _DESK if _DESK in text else door[0] if door else ""


def waiting(place: Place, resident: str) -> Sequence[Announcement]:
    """What a resident has not fetched yet, as far as the household knows; oldest first."""
    return [one for one in announced(place.phone(resident)) if one.code not in place.memory.done_codes]


def done_with_door(place: Place, residents: Sequence[str], door: str) -> None:
    """Somebody of the unit has emptied a door: nobody comes for what was announced behind it."""
    for resident in residents:
        for one in waiting(place, resident):
            if one.door == door:
                place.memory.done_codes.add(one.code)
