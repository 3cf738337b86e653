"""Ten years of events cost a start, a decision and a page no more than one week does.

Counted in steps of SQLite's machine, which are the same on every computer.
"""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from kiosk.store.journal import SqliteJournal, load_rows, new_salt
from kiosk.store.log import append, events_after, head_of, newest_events
from kiosk.store.log_index import bring_up_to_date, events_of
from kiosk.store.retention import forget
from tests.domain.rig import START_MS, empty_state
from tests.store.rig import Recorder, opened

GROWTH = 1.2
FEW, MANY = 40, 200
Work = Callable[[sqlite3.Connection], object]


async def make(path: Path, rounds: int) -> None:
    """So many parcels that came and went, one that stays; old intents and codes forgotten."""
    kiosk = Recorder()
    kiosk.start()
    async with opened(path) as database:
        journal = SqliteJournal(database)
        for _ in range(rounds):
            kiosk.deliver()
            kiosk.collect_oldest()
        kiosk.deliver("101")
        await kiosk.save(journal)
        await database.commit(bring_up_to_date)
        await database.commit(lambda connection: forget(connection, START_MS * 2, uptime_ms=START_MS * 2))


@pytest.fixture
async def logs(tmp_path: Path) -> tuple[Path, Path]:
    await make(tmp_path / "few" / "kiosk.db", FEW)
    await make(tmp_path / "many" / "kiosk.db", MANY)
    return tmp_path / "few" / "kiosk.db", tmp_path / "many" / "kiosk.db"


def steps(path: Path, work: Work) -> int:
    """What a piece of work costs, rolled back afterwards."""
    count = 0

    def step() -> int:
        nonlocal count
        count += 1
        return 0

    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("BEGIN")
        connection.set_progress_handler(step, 1)
        work(connection)
        connection.set_progress_handler(None, 0)
        connection.execute("ROLLBACK")
    return count


def one_more(connection: sqlite3.Connection) -> None:
    kiosk = Recorder(_intents=1_000_000)
    kiosk.start()
    append(connection, kiosk.waiting, new_salt)


@pytest.mark.parametrize(
    "work",
    [
        pytest.param(lambda connection: load_rows(connection, empty_state()), id="start"),
        pytest.param(head_of, id="head"),
        pytest.param(one_more, id="decision"),
        pytest.param(lambda connection: newest_events(connection, 20), id="newest page"),
        pytest.param(lambda connection: events_after(connection, 40, 20), id="page by key"),
        pytest.param(lambda connection: events_of(connection, "i900", 0, 20), id="history of one parcel"),
    ],
)
async def test_cost_does_not_grow_with_the_log(logs: tuple[Path, Path], work: Work) -> None:
    few, many = (steps(path, work) for path in logs)
    assert few > 0
    assert many <= GROWTH * few


async def test_the_count_sees_work_that_grows(logs: tuple[Path, Path]) -> None:
    few, many = (
        steps(
            path, lambda connection: connection.execute("SELECT count(*) FROM event WHERE v = 1").fetchone()
        )
        for path in logs
    )
    assert many > 3 * few
