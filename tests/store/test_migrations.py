"""Migrations: whole or not at all, and the schema as it was first made stays known."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from kiosk.store.migrations import MIGRATIONS, SCHEMA_VERSION, Migration, migrate, version_of
from kiosk.store.schema import APPLICATION_ID

SCHEMAS = Path(__file__).parents[1] / "data"
NEXT = Migration(
    2,
    (
        "ALTER TABLE staff ADD COLUMN role TEXT",
        "UPDATE staff SET role = 'manager'",
        "CREATE TABLE shelf (id TEXT PRIMARY KEY) STRICT, WITHOUT ROWID",
        "PRAGMA user_version = 2",
    ),
)


class FailingConnection(sqlite3.Connection):
    """A real connection on which one statement fails as it would on a broken disk."""

    fail_at = 0
    count = 0

    def execute(self, sql: str, parameters: object = (), /) -> sqlite3.Cursor:
        """Run a statement, unless it is the one that fails."""
        if not sql.startswith(("BEGIN", "ROLLBACK")):
            self.count += 1
            if self.count == self.fail_at:
                raise sqlite3.OperationalError("disk I/O error")
        return super().execute(sql, parameters)  # type: ignore[arg-type]  # passes what it was given


@pytest.fixture
def connection(tmp_path: Path) -> Iterator[FailingConnection]:
    with closing(
        sqlite3.connect(tmp_path / "kiosk.db", isolation_level=None, factory=FailingConnection)
    ) as made:
        yield made


def dump(connection: sqlite3.Connection) -> list[str]:
    return [*connection.iterdump(), str(version_of(connection))]


def schema(connection: sqlite3.Connection) -> str:
    rows = connection.execute("SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY type, name")
    return ";\n\n".join(row[0] for row in rows) + ";\n"


def test_the_newest_migration_is_what_this_program_knows() -> None:
    assert [migration.version for migration in MIGRATIONS] == list(range(1, SCHEMA_VERSION + 1))


@pytest.mark.parametrize("migration", MIGRATIONS, ids=lambda migration: str(migration.version))
def test_each_migration_writes_its_own_version_last(migration: Migration) -> None:
    assert migration.statements[-1] == f"PRAGMA user_version = {migration.version}"


@pytest.mark.parametrize("version", range(1, SCHEMA_VERSION + 1))
def test_the_schema_is_the_golden_one(connection: FailingConnection, version: int) -> None:
    migrate(connection, MIGRATIONS[:version])
    assert schema(connection) == (SCHEMAS / f"schema.{version}.sql").read_text(encoding="utf-8")


def test_the_file_says_whose_it_is(connection: FailingConnection) -> None:
    migrate(connection)
    assert connection.execute("PRAGMA application_id").fetchone() == (APPLICATION_ID,)


@pytest.mark.parametrize("fail_at", range(1, len(MIGRATIONS[0].statements) + 2))
def test_a_first_migration_that_fails_anywhere_leaves_nothing(
    connection: FailingConnection, fail_at: int
) -> None:
    before = dump(connection)
    connection.count, connection.fail_at = -1, fail_at  # the question for the version comes first
    with pytest.raises(sqlite3.OperationalError):
        migrate(connection)
    assert not connection.in_transaction
    assert dump(connection) == before
    connection.fail_at = 0
    assert migrate(connection) == SCHEMA_VERSION


@pytest.mark.parametrize("fail_at", range(1, len(NEXT.statements) + 2))
def test_a_later_migration_that_fails_anywhere_leaves_the_old_tables_and_rows(
    connection: FailingConnection, fail_at: int
) -> None:
    migrate(connection, MIGRATIONS[:1])
    connection.execute("INSERT INTO staff (id, account, name) VALUES ('7', '1', 'Jo')")
    before = dump(connection)
    connection.count, connection.fail_at = -2, fail_at  # one question for the version a migration
    with pytest.raises(sqlite3.OperationalError):
        migrate(connection, (MIGRATIONS[0], NEXT))
    assert dump(connection) == before
    connection.fail_at = 0
    assert migrate(connection, (MIGRATIONS[0], NEXT)) == 2
    assert connection.execute("SELECT role FROM staff").fetchall() == [("manager",)]


def test_a_database_up_to_date_is_left_alone(connection: FailingConnection) -> None:
    migrate(connection)
    before = connection.total_changes
    assert migrate(connection) == SCHEMA_VERSION
    assert connection.total_changes == before


def test_parcels_and_their_codes_go_through_the_update_in_their_order(connection: FailingConnection) -> None:
    migrate(connection, MIGRATIONS[:1])
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("INSERT INTO compartment VALUES ('c1', 'occupied', 'serviceable', 1)")
    connection.execute("INSERT INTO holding VALUES ('c1', 'unit:u1')")
    for number, key in ((3, "z"), (9, "a")):
        connection.execute(
            """INSERT INTO delivery (rowid, id, state, compartment, unit, recipient, carrier, carrier_code,
            session, size, reserved_at_ms, has_code, flags, tried)
            VALUES (?, ?, 'stored', 'c1', 'u1', 'unit:u1', 'swift', '3', 's', 'M', 5, 1, '[]', '[]')""",
            (number, key),
        )
        connection.execute(
            "INSERT INTO credential VALUES (?, ?, ?, 'unit:u1', ?)", (key.encode(), b"long", key, b"sealed")
        )
    before = connection.execute("SELECT * FROM delivery ORDER BY rowid").fetchall()
    codes = connection.execute("SELECT * FROM credential").fetchall()
    migrate(connection)
    assert connection.execute("SELECT * FROM delivery ORDER BY rowid").fetchall() == [
        (*row, None, None, 0, 0, None, None, "[]") for row in before
    ]
    assert connection.execute("SELECT * FROM credential").fetchall() == codes
    assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
    with pytest.raises(sqlite3.IntegrityError):
        connection.execute("DELETE FROM delivery WHERE id = 'z'")


INSERT_EVENT = "INSERT INTO event VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"


def event(seq: int, kind: str, subject: str) -> tuple[object, ...]:
    return (1, seq, kind, 1, 0, 0, "b", 1, "i", "kiosk", subject, "{}", None, b"")


def test_a_door_that_stood_open_at_the_update_is_known_afterwards(connection: FailingConnection) -> None:
    migrate(connection, MIGRATIONS[:1])
    for name, vacancy in (("open", "presumed"), ("shut", "presumed"), ("looked", "unknown")):
        connection.execute("INSERT INTO compartment VALUES (?, ?, 'serviceable', 1)", (name, vacancy))
    told = [("DoorOpened", "open"), ("DoorOpened", "shut"), ("DoorClosed", "shut"), ("DoorOpened", "looked")]
    for seq, (kind, subject) in enumerate(told, 1):
        connection.execute(INSERT_EVENT, event(seq, kind, subject))
    migrate(connection)
    rows = connection.execute("SELECT id, may_stand_open FROM compartment ORDER BY id").fetchall()
    assert rows == [("looked", 0), ("open", 1), ("shut", 0)]
