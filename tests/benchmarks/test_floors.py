"""The floors really do the job: a floor that cheats would make every goal meaningless."""

import asyncio
import hashlib
import hmac
import json
import sqlite3
from pathlib import Path

import pytest

from tests.benchmarks.floors.delivery_cycle import CycleBook
from tests.benchmarks.floors.delivery_cycle import measure as measure_cycles
from tests.benchmarks.floors.ledger import Ledger, code_of
from tests.benchmarks.floors.serial_line import SerialLine, timed_exchanges
from tests.benchmarks.instruments.boards import Boards, Unlocked, open_boards, transaction_s
from tests.benchmarks.instruments.child import running
from tests.benchmarks.instruments.http import connected, until_it_answers

PATIENCE_S = 20.0


def count(path: Path, table: str) -> int:
    base = sqlite3.connect(path)
    try:
        return int(base.execute(f"SELECT count(*) FROM {table}").fetchone()[0])
    finally:
        base.close()


@pytest.fixture
def stocked(tmp_path: Path) -> Path:
    path = tmp_path / "floor.db"
    ledger = Ledger(path)
    ledger.stock(boards=2, locks=24)
    ledger.remember(500)
    ledger.close()
    return path


def test_the_ledger_commits_with_full_sync_in_a_write_ahead_log(stocked: Path) -> None:
    ledger = Ledger(stocked)
    settings = [
        ledger._base.execute(f"PRAGMA {name}").fetchone()[0]
        for name in ("journal_mode", "synchronous", "page_size")
    ]
    ledger.close()
    assert settings == ["wal", 2, 1024]


def test_a_code_is_found_by_its_keyed_digest_only(stocked: Path) -> None:
    ledger = Ledger(stocked)
    door = ledger.authorise(code_of(30), at_ms=1)
    wrong = ledger.authorise("99999999", at_ms=2)
    ledger.close()
    assert (door and (door.delivery, door.board, door.lock), wrong) == ((30, 1, 5), None)
    key = stocked.with_suffix(".key").read_bytes()
    base = sqlite3.connect(stocked)
    kept = {row[0] for row in base.execute("SELECT digest FROM delivery WHERE id = 30")}
    base.close()
    assert kept == {hmac.new(key, b"00000030", hashlib.sha256).digest()[:16]}


def test_every_authorisation_is_one_event_in_an_unbroken_chain(stocked: Path) -> None:
    ledger = Ledger(stocked)
    for delivery in (1, 2, 3):
        ledger.authorise(code_of(delivery), at_ms=delivery)
    assert ledger.seq == 503
    assert ledger.verify()
    ledger._base.execute("UPDATE event SET body = 'x' WHERE seq = 250")
    assert not ledger.verify()
    ledger.close()


def test_a_reopened_ledger_goes_on_where_it_was(stocked: Path) -> None:
    for _ in range(2):
        ledger = Ledger(stocked)
        ledger.authorise(code_of(1), at_ms=1)
        ledger.close()
    ledger = Ledger(stocked)
    assert (ledger.seq, ledger.verify()) == (502, True)
    ledger.close()


async def asked(address: str, boards: Boards, digits: str) -> tuple[int, Unlocked | None]:
    async with connected(address) as wire:
        wire.send(wire.form("/act", {"code": digits}))
        status = (await wire.reply()).status
    return status, None if boards.unlocks.empty() else boards.unlocks.get_nowait()


async def test_the_bare_kiosk_moves_a_lock_for_a_right_code_only(stocked: Path, free_port: int) -> None:
    address, link = f"127.0.0.1:{free_port}", stocked.with_name("port")
    command = ["tests.benchmarks.floors.bare_kiosk", str(stocked), str(link), "115200", "2", address]
    async with open_boards(link, (0, 1)) as boards, running("floor", command) as child:
        await until_it_answers(address, child)
        await boards.next_poll(1)
        wrong, nothing = await asked(address, boards, "99999999")
        right, unlocked = await asked(address, boards, code_of(30))
        async with asyncio.timeout(PATIENCE_S):
            moved = unlocked or await boards.unlocks.get()
    assert (wrong, nothing, right) == (403, None, 303)
    assert (moved.address, moved.lock) == (1, 5)
    assert count(stocked, "event") == 501


