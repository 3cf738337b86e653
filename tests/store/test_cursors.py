"""Cursors ride with the next decision; a kiosk where nothing happens writes nothing."""

from pathlib import Path

from kiosk.domain import inputs as i
from kiosk.store.cursors import SAVE_EVENTS, SAVE_MS, Cursors
from kiosk.store.journal import SqliteJournal
from tests.domain.rig import empty_state
from tests.store.rig import Recorder, audit, opened, rows_of


def saved(path: Path) -> list[tuple[object, ...]]:
    return rows_of(path, "SELECT name, seq FROM cursor ORDER BY name")


async def test_a_cursor_is_carried_by_the_next_decision(tmp_path: Path) -> None:
    path = tmp_path / "kiosk.db"
    kiosk = Recorder()
    kiosk.start()
    async with opened(path) as database:
        cursors = Cursors(database)
        journal = SqliteJournal(database, cursors=cursors)
        await kiosk.save(journal)
        assert await cursors.read("uplink") == 0
        await cursors.advance("uplink", 5, 0)
        assert await cursors.read("uplink") == 5
        assert saved(path) == []
        kiosk.deliver()
        await kiosk.save(journal)
        assert saved(path) == [("uplink", 5)]
        assert cursors.moved == {}


async def test_a_cursor_survives_a_restart(tmp_path: Path) -> None:
    path = tmp_path / "kiosk.db"
    async with opened(path) as database:
        await Cursors(database).advance("uplink", SAVE_EVENTS, 0)
    async with opened(path) as database:
        assert await Cursors(database).read("uplink") == SAVE_EVENTS
        assert await Cursors(database).read("desk") == 0


async def test_a_long_way_without_a_decision_is_saved_every_hundred_events(tmp_path: Path) -> None:
    path = tmp_path / "kiosk.db"
    async with opened(path) as database:
        cursors = Cursors(database)
        for seq in range(1, 251):
            await cursors.advance("uplink", seq, 0)
        assert saved(path) == [("uplink", 200)]
        assert await cursors.read("uplink") == 250


async def test_a_slow_way_without_a_decision_is_saved_after_half_a_minute(tmp_path: Path) -> None:
    path = tmp_path / "kiosk.db"
    async with opened(path) as database:
        cursors = Cursors(database)
        await cursors.advance("uplink", 1, 1000)
        await cursors.advance("uplink", 2, 1000 + SAVE_MS - 1)
        assert saved(path) == []
        await cursors.advance("uplink", 3, 1000 + SAVE_MS)
        assert saved(path) == [("uplink", 3)]


async def test_a_quiet_kiosk_saves_no_cursor_alone(tmp_path: Path) -> None:
    """One event an hour: each cursor waits for the next decision."""
    path = tmp_path / "kiosk.db"
    kiosk = Recorder()
    kiosk.start()
    async with opened(path) as database:
        cursors = Cursors(database)
        journal = SqliteJournal(database, cursors=cursors)
        await kiosk.save(journal)
        for hour in range(1, 5):
            await cursors.advance("uplink", hour, hour * 3_600_000)
            before = path.with_name("kiosk.db-wal").read_bytes()
            await journal.idle()
            assert path.with_name("kiosk.db-wal").read_bytes() == before
            kiosk.do(i.KioskStart("again"))
            await kiosk.save(journal)
            assert saved(path) == [("uplink", hour)]


async def test_a_cursor_beyond_the_log_tells_of_a_cut_off_end(tmp_path: Path) -> None:
    path = tmp_path / "kiosk.db"
    async with opened(path) as database:
        await Cursors(database).advance("uplink", SAVE_EVENTS, 0)
        assert (await SqliteJournal(database).load(empty_state())).seq == 0
    (problem,) = audit(path).problems
    assert problem.place == "1:1"
    assert str(SAVE_EVENTS) in problem.text
