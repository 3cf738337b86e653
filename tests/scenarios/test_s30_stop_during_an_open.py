"""S30: SIGTERM while a door opens: what waits is decided and answered, the end is told, in ten seconds."""

import signal
from typing import cast

import pytest

from config.load import load
from config.sample import sample_carrier_code
from kiosk.cli.seed import seed
from kiosk.service.clock import SystemClock, TrustSource
from kiosk.service.instants import instant_text
from tests.app.processes import Kiosk, Page, until
from tests.app.test_start import bank_states, event_types
from tests.cli.test_broker import pointed_at
from tests.drivers.emulator import Emulator
from tests.sync.mosquitto import Mosquitto
from tests.sync.reader import Reader, reading

EVERYTHING = "latchwork/v1/maple-court/lobby/#"
EXIT_S = 10.0
COMMANDS = "latchwork/v1/maple-court/lobby/command/"


def command(number: int) -> dict[str, object]:
    """Good for an hour by the machine's own clock."""
    expires_at = instant_text(SystemClock(TrustSource.ASSUME).now().at_ms + 3_600_000)
    return {
        "id": f"00000000-0000-7000-8000-{number:012d}",
        "issuer": "desk",
        "expires_at": expires_at,
        "delivery": "nobody.1",
    }


def answers(reader: Reader) -> dict[int, dict[str, object]]:
    """By the number of the command."""
    return {int(heard.last[-12:]): heard.json for heard in reader.under("/answer/")}


def to_the_open_door(kiosk: Kiosk, boards: Emulator) -> None:
    """A courier until the unlock is on the wire."""
    page = Page(kiosk.page_port)
    page.act("deliver")
    page.act("carrier_code", sample_carrier_code("halvorn"))
    page.act("unit", "412")
    page.act("size", "M")
    boards.wait_for("kiosk: unlock")


@pytest.mark.parametrize("hangs", [False, True], ids=["answering", "port hangs"])
def test_it_ends_in_time_and_answers_what_it_was_asked(
    simulated: Kiosk, broker: Mosquitto, *, hangs: bool
) -> None:
    kiosk = pointed_at(simulated, broker.port, "tls = false")
    seed(load(kiosk.config, kiosk.base))
    boards = Emulator(kiosk.base / "sim" / "lockers", "--boards", "0,1")
    with reading(broker.port, EVERYTHING) as reader, boards, kiosk.daemon() as daemon:
        until(lambda: set(bank_states(kiosk).values()) == {"up"}, "the boards answer")
        reader.publish(f"{COMMANDS}hold", command(1))
        until(lambda: 1 in answers(reader), "a first command is answered")
        first = answers(reader)[1]
        to_the_open_door(kiosk, boards)
        daemon.popen.send_signal(signal.SIGSTOP)
        for number in (1, 2, 3):
            reader.publish(f"{COMMANDS}hold", command(number))
        if hangs:
            boards.process.send_signal(signal.SIGSTOP)
        daemon.popen.send_signal(signal.SIGTERM)
        try:
            assert daemon.stop(signal.SIGCONT, within_s=EXIT_S) == 0, daemon.said
        finally:
            boards.process.send_signal(signal.SIGCONT)
        until(lambda: set(answers(reader)) == {1, 2, 3}, "every command is answered")
        assert answers(reader)[1] == first
        assert {answers(reader)[number]["code"] for number in (2, 3)} <= {"UnknownDelivery", "Stopping"}
        last = reader.under("/status")[-1].json
        assert (last["status"], last["why"]) == ("offline", "shutdown")
    assert event_types(kiosk).count("UnlockAuthorised") == 1
    assert sum(line.startswith("kiosk: unlock") for line in boards.lines) == 1


def test_after_it_the_door_is_read_and_not_pulsed(simulated: Kiosk) -> None:
    seed(load(simulated.config, simulated.base))
    with Emulator(simulated.base / "sim" / "lockers", "--boards", "0,1") as boards:
        with simulated.daemon() as daemon:
            until(lambda: set(bank_states(simulated).values()) == {"up"}, "the boards answer")
            to_the_open_door(simulated, boards)
            assert daemon.stop(within_s=EXIT_S) == 0
        with simulated.daemon() as daemon:
            until(lambda: set(bank_states(simulated).values()) == {"up"}, "the boards answer")
            (row,) = cast("list[dict[str, str]]", simulated.ask("/deliveries"))
            assert row["state"] in ("depositing", "uncertain")
            assert len(boards.unlocks()) == 1
            assert daemon.stop() == 0
