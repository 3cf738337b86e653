"""The daemon as a process at a real broker: killed it loses no event, stopped it says so and is soon done."""

import contextlib
import signal
import socket
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.app.processes import Kiosk, Page, run, until
from tests.app.test_start import event_types
from tests.cli.test_broker import pointed_at
from tests.sync.mosquitto import Mosquitto, mosquitto
from tests.sync.reader import Reader, reading

EVERYTHING = "latchwork/v1/maple-court/lobby/#"


@pytest.fixture
def broker(tmp_path: Path, free_port: int) -> Iterator[Mosquitto]:
    with mosquitto(tmp_path, free_port) as running:
        yield running


def seqs(reader: Reader) -> list[int]:
    return [heard.json["seq"] for heard in reader.under("/event/")]


def status(reader: Reader) -> tuple[str, str]:
    last = reader.under("/status")[-1].json
    return last["status"], last.get("why", "")


def test_a_daemon_that_is_killed_again_and_again_loses_no_event(simulated: Kiosk, broker: Mosquitto) -> None:
    kiosk = pointed_at(simulated, broker.port, "tls = false")
    with reading(broker.port, EVERYTHING) as reader:
        for _ in range(4):
            with kiosk.daemon() as daemon:
                until(lambda: reader.under("/state/"), "it is connected")
                for _ in range(3):
                    Page(kiosk.page_port).look()
                daemon.stop(signal.SIGKILL)
            until(lambda: status(reader) == ("offline", "lost"), "the will is spoken")
        with kiosk.daemon() as daemon:
            count = len(event_types(kiosk))
            until(lambda: set(range(1, count + 1)) <= set(seqs(reader)), "every event is at the broker")
            assert daemon.stop() == 0
        until(lambda: status(reader) == ("offline", "shutdown"), "the stop is told")
    first_seen = list(dict.fromkeys(seqs(reader)))
    assert first_seen == list(range(1, len(event_types(kiosk)) + 1))


def test_a_stop_is_in_time_while_the_broker_is_silent(simulated: Kiosk, broker: Mosquitto) -> None:
    kiosk = pointed_at(simulated, broker.port, "tls = false")
    with reading(broker.port, EVERYTHING) as reader, kiosk.daemon() as daemon:
        until(lambda: reader.under("/state/"), "it is connected")
        broker.send(signal.SIGSTOP)
        try:
            assert daemon.stop(within_s=10) == 0
        finally:
            broker.send(signal.SIGCONT)


def test_a_stop_is_in_time_while_it_connects_to_nobody(simulated: Kiosk) -> None:
    """A host that takes connections and says nothing."""
    with socket.create_server(("127.0.0.1", 0)) as mute:
        kiosk = pointed_at(simulated, mute.getsockname()[1], "tls = false")
        with kiosk.daemon() as daemon:
            mute.settimeout(10)
            with contextlib.closing(mute.accept()[0]):
                threading.Event().wait(0.1)
                assert daemon.stop(within_s=10) == 0


def test_without_a_broker_the_library_is_not_loaded() -> None:
    look = "import sys, kiosk.__main__, kiosk.app, kiosk.wiring; print('aiomqtt' in sys.modules)"
    assert run([sys.executable, "-P", "-c", look]).stdout == "False\n"
