"""Opening: what cannot be used is named with its way out, and not one byte of it is touched."""

import os
import sqlite3
import stat
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from kiosk.ports import JournalRefused
from kiosk.store.connection import open_reader
from kiosk.store.errors import (
    DatabaseAbsent,
    DatabaseCorrupt,
    DatabaseNewer,
    DatabaseNotWritable,
    DatabaseRefused,
    refused,
)
from kiosk.store.journal import SqliteJournal
from kiosk.store.migrations import SCHEMA_VERSION
from kiosk.store.reader import StoredFile
from tests.domain.rig import empty_state
from tests.store.rig import by_hand, make_log, opened, rows_of

NOBODY = 65534


@contextmanager
def as_nobody() -> Iterator[None]:
    """Without the rights of the administrator, who may write anywhere."""
    is_root = os.geteuid() == 0
    if is_root:
        os.seteuid(NOBODY)
    try:
        yield
    finally:
        if is_root:
            os.seteuid(0)


@pytest.fixture
def shared(tmp_path: Path) -> Iterator[Path]:
    """A folder that another account can enter."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "kiosk"
        folder.mkdir()
        for path in (folder.parent, folder):
            path.chmod(0o777)
        yield folder
        folder.chmod(0o777)


async def open_once(path: Path) -> None:
    async with opened(path):
        pass


def set_mode(path: Path, mode: int) -> None:
    path.chmod(mode)


def names(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir()]


def everything(folder: Path) -> dict[str, bytes]:
    """Every file that holds anything."""
    contents = {path.name: path.read_bytes() for path in folder.iterdir() if not path.name.endswith("-shm")}
    return {name: content for name, content in contents.items() if content}


# A new one


async def test_a_new_database_is_set_up_for_cards_that_lose_power(tmp_path: Path) -> None:
    async with opened(tmp_path / "deep" / "kiosk.db") as database:
        pragmas = ("journal_mode", "synchronous", "page_size", "foreign_keys", "wal_autocheckpoint")
        found = await database.ask_writer(
            lambda connection: [connection.execute(f"PRAGMA {name}").fetchone()[0] for name in pragmas]
        )
        assert found == ["wal", 2, 1024, 1, 0]


async def test_only_the_owner_may_read_the_files(tmp_path: Path) -> None:
    async with opened(tmp_path / "deep" / "kiosk.db"):
        modes = {stat.S_IMODE(path.stat().st_mode) for path in (tmp_path / "deep").iterdir()}
    assert modes == {0o600}
    assert stat.S_IMODE((tmp_path / "deep").stat().st_mode) == 0o700


async def test_the_reader_can_change_nothing(tmp_path: Path) -> None:
    async with opened(tmp_path / "kiosk.db") as database:
        with pytest.raises(DatabaseRefused, match=r"readonly|query"):
            await database.read(lambda connection: connection.execute("DELETE FROM meta").fetchall())
    assert rows_of(tmp_path / "kiosk.db", "SELECT count(*) FROM meta") == [(3,)]


async def test_every_opening_proves_that_a_commit_reaches_the_disk(tmp_path: Path) -> None:
    for _ in range(3):
        await open_once(tmp_path / "kiosk.db")
    assert rows_of(tmp_path / "kiosk.db", "SELECT value FROM meta WHERE key = 'openings'") == [(3,)]


async def test_a_start_that_died_before_the_first_table_goes_on(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "kiosk.db")) as connection:
        connection.execute("PRAGMA page_size = 1024")
        connection.execute("PRAGMA journal_mode = WAL")
    await open_once(tmp_path / "kiosk.db")
    assert rows_of(tmp_path / "kiosk.db", "PRAGMA user_version") == [(SCHEMA_VERSION,)]


# One that cannot be used


async def refuses(path: Path, kind: type[DatabaseRefused], words: str) -> None:
    """Writer and reader both refuse, and nothing is changed."""
    before = everything(path.parent)
    with pytest.raises(kind, match=words) as refusal:
        await open_once(path)
    assert str(path) in str(refusal.value)
    with pytest.raises(kind, match=words):
        open_reader(path).close()
    assert everything(path.parent) == before


async def test_a_newer_database_stops_the_start(tmp_path: Path) -> None:
    path = tmp_path / "kiosk.db"
    await make_log(path)
    with by_hand(path) as connection:
        connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION + 1}")
    await refuses(
        path,
        DatabaseNewer,
        f"schema {SCHEMA_VERSION + 1}, this one knows {SCHEMA_VERSION}.*install the version",
    )


async def test_a_zeroed_first_page_stops_the_start(tmp_path: Path) -> None:
    path = tmp_path / "kiosk.db"
    await make_log(path)
    path.write_bytes(bytes(1024) + path.read_bytes()[1024:])
    await refuses(path, DatabaseCorrupt, "damaged.*Nothing was changed or deleted.*[Cc]opy the whole folder")


async def test_half_a_file_stops_the_start(tmp_path: Path) -> None:
    path = tmp_path / "kiosk.db"
    await make_log(path)
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    await refuses(path, DatabaseCorrupt, "damaged")


async def test_an_empty_file_beside_a_full_log_is_not_taken_for_a_new_kiosk(tmp_path: Path) -> None:
    path = tmp_path / "kiosk.db"
    await make_log(path)
    path.with_name("kiosk.db-wal").write_bytes(path.read_bytes())
    path.write_bytes(b"")
    before = everything(tmp_path)
    with pytest.raises(DatabaseCorrupt, match=r"empty, but kiosk\.db-wal"):
        await open_once(path)
    assert everything(tmp_path) == before


async def test_somebody_elses_database_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "kiosk.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE song (name TEXT)")
    await refuses(path, DatabaseCorrupt, "not a kiosk's database")


async def test_a_text_file_is_not_a_database(tmp_path: Path) -> None:
    path = tmp_path / "kiosk.db"
    path.write_text("hello\n" * 1000)
    await refuses(path, DatabaseCorrupt, "damaged")


async def test_a_row_that_makes_no_sense_stops_the_start(tmp_path: Path) -> None:
    path = tmp_path / "kiosk.db"
    await make_log(path)
    with by_hand(path) as connection:
        connection.execute("UPDATE compartment SET vacancy = 'perhaps' WHERE id = 'c3'")
    async with opened(path) as database:
        with pytest.raises(DatabaseCorrupt, match=r"table compartment.*perhaps"):
            await SqliteJournal(database).load(empty_state())


async def test_a_folder_that_cannot_be_written_is_named(shared: Path) -> None:
    set_mode(shared, 0o555)
    with as_nobody(), pytest.raises(DatabaseNotWritable, match="rights of the folder"):
        await open_once(shared / "kiosk.db")


async def test_a_file_that_cannot_be_written_is_found_out_at_the_start(shared: Path) -> None:
    """Connecting and every pragma succeed on a read-only disk; only a write tells."""
    path = shared / "kiosk.db"
    await open_once(path)
    set_mode(path, 0o444)
    before = everything(shared)
    with as_nobody(), pytest.raises(DatabaseNotWritable, match=r"cannot be written.*rights.*read-only"):
        await open_once(path)
    assert everything(shared) == before


async def test_a_folder_that_became_read_only_is_found_out_at_the_start(shared: Path) -> None:
    path = shared / "kiosk.db"
    await open_once(path)
    set_mode(path, 0o666)
    set_mode(shared, 0o555)
    with as_nobody(), pytest.raises(DatabaseNotWritable, match="cannot be written"):
        await open_once(path)


async def test_another_process_that_writes_is_named(tmp_path: Path) -> None:
    path = tmp_path / "kiosk.db"
    await open_once(path)
    with by_hand(path) as other, closing(sqlite3.connect(path, timeout=0, isolation_level=None)) as mine:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(sqlite3.OperationalError, match="locked") as busy:
            mine.execute("BEGIN IMMEDIATE")
    assert "another process is writing" in str(refused(path, busy.value))


async def test_a_decision_waits_for_the_lock_and_is_then_refused_for_certain(tmp_path: Path) -> None:
    path = tmp_path / "kiosk.db"
    async with opened(path) as database:
        await database.ask_writer(lambda connection: connection.execute("PRAGMA busy_timeout = 1").fetchall())
        with by_hand(path) as other:
            other.execute("BEGIN IMMEDIATE")
            with pytest.raises(JournalRefused, match="SQLITE_BUSY"):
                await database.commit(lambda _connection: None)
        await database.commit(lambda _connection: None)


async def test_a_database_that_is_not_there_is_not_made_by_reading(tmp_path: Path) -> None:
    with (
        pytest.raises(DatabaseAbsent, match="made when the kiosk first starts"),
        StoredFile(tmp_path / "kiosk.db"),
    ):
        pass
    assert not names(tmp_path)


async def test_a_failed_opening_leaves_nothing_open(tmp_path: Path) -> None:
    """The look for open descriptors after each test is the judge."""
    (tmp_path / "kiosk.db").write_text("hello\n" * 1000)
    for _ in range(3):
        with pytest.raises(DatabaseCorrupt):
            await open_once(tmp_path / "kiosk.db")


async def test_an_error_inside_closes_everything(tmp_path: Path) -> None:
    with pytest.raises(JournalRefused, match="the reason"):
        async with opened(tmp_path / "kiosk.db"):
            raise JournalRefused("the reason")
    assert names(tmp_path) == ["kiosk.db"]
