"""The AsyncAPI document of one kiosk's topics, made from the models of its messages. Pure."""

import dataclasses
import enum
import types
from collections.abc import Iterator, Mapping
from typing import Any, NewType, get_args, get_origin, get_type_hints

from pydantic import BaseModel

from kiosk.domain.event import Event
from kiosk.domain.events import EVENT_TYPES
from kiosk.domain.model.command import CommandRefusal
from kiosk.sync.messages import COMMANDS, ConfirmMessage, Fault, ReplayMessage
from kiosk.sync.payloads import STATES, AnswerPayload, DoorPayload, EventPayload, StatusPayload
from kiosk.sync.topics import ROOT

VERSION = "1"
"""Of the topics and payloads; it is in every topic."""
_BASE = f"{ROOT}/{{site}}/{{kiosk}}"
_PLACES = {"site": "`site` of the settings", "kiosk": "`id` of the settings"}
Json = dict[str, Any]


@dataclasses.dataclass(frozen=True, slots=True)
class _Channel:
    """One kind of topic. `is_ours`: the kiosk publishes there."""

    name: str
    topic: str
    about: str
    messages: Mapping[str, Json]
    is_ours: bool
    is_retained: bool = False
    parameters: Mapping[str, str] = dataclasses.field(default_factory=dict)


def document() -> Json:
    """The whole document, ready for JSON."""
    channels = tuple(_channels())
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "Latchwork kiosk",
            "version": VERSION,
            "description": "Events, states and commands of one kiosk over MQTT 5 or 3.1.1, QoS 1.",
            "license": {"name": "Apache-2.0"},
        },
        "defaultContentType": "application/json",
        "channels": {one.name: _channel(one) for one in channels},
        "operations": dict(_operation(one) for one in channels),
        "components": {
            "schemas": _named(EventPayload),
            "messages": {
                name: {"name": name, "payload": schema}
                for one in channels
                for name, schema in one.messages.items()
            },
        },
    }


def _channels() -> Iterator[_Channel]:
    events = {name: _event(kind) for name, kind in EVENT_TYPES.items()}
    yield _Channel(
        "event", "event/{type}", "Every event of the log, in order.", events, True,
        parameters={"type": "type of the event"},
    )  # fmt: skip
    for thing, model in STATES.items():
        about = f"The {thing} as it is now."
        yield _Channel(f"state-{thing}", f"state/{thing}", about, _named(model), True, is_retained=True)
    yield _Channel(
        "state-door", "state/door/{compartment}", "One door; with discovery only.", _named(DoorPayload), True,
        is_retained=True, parameters={"compartment": "id of the compartment"},
    )  # fmt: skip
    yield _Channel(
        "status", "status", "Online or offline; also the last will.", _named(StatusPayload), True, True
    )
    for name, command in COMMANDS.items():
        about = f"The command `{name}`; never retained."
        yield _Channel(f"command-{name}", f"command/{name}", about, _named(command), False)
    yield _Channel(
        "answer", "answer/{id}", "What became of a command.", {"AnswerPayload": _answer()}, True,
        parameters={"id": "id of the command, or `unreadable`"},
    )  # fmt: skip
    about = "The consumer has every event up to a number."
    yield _Channel("confirm", "confirm", about, _named(ConfirmMessage), False)
    yield _Channel("replay", "replay", "Events are wanted once more.", _named(ReplayMessage), False)


def _channel(one: _Channel) -> Json:
    parameters = _PLACES | dict(one.parameters)
    return {
        "address": f"{_BASE}/{one.topic}",
        "description": one.about,
        "parameters": {name: {"description": about} for name, about in parameters.items()},
        "messages": {name: {"$ref": f"#/components/messages/{name}"} for name in one.messages},
    }


def _operation(one: _Channel) -> tuple[str, Json]:
    word = "send" if one.is_ours else "receive"
    return f"{word}-{one.name}", {
        "action": word,
        "channel": {"$ref": f"#/channels/{one.name}"},
        "bindings": {"mqtt": {"qos": 1, "retain": one.is_retained, "bindingVersion": "0.2.0"}},
    }


# Schemas


def _named(model: type[BaseModel]) -> dict[str, Json]:
    return {model.__name__: _plain(model)}


def _plain(model: type[BaseModel]) -> Json:
    schema = model.model_json_schema(by_alias=True)
    shared = schema.pop("$defs", {})
    return {name: _inlined(part, shared) for name, part in schema.items()}


def _inlined(part: Any, shared: Mapping[str, Json]) -> Any:
    """A schema without references, so that it stands alone wherever the document puts it."""
    if isinstance(part, dict):
        if "$ref" in part:
            return _inlined(shared[part["$ref"].rpartition("/")[2]], shared)
        return {name: _inlined(value, shared) for name, value in part.items()}
    return [_inlined(one, shared) for one in part] if isinstance(part, list) else part


def _answer() -> Json:
    schema = _plain(AnswerPayload)
    known = {str(code) for code in (*CommandRefusal, *get_args(Fault))}
    schema["properties"]["code"]["examples"] = sorted(known)
    return schema


def _event(kind: type[Event]) -> Json:
    fixed = {"type": {"const": kind.__name__}, "v": {"const": kind.V}, "data": _body(kind)}
    return {
        "title": kind.__name__,
        "description": (kind.__doc__ or "").partition("\n\n")[0],
        "allOf": [{"$ref": f"#/components/schemas/{EventPayload.__name__}"}, {"properties": fixed}],
    }


def _body(kind: type[Event]) -> Json:
    """The body as it leaves: without personal fields, and without those that are None."""
    hints = get_type_hints(kind)
    names = [field.name for field in dataclasses.fields(kind) if field.name not in kind.PRIVATE]
    return {
        "type": "object",
        "properties": {name: _field(hints[name]) for name in names},
        "required": [name for name in names if types.NoneType not in get_args(hints[name])],
        "additionalProperties": False,
    }


_WORDS: Mapping[object, str] = {str: "string", int: "integer", bool: "boolean", float: "number"}


def _field(hint: Any) -> Json:
    if isinstance(hint, NewType):
        return _field(hint.__supertype__)
    if get_origin(hint) is tuple:
        return {"type": "array", "items": _field(get_args(hint)[0])}
    if types.NoneType in get_args(hint):
        (present,) = (each for each in get_args(hint) if each is not types.NoneType)
        return _field(present)
    if issubclass(hint, enum.Enum):
        return {"type": "string", "enum": [one.value for one in hint]}
    return {"type": _WORDS[hint]}
