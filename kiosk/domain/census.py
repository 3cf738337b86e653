"""What a new list of residents changes in the directory. Pure: nothing happens until it is decided.

A person is known again by unit and name. Nobody is deleted here: who is gone from the list has moved out,
gets no new parcels, and can still collect the old ones. Who is forgotten keeps an identity and nothing else.
"""

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from kiosk.domain.frozen import replace
from kiosk.domain.model.delivery import Delivery
from kiosk.domain.model.directory import Directory, Resident, Unit, UnitMode, alone, household
from kiosk.domain.model.household import Household, Listed
from kiosk.domain.model.ids import RecipientId, ResidentId, UnitId
from kiosk.domain.state import State


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
    known: Mapping[tuple[UnitId, str], Resident]
    """Everybody who was here before, by unit and name."""
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
    known = {_known_by(who.unit, who.name): who for who in before.residents.values()}
    taking = _Taking(dict(before.units), dict(before.residents), known, at_ms, language)
    for home in households:
        _take_household(taking, before, home)
    if is_whole:
        _move_out(taking)
    return Census(
        dataclasses.replace(before, units=taking.units, residents=taking.residents),
        added=tuple(taking.added),
        changed=tuple(taking.changed),
        moved_out=tuple(taking.moved_out),
        units_added=tuple(taking.units_added),
        units_changed=tuple(taking.units_changed),
    )


def _known_by(unit: UnitId, name: str) -> tuple[UnitId, str]:
    return unit, name.casefold()


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
        unit = Unit(_new_unit_id(taking, home.label), home.label, home.mode or UnitMode.HOUSEHOLD)
        taking.units_added.append(home.label)
    elif home.mode not in (None, unit.mode):
        unit = replace(unit, mode=home.mode or unit.mode)
        taking.units_changed.append(unit.label)
    taking.units[unit.id] = unit
    for listed in home.members:
        _take_person(taking, unit, listed, taking.known.get(_known_by(unit.id, listed.name)))


def _new_unit_id(taking: _Taking, label: str) -> UnitId:
    """After the label in small letters, where letters that differ as capitals may be the same."""
    identity, number = UnitId(f"u{label.lower()}"), 2
    while identity in taking.units:
        identity, number = UnitId(f"u{label.lower()}.{number}"), number + 1
    return identity


def _take_person(taking: _Taking, unit: Unit, listed: Listed, known: Resident | None) -> None:
    identity = known.id if known else _next_id(taking, unit)
    person = Resident(
        id=identity,
        unit=unit.id,
        name=listed.name,
        language=listed.language or (known.language if known else taking.language),
        contact=listed.contact or (known.contact if known else ""),
        is_accessible=_either(listed.is_accessible, known.is_accessible if known else False),
    )
    taking.met.add(identity)
    if person == known:
        return
    taking.residents[identity] = person
    (taking.changed if known else taking.added).append((unit.label, person.name))


def _either(said: bool | None, before: bool) -> bool:
    return before if said is None else said


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


# Forgetting


def parcel_of(state: State, person: Resident) -> Delivery | None:
    """A parcel that still waits for somebody who moved out: their own, or one left for all of their unit."""
    mine = {alone(person.id), household(person.unit)}
    until_ms = person.moved_out_at_ms
    return next(
        (
            one
            for one in state.deliveries.values()
            if one.recipient in mine
            and (one.recipient == alone(person.id) or until_ms is None or one.reserved_at_ms <= until_ms)
        ),
        None,
    )


def forget_person(before: Directory, person: Resident) -> Directory:
    """The directory without name and contact of one person; the identity stays, so that nobody gets it."""
    nobody = Resident(person.id, person.unit, "", "", "", moved_out_at_ms=person.moved_out_at_ms)
    return dataclasses.replace(before, residents={**before.residents, person.id: nobody})


def recipients_forgotten(after: Directory, person: Resident) -> tuple[RecipientId, ...]:
    """Whose parcels are nobody's any more: the person's own, and the unit's once nobody of it is known."""
    is_known = any(who.unit == person.unit and who.name for who in after.residents.values())
    return (alone(person.id),) if is_known else (alone(person.id), household(person.unit))
