"""A script as a TOML file, and back: made for people to write. Whatever is wrong is named, one line each."""

import dataclasses
import json
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from pydantic import TypeAdapter, ValidationError

from sim.scenario.script import (
    CourierVisit,
    Expectation,
    FaultOrder,
    Given,
    Load,
    ResidentVisit,
    Script,
    StaffVisit,
    StrangerVisit,
    TechnicianVisit,
    Visit,
)

_VISITS: Final[Mapping[str, type[Visit]]] = {
    "courier": CourierVisit,
    "resident": ResidentVisit,
    "staff": StaffVisit,
    "technician": TechnicianVisit,
    "stranger": StrangerVisit,
}
_TABLES: Final = {**_VISITS, "fault": FaultOrder, "expect": Expectation}
_TOP = ("name", "given", *_TABLES)
_GIVEN: Final[TypeAdapter[Given]] = TypeAdapter(Given)
_FAULT: Final[TypeAdapter[FaultOrder]] = TypeAdapter(FaultOrder)
_EXPECT: Final[TypeAdapter[Expectation]] = TypeAdapter(Expectation)
_VISIT: Final[Mapping[str, TypeAdapter[Visit]]] = {name: TypeAdapter(kind) for name, kind in _VISITS.items()}
_ADAPTERS: Final[Mapping[str, TypeAdapter[Any]]] = {**_VISIT, "fault": _FAULT, "expect": _EXPECT}

Table = Mapping[str, object]


class BadScript(Exception):
    """The text is no script; `problems` has one line for each thing that is wrong."""

    def __init__(self, problems: tuple[str, ...]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


# Reading


def read_script(path: Path) -> Script:
    """The script in a file; BadScript with every problem, OSError."""
    try:
        return script_of(path.read_text(encoding="utf-8"))
    except UnicodeDecodeError as error:
        raise BadScript((f"{path}: it is not text ({error.reason})",)) from error
    except BadScript as error:
        raise BadScript(tuple(f"{path}: {problem}" for problem in error.problems)) from error


def script_of(text: str) -> Script:
    """The script in a text; BadScript."""
    try:
        top = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise BadScript((f"not TOML: {error}",)) from error
    problems = list(_problems(top))
    if problems:
        raise BadScript(tuple(problems))
    tables = {name: tuple(_rows(top, name)) for name in _TABLES}
    visits = [adapter.validate_python(row) for name, adapter in _VISIT.items() for row in tables[name]]
    return Script(
        name=str(top["name"]),
        given=_GIVEN.validate_python(top.get("given", {})),
        visits=tuple(sorted(visits, key=lambda visit: visit.at_s)),
        faults=tuple(_FAULT.validate_python(row) for row in tables["fault"]),
        expect=tuple(_EXPECT.validate_python(row) for row in tables["expect"]),
    )


def _rows(top: Table, name: str) -> list[Table]:
    rows = top.get(name, [])
    return rows if isinstance(rows, list) else []


def _problems(top: Table) -> Iterator[str]:
    yield from (f"{key}: unknown, expected one of: {', '.join(_TOP)}" for key in top if key not in _TOP)
    if not isinstance(top.get("name"), str) or not top["name"]:
        yield "name: expected what the story is called, in quotes"
    given = top.get("given", {})
    yield from _table_problems("given", Given, _GIVEN, given)
    for name, kind in _TABLES.items():
        if not isinstance(top.get(name, []), list):
            yield f"{name}: expected tables in double brackets: [[{name}]]"
        for number, row in enumerate(_rows(top, name), 1):
            yield from _table_problems(f"{name} {number}", kind, _ADAPTERS[name], row)


def _table_problems(where: str, kind: type, adapter: "TypeAdapter[Any]", row: object) -> Iterator[str]:
    if not isinstance(row, dict):
        yield f"{where}: expected a table"
        return
    yield from _unknown(where, kind, row)
    loads = row.get("loads")
    for number, load in enumerate(loads if isinstance(loads, list) else [], 1):
        if isinstance(load, dict):
            yield from _unknown(f"{where}: load {number}", Load, load)
    try:
        adapter.validate_json(json.dumps(row, default=str), strict=True)
    except ValidationError as error:
        yield from (_line(where, found["loc"], found["msg"], found["input"]) for found in error.errors())
    else:
        yield from _below_zero(where, row)


def _line(where: str, loc: tuple[int | str, ...], message: str, given: object) -> str:
    names = [f"load {part + 1}" if isinstance(part, int) else part for part in loc if part != "loads"]
    place = ": ".join([where, *names])
    if message == "Field required":
        return f"{place}: missing"
    wanted = message.removeprefix("Input should be ")
    return f"{place}: {given!r}, expected {wanted}"


def _unknown(where: str, kind: type, row: Table) -> Iterator[str]:
    known = [field.name for field in dataclasses.fields(kind)]
    for key in row:
        if key not in known:
            yield f"{where}: {key}: unknown, expected one of: {', '.join(known)}"


def _below_zero(where: str, row: Table) -> Iterator[str]:
    for key, value in row.items():
        if key.endswith("_s") and isinstance(value, int | float) and value < 0:
            yield f"{where}: {key}: {value}, expected seconds from 0 on"


# Writing


def write_script(path: Path, script: Script) -> None:
    """Put a script into a file; OSError."""
    path.write_text(toml_of(script), encoding="utf-8")


def toml_of(script: Script) -> str:
    """The script as text; what is as usual is left out."""
    names = {kind: name for name, kind in _TABLES.items()}
    blocks = [f"name = {_value(script.name)}\n", "[given]\n" + _lines(script.given)]
    rows = (*script.visits, *script.faults, *script.expect)
    blocks += [f"[[{names[type(row)]}]]\n" + _lines(row) for row in rows]
    return "\n".join(blocks)


_Row = Visit | FaultOrder | Expectation | Given | Load


def _told(row: _Row) -> Iterator[tuple[str, str]]:
    asked = {field.name: field.default for field in dataclasses.fields(row)}
    for name, value in _fields(row).items():
        if value != asked[name]:
            yield name, _value(value)


def _fields(row: _Row) -> dict[str, object]:
    """By name, one level deep."""
    parts = dataclasses.asdict(row)
    return {**parts, "loads": row.loads} if isinstance(row, CourierVisit) else parts


def _lines(row: _Row) -> str:
    return "".join(f"{name} = {value}\n" for name, value in _told(row))


def _value(value: object) -> str:
    match value:
        case bool():
            return str(value).lower()
        case int():
            return str(value)
        case float():
            return str(int(value)) if value.is_integer() else repr(value)
        case Load():
            return "{ " + ", ".join(f"{name} = {text}" for name, text in _told(value)) + " }"
        case tuple():
            return "[\n" + "".join(f"    {_value(one)},\n" for one in value) + "]"
        case _:
            return json.dumps(str(value), ensure_ascii=False)
