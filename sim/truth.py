"""What of the made-up world outlives a night: doors, latches, parcels, faults. As JSON and back."""

from dataclasses import dataclass, field
from typing import ClassVar, Literal

from pydantic import ConfigDict, TypeAdapter, ValidationError

from sim.cabinet import DoorId
from sim.doors import Door, Parcel, Position
from sim.faults import DoorFaults, Power


class BadTruth(Exception):
    """The text is no truth of a made-up world; the message says where it goes wrong."""


@dataclass(frozen=True, slots=True)
class DoorTruth:
    """One door, without what a moment later would be over anyway."""

    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(extra="forbid")

    position: Position = Position.CLOSED
    is_latched: bool = True
    parcels: tuple[Parcel, ...] = ()
    faults: DoorFaults = field(default_factory=DoorFaults)

    @classmethod
    def of(cls, door: Door) -> "DoorTruth":
        """The lasting part of a door."""
        return cls(door.position, door.is_latched, door.parcels, door.faults)

    @property
    def door(self) -> Door:
        """The door as it stands after the night."""
        return Door(self.position, self.is_latched, self.parcels, self.faults)


@dataclass(frozen=True, slots=True)
class Truth:
    """The world as it is kept. `doors` may name some that the present settings no longer have."""

    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(extra="forbid")

    version: Literal[1] = 1
    doors: dict[DoorId, DoorTruth] = field(default_factory=dict)
    supplies: dict[str, Power] = field(default_factory=dict)
    parcels_made: int = 0
    places: dict[str, tuple[Parcel, ...]] = field(default_factory=dict)
    """What lies on shelves (`shelf R-12`) and at the `desk`."""

    def to_json(self) -> str:
        """One JSON object, readable by people."""
        return _TRUTH.dump_json(self, indent=1).decode() + "\n"

    @staticmethod
    def from_json(text: str) -> "Truth":
        """The truth in a text; BadTruth names the first thing that is wrong with it."""
        try:
            return _TRUTH.validate_json(text)
        except ValidationError as error:
            first = error.errors()[0]
            where = ".".join(map(str, first["loc"])) or "the whole"
            raise BadTruth(f"{where}: {first['msg']}") from error


_TRUTH = TypeAdapter(Truth)
