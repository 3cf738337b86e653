"""The product's folder: settings, keys, and a database with a past, made once and copied for each use."""

import hashlib
import json
import shutil
from collections.abc import Iterable
from pathlib import Path

from config.load import load
from config.settings import Settings
from kiosk.data_folder import DataFolder
from kiosk.fresh import Codes
from kiosk.keys import open_keys
from kiosk.service.clock import SystemClock, TrustSource
from kiosk.service.codes import CODE_DIGITS
from kiosk.storage import empty_state, threaded_database
from kiosk.store.database import Database
from kiosk.store.directory_store import SqliteDirectory
from kiosk.store.journal import SqliteJournal
from kiosk.store.migrations import MIGRATIONS
from tests.benchmarks.bench import Bench
from tests.benchmarks.product.building import CARRIER_DIGITS, directory, settings_text
from tests.benchmarks.product.past import Past

SETTINGS, CODES = "kiosk.toml", "codes.json"
_NOWHERE, _NO_ADDRESS = Path("port"), "127.0.0.1:8080"


_TABLES = hashlib.sha256(repr(MIGRATIONS).encode()).hexdigest()[:8]
"""The same for as long as the tables are the same."""


def _sweep(folder: Path) -> None:
    """A past in tables of another form is of no use any more."""
    for old in folder.glob("product-*"):
        if not old.name.startswith(f"product-{_TABLES}-"):
            shutil.rmtree(old, ignore_errors=True)


def data_of(folder: Path) -> DataFolder:
    """Where the daemon keeps its things in a folder of ours."""
    return DataFolder(folder / "kiosk")


async def folder_with_past(bench: Bench, events: int, *, boards: int, doors: int) -> Path:
    """The folder with so many past events, made once for this version of the database."""
    folder = bench.folder / f"product-{_TABLES}-{boards}x{doors}-{events}"
    if not (folder / "done").exists():
        _sweep(bench.folder)
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        text = settings_text(link=_NOWHERE, boards=boards, doors=doors, baud=115_200, address=_NO_ADDRESS)
        (folder / SETTINGS).write_text(text)
        await _make(bench, folder, events, parcels=boards * doors // 2)
        (folder / "done").touch()
    return folder


async def _make(bench: Bench, folder: Path, events: int, *, parcels: int) -> None:
    settings, home = load(folder / SETTINGS, folder), data_of(folder)
    codes = Codes(open_keys(home).codes)
    people = directory(codes.carrier_digest_of(CARRIER_DIGITS), len(settings.compartment))
    async with threaded_database(home.database) as database:
        await SqliteDirectory(database).replace_directory(people, {})
        now_ms = SystemClock(TrustSource.ASSUME).now().at_ms
        await Past(database, codes, empty_state(settings), now_ms, bench.say).make(events, parcels)
        live = await _live_codes(database, codes, settings)
    (folder / CODES).write_text(json.dumps(live))


async def _live_codes(database: Database, codes: Codes, settings: Settings) -> list[str]:
    """Eight digits for every parcel that is here."""
    rows = await SqliteJournal(database).load(empty_state(settings))
    sealed = await database.read(
        lambda reading: reading.execute("SELECT sealed FROM credential ORDER BY digest").fetchall()
    )
    return list(_digits(codes, (row[0] for row in sealed), expected=len(rows.state.credentials)))


def _digits(codes: Codes, sealed: Iterable[bytes], *, expected: int) -> Iterable[str]:
    found = [codes.unseal(one)[:CODE_DIGITS] for one in sealed]
    if len(found) != expected:
        raise LookupError(f"{len(found)} sealed codes, expected {expected}")
    return found
