"""The directory: units, residents, carriers and staff. A side table, replaced whole, never folded."""

import enum
from collections.abc import Mapping
from dataclasses import dataclass, field

from kiosk.domain.model.ids import CarrierCodeId, CarrierId, Digest, RecipientId, ResidentId, StaffId, UnitId


class UnitMode(enum.StrEnum):
    """Who a unit's parcels belong to."""

    HOUSEHOLD = "household"
    SEPARATE = "separate"


@dataclass(frozen=True, slots=True)
class Unit:
    """A flat or office; `label` is what stands on its door and on parcels."""

    id: UnitId
    label: str
    mode: UnitMode = UnitMode.HOUSEHOLD


@dataclass(frozen=True, slots=True)
class Resident:
    """A person who lives in a unit and gets messages in their own language."""

    id: ResidentId
    unit: UnitId
    name: str
    language: str
    contact: str
    is_accessible: bool = False
    moved_out_at_ms: int | None = None


@dataclass(frozen=True, slots=True)
class Carrier:
    """A delivery company."""

    id: CarrierId
    name: str


@dataclass(frozen=True, slots=True)
class CarrierCode:
    """A shared code that names the carrier and opens vacant compartments only."""

    id: CarrierCodeId
    carrier: CarrierId
    digest: Digest


@dataclass(frozen=True, slots=True)
class Staff:
    """A member of the building's staff; the PIN's hash stays outside the rules."""

    id: StaffId
    account: str
    name: str
    is_manager: bool = False
    """May do what cannot be undone: let a parcel be disposed of."""


@dataclass(frozen=True, slots=True)
class Directory:
    """Everybody the kiosk knows, with the look-ups that the rules need."""

    units: Mapping[UnitId, Unit] = field(default_factory=dict)
    residents: Mapping[ResidentId, Resident] = field(default_factory=dict)
    carriers: Mapping[CarrierId, Carrier] = field(default_factory=dict)
    carrier_codes: Mapping[Digest, CarrierCode] = field(default_factory=dict)
    staff: Mapping[StaffId, Staff] = field(default_factory=dict)
    labels: tuple[str, ...] = field(init=False, repr=False, compare=False)
    """The label of every unit in capitals, sorted."""
    _named: Mapping[str, Unit] = field(init=False, repr=False, compare=False)
    _members: Mapping[UnitId, tuple[Resident, ...]] = field(init=False, repr=False, compare=False)
    _alone: Mapping[RecipientId, Resident] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        named: dict[str, Unit] = {}
        for unit in self.units.values():
            named.setdefault(unit.label.upper(), unit)
        members: dict[UnitId, tuple[Resident, ...]] = {}
        for person in self.residents.values():
            if person.moved_out_at_ms is None:
                members[person.unit] = (*members.get(person.unit, ()), person)
        object.__setattr__(self, "labels", tuple(sorted(unit.label.upper() for unit in self.units.values())))
        object.__setattr__(self, "_named", named)
        object.__setattr__(self, "_members", members)
        object.__setattr__(self, "_alone", {alone(one.id): one for one in self.residents.values()})

    @property
    def is_set_up(self) -> bool:
        """Whether anybody could deliver: there is a unit, and a carrier with a code."""
        return bool(self.units and self.carrier_codes)

    def unit_named(self, label: str) -> Unit | None:
        """The unit with this label, whatever the case."""
        return self._named.get(label.strip().upper())

    def members(self, unit: UnitId) -> tuple[Resident, ...]:
        """Residents who live in a unit now."""
        return self._members.get(unit, ())

    def recipients(self, recipient: RecipientId, unit: UnitId) -> tuple[Resident, ...]:
        """The people whose parcel it is: one resident, who may have moved out since, or the household."""
        if recipient == household(unit):
            return self.members(unit)
        person = self._alone.get(recipient)
        return (person,) if person else ()


def alone(resident: ResidentId) -> RecipientId:
    """The recipient of a parcel for one resident of a unit that shares nothing."""
    return RecipientId(f"resident:{resident}")


def person_of(recipient: RecipientId) -> ResidentId | None:
    """The one resident whose parcel it is; None where it is a whole unit's."""
    kind, _, name = recipient.partition(":")
    return ResidentId(name) if kind == "resident" else None


def household(unit: UnitId) -> RecipientId:
    """The recipient of a parcel for a whole unit."""
    return RecipientId(f"unit:{unit}")
