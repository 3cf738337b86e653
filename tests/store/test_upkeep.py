"""Checkpoints and forgetting: done when worth it, watched, and never when nothing happens."""

from functools import partial
from pathlib import Path

import pytest

from kiosk.domain.limits import DAY_MS
from kiosk.domain.model.ids import IntentId
from kiosk.store import retention
from kiosk.store.checkpoints import BUSY_BYTES, IDLE_ROWS, ROWS_A_LOOK
from kiosk.store.database import Database
from kiosk.store.journal import SqliteJournal
from kiosk.store.message_queue import SqliteMessages
from kiosk.store.reader import LogReader, StoredFile
from tests.domain.rig import START_MS, empty_state
from tests.store.rig import Recorder, audit, opened, rows_of


def files(path: Path) -> dict[str, bytes]:
    return {one.name: one.read_bytes() for one in path.parent.iterdir() if not one.name.endswith("-shm")}


async def days(database: Database, kiosk: Recorder, count: int) -> SqliteJournal:
    """A parcel a day."""
    journal = SqliteJournal(database)
    kiosk.start()
    for _ in range(count):
        kiosk.deliver()
        kiosk.collect_oldest()
        kiosk.mono_ms += DAY_MS
        await kiosk.save(journal)
    return journal


async def test_an_idle_kiosk_writes_not_one_byte(tmp_path: Path) -> None:
    path = tmp_path / "kiosk.db"
    async with opened(path) as database:
        journal = await days(database, Recorder(), 1)
        await journal.idle()
        before = files(path)
        for _ in range(50):
            await journal.idle()
            await LogReader(database).read_events(0, 100)
            await SqliteMessages(database).waiting(10)
            await journal.seq_of(IntentId("heartbeat"))
            await journal.load(empty_state())
        assert files(path) == before


async def test_an_idle_moment_moves_the_log_only_when_there_is_enough(tmp_path: Path) -> None:
    path = tmp_path / "kiosk.db"
    async with opened(path) as database:
        kiosk = Recorder()
        journal = await days(database, kiosk, 2)
        small = path.stat().st_size
        await journal.idle()
        assert path.stat().st_size == small
        while rows_of(path, "SELECT count(*) FROM event")[0] < (IDLE_ROWS,):
            kiosk.deliver()
            kiosk.collect_oldest()
            await kiosk.save(journal)
        await journal.idle()
        assert path.stat().st_size > small


