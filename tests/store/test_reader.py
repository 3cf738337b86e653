"""Reading the log: pages by key, in order, at most 500 rows, whoever asks."""

import itertools
import json
from pathlib import Path

import pytest

from kiosk.store.journal import SqliteJournal
from kiosk.store.log import PAGE_ROWS
from kiosk.store.reader import LogReader, StoredFile
from tests.domain.rig import START_MS
from tests.store.rig import Recorder, make_log, opened


@pytest.fixture
async def path(tmp_path: Path) -> Path:
    await make_log(tmp_path / "kiosk.db", rounds=40)
    return tmp_path / "kiosk.db"


async def test_pages_follow_one_another_without_gap_or_overlap(path: Path) -> None:
    async with opened(path) as database:
        reader = LogReader(database)
        seen = 0
        while page := await reader.read_events(seen, 70):
            assert [row.seq for row in page] == list(range(seen + 1, seen + len(page) + 1))
            seen = page[-1].seq
        assert seen > 400
        assert (await reader.head()).split(":")[:2] == ["1", str(seen)]


async def test_a_page_is_never_larger_than_five_hundred_rows(path: Path) -> None:
    async with opened(path) as database:
        reader = LogReader(database)
        assert len(await reader.read_events(0, 10_000)) == PAGE_ROWS
        assert len(await reader.newest_events(10_000)) == PAGE_ROWS
        assert await reader.read_events(0, 0) == []
        assert await reader.read_events(0, -1) == []


async def test_the_newest_events_come_oldest_first(path: Path) -> None:
    async with opened(path) as database:
        reader = LogReader(database)
        newest = await reader.newest_events(3)
        assert newest == await reader.read_events(newest[0].seq - 1, 10)


async def test_a_subject_finds_its_own_events_only(tmp_path: Path) -> None:
    kiosk = await make_log(tmp_path / "kiosk.db")
    (delivery,) = kiosk.state.deliveries
    async with opened(tmp_path / "kiosk.db") as database:
        reader = LogReader(database)
        rows = await reader.events_of(delivery, 0, 100)
        assert [row.type for row in rows] == ["DeliveryReserved", "DeliveryStored", "CodeIssued"]
        assert await reader.events_of(delivery, rows[0].seq, 1) == rows[1:2]
        assert await reader.events_of("", 0, 100) == []
        assert await reader.events_of("nobody", 0, 100) == []


async def test_a_row_tells_who_when_and_what(path: Path) -> None:
    async with opened(path) as database:
        started = (await LogReader(database).read_events(0, 1))[0]
    assert (started.epoch, started.seq, started.type, started.v) == (1, 1, "KioskStarted", 2)
    assert (started.actor, started.intent, started.boot, started.subject) == ("kiosk", "i1", "boot-1", "")
    assert started.trusted is True
    assert started.at_ms == START_MS + started.mono_ms
    assert json.loads(started.body) == {"version": "test", "boot": "boot-1", "mono_ms": 1000000}


async def test_an_untrusted_clock_stands_in_the_row(tmp_path: Path) -> None:
    kiosk = Recorder(is_trusted=False)
    kiosk.start()
    async with opened(tmp_path / "kiosk.db") as database:
        await kiosk.save(SqliteJournal(database))
        assert not any(row.trusted for row in await LogReader(database).read_events(0, 100))


def test_a_stored_file_is_read_without_a_daemon(path: Path) -> None:
    with StoredFile(path) as stored:
        first = stored.events(0, 3)
        assert [row.seq for row in first] == [1, 2, 3]
        assert stored.newest_events(1)[0].seq == int(stored.head().split(":")[1])
    with pytest.raises(RuntimeError, match="with"):
        stored.events(0, 1)


async def test_the_log_is_ordered_by_number_when_the_clock_jumps_back(tmp_path: Path) -> None:
    kiosk = Recorder()
    kiosk.start()
    kiosk.mono_ms -= 900_000
    kiosk.deliver()
    async with opened(tmp_path / "kiosk.db") as database:
        await kiosk.save(SqliteJournal(database))
        rows = await LogReader(database).read_events(0, 100)
    times = [row.at_ms for row in rows]
    assert any(later < earlier for earlier, later in itertools.pairwise(times))
    assert [row.type for row in rows] == kiosk.events()
