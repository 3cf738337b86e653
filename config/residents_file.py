"""A list of residents as a CSV file, as a building's office exports it; each problem named by its line."""

import csv
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from io import StringIO
from pathlib import Path

from kiosk.domain.model.directory import UnitMode
from kiosk.domain.model.household import Household, Listed

COLUMNS = ("unit", "mode", "name", "language", "contact", "accessible")
REQUIRED = ("unit", "name")
LARGEST_BYTES = 1024 * 1024
"""Room for ten times the people of the largest building."""
LONGEST = {"unit": 12, "name": 80, "language": 16, "contact": 300}
"""Characters. A unit is typed at the screen, so its label stays short."""
_YES_NO = {"yes": True, "no": False, "": None}
_WORDS = {said: word for word, said in _YES_NO.items()}
_FORMULA = re.compile(r"[=@]|[+-](?![0-9 ()/.-]*$)")
"""How a cell begins that a spreadsheet would work out instead of show; a telephone number is none."""


class BadResidents(Exception):
    """The list cannot be used; `problems` names each, one line a problem."""

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = tuple(problems)


@dataclass(frozen=True, slots=True)
class _Row:
    line: int
    fields: Mapping[str, str]


def read_residents(path: Path) -> tuple[Household, ...]:
    """Every unit of a file with its people; OSError, or BadResidents with every problem."""
    return parse_residents(read_bytes(path), str(path))


def read_bytes(path: Path) -> bytes:
    """A file, or as much of it as shows that it is too large; OSError."""
    with path.open("rb") as file:
        return file.read(LARGEST_BYTES + 1)


def parse_residents(content: bytes, where: str) -> tuple[Household, ...]:
    """Every unit of a list with its people, in the order of the list; BadResidents names every bad line.

    UTF-8, with a comma or a semicolon between values. Unit and name must be there; mode, language, contact
    and accessible may be left out. Spaces and line ends inside a value count as one space.
    """
    if len(content) > LARGEST_BYTES:
        raise BadResidents([f"{where}: larger than {LARGEST_BYTES >> 20} MiB, expected a list of residents"])
    rows = _rows(_text(content, where), where)
    if not rows:
        raise BadResidents([f"{where}: nobody is on the list"])
    problems = [f"{where}: line {row.line}: {problem}" for row in rows for problem in _problems(row.fields)]
    problems += [f"{where}: {problem}" for problem in _contradictions(rows)]
    if problems:
        raise BadResidents(problems)
    return tuple(_households(rows))


def _text(content: bytes, where: str) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise BadResidents([f"{where}: line {line} is not UTF-8; save the list as CSV UTF-8"]) from error


def _rows(text: str, where: str) -> list[_Row]:
    first = text.partition("\n")[0]
    delimiter = ";" if first.count(";") > first.count(",") else ","
    reader = csv.reader(StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        header = [name.strip().lower() for name in next(reader, [])]
        _demand_columns(header, where)
        lines = [(reader.line_num, [_plain(value) for value in values]) for values in reader]
    except csv.Error as error:
        raise BadResidents([f"{where}: line {reader.line_num}: {error}"]) from error
    return _rows_under(header, lines, where)


def _demand_columns(header: Sequence[str], where: str) -> None:
    strange = [name for name in header if name not in COLUMNS]
    missing = [name for name in REQUIRED if name not in header]
    if strange or missing or len(set(header)) != len(header):
        found = ", ".join(header) or "nothing"
        expected = "the columns unit and name, and those that you have of mode, language, contact, accessible"
        raise BadResidents([f"{where}: line 1: {found}, expected {expected}"])


def _rows_under(header: Sequence[str], lines: Sequence[tuple[int, list[str]]], where: str) -> list[_Row]:
    filled = [(line, values) for line, values in lines if any(values)]
    problems = [
        f"{where}: line {line}: {len(values)} values, expected {len(header)}"
        for line, values in filled
        if len(values) != len(header)
    ]
    if problems:
        raise BadResidents(problems)
    return [_Row(line, dict(zip(header, values, strict=True))) for line, values in filled]


def _plain(value: str) -> str:
    """One way of writing for letters with accents, one space for any number of them."""
    return " ".join(unicodedata.normalize("NFC", value).split())


def _problems(row: Mapping[str, str]) -> Iterator[str]:
    yield from (f"{name} is empty" for name in REQUIRED if not row[name])
    for name, longest in LONGEST.items():
        if len(row.get(name, "")) > longest:
            yield f"{name} has {len(row[name])} characters, expected at most {longest}"
    for name, value in row.items():
        yield from _unfit(name, value)
    if row.get("mode", "") not in ("", *UnitMode):
        yield f"mode {row['mode']}, expected household or separate"
    if row.get("accessible", "").lower() not in _YES_NO:
        yield f"accessible {row['accessible']}, expected yes or no"


def _unfit(name: str, value: str) -> Iterator[str]:
    if not value.isprintable():
        yield f"{name} has characters that cannot be shown"
    if _FORMULA.match(value):
        yield f"{name} begins with {value[0]}, as a spreadsheet's formula does"


def _contradictions(rows: Sequence[_Row]) -> Iterator[str]:
    """Lines that cannot both be true: one unit in two modes, one person twice."""
    modes: dict[str, _Row] = {}
    people: dict[tuple[str, str], _Row] = {}
    for row in rows:
        unit, mode = row.fields["unit"].upper(), _mode(row)
        before = modes.setdefault(unit, row) if mode else row
        if _mode(before) != mode:
            yield f"line {row.line}: unit {unit} is {mode} here, and {_mode(before)} in line {before.line}"
        twin = people.setdefault((unit, row.fields["name"].casefold()), row)
        if twin is not row:
            yield f"line {row.line}: the same person as in line {twin.line}"


def _mode(row: _Row) -> str:
    return row.fields.get("mode", "")


def _households(rows: Sequence[_Row]) -> Iterator[Household]:
    units: dict[str, list[_Row]] = {}
    for row in rows:
        units.setdefault(row.fields["unit"].upper(), []).append(row)
    for members in units.values():
        mode = next(filter(None, map(_mode, members)), "")
        yield Household(
            members[0].fields["unit"], UnitMode(mode) if mode else None, tuple(map(_listed, members))
        )


def _listed(row: _Row) -> Listed:
    fields = row.fields
    return Listed(
        name=fields["name"],
        language=fields.get("language", ""),
        contact=fields.get("contact", ""),
        is_accessible=_YES_NO[fields.get("accessible", "").lower()],
    )


def residents_text(households: Sequence[Household]) -> str:
    """The list as it can be read again."""
    out = StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    for home in households:
        for who in home.members:
            accessible = _WORDS[who.is_accessible]
            writer.writerow((home.label, home.mode or "", who.name, who.language, who.contact, accessible))
    return out.getvalue()
