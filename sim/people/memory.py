"""What people remember between visits: carriers of parcels, households of codes, all of leftovers."""

from dataclasses import dataclass, field

from sim.cabinet import DoorId
from sim.doors import Parcel


@dataclass(slots=True)
class Memory:
    """Of everybody. Nobody looks into another's: a courier asks by carrier, a resident by code."""

    kept: list[Parcel] = field(default_factory=list)
    """Parcels that couriers took along again, for nothing led on."""
    fetched: list[Parcel] = field(default_factory=list)
    """Parcels that residents, or friends with their code, took home."""
    at_desk: list[Parcel] = field(default_factory=list)
    """Parcels that staff found where they did not belong, and took along."""
    asked_at_desk: set[str] = field(default_factory=set)
    """Units whose people were sent to the desk for a parcel and wait there."""
    done_codes: set[str] = field(default_factory=set)
    """Codes that their household has no use for any more."""
    behind: dict[DoorId, None] = field(default_factory=dict)
    """Doors with a parcel behind, as far as anybody remembers; in the order in which they were filled."""
    keys_used: dict[DoorId, str] = field(default_factory=dict)
    """Doors that were opened by key, and by whom of the staff last."""
    _left: dict[tuple[str, DoorId, str], bool] = field(default_factory=dict)

    def note_drop(self, carrier: str, door: DoorId, unit: str, *, is_inside: bool) -> None:
        """A courier knows whether the parcel for a unit is behind this door."""
        self._left[carrier, door, unit] = is_inside

    def is_left(self, carrier: str, door: DoorId, unit: str) -> bool:
        """What any courier of the carrier answers: whether the parcel for a unit is behind this door."""
        return self._left.get((carrier, door, unit), False)

    def forget_drop(self, carrier: str, door: DoorId, unit: str) -> None:
        """The kiosk has confirmed this parcel: nobody need remember it."""
        self._left.pop((carrier, door, unit), None)
