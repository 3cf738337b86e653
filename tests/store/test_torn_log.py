"""Power cuts as the disk sees them: any beginning of the write-ahead log is a whole number of decisions."""

import shutil
from collections.abc import Iterator
from pathlib import Path

from kiosk.store.journal import SqliteJournal
from tests.domain.rig import empty_state
from tests.store.rig import Recorder, audit, durable, opened

FRAME = 24 + 1024
HEADER = 32


async def record(path: Path) -> tuple[dict[int, Recorder], bytes, bytes]:
    """A kiosk's work: what stood after each batch, by its last number, and both files as they are then."""
    stages: dict[int, Recorder] = {0: Recorder()}
    kiosk = Recorder()
    kiosk.start()
    async with opened(path) as database:
        journal = SqliteJournal(database)
        for step in (lambda: None, kiosk.deliver, kiosk.collect_oldest, lambda: kiosk.deliver("101")):
            step()
            written = await kiosk.save(journal)
            stages[written[-1].seq] = Recorder(state=kiosk.state)
        return stages, *contents(path)


def contents(path: Path) -> tuple[bytes, bytes]:
    return path.read_bytes(), path.with_name(f"{path.name}-wal").read_bytes()


def cuts(size: int) -> Iterator[int]:
    """Every boundary of a page in the log, and places inside pages: torn at a sector and in the header."""
    for number, start in enumerate(range(HEADER, size + 1, FRAME)):
        yield start
        if number % 5 == 0:
            yield from (start + inside for inside in (7, 512) if start + inside < size)


async def test_a_log_cut_anywhere_holds_whole_decisions_only(tmp_path: Path) -> None:
    stages, main, log = await record(tmp_path / "kiosk.db")
    reached = set()
    for number, cut in enumerate(cuts(len(log))):
        folder = tmp_path / str(number)
        folder.mkdir()
        (folder / "kiosk.db").write_bytes(main)
        (folder / "kiosk.db-wal").write_bytes(log[:cut])
        reached.add(await seen_after_a_start(folder / "kiosk.db", stages))
        shutil.rmtree(folder)
    assert reached == set(stages)


async def test_a_log_with_one_wrong_byte_holds_the_decisions_before_it(tmp_path: Path) -> None:
    stages, main, log = await record(tmp_path / "kiosk.db")
    for number, place in enumerate(range(HEADER + 40, len(log), 5 * FRAME)):
        folder = tmp_path / str(number)
        folder.mkdir()
        (folder / "kiosk.db").write_bytes(main)
        (folder / "kiosk.db-wal").write_bytes(log[:place] + bytes([log[place] ^ 0x40]) + log[place + 1 :])
        await seen_after_a_start(folder / "kiosk.db", stages)
        shutil.rmtree(folder)


async def seen_after_a_start(path: Path, stages: dict[int, Recorder]) -> int:
    """Start, and compare with what stood after the last batch that is there."""
    async with opened(path) as database:
        rows = await SqliteJournal(database).load(empty_state())
    wanted, found = durable(stages[rows.seq].state), durable(rows.state)
    assert found.deliveries == wanted.deliveries
    assert found.credentials == wanted.credentials
    assert found.compartments == wanted.compartments
    report = audit(path)
    assert report.is_whole, report.problems
    return rows.seq
