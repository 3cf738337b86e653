"""Start and stop of the daemon as a process: what it needs, what it can do without, and what it says."""

import contextlib
import os
import pty
import signal
import sqlite3
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import cast

import pytest
import serial

from kiosk.service.sockets import listen_tcp
from tests.app.processes import Kiosk, Page, run, until


def bank_states(kiosk: Kiosk) -> dict[str, str]:
    return cast("dict[str, dict[str, str]]", kiosk.ask("/status"))["banks"]


def event_types(kiosk: Kiosk) -> list[str]:
    with contextlib.closing(sqlite3.connect(kiosk.folder / "kiosk.db")) as database:
        return [row[0] for row in database.execute("SELECT type FROM event ORDER BY seq")]


@contextlib.contextmanager
def port_at(path: Path) -> Iterator[int]:
    """A pty whose other end nobody reads or answers."""
    master, slave = pty.openpty()
    try:
        path.symlink_to(os.ttyname(slave))
        yield slave
    finally:
        os.close(slave)
        os.close(master)


def test_page_is_up_although_the_port_is_missing(simulated: Kiosk) -> None:
    with simulated.daemon() as daemon:
        assert Page(simulated.page_port).kind == "home"
        until(lambda: "lost" in bank_states(simulated)["a"], "the bank is told lost")
        assert "sim/lockers" in bank_states(simulated)["a"]
        assert daemon.stop() == 0


def test_page_is_up_although_the_port_is_busy(simulated: Kiosk) -> None:
    lockers = simulated.base / "sim" / "lockers"
    with contextlib.ExitStack() as held:
        held.enter_context(port_at(lockers))
        held.enter_context(contextlib.closing(serial.Serial(str(lockers), exclusive=True)))
        daemon = held.enter_context(simulated.daemon())
        assert Page(simulated.page_port).kind == "home"
        until(lambda: "lost" in bank_states(simulated)["a"], "the bank is told lost")
        assert daemon.stop() == 0


def test_stop_is_done_in_time_while_a_port_hangs(simulated: Kiosk) -> None:
    with port_at(simulated.base / "sim" / "lockers"), simulated.daemon() as daemon:
        assert daemon.stop(within_s=10) == 0


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_stop_leaves_nothing_behind(simulated: Kiosk, number: signal.Signals) -> None:
    with simulated.daemon() as daemon:
        assert daemon.stop(number) == 0
        assert "crashed" not in daemon.said
    assert not (simulated.folder / "run" / "kiosk.sock").exists()
    with simulated.daemon() as again:
        assert again.stop() == 0
    assert event_types(simulated).count("KioskStarted") == 2


def test_stop_ends_open_event_streams(simulated: Kiosk) -> None:
    with simulated.daemon() as daemon, Page(simulated.page_port).stream() as stream:
        assert stream.readline()
        assert daemon.stop(within_s=10) == 0


def test_second_daemon_is_told_who_runs(simulated: Kiosk) -> None:
    with simulated.daemon() as daemon:
        second = simulated.run_daemon()
        assert second.returncode == 75
        assert str(daemon.popen.pid) in second.stderr
        assert len(second.stderr.splitlines()) == 1
        daemon.stop()


def test_taken_address_stops_the_start_before_anything_is_written(simulated: Kiosk) -> None:
    with contextlib.closing(listen_tcp("127.0.0.1", simulated.page_port)):
        refused = simulated.run_daemon()
    assert refused.returncode == 69
    assert simulated.listen in refused.stderr
    assert not (simulated.folder / "kiosk.db").exists()


def test_newer_database_is_left_alone(simulated: Kiosk) -> None:
    with simulated.daemon() as daemon:
        daemon.stop()
    with contextlib.closing(sqlite3.connect(simulated.folder / "kiosk.db")) as database:
        database.execute("PRAGMA user_version = 999")
    refused = simulated.run_daemon()
    assert refused.returncode == 65
    assert "newer" in refused.stderr


def test_damaged_database_is_left_alone(simulated: Kiosk) -> None:
    with simulated.daemon() as daemon:
        daemon.stop()
    damaged = simulated.folder / "kiosk.db"
    damaged.write_bytes(b"not a database at all" * 100)
    refused = simulated.run_daemon()
    assert refused.returncode == 65
    assert "Nothing was changed or deleted" in refused.stderr
    assert damaged.read_bytes() == b"not a database at all" * 100


def test_lost_keys_are_never_made_anew_under_a_database(simulated: Kiosk) -> None:
    with simulated.daemon() as daemon:
        daemon.stop()
    (simulated.folder / "keys" / "code-seal.key").unlink()
    refused = simulated.run_daemon()
    assert refused.returncode == 65
    assert "code-seal.key" in refused.stderr
    assert not (simulated.folder / "keys" / "code-seal.key").exists()


def test_lost_database_is_never_made_anew_under_its_keys(simulated: Kiosk) -> None:
    with simulated.daemon() as daemon:
        daemon.stop()
    (simulated.folder / "kiosk.db").unlink()
    refused = simulated.run_daemon()
    assert refused.returncode == 65
    assert "LW-D005" in refused.stderr
    assert "move the keys away" in refused.stderr
    assert not (simulated.folder / "kiosk.db").exists()


def test_key_that_others_can_read_is_refused(simulated: Kiosk) -> None:
    with simulated.daemon() as daemon:
        daemon.stop()
    (simulated.folder / "keys" / "code-seal.key").chmod(0o644)
    refused = simulated.run_daemon()
    assert refused.returncode == 78
    assert "chmod 600" in refused.stderr


def test_data_folder_that_cannot_be_made_is_named(simulated: Kiosk) -> None:
    simulated.folder.write_text("a file where the folder should be", encoding="utf-8")
    refused = simulated.run_daemon()
    assert refused.returncode == 74
    assert str(simulated.folder) in refused.stderr


def test_every_wrong_setting_is_a_line(simulated: Kiosk) -> None:
    text = simulated.config.read_text(encoding="utf-8")
    wrong = simulated.base / "wrong.toml"
    wrong.write_text(text.replace("pickup_days = 5", "pickup_days = 99\nunheard_of = 1"), encoding="utf-8")
    simulated.config = wrong
    refused = simulated.run_daemon()
    assert refused.returncode == 78
    assert ["pickup_days" in line or "unheard_of" in line for line in refused.stderr.splitlines()] == [
        True,
        True,
    ]


def test_file_channel_is_refused_where_no_world_is(simulated: Kiosk) -> None:
    (simulated.base / "sim" / "SIMULATION").unlink()
    refused = simulated.run_daemon()
    assert refused.returncode == 78
    assert "file_channel" in refused.stderr


@pytest.mark.parametrize("wrong", ["8080", "0.0.0.0:8080", "127.0.0.1:0"])
def test_address_that_is_none_is_a_usage_error(simulated: Kiosk, wrong: str) -> None:
    refused = simulated.run_daemon("--listen", wrong)
    assert refused.returncode == 2
    assert wrong in refused.stderr


def test_daemon_loads_nothing_of_the_command_line() -> None:
    code = "import sys, kiosk.wiring, kiosk.app, kiosk.__main__; print(*sys.modules)"
    loaded = run([sys.executable, "-P", "-c", code]).stdout.split()
    assert "kiosk.engine" in loaded
    assert not {"typer", "rich", "argon2", "kiosk.cli", "serial.tools"} & set(loaded)
