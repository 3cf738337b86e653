"""What the payloads say: events out, commands in, answers out. Pure; instants are RFC 3339 in UTC."""

import json
import re
from dataclasses import dataclass
from typing import Annotated, Literal, TypeVar

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError

from kiosk.domain.events import IncidentRaised
from kiosk.domain.inputs import CancelDelivery, HoldDelivery, ReissueCode, RemoteCommand
from kiosk.domain.model.command import Order
from kiosk.domain.model.ids import DeliveryId
from kiosk.ports import ChainedRow, Publication
from kiosk.service.incident_faults import fault_of_incident
from kiosk.service.instants import instant_text
from kiosk.sync.topics import UNREADABLE, Topics

LONGEST_PAYLOAD = 8 * 1024
"""Bytes of a message to the kiosk at most; no command needs a tenth of it."""

INCIDENT_RAISED = IncidentRaised.__name__
_UUID = r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
Id = Annotated[str, Field(pattern=rf"^{_UUID}$")]
Issuer = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._@-]{0,63}$")]
Delivery = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9.-]{0,79}$")]
Number = Annotated[int, Field(ge=1, le=(1 << 62))]


_to_json = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def to_bytes(content: dict[str, object]) -> bytes:
    """One JSON object, as small as it gets."""
    return _to_json(content).encode()


# Events


def event_publication(topics: Topics, chained: ChainedRow) -> Publication:
    """An event as it leaves: attributes of CloudEvents 1.0, and our own."""
    row = chained.row
    content = {
        "specversion": "1.0",
        "id": f"{topics.kiosk}/{row.epoch}/{row.seq}",
        "source": topics.source,
        "type": row.type,
        "time": instant_text(row.at_ms),
        "subject": row.subject or topics.kiosk,
        "kiosk": topics.kiosk,
        "epoch": row.epoch,
        "seq": row.seq,
        "v": row.v,
        "trusted": row.trusted,
        "actor": row.actor,
        "intent": row.intent,
        "head": chained.head,
    }
    if row.type == INCIDENT_RAISED:
        content["fault"] = fault_of_incident(json.loads(row.body)["kind"]).number
    start = _to_json(content)
    return Publication(topics.event(row.type), f'{start[:-1]},"data":{row.body}}}'.encode())


# What comes in


class _Message(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


M = TypeVar("M", bound=_Message)


class CommandMessage(_Message):
    """What every command says."""

    id: Id
    issuer: Issuer
    expires_at: AwareDatetime

    @property
    def expires_at_ms(self) -> int:
        """UTC milliseconds."""
        return int(self.expires_at.timestamp() * 1000)


class StatusMessage(CommandMessage):
    """How is the kiosk?"""


class DeliveryMessage(CommandMessage):
    """A command about one delivery."""

    delivery: Delivery


class HoldMessage(DeliveryMessage):
    """`held` false ends the hold; `until` says when it ends by itself, 14 days from now if left out."""

    held: bool = True
    until: AwareDatetime | None = None


class ConfirmMessage(_Message):
    """The consumer has every event up to this number. `head`, if given, is that event's."""

    consumer: Annotated[str, Field(min_length=1, max_length=64)]
    epoch: Number
    seq: Number
    head: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")] | None = None


class ReplayMessage(_Message):
    """Events are wanted once more, from this number on."""

    start: Annotated[int, Field(ge=1, le=(1 << 62), alias="from")]


COMMANDS: dict[str, type[CommandMessage]] = {
    "status": StatusMessage,
    "cancel": DeliveryMessage,
    "reissue": DeliveryMessage,
    "hold": HoldMessage,
}
"""Every command by the last part of its topic."""


class Unreadable(Exception):
    """A payload that cannot be obeyed: `code` for the answer, `of` the id of the command if it said one."""

    def __init__(self, code: "Fault", why: str, *, of: str = UNREADABLE) -> None:
        super().__init__(why)
        self.code = code
        self.of = of


Fault = Literal["Malformed", "TooLong", "UnknownCommand"]


def read(model: type[M], payload: bytes) -> M:
    """The message that a payload holds; Unreadable says which field and why, never what stood in it."""
    if len(payload) > LONGEST_PAYLOAD:
        raise Unreadable("TooLong", f"{len(payload)} bytes, expected at most {LONGEST_PAYLOAD}")
    try:
        return model.model_validate_json(payload)
    except ValidationError as error:
        wrong = "; ".join(
            f"{'.'.join(map(str, one['loc'])) or 'payload'}: {one['type']}" for one in error.errors()[:5]
        )
        raise Unreadable("Malformed", wrong, of=_id_if_any(payload)) from error


def read_command(name: str, payload: bytes) -> CommandMessage:
    """The command of this name; Unreadable also where there is none of it."""
    model = COMMANDS.get(name)
    if model is not None:
        return read(model, payload)
    of = _id_if_any(payload) if len(payload) <= LONGEST_PAYLOAD else UNREADABLE
    raise Unreadable("UnknownCommand", f"expected {', '.join(COMMANDS)}", of=of)


def _id_if_any(payload: bytes) -> str:
    try:
        content = json.loads(payload)
    except (ValueError, RecursionError):
        return UNREADABLE
    told = content.get("id") if isinstance(content, dict) else None
    return told if isinstance(told, str) and re.fullmatch(_UUID, told) else UNREADABLE


def order_of(message: CommandMessage, *, is_retained: bool) -> Order:
    """Who sent it and until when, as the rules judge it."""
    return Order(message.issuer, message.expires_at_ms, is_retained)


def fact_of(name: str, message: CommandMessage, order: Order) -> RemoteCommand | None:
    """What the core must decide; nothing where a command only asks."""
    match message:
        case HoldMessage():
            until_ms = None if message.until is None else round(message.until.timestamp() * 1000)
            return HoldDelivery(order, DeliveryId(message.delivery), message.held, until_ms)
        case DeliveryMessage() if name == "cancel":
            return CancelDelivery(order, DeliveryId(message.delivery))
        case DeliveryMessage():
            return ReissueCode(order, DeliveryId(message.delivery))
        case _:
            return None


# Answers


@dataclass(frozen=True, slots=True)
class CommandAnswer:
    """What became of a command. Equal commands get equal answers, so nothing in it depends on when."""

    id: str
    command: str
    code: str = ""
    """Empty when it was done."""
    why: str = ""
    seq: int | None = None
    """The event that it left in the log."""
    state: dict[str, object] | None = None


def answer_publication(topics: Topics, answer: CommandAnswer) -> Publication:
    """An answer under the id of its command."""
    content: dict[str, object] = {
        "id": answer.id,
        "command": answer.command,
        "result": "refused" if answer.code else "done",
    }
    more = {"code": answer.code, "why": answer.why, "seq": answer.seq, "state": answer.state}
    return Publication(
        topics.answer(answer.id), to_bytes(content | {name: value for name, value in more.items() if value})
    )


def status_publication(topics: Topics, status: str, why: str, at_ms: int | None) -> Publication:
    """Whether the kiosk is there; retained. The will cannot say when."""
    content: dict[str, object] = {"status": status}
    if why:
        content["why"] = why
    if at_ms is not None:
        content["at"] = instant_text(at_ms)
    return Publication(topics.status, to_bytes(content), is_retained=True)


def refused_why(body: str) -> str:
    """Why a command was refused, by the body of its event."""
    return str(json.loads(body)["why"])
