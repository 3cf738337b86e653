"""S44: after a restart every door is read at once, and nobody has to touch one for it to be known."""

import asyncio
from pathlib import Path

import pytest

from kiosk.domain.model.compartment import DoorState
from sim.cabinet import DoorId
from tests.app.processes import Kiosk, until
from tests.drivers.emulator import Emulator
from tests.scenarios.scene import scene, wired

AT_ONCE_S = 0.5


@pytest.mark.parametrize("dialect", ["cu48", "cu16"])
@pytest.mark.parametrize("is_power_cut", [False, True], ids=["killed", "power cut"])
async def test_every_door_is_known_at_once(tmp_path: Path, dialect: str, is_power_cut: bool) -> None:
    async with scene(tmp_path, wired(tmp_path, {"a": "p", "b": "p"}, dialect=dialect)) as here:
        here.hands.use_key(DoorId("c5"))
        await asyncio.sleep(2)
        here.stage.keeper.kill("at once", is_power_cut=is_power_cut)
        await asyncio.sleep(1)
        here.hands.use_key(DoorId("c6"))
        await here.stage.keeper.up()
        await asyncio.sleep(AT_ONCE_S)
        opened = {place for place in here.state.layout.compartments if here.door(place) is DoorState.OPEN}
        assert opened == {"c5", "c6"}
        assert here.doors("a") | here.doors("b") == {DoorState.OPEN, DoorState.CLOSED}
        assert here.pulses() == []


def test_a_real_daemon_shows_them_after_a_start(used: Kiosk) -> None:
    def doors() -> dict[object, object]:
        rows = used.ask("/doors")
        assert isinstance(rows, list)
        return {(row["bank"], row["channel"]): row["door"] for row in rows}

    with Emulator(used.base / "sim" / "lockers", "--boards", "0,1") as boards:
        for _ in range(2):
            with used.daemon() as daemon:
                until(lambda: "unknown" not in doors().values(), "every door is seen")
                assert daemon.stop() == 0
        boards.order("open 1/3")
        with used.daemon():
            until(lambda: "unknown" not in doors().values(), "every door is seen")
            assert [place for place, door in doors().items() if door == "open"] == [("b", 3)]
        assert boards.unlocks() == []
