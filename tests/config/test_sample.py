"""The sample building: 120 units that a first try needs, invented people, and codes anyone can work out."""

import hashlib
import re
import shutil
from collections import Counter
from pathlib import Path
from typing import get_args

import pytest

from config.load import load
from config.residents_file import BadResidents
from config.sample import (
    BUILDING,
    SEED,
    SampleBuilding,
    read_sample,
    sample_carrier_code,
    sample_staff_pin,
)
from config.settings import Language
from kiosk.domain.model.directory import UnitMode
from kiosk.service.codes import is_guessable
from tests.config.toml import SIM

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def building() -> SampleBuilding:
    return read_sample()


def test_it_has_120_units_on_twelve_floors_among_them_those_of_the_tutorial(building: SampleBuilding) -> None:
    labels = [unit.label for unit in building.units]
    assert len(labels) == len(set(labels)) == 120
    assert {"101", "412", "1210"} <= set(labels)
    assert len({label[:-2] if label[-1].isdigit() else label[:-1] for label in labels}) == 12


def test_letter_keys_occur(building: SampleBuilding) -> None:
    assert {sign for unit in building.units for sign in unit.label if not sign.isdigit()} == {"A", "B"}


def test_every_unit_has_one_to_three_residents(building: SampleBuilding) -> None:
    counts = Counter(person.unit for person in building.residents)
    assert set(counts) == {unit.id for unit in building.units}
    assert set(counts.values()) == {1, 2, 3}


def test_residents_speak_the_languages_of_the_kiosk(building: SampleBuilding, tmp_path: Path) -> None:
    spoken = {person.language for person in building.residents}
    assert spoken == set(get_args(Language)) == set(load(SIM, tmp_path).kiosk.languages)


def test_no_resident_can_be_reached_in_life(building: SampleBuilding) -> None:
    contacts = [person.contact for person in building.residents]
    assert len(set(contacts)) == len(contacts)
    assert all(re.fullmatch(r"[a-z0-9.]+@example\.org", contact) for contact in contacts)


def test_identities_are_unique_and_the_same_at_every_reading(building: SampleBuilding) -> None:
    assert len({person.id for person in building.residents}) == len(building.residents)
    assert len({unit.id for unit in building.units}) == len(building.units)
    assert read_sample() == building
    assert "u412" in {unit.id for unit in building.units}
    assert {"r412-1", "r412-2"} <= {person.id for person in building.residents}


def test_most_units_are_households_and_some_residents_need_a_low_door(building: SampleBuilding) -> None:
    separate = [unit for unit in building.units if unit.mode is UnitMode.SEPARATE]
    assert 0 < len(separate) < 30
    assert 0 < sum(person.is_accessible for person in building.residents) < 30


def test_six_carriers_with_unique_codes_that_nobody_guesses_at_sight(building: SampleBuilding) -> None:
    codes = [sample_carrier_code(carrier.id) for carrier in building.carriers]
    assert len(codes) == len(set(codes)) == 6
    assert all(re.fullmatch(r"\d{6}", code) and not is_guessable(code) for code in codes)


def test_staff_have_pins_of_eight_digits_that_differ(building: SampleBuilding) -> None:
    pins = [sample_staff_pin(person.account) for person in building.staff]
    assert len(pins) == len(set(pins)) >= 2
    assert all(re.fullmatch(r"\d{8}", pin) and not is_guessable(pin) for pin in pins)


def test_codes_are_the_same_at_every_start(building: SampleBuilding) -> None:
    carrier = building.carriers[0].id
    assert sample_carrier_code(carrier) == sample_carrier_code(carrier)


def test_a_derived_code_that_would_be_a_run_is_passed_over() -> None:
    whose = "carrier 3444"
    first = int.from_bytes(hashlib.sha256(f"{SEED}/{whose}/0".encode()).digest(), "big") % 10**6
    assert first == 890123
    assert not is_guessable(sample_carrier_code("3444"))


def test_no_sample_code_stands_in_any_file_of_the_settings(building: SampleBuilding) -> None:
    secrets = [sample_carrier_code(carrier.id) for carrier in building.carriers]
    secrets += [sample_staff_pin(person.account) for person in building.staff]
    text = "".join(
        path.read_text(encoding="utf-8")
        for folder in ("config", "docs")
        for path in (ROOT / folder).rglob("*")
        if path.suffix in {".toml", ".csv", ".py", ".md"}
    )
    assert not [secret for secret in secrets if secret in text]


WRONG_LINES = [
    ("unit,mode", "flat,mode", "expected the columns unit and name"),
    ("101,household", "101,shared", "line 2: mode shared, expected household or separate"),
    (",no\n102", ",maybe\n102", "line 2: accessible maybe, expected yes or no"),
    ("101,household,Bryn Greenhalt", "101,household,", "line 2: name is empty"),
    (
        "103,household,Maysa",
        "103,separate,Maysa",
        "line 5: unit 103 is separate here, and household in line 4",
    ),
]


@pytest.mark.parametrize(("old", "new", "said"), WRONG_LINES, ids=[new for _, new, _ in WRONG_LINES])
def test_a_wrong_line_is_named(tmp_path: Path, old: str, new: str, said: str) -> None:
    shutil.copytree(BUILDING, tmp_path / "building")
    path = tmp_path / "building" / "residents.csv"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(BadResidents, match=re.escape(said)):
        read_sample(tmp_path / "building")
