"""What systemd is told, over real datagram sockets."""

import os
import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from kiosk.service.systemd_notify import SystemdNotifier


@pytest.fixture
def supervisor(tmp_path: Path) -> Iterator[socket.socket]:
    """The socket on which systemd would listen."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listener:
        listener.bind(str(tmp_path / "notify"))
        listener.settimeout(5)
        yield listener


def test_systemd_reads_what_was_said(supervisor: socket.socket) -> None:
    SystemdNotifier(supervisor.getsockname()).send("READY=1\nSTATUS=ready")
    assert supervisor.recv(100) == b"READY=1\nSTATUS=ready"


def test_an_abstract_address_is_understood() -> None:
    name = f"latchwork-test-{os.getpid()}"
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listener:
        listener.bind(f"\0{name}")
        listener.settimeout(5)
        SystemdNotifier(f"@{name}").send("WATCHDOG=1")
        assert listener.recv(100) == b"WATCHDOG=1"


@pytest.mark.parametrize("address", [None, ""])
def test_without_systemd_nothing_is_said_and_nobody_beats(address: str | None) -> None:
    notifier = SystemdNotifier(address, "30000000")
    notifier.send("READY=1")
    assert notifier.beat_every_s is None


def test_a_supervisor_that_went_away_is_no_fault_of_ours(tmp_path: Path) -> None:
    SystemdNotifier(str(tmp_path / "gone")).send("READY=1")


def test_a_supervisor_that_does_not_read_never_holds_us_up(supervisor: socket.socket) -> None:
    notifier = SystemdNotifier(supervisor.getsockname())

    def say_much() -> None:
        for _ in range(2000):
            notifier.send("WATCHDOG=1")

    speaker = threading.Thread(target=say_much, daemon=True)
    speaker.start()
    speaker.join(10)
    assert not speaker.is_alive()
    assert supervisor.recv(100) == b"WATCHDOG=1"


def test_beats_come_three_times_within_what_systemd_allows(supervisor: socket.socket) -> None:
    assert SystemdNotifier(supervisor.getsockname(), "30000000").beat_every_s == 10.0


@pytest.mark.parametrize("allowed", [None, "", "soon", "0"])
def test_where_systemd_does_not_watch_nobody_beats(supervisor: socket.socket, allowed: str | None) -> None:
    assert SystemdNotifier(supervisor.getsockname(), allowed).beat_every_s is None


def test_the_environment_of_a_service_is_read(
    supervisor: socket.socket, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NOTIFY_SOCKET", supervisor.getsockname())
    monkeypatch.setenv("WATCHDOG_USEC", "6000000")
    notifier = SystemdNotifier.from_environment()
    notifier.send("STOPPING=1")
    assert supervisor.recv(100) == b"STOPPING=1"
    assert notifier.beat_every_s == 2.0
