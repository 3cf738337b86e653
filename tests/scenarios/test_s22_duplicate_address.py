"""S22: two boards answer to one address: found before any door is believed, at the bench and in life."""

import asyncio
from pathlib import Path

import pytest

from kiosk.domain.model.compartment import DoorState
from kiosk.reports.views import banks_view
from sim.boards.line import Fault, Switch
from tests.app.processes import KIOSK, run
from tests.drivers.emulator import Emulator
from tests.scenarios.scene import scene, wired

SAID = "two boards answer to this address; give each its own"


@pytest.mark.parametrize("dialect", ["cu48", "cu16"])
async def test_no_door_of_theirs_is_believed_or_offered(tmp_path: Path, dialect: str) -> None:
    settings = wired(tmp_path, {"a": "p", "b": "q"}, dialect=dialect)
    async with scene(tmp_path, settings) as here:
        here.stage.wires.set_fault("a", Fault.DUPLICATE, Switch())
        here.stage.keeper.kill("at once", is_power_cut=True)
        await asyncio.sleep(1)
        await here.stage.keeper.up()
        await asyncio.sleep(30)
        assert here.doors("a") == {DoorState.UNKNOWN}
        assert SAID in banks_view(here.state)["a"]
        place = await here.drop_off()
        assert place in {one.id for one in settings.compartment if one.bank == "b"}
        here.stage.wires.set_fault("a", Fault.DUPLICATE, None)
        await asyncio.sleep(90)
        assert here.doors("a") == {DoorState.CLOSED}


@pytest.mark.parametrize("dialect", ["cu48", "cu16"])
@pytest.mark.parametrize("action", [["status"], ["unlock", "3"]], ids=lambda action: action[0])
def test_the_bench_tool_names_them_and_moves_nothing(tmp_path: Path, dialect: str, action: list[str]) -> None:
    port = tmp_path / "lockers"
    with Emulator(port, "--boards", "0", dialect=dialect) as boards:
        boards.order("fault duplicate")
        told = run([*KIOSK, "board", *action, "--dialect", dialect, "--port", str(port), "--address", "0"])
        assert told.returncode == 69
        assert SAID in told.stderr
        assert boards.unlocks() == []
