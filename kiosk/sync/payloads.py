"""What the kiosk publishes, as models: documents are made from them, and tests hold payloads to them."""

from typing import Annotated, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, RootModel

from kiosk.domain.model.compartment import Condition, DoorState, SizeClass
from kiosk.domain.model.incident import Severity
from kiosk.domain.model.vacancy import Vacancy
from kiosk.sync.messages import Number

Count = Annotated[int, Field(ge=0)]
Hash = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


class Payload(BaseModel):
    """One JSON object."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class EventPayload(Payload):
    """An event: attributes of CloudEvents 1.0, and our own."""

    specversion: Literal["1.0"]
    id: str = Field(description="{kiosk}/{epoch}/{seq}: the identity of the event")
    source: str
    type: str
    time: AwareDatetime
    subject: str
    kiosk: str
    epoch: Number
    seq: Number = Field(description="grows by one with every event; a gap means that something is missing")
    v: Number = Field(description="version of the form of `data`")
    trusted: bool = Field(description="whether the kiosk believed its clock")
    actor: str
    intent: str
    head: Hash = Field(description="SHA-256 of the chain after this event")
    body: dict[str, object] = Field(alias="data")


class StatusPayload(Payload):
    """Whether the kiosk is connected; also its last will, which cannot say when."""

    status: Literal["online", "offline"]
    why: Literal["shutdown", "lost"] | None = None
    at: AwareDatetime | None = None


class IdentityPayload(Payload):
    """Who the kiosk is."""

    site: str
    kiosk: str
    public_key: str = Field(description="checks proofs of delivery")
    epoch: Number
    version: str


class KioskPayload(Payload):
    """How it is now."""

    mode: Literal["serving", "no_doors"]
    parcels: Count
    in_doubt: Count
    incidents: dict[Severity, Count]


class BanksPayload(RootModel[dict[str, str]]):
    """Each bank: `up`, `not yet`, or `lost: ` and why."""


class DoorsPayload(Payload):
    """All doors in sum."""

    open: Count
    unseen: Count
    vacancy: dict[Vacancy, Count]
    free: dict[SizeClass, Count]


class DoorPayload(Payload):
    """One door; told only where discovery is on."""

    label: str
    door: DoorState
    vacancy: Vacancy
    condition: Condition


class StatePayload(Payload):
    """Every state, as the command `status` is answered."""

    identity: IdentityPayload
    kiosk: KioskPayload
    banks: BanksPayload
    doors: DoorsPayload
    clock_trusted: bool


class AnswerPayload(Payload):
    """What became of a command."""

    id: str
    command: str
    result: Literal["done", "refused"]
    code: str | None = Field(default=None, description="why it was refused")
    why: str | None = None
    seq: Number | None = Field(default=None, description="the event that the command left in the log")
    state: StatePayload | None = None


STATES: dict[str, type[BaseModel]] = {
    "identity": IdentityPayload,
    "kiosk": KioskPayload,
    "banks": BanksPayload,
    "doors": DoorsPayload,
}
"""Every retained state by the last part of its topic."""
