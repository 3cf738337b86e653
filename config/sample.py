"""The sample building: invented people and companies, and codes that anyone can work out.

For trying the kiosk and for tests. The codes follow from a number in this file, so they protect nothing.
"""

import hashlib
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from config.residents_file import read_residents
from kiosk.domain.census import take_over
from kiosk.domain.model.directory import Carrier, CarrierCode, Directory, Resident, Staff, Unit
from kiosk.domain.model.ids import CarrierCodeId, CarrierId, Digest, StaffId
from kiosk.service.codes import is_guessable

BUILDING = Path(__file__).with_name("building")
SEED = "latchwork sample building 412"
"""Public, as is everything that follows from it: sample only, never for a real building."""
CARRIER_DIGITS, STAFF_DIGITS = 6, 8
LANGUAGE = "en"
"""Of people whose own is not said."""


@dataclass(frozen=True, slots=True)
class SampleBuilding:
    """Who lives, delivers and works in the sample building."""

    units: tuple[Unit, ...]
    residents: tuple[Resident, ...]
    carriers: tuple[Carrier, ...]
    staff: tuple[Staff, ...]


@cache
def read_sample(folder: Path = BUILDING) -> SampleBuilding:
    """Read the sample building; BadResidents names every line that is wrong."""
    listed = read_residents(folder / "residents.csv")
    people = take_over(Directory(), listed, at_ms=0, language=LANGUAGE, is_whole=False).directory
    return SampleBuilding(
        units=tuple(people.units.values()),
        residents=tuple(people.residents.values()),
        carriers=tuple(
            Carrier(CarrierId(key), name) for key, name in _named(folder / "carriers.toml", "carrier", "id")
        ),
        staff=tuple(
            Staff(StaffId(one["account"]), one["account"], one["name"], one.get("is_manager", False))
            for one in tomllib.loads((folder / "staff.toml").read_text(encoding="utf-8"))["staff"]
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


def _named(path: Path, table: str, key: str) -> Iterator[tuple[str, str]]:
    for entry in tomllib.loads(path.read_text(encoding="utf-8"))[table]:
        yield entry[key], entry["name"]