async def test_the_bare_kiosk_polls_every_board(stocked: Path, free_port: int) -> None:
    address, link = f"127.0.0.1:{free_port}", stocked.with_name("port")
    command = ["tests.benchmarks.floors.bare_kiosk", str(stocked), str(link), "115200", "2", address]
    async with open_boards(link, (0, 1)) as boards, running("floor", command):
        async with asyncio.timeout(PATIENCE_S):
            for _ in range(3):
                await boards.next_poll(0)
                await boards.next_poll(1)
        assert boards.collisions == 0


async def test_the_bare_line_reads_the_doors_of_a_board(tmp_path: Path) -> None:
    async with open_boards(tmp_path / "port", (3,)) as boards:
        line = SerialLine(str(tmp_path / "port"), 115_200)
        boards.pull_open(3, 47)
        reply = await line.status(3)
        taken = await timed_exchanges(line, 3, count=5, pause_s=0.0)
        line.close()
    assert reply[4:10] == bytes.fromhex("ff ff ff ff ff 7f")
    assert len(taken) == 5
    assert min(taken) > 0


async def test_boards_at_9600_baud_take_as_long_as_the_wire(tmp_path: Path) -> None:
    async with open_boards(tmp_path / "port", (0,), baud=9600) as boards:
        line = SerialLine(str(tmp_path / "port"), 9600)
        taken = await timed_exchanges(line, 0, count=3, pause_s=0.01)
        line.close()
    assert min(taken) >= 18.7
    assert boards.collisions == 0
    assert transaction_s(9600) == pytest.approx(0.0234, abs=0.0001)


async def test_boards_notice_a_frame_that_cuts_in(tmp_path: Path) -> None:
    async with open_boards(tmp_path / "port", (0, 1), baud=9600) as boards:
        line = SerialLine(str(tmp_path / "port"), 9600)
        async with asyncio.TaskGroup() as both:
            both.create_task(line.exchange(0))
            both.create_task(boards.next_poll(0))
            await boards.next_poll(0)
            await line.send(bytes.fromhex("02 01 00 51 03 57"), 0.0)
        line.close()
    assert boards.collisions == 1


def test_a_cycle_is_nine_transactions_and_seven_chained_events(tmp_path: Path) -> None:
    book = CycleBook(tmp_path / "cycle.db")
    book.remember(20)
    book.cycle(0)
    assert (book.transactions, book.seq) == (9, 27)
    base = sqlite3.connect(tmp_path / "cycle.db")
    rows = base.execute("SELECT * FROM event ORDER BY seq").fetchall()
    settings = [book._base.execute(f"PRAGMA {name}").fetchone()[0] for name in ("synchronous", "page_size")]
    base.close()
    book.close()
    assert settings == [2, 1024]
    head = bytes(32)
    for *row, kept in rows:
        head = hashlib.sha256(head + json.dumps(row).encode()).digest()
        assert kept == head
    assert all(110 <= len(row[4]) <= 130 for row in rows)


def test_what_a_cycle_writes_is_counted_by_the_kernel(tmp_path: Path) -> None:
    taken = measure_cycles(tmp_path / "cycle.db", 100, 10)
    assert 20_000 < taken["wchar"] < 200_000


async def test_the_idle_web_server_serves_its_page(free_port: int) -> None:
    address = f"127.0.0.1:{free_port}"
    async with running("web floor", ["tests.benchmarks.floors.web_server", address]) as child:
        await until_it_answers(address, child)
        assert child.rss_kib() > 1000
        assert child.cpu_ns() > 0


def test_the_floors_know_nothing_of_the_product() -> None:
    frozen = [
        *Path(__file__).with_name("floors").glob("*.py"),
        *Path(__file__).with_name("instruments").glob("*.py"),
    ]
    words = ("kiosk", "drivers", "hal", "sim", "config")
    found = [
        (path.name, line)
        for path in frozen
        for line in path.read_text(encoding="utf-8").splitlines()
        if line.startswith(tuple(f"{form} {word}" for form in ("import", "from") for word in words))
    ]
    assert not found
