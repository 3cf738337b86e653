"""The made-up building of the benchmarks: a unit and a resident for every door, one carrier, its settings."""

from pathlib import Path

from kiosk.domain.model.directory import Carrier, CarrierCode, Directory, Resident, Unit
from kiosk.domain.model.ids import CarrierCodeId, CarrierId, Digest, ResidentId, UnitId

CARRIER_DIGITS = "483915"
ROWS_A_COLUMN = 6


def unit_label(parcel: int) -> str:
    """The unit whose parcel lies behind a door; doors count from 0."""
    return str(101 + parcel)


def directory(carrier_digest: Digest, doors: int) -> Directory:
    """Everybody, by the code of the one carrier."""
    carrier, code = CarrierId("swift"), CarrierCodeId("swift-1")
    units = {UnitId(f"u{n}"): Unit(UnitId(f"u{n}"), unit_label(n)) for n in range(doors)}
    people = {
        ResidentId(f"r{n}"): Resident(ResidentId(f"r{n}"), UnitId(f"u{n}"), f"Resident {n}", "en", "")
        for n in range(doors)
    }
    codes = {carrier_digest: CarrierCode(code, carrier, carrier_digest)}
    return Directory(units, people, {carrier: Carrier(carrier, "Swift")}, codes)


def settings_text(*, link: Path, boards: int, doors: int, baud: int, address: str) -> str:
    """The settings file; every door has a supply of its own, so that nobody waits for a coil to rest."""
    parts = [_KIOSK.format(address=address)]
    parts += [_BANK.format(board=board, port=link, baud=baud) for board in range(boards)]
    parts += [_door(number, *divmod(number, doors)) for number in range(boards * doors)]
    return "\n".join(parts)


def _door(number: int, board: int, channel: int) -> str:
    column, row = divmod(number, ROWS_A_COLUMN)
    return _DOOR.format(
        number=number, label=number + 1, board=board, channel=channel + 1, column=column + 1, row=row + 1
    )


_KIOSK = """config_version = 1

[kiosk]
site = "bench"
id = "bench"
name = "Bench Court"
data_folder = "kiosk"
listen = "{address}"
screen_column = 40
screen_row = 1
new_compartments_are_empty = true
clock_trust = "assume"

[file_channel]
folder = "phones"

[size.S]
width_mm = 400
height_mm = 120
depth_mm = 500
"""
_BANK = """[[bank]]
id = "board-{board}"
driver = "kerong"
port = "{port}"
baud = {baud}
address = {board}
"""
_DOOR = """[supply.s{number}]

[[compartment]]
id = "c{number}"
label = "{label}"
bank = "board-{board}"
channel = {channel}
column = {column}
row = {row}
size = "S"
supply = "s{number}"
opening_height_mm = 700
"""
