"""What somebody sees who can look through doors: the whole made-up world as a value."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from sim.cabinet import DoorPlan
from sim.doors import Door, Parcel
from sim.faults import Power


@dataclass(frozen=True, slots=True)
class Sight:
    """One door. `says_hooked`: what the board is told, true or not."""

    plan: DoorPlan
    door: Door
    says_hooked: bool
    is_energised: bool


@dataclass(frozen=True, slots=True)
class WorldView:
    """Every door and supply at one moment."""

    now_ms: int
    revision: int
    doors: tuple[Sight, ...]
    supplies: Mapping[str, Power]
    parcels_elsewhere: tuple[Parcel, ...]
    """Behind doors that the present settings no longer have."""
    places: Mapping[str, tuple[Parcel, ...]] = field(default_factory=dict)
    """What lies on shelves and at the desk."""
