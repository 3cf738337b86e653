"""S31: a file or a row that cannot be read stops the start, by its name and with the way out."""

import hashlib
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from tests.app.processes import Kiosk

BAD_DATA = 65
Damage = Callable[[Path], None]


def sql(statement: str) -> Damage:
    """What somebody with a database tool did."""

    def damage(path: Path) -> None:
        with closing(sqlite3.connect(path)) as database, database:
            database.execute("PRAGMA ignore_check_constraints = ON")
            assert database.execute(statement).rowcount > 0

    return damage


def overwritten(at: int) -> Damage:
    """A page of the file lost to the card."""

    def damage(path: Path) -> None:
        with closing(sqlite3.connect(path)) as database:
            database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        with path.open("r+b") as file:
            file.seek(at)
            file.write(b"\x00" * 1024)

    return damage


def cut_short(path: Path) -> None:
    """Half a file."""
    with closing(sqlite3.connect(path)) as database:
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    with path.open("r+b") as file:
        file.truncate(path.stat().st_size // 2)


DAMAGES: dict[str, Damage] = {
    "first page": overwritten(0),
    "half a file": cut_short,
    "vacancy": sql("UPDATE compartment SET vacancy = 'nonsense'"),
    "condition": sql("UPDATE compartment SET condition = 'nonsense'"),
    "delivery state": sql("UPDATE delivery SET state = 'nonsense'"),
    "delivery size": sql("UPDATE delivery SET size = 'XXL'"),
    "one compartment": sql("DELETE FROM compartment WHERE id IN (SELECT compartment FROM delivery)"),
    "no compartments": sql("DELETE FROM compartment"),
}


def contents(path: Path) -> list[str]:
    """Every row but the count of openings, or where the file is none any more, its bytes."""
    try:
        with closing(sqlite3.connect(path)) as database:
            return [line for line in database.iterdump() if "'openings'" not in line]
    except sqlite3.DatabaseError:
        return [hashlib.sha256(path.read_bytes()).hexdigest()]


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES.keys())
def test_the_start_stops_with_the_name_of_the_file_and_the_way_out(used: Kiosk, damage: Damage) -> None:
    path = used.folder / "kiosk.db"
    damage(path)
    before = contents(path)
    refused = used.run_daemon()
    assert refused.returncode == BAD_DATA, refused.stderr
    assert "Traceback" not in refused.stderr
    assert str(path) in refused.stderr
    assert "nothing was changed or deleted" in refused.stderr.lower()
    assert contents(path) == before


def test_settings_without_a_door_start_nothing(used: Kiosk) -> None:
    text = used.config.read_text(encoding="utf-8")
    bare = used.base / "bare.toml"
    bare.write_text(text.partition("[[compartment]]")[0], encoding="utf-8")
    used.config = bare
    refused = used.run_daemon()
    assert refused.returncode == 78
    assert "compartment" in refused.stderr