async def test_the_log_is_moved_while_people_wait_once_it_is_large(tmp_path: Path) -> None:
    path = tmp_path / "kiosk.db"
    async with opened(path) as database:
        before = path.stat().st_size
        await database.commit(
            lambda connection: connection.execute(
                """WITH RECURSIVE number(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM number WHERE n < ?)
                INSERT INTO bucket SELECT 'large' || n, 1, ?, 1 FROM number""",
                (ROWS_A_LOOK, "x" * (BUSY_BYTES // ROWS_A_LOOK + 1024)),
            ).fetchall()
        )
        assert path.stat().st_size > before + BUSY_BYTES


async def test_the_log_file_is_used_again_and_never_cut(tmp_path: Path) -> None:
    path = tmp_path / "kiosk.db"
    async with opened(path) as database:
        kiosk = Recorder()
        journal = await days(database, kiosk, 3)
        await database.ask_writer(database.checkpoints.move)
        size = database.checkpoints.wal_bytes
        kiosk.deliver()
        await kiosk.save(journal)
        assert database.checkpoints.wal_bytes == size


async def test_a_reader_in_the_middle_delays_the_move_and_harms_nothing(tmp_path: Path) -> None:
    path = tmp_path / "kiosk.db"
    async with opened(path) as database:
        kiosk = Recorder()
        journal = await days(database, kiosk, 1)
        await database.read(lambda connection: connection.execute("BEGIN").fetchall())
        await database.read(lambda connection: connection.execute("SELECT count(*) FROM event").fetchall())
        kiosk.deliver()
        await kiosk.save(journal)
        await database.ask_writer(database.checkpoints.move)
        assert database.checkpoints.fault is None
        await database.read(lambda connection: connection.execute("COMMIT").fetchall())
        await database.ask_writer(database.checkpoints.move)
    assert audit(path).is_whole


async def test_a_clean_end_leaves_one_file(tmp_path: Path) -> None:
    path = tmp_path / "kiosk.db"
    async with opened(path) as database:
        await days(database, Recorder(), 1)
    assert list(files(path)) == ["kiosk.db"]


# Forgetting


async def test_intents_are_remembered_for_a_day_and_codes_for_ninety(tmp_path: Path) -> None:
    path = tmp_path / "kiosk.db"
    async with opened(path) as database:
        kiosk = Recorder()
        journal = await days(database, kiosk, 120)
        for message in kiosk.messages()[:-1]:
            await SqliteMessages(database).handed_over(message.id, message.due_at_ms)
        assert rows_of(path, "SELECT count(*) FROM spent_code") == [(120,)]
        await journal.idle()
        assert rows_of(path, "SELECT count(*) FROM spent_code") == [(90,)]
        assert rows_of(
            path, "SELECT count(DISTINCT at_ms / 86400000) FROM intent JOIN event USING (seq)"
        ) == [(1,)]
        assert rows_of(path, "SELECT count(*) FROM message") == [(30,)]
        assert await journal.answer_of(IntentId("i1")) is None
        rows = await journal.load(empty_state())
        assert len(rows.state.spent) == 90
    assert audit(path).is_whole


@pytest.mark.parametrize("starts_again", [True, False])
async def test_a_clock_that_jumps_ages_no_code(tmp_path: Path, *, starts_again: bool) -> None:
    path = tmp_path / "kiosk.db"
    async with opened(path) as database:
        kiosk = Recorder()
        journal = await days(database, kiosk, 5)
        kiosk.wall_ms += 400 * DAY_MS
        if starts_again:
            journal = SqliteJournal(database)
            await journal.load(empty_state())
            kiosk.mono_ms = 1000
        kiosk.deliver()
        await kiosk.save(journal)
        await journal.idle()
    assert rows_of(path, "SELECT count(*) FROM spent_code") == [(5,)]


async def test_uptime_goes_on_over_starts(tmp_path: Path) -> None:
    path = tmp_path / "kiosk.db"
    async with opened(path) as database:
        kiosk = Recorder()
        await days(database, kiosk, 60)
        journal = SqliteJournal(database)
        await journal.load(empty_state())
        for _ in range(60):
            kiosk.deliver()
            kiosk.collect_oldest()
            kiosk.mono_ms += DAY_MS
            await kiosk.save(journal)
        await journal.idle()
    counted = "SELECT count(*) BETWEEN 90 AND 92, min(ended_at_ms) >= "
    assert rows_of(path, f"{counted} {START_MS + 28 * DAY_MS} FROM spent_code") == [(1, 1)]


async def test_nothing_is_forgotten_while_the_clock_is_not_trusted(tmp_path: Path) -> None:
    path = tmp_path / "kiosk.db"
    async with opened(path) as database:
        kiosk = Recorder(is_trusted=False)
        journal = await days(database, kiosk, 100)
        await journal.idle()
    assert rows_of(path, "SELECT count(*) FROM spent_code") == [(100,)]


async def test_a_message_that_was_never_handed_over_is_never_forgotten(tmp_path: Path) -> None:
    path = tmp_path / "kiosk.db"
    async with opened(path) as database:
        kiosk = Recorder()
        kiosk.start()
        kiosk.deliver()
        await kiosk.save(SqliteJournal(database))
        await database.commit(
            lambda connection: retention.forget(connection, START_MS + 1000 * DAY_MS, uptime_ms=0)
        )
    assert rows_of(path, "SELECT count(*) FROM message") == [(1,)]


async def test_a_message_that_was_dropped_is_forgotten_like_one_that_left(tmp_path: Path) -> None:
    path = tmp_path / "kiosk.db"
    async with opened(path) as database:
        await days(database, Recorder(), 1)
        for after_days, count in ((29, 1), (32, 0)):
            now_ms = START_MS + after_days * DAY_MS
            await database.commit(partial(retention.forget, now_ms=now_ms, uptime_ms=0))
            assert rows_of(path, "SELECT count(*) FROM message") == [(count,)]


async def test_forgetting_that_fails_is_logged_and_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "kiosk.db"
    async with opened(path) as database:
        journal = await days(database, Recorder(), 1)
        await database.ask_writer(lambda connection: connection.execute("PRAGMA busy_timeout = 1").fetchall())
        with StoredFile(path) as stored:
            assert stored.events(0, 1)
        await database.ask_writer(lambda connection: connection.execute("PRAGMA query_only = ON").fetchall())
        await journal.idle()
        await database.ask_writer(lambda connection: connection.execute("PRAGMA query_only = OFF").fetchall())
        await journal.idle()
    assert audit(path).is_whole
