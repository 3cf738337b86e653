"""What the daemon believes of the doors, asked from its local socket while somebody watches."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError

from sim.cabinet import DoorId
from sim.doors import Position
from sim.live.local_http import NoAnswer, get_json
from sim.sights import Sight


class BelievedDelivery(BaseModel):
    """A parcel that the daemon knows of."""

    model_config = ConfigDict(frozen=True)

    id: str
    state: str


class BelievedDoor(BaseModel):
    """One door as the daemon believes it to be."""

    model_config = ConfigDict(frozen=True)

    compartment: DoorId
    door: Literal["open", "closed", "unknown"]
    vacancy: Literal["verified", "presumed", "occupied", "unknown"]
    condition: str
    units: tuple[str, ...] = ()
    deliveries: tuple[BelievedDelivery, ...] = ()


class DaemonStatus(BaseModel):
    """Which daemon answers and how its banks are."""

    model_config = ConfigDict(frozen=True)

    version: str
    seq: int
    banks: dict[str, str]
    sessions_active: int
    incidents_open: int


@dataclass(frozen=True, slots=True)
class Belief:
    """One answer of the daemon, or why there is none."""

    doors: Mapping[DoorId, BelievedDoor] = field(default_factory=dict)
    status: DaemonStatus | None = None
    silence: str = "not asked yet"


_DOORS = TypeAdapter(list[BelievedDoor])


async def ask(socket: Path) -> Belief:
    """Ask the daemon; a daemon that is away or answers nonsense is told in `silence`."""
    try:
        doors = _DOORS.validate_python(await get_json(socket, "/doors"))
        status = DaemonStatus.model_validate(await get_json(socket, "/status"))
    except NoAnswer as silence:
        return Belief(silence=str(silence))
    except ValidationError as error:
        first = error.errors()[0]
        return Belief(silence=f"it answers what this panel cannot read: {first['loc']}: {first['msg']}")
    return Belief({door.compartment: door for door in doors}, status, "")


def difference(sight: Sight, believed: BelievedDoor) -> str:
    """How truth and belief part, or nothing; what the daemon says it does not know is no difference."""
    parcels, is_open = sight.door.parcels, sight.door.position is not Position.CLOSED
    if believed.door == "unknown":
        return ""
    if is_open != (believed.door == "open"):
        return f"the door is {'open' if is_open else 'closed'}, believed {believed.door}"
    if is_open:
        return ""  # what is inside is settled when the door has closed
    if parcels and believed.vacancy in {"verified", "presumed"}:
        return f"{len(parcels)} inside, believed empty"
    if not parcels and believed.vacancy == "occupied":
        return "nothing inside, believed occupied"
    return ""


class Quarrels:
    """How long truth and belief have differed, door by door."""

    def __init__(self) -> None:
        self._since: dict[tuple[DoorId, str], int] = {}

    def compare(self, sights: Sequence[Sight], belief: Belief, now_ms: int) -> dict[DoorId, tuple[str, int]]:
        """For each door that differs: how, and for how many milliseconds."""
        found = {
            (sight.plan.id, text): now_ms
            for sight in sights
            if (believed := belief.doors.get(sight.plan.id)) and (text := difference(sight, believed))
        }
        self._since = {key: self._since.get(key, now) for key, now in found.items()}
        return {door: (text, now_ms - since) for (door, text), since in self._since.items()}
