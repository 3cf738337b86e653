"""S27: what happens while the broker is away leaves later, in order and whole, though the kiosk is killed."""

import signal

from tests.app.processes import Kiosk, until
from tests.app.test_start import bank_states, event_types
from tests.cli.test_broker import pointed_at
from tests.drivers.emulator import Emulator
from tests.sync.mosquitto import Mosquitto
from tests.sync.reader import reading

EVERYTHING = "latchwork/v1/maple-court/lobby/event/#"
OPENED = 3


def killed_with_news(kiosk: Kiosk, boards: Emulator, bank: int) -> None:
    """A life in which doors open that nobody asked for, and that ends before anything has left."""
    before = event_types(kiosk).count("DoorOpened") if bank else 0
    with kiosk.daemon() as daemon:
        until(lambda: set(bank_states(kiosk).values()) == {"up"}, "the boards answer")
        for lock in range(1, OPENED + 1):
            boards.order(f"open {bank}/{lock}")
        until(lambda: event_types(kiosk).count("DoorOpened") == before + OPENED, "the doors are seen")
        daemon.stop(signal.SIGKILL)


def test_nothing_is_lost_and_nothing_is_told_twice_as_new(simulated: Kiosk, broker: Mosquitto) -> None:
    kiosk = pointed_at(simulated, broker.port, "tls = false")
    broker.stop()
    with Emulator(kiosk.base / "sim" / "lockers", "--boards", "0,1") as boards:
        for bank in (0, 1):
            killed_with_news(kiosk, boards, bank)
        broker.start()
        with reading(broker.port, EVERYTHING) as reader, kiosk.daemon() as daemon:
            until(lambda: len(reader.under("/event/")) >= len(event_types(kiosk)), "every event has left")
            assert daemon.stop() == 0
        heard = [event.json for event in reader.under("/event/")]
    assert [event["seq"] for event in heard] == list(range(1, len(heard) + 1))
    assert [event["type"] for event in heard] == event_types(kiosk)[: len(heard)]
    assert len({event["id"] for event in heard}) == len(heard)
