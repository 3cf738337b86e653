"""What the panel breaks around a real daemon, and mends: its clock, its disk, its broker, the phones."""

import contextlib
import os
import signal
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from kiosk.service.clock import SystemClock, TrustSource
from tests.app.processes import KIOSK, Kiosk, Page, Process, World, sample_code, started, until, welcome
from tests.app.test_whole_simulation import collect, daemon_of, deliver, is_up, rows_of
from tests.cli.test_broker import pointed_at
from tests.sync.mosquitto import Mosquitto, mosquitto
from tests.sync.reader import Reader, reading

DAY_MS = 86_400_000


def last_event(kiosk: Kiosk) -> tuple[int, bool]:
    """When the newest event was, in milliseconds from now, and whether its clock was trusted."""
    with contextlib.closing(sqlite3.connect(kiosk.folder / "kiosk.db")) as database:
        sql = "SELECT at_ms, trusted FROM event ORDER BY seq DESC LIMIT 1"
        at_ms, is_trusted = database.execute(sql).fetchone()
    return at_ms - SystemClock(TrustSource.ASSUME).now().at_ms, bool(is_trusted)


def messages(kiosk: Kiosk) -> list[Path]:
    return list((kiosk.base / "sim" / "phones").rglob("*.json"))


@pytest.mark.parametrize("days", [2, -14])
def test_a_clock_that_jumps_loses_no_parcel_and_is_not_trusted(simulated: Kiosk, days: int) -> None:
    with simulated.simulation() as simulation:
        block, world = welcome(simulation), World(simulated.panel_port)
        door = deliver(simulated, block)
        assert last_event(simulated)[1]
        world.do("clock", ahead_ms=days * DAY_MS)
        world.do("key", door="c1")
        until(lambda: round(last_event(simulated)[0] / DAY_MS) == days, "an event has the new time")
        assert not last_event(simulated)[1]
        world.do("push", door="c1")
        (row,) = rows_of(simulated, "/deliveries")
        assert row["state"] == "stored"
        assert not row.get("overdue", False)
        collect(simulated, door)


def signs_in(page: Page, code: str) -> str:
    """The page that a courier meets after the code; `away` where none answers."""
    try:
        page.act("deliver")
        return page.act("carrier_code", code)
    except OSError:
        return "away"


def test_a_full_disk_lets_nobody_in_and_loses_nothing(simulated: Kiosk) -> None:
    with simulated.simulation() as simulation:
        block, world = welcome(simulation), World(simulated.panel_port)
        door = deliver(simulated, block)
        before, head = rows_of(simulated, "/deliveries"), event_count(simulated)
        world.do("disk", full=True)
        until(lambda: world.see()["around"]["is_disk_full"], "the panel knows")  # type: ignore[index]
        code = sample_code(block, "Halvorn Express")
        assert signs_in(Page(simulated.page_port), code) != "unit"
        with contextlib.suppress(ProcessLookupError):
            os.kill(daemon_of(simulated), signal.SIGKILL)
        until(lambda: simulation.said.count("starts again") >= 2, "it is tried again and again")
        assert event_count(simulated) == head
        world.do("disk", full=False)
        until(lambda: is_up(simulated) and rows_of(simulated, "/deliveries") == before, "it is back")
        collect(simulated, door)


def event_count(kiosk: Kiosk) -> int:
    with contextlib.closing(sqlite3.connect(f"file:{kiosk.folder}/kiosk.db?mode=ro", uri=True)) as database:
        (count,) = database.execute("SELECT count(*) FROM event").fetchone()
    return int(count)


def test_phones_out_of_reach_get_their_message_later(simulated: Kiosk) -> None:
    with simulated.simulation() as simulation:
        block, world = welcome(simulation), World(simulated.panel_port)
        world.do("phones", in_reach=False)
        deliver(simulated, block)
        world.pass_by(3000)
        assert messages(simulated) == []
        world.do("phones", in_reach=True)
        until(lambda: messages(simulated), "the message arrives", within_s=90)


@pytest.fixture
def broker(tmp_path: Path, free_port: int) -> Iterator[Mosquitto]:
    with mosquitto(tmp_path, free_port) as running:
        yield running


@contextlib.contextmanager
def simulation_before(kiosk: Kiosk, broker: Mosquitto) -> Iterator[Process]:
    """`kiosk sim` between the daemon and a real broker."""
    command = [*kiosk.simulation_command(), "--broker", f"127.0.0.1:{broker.port}"]
    with started(command, kiosk.base / "errors.txt") as process:
        yield process
        process.stop(signal.SIGINT)


def is_whole(kiosk: Kiosk, reader: Reader) -> bool:
    """Whether every event is at the broker."""
    seqs = {heard.json["seq"] for heard in reader.under("/event/")}
    with contextlib.closing(sqlite3.connect(kiosk.folder / "kiosk.db")) as database:
        (head,) = database.execute("SELECT max(seq) FROM event").fetchone()
    return seqs == set(range(1, head + 1))


@pytest.mark.parametrize("passage", ["away", "silent"])
def test_a_broker_that_is_cut_off_gets_everything_later(
    simulated: Kiosk, broker: Mosquitto, new_port: Callable[[], int], passage: str
) -> None:
    kiosk = pointed_at(simulated, new_port(), "tls = false", "keepalive_s = 5")
    with reading(broker.port, "latchwork/v1/#") as reader, simulation_before(kiosk, broker) as simulation:
        block, world = welcome(simulation), World(kiosk.panel_port)
        until(lambda: is_whole(kiosk, reader), "it is connected")
        world.do("server", server="broker", passage=passage)
        deliver(kiosk, block)
        assert not is_whole(kiosk, reader)
        world.do("server", server="broker", passage="open")
        until(lambda: is_whole(kiosk, reader), "every event arrives", within_s=90)


@pytest.mark.parametrize(
    ("options", "words"),
    [(["--broker", "127.0.0.1:1"], "no [broker]"), (["--mail", "127.0.0.1:1"], "no [mail]")],
)
def test_a_server_that_the_settings_do_not_have_cannot_be_stood_before(
    simulated: Kiosk, options: list[str], words: str
) -> None:
    with started([*simulated.simulation_command(), *options], simulated.base / "errors.txt") as process:
        assert process.popen.wait(20) == 78
        assert words in process.said


def test_the_help_names_both(simulated: Kiosk) -> None:
    with started([*KIOSK, "sim", "--help"], simulated.base / "errors.txt") as process:
        assert process.popen.stdout is not None
        told = process.popen.stdout.read()
    assert "--broker" in told
    assert "--mail" in told
