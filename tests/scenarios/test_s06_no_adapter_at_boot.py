"""S6: no adapter at the start: the page is up, the banks are told lost, and one process waits for it."""

import signal
from typing import cast

from tests.app.processes import Kiosk, Page, until
from tests.app.test_start import bank_states, event_types
from tests.drivers.emulator import Emulator


def out_of_reach(kiosk: Kiosk) -> bool:
    return all(said.startswith("lost: ") for said in bank_states(kiosk).values())


def test_the_page_is_up_and_the_doors_come_with_the_adapter(simulated: Kiosk) -> None:
    lockers = simulated.base / "sim" / "lockers"
    with simulated.daemon() as daemon:
        page = Page(simulated.page_port)
        assert page.kind == "home"
        until(lambda: out_of_reach(simulated), "both banks are told lost")
        assert "sim/lockers" in bank_states(simulated)["a"]
        assert "No door can be reached now" in page.look()
        incidents = cast("list[dict[str, str]]", simulated.ask("/incidents"))
        assert {row["kind"] for row in incidents} == {"bank_lost"}
        with Emulator(lockers, "--boards", "0,1") as boards:
            until(lambda: set(bank_states(simulated).values()) == {"up"}, "the doors are there")
            assert "No door can be reached now" not in page.look()
            assert boards.unlocks() == []
            assert daemon.popen.poll() is None
            assert daemon.stop(signal.SIGTERM) == 0
    assert event_types(simulated).count("KioskStarted") == 1
