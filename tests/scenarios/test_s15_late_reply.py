"""S15: an answer that comes too late is thrown away; no opening is ever confirmed by it."""

import asyncio
from pathlib import Path

import pytest

from kiosk.domain.model.compartment import DoorState
from sim.boards.line import Fault, Switch
from sim.faults import DoorFaults
from tests.scenarios.scene import scene, wired

LATE_MS = [150, 205, 250, 390]
PORTS = {"a": "p", "b": "q"}


@pytest.mark.parametrize("late_ms", LATE_MS)
async def test_a_door_is_seen_as_it_is_though_every_third_answer_is_late(
    tmp_path: Path, late_ms: int
) -> None:
    async with scene(tmp_path, wired(tmp_path, PORTS)) as here:
        for bank in PORTS:
            here.stage.wires.set_fault(bank, Fault.LATE, Switch(chance=0.3, amount=late_ms))
        place = await here.begin_drop_off()
        await asyncio.sleep(5)
        assert here.door(place) is DoorState.OPEN
        await here.finish_drop_off(place)
        await asyncio.sleep(20)
        kinds = await here.kinds()
        assert (kinds.count("DoorOpened"), kinds.count("DoorClosed")) == (1, 1)
        assert here.pulsed() == [place]


@pytest.mark.parametrize("late_ms", LATE_MS)
async def test_a_jammed_door_is_never_seen_open(tmp_path: Path, late_ms: int) -> None:
    async with scene(tmp_path, wired(tmp_path, PORTS)) as here:
        for place in here.state.layout.compartments:
            here.break_door(place, DoorFaults(jammed=True))
        for bank in PORTS:
            here.stage.wires.set_fault(bank, Fault.LATE, Switch(chance=0.3, amount=late_ms))
        await here.begin_drop_off()
        await asyncio.sleep(30)
        assert "DoorOpened" not in await here.kinds()
