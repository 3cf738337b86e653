"""After heavy days nothing that was written holds a code, and no name stands where it does not belong."""

import contextlib
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from config.sample import read_sample
from kiosk.rehearsal.performance import perform
from kiosk.rehearsal.soak import drawn
from kiosk.rehearsal.stage import Stage
from sim.scenario.draw import Order
from sim.scenario.rates import Level
from tests.canaries import (
    codes_in,
    codes_in_bytes,
    people_in,
    values_of,
    wrongs_in_database,
    wrongs_in_files,
)

DAYS = 2
FEWEST_CODES = 40


def names_and_contacts() -> frozenset[str]:
    """Every resident of the sample building; its staff are called after their work, as the desk is."""
    return frozenset(text for one in read_sample().residents for text in (one.name, *one.contact.split()))


@dataclass
class Found:
    """What was found on the stage when all was over."""

    people: frozenset[str] = field(default_factory=names_and_contacts)
    codes: frozenset[str] = frozenset()
    wrong: list[str] = field(default_factory=list)
    tables: set[str] = field(default_factory=set)
    taken: int = 0

    def look(self, stage: Stage) -> None:
        """Search the database, its files, and everything that the broker took."""
        self.codes = stage.phones.codes()
        database = stage.keeper.process.folder.database
        self.wrong += wrongs_in_database(database, self.codes, self.people)
        self.wrong += wrongs_in_files(stage.play.folder, self.codes)
        self.tables = {
            place.partition(".")[0] for place, text in values_of(database) if people_in(text, self.people)
        }
        for publication in stage.broker.taken:
            self.taken += 1
            text = f"{publication.topic} {publication.payload.decode()}"
            if codes_in(text, self.codes) or people_in(text, self.people):
                self.wrong.append(f"the broker got {text}")


def test_heavy_days_leave_no_code_and_no_name_behind(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    found = Found()
    script = drawn(Order("canaries", DAYS, Level.HEAVY, 24, False)).script
    outcome = perform(script, tmp_path, look=found.look)
    assert outcome.broken == ()
    assert len(found.codes) > FEWEST_CODES
    assert found.taken > 1000
    assert "resident" in found.tables, "the search finds names where they are"
    assert found.wrong == []
    log: Sequence[str] = [record.getMessage() for record in caplog.records]
    assert [line for line in log if codes_in(line, found.codes) or people_in(line, found.people)] == []


# The search itself


@pytest.mark.parametrize(
    ("text", "is_found"),
    [
        ("12345678", True),
        ("your code is 1234 5678.", True),
        ('{"code":"12345678"}', True),
        ("123456789012", True),
        ("01a1-12345678-77", False),
        ("912345678", False),
        ("1234 56789", False),
    ],
)
def test_a_code_is_found_where_it_stands_by_itself(text: str, is_found: bool) -> None:
    assert bool(codes_in(text, {"12345678"})) is is_found


def test_a_planted_code_and_a_planted_name_are_found(tmp_path: Path) -> None:
    path = tmp_path / "kiosk.db"
    with contextlib.closing(sqlite3.connect(path)) as database, database:
        database.execute("CREATE TABLE event (body TEXT)")
        database.execute("CREATE TABLE resident (name TEXT)")
        database.executemany("INSERT INTO event VALUES (?)", [('{"code":"12345678"}',), ("Ana Vega",)])
        database.execute("INSERT INTO resident VALUES ('Ana Vega')")
    wrong = wrongs_in_database(path, {"12345678"}, {"Ana Vega"})
    assert wrong == ["event.body holds the code {'12345678'}", "event.body names {'Ana Vega'}"]


def test_a_code_that_was_deleted_is_found_in_the_file() -> None:
    assert codes_in_bytes(b"\x00\x04text 1234 5678 \x00", {"12345678"})
    assert codes_in_bytes(b"\x00123456789012\x00", {"12345678"})
    assert not codes_in_bytes(b"91234 5678", {"12345678"})
