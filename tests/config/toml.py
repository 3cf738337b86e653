"""A settings file as a value that tests can change, and back to TOML."""

import copy
import json
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

CONFIG = Path(__file__).parents[2] / "config"
EXAMPLE, SIM = CONFIG / "kiosk.example.toml", CONFIG / "sim.toml"

Raw = dict[str, Any]
"""A parsed file: a test puts anything anywhere in it."""
Place = tuple[str | int, ...]


def example() -> Raw:
    """The example file, parsed."""
    return tomllib.loads(EXAMPLE.read_text(encoding="utf-8"))


def dump(raw: Raw) -> str:
    """TOML that parses to `raw`."""
    return "".join(f"{key} = {_value(value)}\n" for key, value in raw.items())


def _value(value: object) -> str:
    match value:
        case dict():
            return (
                "{ "
                + ", ".join(f"{json.dumps(key)} = {_value(inner)}" for key, inner in value.items())
                + " }"
            )
        case list():
            return "[ " + ", ".join(map(_value, value)) + " ]"
        case _:
            return json.dumps(value, ensure_ascii=False)


def leaves(raw: object, place: Place = ()) -> Iterator[Place]:
    """Every place that holds a single value."""
    if isinstance(raw, dict):
        for key, inner in raw.items():
            yield from leaves(inner, (*place, key))
    elif isinstance(raw, list):
        for index, inner in enumerate(raw):
            yield from leaves(inner, (*place, index))
    else:
        yield place


def tables(raw: object, place: Place = ()) -> Iterator[Place]:
    """Every place that holds a table."""
    if isinstance(raw, dict):
        yield place
        for key, inner in raw.items():
            yield from tables(inner, (*place, key))
    elif isinstance(raw, list):
        for index, inner in enumerate(raw):
            yield from tables(inner, (*place, index))


def changed(raw: Raw, place: Place, value: object) -> Raw:
    """A copy with another value at a place."""
    other = copy.deepcopy(raw)
    inner: Any = other
    for step in place[:-1]:
        inner = inner[step]
    inner[place[-1]] = value
    return other


def without(raw: Raw, place: Place) -> Raw:
    """A copy without a place."""
    other = copy.deepcopy(raw)
    inner: Any = other
    for step in place[:-1]:
        inner = inner[step]
    del inner[place[-1]]
    return other


def written(place: Place) -> str:
    """A place as problems name it."""
    return "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in place).removeprefix(".")
