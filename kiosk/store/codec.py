"""Events to JSON and back. A field that is None is left out; personal fields go into a body of their own."""

import dataclasses
import enum
import functools
import json
import operator
import types
from collections.abc import Callable, Mapping
from typing import Any, NewType, get_args, get_origin, get_type_hints

from kiosk.domain.events import EVENT_TYPES, AnyEvent

Body = dict[str, Any]
Upcaster = Callable[[Body], Body]

UPCASTERS: Mapping[tuple[str, int], Upcaster] = {
    ("DeliveryStored", 1): lambda body: body | {"boot": "", "mono_ms": 0},
    ("IncidentRaised", 1): lambda body: body,
    ("DeliveryFlagged", 1): lambda body: body,
    ("DeliveryRemoved", 1): lambda body: body,
    ("KioskStarted", 1): lambda body: body | {"boot": "", "mono_ms": 0},
}
"""Type and version -> the body in the next version. A change of meaning adds an entry here."""

_to_json = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


class UnreadableEvent(Exception):
    """A stored event is not what this program knows by that name."""


@dataclasses.dataclass(frozen=True, slots=True)
class Encoded:
    """An event as it is stored."""

    type: str
    v: int
    subject: str
    body: str
    private: str | None


@dataclasses.dataclass(frozen=True, slots=True)
class _Form:
    """How the fields of one class are read, in the order in which they are declared."""

    names: tuple[str, ...]
    values: Callable[[AnyEvent], tuple[object, ...]]
    private: frozenset[str]


@functools.cache
def _form(name: str) -> _Form:
    kind = EVENT_TYPES[name]
    names = tuple(field.name for field in dataclasses.fields(kind))
    pick = operator.attrgetter(*names)
    return _Form(names, pick if len(names) > 1 else lambda event: (pick(event),), kind.PRIVATE)


def encode(event: AnyEvent) -> Encoded:
    """The two JSON texts of an event."""
    kind: type[AnyEvent] = type(event)
    form = _form(kind.__name__)
    fields = {
        name: value for name, value in zip(form.names, form.values(event), strict=True) if value is not None
    }
    private = None
    if form.private:
        private = _to_json(
            {name: fields.pop(name) for name in form.names if name in form.private & fields.keys()}
        )
    return Encoded(kind.__name__, kind.V, event.subject, _to_json(fields), private)


def decode(
    name: str,
    v: int,
    body: str,
    *,
    private: str | None = None,
    upcasters: Mapping[tuple[str, int], Upcaster] = UPCASTERS,
) -> AnyEvent:
    """The event that was stored; personal fields that have been removed have their default."""
    kind = EVENT_TYPES.get(name)
    if kind is None:
        raise UnreadableEvent(f"{name}: no event of this name is known")
    try:
        fields = _up_to_date(kind, v, json.loads(body), upcasters) | (json.loads(private) if private else {})
        reading = _reading(name)
        given = {field: reading.readers[field](value) for field, value in fields.items()}
        return kind(**(dict.fromkeys(reading.optional) | given))
    except (KeyError, TypeError, ValueError) as error:
        raise UnreadableEvent(f"{name} version {v}: {type(error).__name__}: {error}") from error


def _up_to_date(
    kind: type[AnyEvent], v: int, body: Body, upcasters: Mapping[tuple[str, int], Upcaster]
) -> Body:
    if v > kind.V:
        raise UnreadableEvent(f"{kind.__name__} version {v} is newer than version {kind.V} of this program")
    for version in range(v, kind.V):
        body = upcasters[kind.__name__, version](body)
    return body


@dataclasses.dataclass(frozen=True, slots=True)
class _Reading:
    """How each field of one class is made from JSON, and which are None when left out."""

    readers: Mapping[str, Callable[[Any], object]]
    optional: tuple[str, ...]


@functools.cache
def _reading(name: str) -> _Reading:
    hints = get_type_hints(EVENT_TYPES[name])
    names = _form(name).names
    optional = tuple(field for field in names if types.NoneType in get_args(hints[field]))
    return _Reading({field: _reader(hints[field]) for field in names}, optional)


def _reader(hint: Any) -> Callable[[Any], object]:
    if isinstance(hint, NewType):
        return _reader(hint.__supertype__)
    if get_origin(hint) is tuple:
        item = _reader(get_args(hint)[0])
        return lambda values: tuple(item(value) for value in values)
    if types.NoneType in get_args(hint):
        (present,) = (each for each in get_args(hint) if each is not types.NoneType)
        return _reader(present)
    if issubclass(hint, enum.Enum):
        return functools.partial(_member, hint)
    return functools.partial(_plain, hint)


def _member(kind: type[enum.Enum], value: object) -> enum.Enum:
    return kind(value)


def _plain(kind: type, value: object) -> object:
    if type(value) is not kind:
        raise TypeError(f"{type(value).__name__} in the place of {kind.__name__}")
    return value
