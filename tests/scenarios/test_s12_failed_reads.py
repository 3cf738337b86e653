"""S12: one or two failed reads change nothing, the third in a row makes doors unknown; never closed."""

import asyncio
from pathlib import Path

import pytest

from kiosk.domain.model.compartment import DoorState
from sim.boards.line import Fault, Switch
from sim.cabinet import DoorId
from tests.scenarios.scene import scene, wired

OPEN, CLOSED, UNKNOWN = DoorState.OPEN, DoorState.CLOSED, DoorState.UNKNOWN
FAULTS = [Fault.DROP_REPLY, Fault.GARBLE, Fault.WRONG_ADDRESS]


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize(("failed", "seen"), [(1, {OPEN}), (2, {OPEN}), (3, {OPEN, UNKNOWN})])
async def test_the_third_failed_read_in_a_row_loses_the_door(
    tmp_path: Path, fault: Fault, failed: int, seen: set[DoorState]
) -> None:
    async with scene(tmp_path, wired(tmp_path, {"a": "p", "b": "q"})) as here:
        here.hands.use_key(DoorId("c1"))
        await asyncio.sleep(3)
        here.stage.wires.set_fault("a", fault, Switch(times=failed))
        found = set()
        for _ in range(600):
            found.add(here.door("c1"))
            assert here.doors("b") == {CLOSED}
            await asyncio.sleep(0.01)
        assert found == seen
        assert here.door("c1") is OPEN
