"""The directory as rows: read whole, replaced whole."""

import sqlite3
from collections.abc import Mapping
from dataclasses import replace

from kiosk.domain.model.directory import Carrier, CarrierCode, Directory, Resident, Staff, Unit, UnitMode
from kiosk.domain.model.ids import Digest, StaffId
from kiosk.domain.state import State

_CLEAR = (
    "DELETE FROM resident",
    "DELETE FROM unit",
    "DELETE FROM carrier_code",
    "DELETE FROM carrier",
    "DELETE FROM staff",
)


def load_directory(connection: sqlite3.Connection, empty: State) -> State:
    """`empty` with the directory."""
    return replace(empty, directory=read_directory(connection))


def read_directory(connection: sqlite3.Connection) -> Directory:
    """The present snapshot, from one view of the tables."""
    carriers = connection.execute("SELECT id, name FROM carrier ORDER BY id")
    staff = connection.execute("SELECT id, account, name, is_manager FROM staff ORDER BY id")
    return Directory(
        units={unit.id: unit for unit in _units(connection)},
        residents={person.id: person for person in _residents(connection)},
        carriers={row[0]: Carrier(*row) for row in carriers},
        carrier_codes={code.digest: code for code in _carrier_codes(connection)},
        staff={
            key: Staff(key, account, name, is_manager=bool(is_manager))
            for key, account, name, is_manager in staff
        },
    )


def _units(connection: sqlite3.Connection) -> list[Unit]:
    rows = connection.execute("SELECT id, label, mode FROM unit ORDER BY id")
    return [Unit(key, label, UnitMode(mode)) for key, label, mode in rows]


def _residents(connection: sqlite3.Connection) -> list[Resident]:
    rows = connection.execute(
        "SELECT id, unit, name, language, contact, is_accessible, moved_out_at_ms FROM resident ORDER BY id"
    )
    return [
        Resident(
            key, unit, name, language, contact, is_accessible=bool(is_accessible), moved_out_at_ms=moved_out
        )
        for key, unit, name, language, contact, is_accessible, moved_out in rows
    ]


def _carrier_codes(connection: sqlite3.Connection) -> list[CarrierCode]:
    rows = connection.execute("SELECT id, carrier, digest FROM carrier_code ORDER BY id")
    return [CarrierCode(key, carrier, Digest(digest)) for key, carrier, digest in rows]


def replace_directory(
    connection: sqlite3.Connection, directory: Directory, staff_hashes: Mapping[StaffId, str]
) -> None:
    """Put a new snapshot in the place of the old one. Staff without a new hash keep the one they have."""
    kept: dict[StaffId, str] = dict(connection.execute("SELECT id, pin_hash FROM staff"))
    for statement in _CLEAR:
        connection.execute(statement)
    connection.executemany(
        "INSERT INTO unit (id, label, mode) VALUES (?, ?, ?)",
        ((unit.id, unit.label, unit.mode.value) for unit in directory.units.values()),
    )
    connection.executemany(
        """INSERT INTO resident (id, unit, name, language, contact, is_accessible, moved_out_at_ms)
        VALUES (?, ?, ?, ?, ?, ?, ?)""",
        (
            (who.id, who.unit, who.name, who.language, who.contact, who.is_accessible, who.moved_out_at_ms)
            for who in directory.residents.values()
        ),
    )
    connection.executemany(
        "INSERT INTO carrier (id, name) VALUES (?, ?)",
        ((carrier.id, carrier.name) for carrier in directory.carriers.values()),
    )
    connection.executemany(
        "INSERT INTO carrier_code (id, carrier, digest) VALUES (?, ?, ?)",
        ((code.id, code.carrier, code.digest) for code in directory.carrier_codes.values()),
    )
    hashes = kept | dict(staff_hashes)
    connection.executemany(
        "INSERT INTO staff (id, account, name, pin_hash, is_manager) VALUES (?, ?, ?, ?, ?)",
        (
            (who.id, who.account, who.name, hashes.get(who.id), who.is_manager)
            for who in directory.staff.values()
        ),
    )


def staff_hash(connection: sqlite3.Connection, account: str) -> tuple[StaffId, str] | None:
    """Who has this account, and the hash of their PIN; nobody without a PIN."""
    row = connection.execute(
        "SELECT id, pin_hash FROM staff WHERE account = ? AND pin_hash IS NOT NULL", (account,)
    ).fetchone()
    return (StaffId(row[0]), str(row[1])) if row else None
