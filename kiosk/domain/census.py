"""What a new list of residents changes in the directory. Pure: nothing happens until it is decided.

A person is known again by unit and name. Nobody is deleted here: who is gone from the list has moved out,
gets no new parcels, and can still collect the old ones.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from kiosk.domain.frozen import replace
from kiosk.domain.model.directory import Directory, Resident, Unit
from kiosk.domain.model.household import Household, Listed
from kiosk.domain.model.ids import ResidentId, UnitId


@dataclass(frozen=True, slots=True)
class Census:
    """The directory after a list was taken over, and whom that concerns; names by unit label."""

    directory: Directory
    added: tuple[tuple[str, str], ...] = ()
    changed: tuple[tuple[str, str], ...] = ()
    moved_out: tuple[tuple[str, str], ...] = ()
    units_added: tuple[str, ...] = ()
    units_changed: tuple[str, ...] = ()
    """Units that share parcels now, or no longer do."""

    @property
    def is_idle(self) -> bool:
        """Whether the list says nothing new."""
        return not (self.added or self.changed or self.moved_out or self.units_added or self.units_changed)


@dataclass(slots=True)
class _Taking:
    """The directory while a list is taken over."""

    units: dict[UnitId, Unit]
    residents: dict[ResidentId, Resident]
    at_ms: int
    language: str
    added: list[tuple[str, str]] = field(default_factory=list)
    changed: list[tuple[str, str]] = field(default_factory=list)
    moved_out: list[tuple[str, str]] = field(default_factory=list)
    units_added: list[str] = field(default_factory=list)
    units_changed: list[str] = field(default_factory=list)
    met: set[ResidentId] = field(default_factory=set)


def take_over(
    before: Directory, households: Sequence[Household], *, at_ms: int, language: str, is_whole: bool
) -> Census:
    """Compare a list with the directory.

    `is_whole`: everybody who is not on the list has moved out, at `at_ms` (UTC milliseconds). Otherwise the
    list only adds and corrects. `language` is for people whose own is not said.
    """
    taking = _Taking(dict(before.units), dict(before.residents), at_ms, language)
    for home in households:
        _take_household(taking, before, home)
    if is_whole:
        _move_out(taking)
    return Census(
        replace_people(before, taking.units, taking.residents),
        added=tuple(taking.added),
        changed=tuple(taking.changed),
        moved_out=tuple(taking.moved_out),
        units_added=tuple(taking.units_added),
        units_changed=tuple(taking.units_changed),
    )


def replace_people(
    before: Directory, units: Mapping[UnitId, Unit], residents: Mapping[ResidentId, Resident]
) -> Directory:
    """The same carriers and staff with other units and residents."""
    return Directory(units, residents, before.carriers, before.carrier_codes, before.staff)


def households_of(directory: Directory) -> tuple[Household, ...]:
    """Everybody who lives here now, by unit, as a list that could be taken over again."""
    units = sorted(directory.units.values(), key=lambda unit: (len(unit.label), unit.label))
    return tuple(_household(directory, unit) for unit in units)


def _household(directory: Directory, unit: Unit) -> Household:
    members = (
        Listed(who.name, who.language, who.contact, who.is_accessible) for who in directory.members(unit.id)
    )
    return Household(unit.label, unit.mode, tuple(members))


def _take_household(taking: _Taking, before: Directory, home: Household) -> None:
    unit = before.unit_named(home.label)
    if unit is None:
        unit = Unit(UnitId(f"u{home.label.lower()}"), home.label, home.mode)
        taking.units_added.append(home.label)
    elif unit.mode is not home.mode:
        unit = replace(unit, mode=home.mode)
        taking.units_changed.append(unit.label)
    taking.units[unit.id] = unit
    known = {who.name.casefold(): who for who in taking.residents.values() if who.unit == unit.id}
    for listed in home.members:
        _take_person(taking, unit, listed, known.get(listed.name.casefold()))


def _take_person(taking: _Taking, unit: Unit, listed: Listed, known: Resident | None) -> None:
    identity = known.id if known else _next_id(taking, unit)
    person = Resident(
        id=identity,
        unit=unit.id,
        name=listed.name,
        language=listed.language or (known.language if known else taking.language),
        contact=listed.contact or (known.contact if known else ""),
        is_accessible=listed.is_accessible,
    )
    taking.met.add(identity)
    if person == known:
        return
    taking.residents[identity] = person
    (taking.changed if known else taking.added).append((unit.label, person.name))


def _next_id(taking: _Taking, unit: Unit) -> ResidentId:
    """Never one that somebody had before: log and messages still name them."""
    number = 1
    while (identity := ResidentId(f"r{unit.id.removeprefix('u')}-{number}")) in taking.residents:
        number += 1
    return identity


def _move_out(taking: _Taking) -> None:
    for person in list(taking.residents.values()):
        if person.id not in taking.met and person.moved_out_at_ms is None:
            taking.residents[person.id] = replace(person, moved_out_at_ms=taking.at_ms)
            taking.moved_out.append((taking.units[person.unit].label, person.name))
