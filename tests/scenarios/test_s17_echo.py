"""S17: an adapter that hears itself changes nothing; where only its echo comes, there is no board."""

import asyncio
from pathlib import Path

import pytest

from kiosk.domain.model.compartment import DoorState
from kiosk.reports.views import banks_view
from sim.boards.line import Fault, Switch
from tests.app.processes import KIOSK, run
from tests.drivers.emulator import Emulator
from tests.scenarios.scene import scene, wired

ECHOES = [Fault.ECHO, Fault.ECHO_SHORT, Fault.ECHO_CUT]
PORTS = {"a": "p", "b": "q"}


@pytest.mark.parametrize("dialect", ["cu48", "cu16"])
@pytest.mark.parametrize("echo", ECHOES)
async def test_doors_open_and_close_behind_an_echo(tmp_path: Path, echo: Fault, dialect: str) -> None:
    async with scene(tmp_path, wired(tmp_path, PORTS, dialect=dialect)) as here:
        for bank in PORTS:
            here.stage.wires.set_fault(bank, echo, Switch())
        place = await here.drop_off()
        assert here.pulsed() == [place]
        assert here.door(place) is DoorState.CLOSED
        assert here.incidents() == []


@pytest.mark.parametrize("echo", ECHOES)
async def test_an_echo_alone_is_a_bank_that_is_lost_and_says_so(tmp_path: Path, echo: Fault) -> None:
    async with scene(tmp_path, wired(tmp_path, PORTS)) as here:
        here.stage.wires.set_fault("a", echo, Switch())
        here.stage.wires.set_fault("a", Fault.MUTE, Switch())
        await asyncio.sleep(10)
        assert here.doors("a") == {DoorState.UNKNOWN}
        assert here.doors("b") == {DoorState.CLOSED}
        assert "the adapter echoes, and no board answers" in banks_view(here.state)["a"]


@pytest.mark.parametrize("echo", ECHOES)
def test_the_bench_tool_tells_an_echo_from_a_board(tmp_path: Path, echo: Fault) -> None:
    port = tmp_path / "lockers"
    with Emulator(port, "--boards", "0") as boards:
        boards.order(f"fault {echo}")
        boards.order("fault mute")
        told = run([*KIOSK, "board", "--port", str(port), "--address", "0"])
        assert told.returncode == 69
        assert "the adapter echoes, and no board answers" in told.stderr
        assert boards.unlocks() == []
