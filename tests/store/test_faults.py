"""A disk that fails: what is certain is refused, what is not is looked up, and nobody is misled."""

import resource
import shutil
import signal
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from kiosk.domain.model.ids import IntentId
from kiosk.ports import JournalBroken, JournalRefused
from kiosk.store.database import Database
from kiosk.store.errors import DatabaseRefused, at_commit, before_commit
from kiosk.store.journal import SqliteJournal, new_salt, save_rows
from kiosk.store.log import append
from kiosk.store.message_queue import SqliteMessages
from kiosk.store.reader import LogReader
from kiosk.store.retention import Uptime
from tests.domain.rig import empty_state
from tests.store.rig import Recorder, audit, durable, opened, rows_of


@contextmanager
def small_files(limit: int) -> Iterator[None]:
    """No file may grow beyond this: SQLite reports an I/O error, as it does for a quota."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    ignored = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, ignored)


def wal_bytes(path: Path) -> int:
    return path.with_name(f"{path.name}-wal").stat().st_size


async def prepared(database: Database) -> tuple[Recorder, SqliteJournal]:
    """A started kiosk on disk, and a drop-off that waits to be written."""
    journal = SqliteJournal(database)
    kiosk = Recorder()
    kiosk.start()
    await kiosk.save(journal)
    kiosk.deliver()
    return kiosk, journal


def limit_pages(pages: int) -> Callable[[sqlite3.Connection], None]:
    def work(connection: sqlite3.Connection) -> None:
        connection.execute("VACUUM")  # pages that a migration has freed would be room, too
        connection.execute("SELECT count(*) FROM event").fetchone()
        connection.execute("PRAGMA max_page_count = 1" if pages == 0 else f"PRAGMA max_page_count = {pages}")

    return work


async def test_no_room_for_another_page_is_a_certain_refusal(tmp_path: Path) -> None:
    async with opened(tmp_path / "kiosk.db") as database:
        kiosk, journal = await prepared(database)
        before = await journal.load(empty_state())
        await database.ask_writer(limit_pages(0))
        with pytest.raises(JournalRefused, match="SQLITE_FULL"):
            await journal.commit(kiosk.waiting, kiosk.before, kiosk.state)
        found = await journal.load(empty_state())
        assert (found.seq, durable(found.state)) == (before.seq, durable(before.state))
        await database.ask_writer(limit_pages(1_000_000))
        await kiosk.save(journal)
        assert (await journal.load(empty_state())).state.deliveries == kiosk.state.deliveries
    assert audit(tmp_path / "kiosk.db").is_whole


async def test_a_commit_that_meets_an_io_error_is_unknown_and_the_look_tells_the_truth(
    tmp_path: Path,
) -> None:
    path = tmp_path / "kiosk.db"
    async with opened(path) as database:
        kiosk, journal = await prepared(database)
        head = await LogReader(database).head()
        with small_files(wal_bytes(path) + 2000):
            with pytest.raises(JournalBroken, match="SQLITE_IOERR_WRITE"):
                await journal.commit(kiosk.waiting, kiosk.before, kiosk.state)
            with pytest.raises(JournalBroken, match="opened again"):
                await journal.commit(kiosk.waiting, kiosk.before, kiosk.state)
        await journal.reopen()
        assert await journal.seq_of(kiosk.waiting[-1].intent) is None
        assert await LogReader(database).head() == head
        written = await kiosk.save(journal)
        assert await journal.seq_of(IntentId("i1")) is not None
        assert (await journal.load(empty_state())).seq == written[-1].seq
    assert audit(path).is_whole


@pytest.mark.parametrize("room", range(0, 60_000, 1500))
async def test_wherever_the_disk_fails_a_batch_is_whole_or_not_there(tmp_path: Path, room: int) -> None:
    path = tmp_path / "kiosk.db"
    async with opened(path) as database:
        kiosk, journal = await prepared(database)
        before = durable((await journal.load(empty_state())).state)
        try:
            with small_files(wal_bytes(path) + room):
                await journal.commit(kiosk.waiting, kiosk.before, kiosk.state)
        except JournalBroken:
            await journal.reopen()
            is_there = await journal.seq_of(kiosk.waiting[-1].intent) is not None
        else:
            is_there = True
        found = durable((await journal.load(empty_state())).state)
        wanted = durable(kiosk.state) if is_there else before
        assert found.deliveries == wanted.deliveries
        assert found.credentials == wanted.credentials
    assert audit(path).is_whole


def sync_failed_after_writing(path: Path, kiosk: Recorder, aside: Path) -> None:
    """Every page of a commit reaches the write-ahead log, but no connection takes it for committed."""
    aside.mkdir()
    for name in ("kiosk.db", "kiosk.db-wal"):
        shutil.copy(path.with_name(name), aside / name)
    before = wal_bytes(path)
    with closing(sqlite3.connect(aside / "kiosk.db", isolation_level=None)) as connection:
        connection.execute("PRAGMA wal_autocheckpoint = 0")
        connection.execute("BEGIN")
        append(connection, kiosk.waiting, new_salt)
        save_rows(connection, kiosk.waiting, kiosk.before, kiosk.state, uptime=Uptime())
        connection.execute("COMMIT")
        written = (aside / "kiosk.db-wal").read_bytes()
    with path.with_name("kiosk.db-wal").open("r+b") as log:
        log.seek(before)
        log.write(written[before:])


async def test_a_commit_whose_sync_failed_is_found_on_disk_and_stays_there(tmp_path: Path) -> None:
    """The commit raised, the same connection shows nothing, and yet the parcel is there."""
    path = tmp_path / "kiosk.db"
    async with opened(path) as database:
        kiosk, journal = await prepared(database)
        intent = kiosk.waiting[-1].intent
        sync_failed_after_writing(path, kiosk, tmp_path / "aside")
        assert await journal.seq_of(intent) is None
        with small_files(1), pytest.raises(JournalBroken):
            await journal.commit(kiosk.waiting, kiosk.before, kiosk.state)
        await journal.reopen()
        assert await journal.seq_of(intent) is not None
        assert (await journal.load(empty_state())).state.deliveries == kiosk.state.deliveries
        kiosk.saved()
        kiosk.collect_oldest()
        await kiosk.save(journal)
        shutil.copytree(tmp_path, tmp_path.with_name(f"{tmp_path.name}-after-a-power-cut"))
    for folder in (tmp_path, tmp_path.with_name(f"{tmp_path.name}-after-a-power-cut")):
        assert audit(folder / "kiosk.db").is_whole
        assert rows_of(folder / "kiosk.db", "SELECT count(*) FROM spent_code") == [(1,)]


async def test_a_disk_that_stays_broken_refuses_to_open_again(tmp_path: Path) -> None:
    path = tmp_path / "kiosk.db"
    async with opened(path) as database:
        kiosk, journal = await prepared(database)
        with small_files(wal_bytes(path)):
            with pytest.raises(JournalBroken):
                await journal.commit(kiosk.waiting, kiosk.before, kiosk.state)
            with pytest.raises(DatabaseRefused, match=r"cannot be written|disk"):
                await journal.reopen()
        await journal.reopen()
        await kiosk.save(journal)


async def test_an_error_of_the_notifier_does_not_close_the_database_for_others(tmp_path: Path) -> None:
    path = tmp_path / "kiosk.db"
    async with opened(path) as database:
        kiosk, journal = await prepared(database)
        await kiosk.save(journal)
        await database.commit(database.checkpoints.when_idle)
        (message,) = kiosk.messages()
        with small_files(wal_bytes(path)), pytest.raises((JournalBroken, DatabaseRefused)):
            await SqliteMessages(database).handed_over(message.id, 5)
        await journal.reopen()
        await SqliteMessages(database).handed_over(message.id, 5)
        kiosk.collect_oldest()
        await kiosk.save(journal)
    assert audit(path).is_whole


def fault_of(database: Database) -> str | None:
    return database.checkpoints.fault


async def test_a_checkpoint_that_fails_loses_nothing_and_is_remembered(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path = tmp_path / "kiosk.db"
    async with opened(path) as database:
        kiosk, journal = await prepared(database)
        await kiosk.save(journal)
        with small_files(path.stat().st_size):
            await database.ask_writer(database.checkpoints.move)
            await database.ask_writer(database.checkpoints.move)
        assert fault_of(database) is not None
        assert [record.levelname for record in caplog.records if "moved into" in record.message] == ["ERROR"]
        kiosk.collect_oldest()
        await kiosk.save(journal)
        await database.ask_writer(database.checkpoints.move)
        assert fault_of(database) is None
    assert audit(path).is_whole


async def test_any_error_inside_a_transaction_rolls_it_back(tmp_path: Path) -> None:
    """Out of memory in the middle leaves a transaction open; nobody may commit it by accident."""

    def work(connection: sqlite3.Connection) -> None:
        connection.execute("INSERT INTO cursor (name, seq) VALUES ('half', 1)")
        raise MemoryError

    async with opened(tmp_path / "kiosk.db") as database:
        with pytest.raises(MemoryError):
            await database.commit(work)
        await database.commit(lambda _connection: None)
    assert rows_of(tmp_path / "kiosk.db", "SELECT * FROM cursor") == []


def real_error(sql: str, setup: str = "") -> sqlite3.Error:
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
        connection.executescript(setup)
        with pytest.raises(sqlite3.Error) as failed:
            connection.execute(sql)
    return failed.value


def test_errors_that_are_certain_and_errors_that_are_not() -> None:
    unique = real_error("INSERT INTO a VALUES (1)", "CREATE TABLE a (b UNIQUE); INSERT INTO a VALUES (1);")
    syntax = real_error("SELEKT")
    for error in (unique, syntax):
        assert isinstance(before_commit(error), JournalRefused)
    assert isinstance(at_commit(unique), JournalRefused)
    assert isinstance(at_commit(syntax), JournalBroken)


@pytest.mark.parametrize(
    "name", ["SQLITE_IOERR_FSYNC", "SQLITE_IOERR_WRITE", "SQLITE_CORRUPT", "SQLITE_NOTADB", "SQLITE_CANTOPEN"]
)
def test_an_error_of_the_disk_is_never_certain(name: str) -> None:
    error = sqlite3.OperationalError("disk")
    error.sqlite_errorcode = vars(sqlite3)[name]
    error.sqlite_errorname = name
    assert isinstance(before_commit(error), JournalBroken)
    assert isinstance(at_commit(error), JournalBroken)


@pytest.mark.parametrize("name", ["SQLITE_FULL", "SQLITE_BUSY", "SQLITE_READONLY", "SQLITE_TOOBIG"])
def test_the_same_error_is_certain_before_the_commit_and_unknown_at_it(name: str) -> None:
    error = sqlite3.OperationalError("no")
    error.sqlite_errorcode = vars(sqlite3)[name]
    error.sqlite_errorname = name
    assert isinstance(before_commit(error), JournalRefused)
    assert isinstance(at_commit(error), JournalBroken)


def test_an_error_without_a_code_is_still_told(tmp_path: Path) -> None:
    connection = sqlite3.connect(tmp_path / "kiosk.db", isolation_level=None)
    connection.close()
    with pytest.raises(sqlite3.ProgrammingError) as closed:
        connection.execute("BEGIN")
    assert "closed" in str(before_commit(closed.value))
