"""The sample building: invented people and companies, and codes that anyone can work out.

For trying the kiosk and for tests. The codes follow from a number in this file, so they protect nothing.
"""

import csv
import hashlib
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from kiosk.domain.model.directory import (
    Carrier,
    CarrierCode,
    Directory,
    Resident,
    Staff,
    Unit,
    UnitMode,
)
from kiosk.domain.model.ids import CarrierCodeId, CarrierId, Digest, ResidentId, StaffId, UnitId
from kiosk.service.codes import is_guessable

BUILDING = Path(__file__).with_name("building")
SEED = "latchwork sample building 412"
"""Public, as is everything that follows from it: sample only, never for a real building."""
CARRIER_DIGITS, STAFF_DIGITS = 6, 8
_COLUMNS = ["unit", "mode", "name", "language", "contact", "accessible"]


class BadSample(Exception):
    """The files of the sample building do not say what they should."""


@dataclass(frozen=True, slots=True)
class SampleBuilding:
    """Who lives, delivers and works in the sample building."""

    units: tuple[Unit, ...]
    residents: tuple[Resident, ...]
    carriers: tuple[Carrier, ...]
    staff: tuple[Staff, ...]


def read_sample(folder: Path = BUILDING) -> SampleBuilding:
    """Read the sample building; BadSample names every line that is wrong."""
    path = folder / "residents.csv"
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        if reader.fieldnames != _COLUMNS:
            raise BadSample(f"{path}: line 1: expected the columns {', '.join(_COLUMNS)}")
        rows = list(reader)
    problems = list(_problems(rows))
    if problems:
        raise BadSample("\n".join(f"{path}: {problem}" for problem in problems))
    return SampleBuilding(
        units=_units(rows),
        residents=_residents(rows),
        carriers=tuple(
            Carrier(CarrierId(key), name) for key, name in _named(folder / "carriers.toml", "carrier", "id")
        ),
        staff=tuple(
            Staff(StaffId(key), key, name) for key, name in _named(folder / "staff.toml", "staff", "account")
        ),
    )


def directory_of(building: SampleBuilding, carrier_digest_of: Callable[[str], Digest]) -> Directory:
    """The sample building as the kiosk's directory; each carrier has its one sample code."""
    codes = [
        CarrierCode(
            CarrierCodeId(f"{carrier.id}-1"), carrier.id, carrier_digest_of(sample_carrier_code(carrier.id))
        )
        for carrier in building.carriers
    ]
    return Directory(
        units={unit.id: unit for unit in building.units},
        residents={person.id: person for person in building.residents},
        carriers={carrier.id: carrier for carrier in building.carriers},
        carrier_codes={code.digest: code for code in codes},
        staff={person.id: person for person in building.staff},
    )


def sample_carrier_code(carrier: str) -> str:
    """The six digits of a sample carrier."""
    return _digits(f"carrier {carrier}", CARRIER_DIGITS)


def sample_staff_pin(account: str) -> str:
    """The eight digits of a sample staff account."""
    return _digits(f"staff {account}", STAFF_DIGITS)


def _digits(whose: str, count: int) -> str:
    attempt = 0
    while True:
        digest = hashlib.sha256(f"{SEED}/{whose}/{attempt}".encode()).digest()
        digits = f"{int.from_bytes(digest, 'big') % 10**count:0{count}}"
        if not is_guessable(digits):
            return digits
        attempt += 1


# Files

_Row = dict[str, str]


def _problems(rows: list[_Row]) -> Iterator[str]:
    modes: dict[str, str] = {}
    for line, row in enumerate(rows, 2):
        if set(row) != set(_COLUMNS) or not all(row.values()):
            yield f"line {line}: expected {len(_COLUMNS)} values, none empty"
            continue
        if row["mode"] not in set(UnitMode):
            yield f"line {line}: mode {row['mode']}, expected household or separate"
        if row["accessible"] not in ("yes", "no"):
            yield f"line {line}: accessible {row['accessible']}, expected yes or no"
        if modes.setdefault(row["unit"], row["mode"]) != row["mode"]:
            yield f"line {line}: unit {row['unit']} is {row['mode']} here, expected {modes[row['unit']]}"


def _units(rows: list[_Row]) -> tuple[Unit, ...]:
    modes = {row["unit"]: UnitMode(row["mode"]) for row in rows}
    return tuple(Unit(_unit_id(label), label, mode) for label, mode in modes.items())


def _unit_id(label: str) -> UnitId:
    return UnitId(f"u{label.lower()}")


def _residents(rows: list[_Row]) -> tuple[Resident, ...]:
    met: dict[str, int] = {}
    people = []
    for row in rows:
        label = row["unit"]
        met[label] = met.get(label, 0) + 1
        person = Resident(
            id=ResidentId(f"r{label.lower()}-{met[label]}"),
            unit=_unit_id(label),
            name=row["name"],
            language=row["language"],
            contact=row["contact"],
            is_accessible=row["accessible"] == "yes",
        )
        people.append(person)
    return tuple(people)


def _named(path: Path, table: str, key: str) -> Iterator[tuple[str, str]]:
    for entry in tomllib.loads(path.read_text(encoding="utf-8"))[table]:
        yield entry[key], entry["name"]
