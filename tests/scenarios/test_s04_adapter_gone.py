"""S4: the USB adapter is gone for a while or a day; once it is back the next door opens, no restart."""

import asyncio
from pathlib import Path

import pytest

from kiosk.domain.inputs import BankSeen
from kiosk.domain.model.compartment import DoorState
from kiosk.door_watch import LOG_EVERY_S, DoorWatch, PollCadence
from tests.app.processes import Kiosk, until
from tests.drivers.emulator import Emulator
from tests.engine.rig import Wires
from tests.engine.test_door_watch import Ear
from tests.scenarios.scene import QUIET_S, scene

SOON_S = 2.0
TEN_MINUTES_S, DAY_S = 600.0, 86_400.0


@pytest.mark.parametrize("away_s", [41.0, TEN_MINUTES_S])
async def test_the_next_open_works_as_soon_as_the_supply_may_be_used(tmp_path: Path, away_s: float) -> None:
    async with scene(tmp_path) as here:
        here.stage.wires.unplug("a")
        await asyncio.sleep(away_s)
        assert here.doors("a") == {DoorState.UNKNOWN}
        here.stage.wires.plug("a")
        await asyncio.sleep(SOON_S)
        assert here.doors("a") == here.doors("b") == {DoorState.CLOSED}
        await here.choose_unit()
        place = await here.choose_size()
        await asyncio.sleep(QUIET_S)
        assert here.pulsed() == [place]
        assert here.door(place) is DoorState.OPEN
        assert here.stage.keeper.lives == 1
        assert "bank_lost" not in here.incidents()


async def test_a_day_without_it_is_tried_through_and_fills_no_log(caplog: pytest.LogCaptureFixture) -> None:
    asyncio.get_running_loop().set_debug(False)  # a day of tries, each cheap
    wires, ear = Wires(), Ear()
    wires.link.unplug()
    watch = DoorWatch(wires.banks(), ear.state.layout, ear, PollCadence())
    async with asyncio.TaskGroup() as tasks:
        watching = tasks.create_task(watch.run())
        await asyncio.sleep(DAY_S)
        assert not any(isinstance(fact, BankSeen) for fact in ear.heard)
        wires.link.plug(wires.hear)
        await asyncio.sleep(SOON_S)
        assert {fact.bank for fact in ear.heard if isinstance(fact, BankSeen)} == set(wires.benches)
        watching.cancel()
    for bank in wires.benches:
        said = [line for line in caplog.messages if line.startswith(f"bank {bank} is away: LW-L001 ")]
        assert DAY_S / LOG_EVERY_S * 0.9 <= len(said) <= DAY_S / LOG_EVERY_S + 1


def test_a_real_device_that_comes_back_under_another_name_is_found(used: Kiosk) -> None:
    port = used.base / "sim" / "lockers"

    def doors() -> set[object]:
        rows = used.ask("/doors")
        assert isinstance(rows, list)
        return {row["door"] for row in rows}

    with Emulator(port, "--boards", "0,1") as boards, used.daemon() as daemon:
        until(lambda: doors() == {"closed"}, "every door is seen")
        boards.stop()
        until(lambda: doors() == {"unknown"}, "no door is believed")
        boards.start()
        boards.order("open 0/1")
        until(lambda: doors() == {"closed", "open"}, "the doors are seen again")
        assert daemon.popen.poll() is None
        assert "is away" in daemon.said
