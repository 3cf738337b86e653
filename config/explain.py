"""Says in one line what is wrong with a value of the settings file, where, and what was expected."""

import difflib
import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, get_args

from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails

from config.cross_checks import Problem
from config.settings import Settings

SHOWN = 40
"""Characters of a wrong value that are shown."""
_NAME = "expected small letters, digits and hyphens, at most 40"
_TYPES = {
    "bool_type": "expected true or false",
    "dict_type": "expected a table",
    "float_type": "expected a number",
    "int_type": "expected a whole number",
    "model_type": "expected a table",
    "path_type": "expected a text in quotes",
    "string_type": "expected a text in quotes",
    "tuple_type": "expected a list",
}
_BOUNDS = {
    "finite_number": "expected a number",
    "greater_than_equal": "expected at least {ge:g}",
    "less_than_equal": "expected at most {le:g}",
    "string_too_long": "expected at most {max_length} characters",
    "string_too_short": "expected at least {min_length} character",
    "too_short": "expected at least {min_length}",
    "literal_error": "expected {expected}",
    "enum": "expected {expected}",
    "value_error": "{error}",
}


def explain(error: ValidationError, raw: Mapping[str, object]) -> list[Problem]:
    """Every problem of single values, in the order of the keys."""
    details = error.errors(include_url=False)
    return [Problem(_where(one["loc"]), _what(one, raw)) for one in details if not _is_echo(one)]


def _is_echo(detail: ErrorDetails) -> bool:
    """Whether an error only follows from others: cross-checks, and a list short of its wrong entries."""
    return not detail["loc"] or (detail["type"] == "too_short" and bool(detail["input"]))


def _where(loc: Sequence[int | str]) -> str:
    text = ""
    for step in loc:
        if step != "[key]":
            text += f"[{step}]" if isinstance(step, int) else f".{step}"
    return text.removeprefix(".")


def _what(detail: ErrorDetails, raw: Mapping[str, object]) -> str:
    loc = detail["loc"]
    who = _who(loc, raw)
    if detail["type"] == "extra_forbidden":
        return f"{who}unknown key{_nearest(str(loc[-1]), _keys_at(loc[:-1]))}"
    about = _description(loc)
    if detail["type"] == "missing":
        return f"{who}missing{f' ({about})' if about else ''}"
    return f"{who}{_shown(detail['input'])}, {_expected(detail, about)}"


def _expected(detail: ErrorDetails, about: str) -> str:
    kind = detail["type"]
    if kind == "string_pattern_mismatch":
        is_time = ":[0-5]" in detail.get("ctx", {}).get("pattern", "")
        return "expected a time of day such as 08:00" if is_time else _NAME
    known = _TYPES.get(kind) or _BOUNDS.get(kind)
    expected = known.format(**detail.get("ctx", {})) if known else detail["msg"]
    return f"{expected} ({about})" if about else expected


def _shown(value: object) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= SHOWN else f"{text[:SHOWN]}..."


def _who(loc: Sequence[int | str], raw: Mapping[str, object]) -> str:
    """The name that a person gave to the board or compartment."""
    if len(loc) < 2 or not isinstance(loc[1], int):
        return ""
    entries = raw.get(str(loc[0]))
    entry = entries[loc[1]] if isinstance(entries, list) else None
    name = entry.get("id") if isinstance(entry, dict) else None
    return f"{loc[0]} {name}: " if isinstance(name, str) else ""


def _nearest(key: str, known: Sequence[str]) -> str:
    close = difflib.get_close_matches(key, known, n=1)
    return f", did you mean {close[0]}?" if close else f", expected {', '.join(known)}"


# What the models say about a location


def _keys_at(loc: Sequence[int | str]) -> list[str]:
    model = _model_at(loc)
    return list(model.model_fields) if model else []


def _description(loc: Sequence[int | str]) -> str:
    model = _model_at(loc[:-1])
    field = model.model_fields.get(str(loc[-1])) if model else None
    return (field.description or "") if field else ""


def _model_at(loc: Sequence[int | str]) -> type[BaseModel] | None:
    model: type[BaseModel] = Settings
    field: FieldInfo | None = None
    for step in loc:
        if field is None or (isinstance(step, str) and step in model.model_fields):
            field = model.model_fields.get(str(step))
            inner = next(_models(field.annotation), None) if field else None
            if inner is None:
                return None
            model = inner
    return model


def _models(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for inner in get_args(annotation):
        yield from _models(inner)
