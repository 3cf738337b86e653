"""Writes a message in the resident's language from its template: the first line is the subject."""

import string
from collections.abc import Iterator, Mapping
from pathlib import Path

from kiosk.domain.model.directory import Resident
from kiosk.domain.state import Building
from kiosk.ports import CodeMaker, OutgoingMessage, WaitingMessage
from kiosk.service.codes import CODE_DIGITS

TEMPLATES = Path(__file__).with_name("templates")
LAST_RESORT = "en"
_RIGHT_TO_LEFT = frozenset({"ar"})
_MAY_BE_EMPTY = ("help", "who", "left", "door", "shelf", "desk", "room", "entry", "hours")
"""A line that asks for one of these is left out when there is nothing to say."""
_ISOLATE, _END_ISOLATE = "\u2066", "\u2069"

Templates = Mapping[tuple[str, str], str]
"""Language and kind -> text with `$placeholders`."""


class NoWords(Exception):
    """A message cannot be written: no template for its kind, or one that asks for something unknown."""


class CodeEnded(Exception):
    """The code that a message carries was used up or revoked before the message left."""


def read_templates(folder: Path = TEMPLATES) -> Templates:
    """Every template of the folder, by language and kind."""
    return {
        (path.parent.name, path.stem): path.read_text(encoding="utf-8") for path in folder.glob("*/*.txt")
    }


class MessageWriter:
    """Turns a waiting message into words. What it knows of the building stays the same."""

    def __init__(
        self, codes: CodeMaker, building: Building, *, pickup_days: int, templates: Templates | None = None
    ) -> None:
        self._codes = codes
        self._building = building
        self._pickup_days = pickup_days
        self._templates = read_templates() if templates is None else templates

    def write(self, waiting: WaitingMessage, resident: Resident) -> OutgoingMessage:
        """The message in words; NoWords, CodeEnded, or SealBroken when the code cannot be read."""
        language = self._language(resident.language, waiting.message.kind)
        template = self._templates[language, waiting.message.kind]
        known = dict(self._fields(waiting, template))
        if language in _RIGHT_TO_LEFT:
            known = {name: _isolated(value) for name, value in known.items()}
        text = _filled(template, known, f"template {language}/{waiting.message.kind}.txt")
        subject, _, body = text.partition("\n")
        return OutgoingMessage(waiting.message.id, resident, subject.strip(), body.strip())

    def _language(self, wanted: str, kind: str) -> str:
        for language in (wanted, wanted.partition("-")[0], self._building.languages[0], LAST_RESORT):
            if (language, kind) in self._templates:
                return language
        raise NoWords(f"there is no template for messages of the kind {kind}")

    def _fields(self, waiting: WaitingMessage, template: str) -> Iterator[tuple[str, str]]:
        yield "building", self._building.name
        yield from self._where(waiting.message.door)
        yield "days", str(self._pickup_days)
        yield "help", self._building.help_contact
        yield "who", waiting.message.detail
        yield "left", waiting.message.detail
        overflow = self._building.overflow
        yield "room", overflow.room
        yield "entry", overflow.room_entry
        yield "hours", overflow.desk_hours
        yield "date", waiting.message.detail
        if "$code" in template:
            yield from self._code(waiting)

    def _where(self, label: str) -> Iterator[tuple[str, str]]:
        """One of door, shelf and desk is said, whatever line a template has for each."""
        overflow = self._building.overflow
        is_shelf = any(shelf.label == label for shelf in overflow.shelves)
        is_desk = label == overflow.desk
        yield "where", label
        yield "door", "" if is_shelf or is_desk else label
        yield "shelf", label if is_shelf else ""
        yield "desk", label if is_desk else ""

    def _code(self, waiting: WaitingMessage) -> Iterator[tuple[str, str]]:
        if waiting.sealed is None:
            raise CodeEnded("the code ended before the message left")
        digits = self._codes.unseal(waiting.sealed)
        half = CODE_DIGITS // 2
        yield "code", f"{digits[:half]} {digits[half:CODE_DIGITS]}"
        yield "more", digits[CODE_DIGITS:]


def _isolated(value: str) -> str:
    """Kept in its own order inside a right-to-left line: "1234 5678" would otherwise swap its halves."""
    return f"{_ISOLATE}{value}{_END_ISOLATE}" if value else ""


def _filled(template: str, known: Mapping[str, str], where: str) -> str:
    empty = [f"${name}" for name in _MAY_BE_EMPTY if not known[name]]
    lines = [line for line in template.splitlines() if not any(name in line for name in empty)]
    try:
        return string.Template("\n".join(lines)).substitute(known)
    except (KeyError, ValueError) as error:
        names = " ".join(f"${name}" for name in sorted({*known, "code", "more"}))
        raise NoWords(f"{where}: {error}, expected only {names}") from error
