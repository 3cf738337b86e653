"""S11: the contact reads open because its cable is cut; a valid code still gets its pulse."""

import asyncio
from pathlib import Path

from kiosk.domain.model.compartment import DoorState
from sim.cabinet import DoorId
from sim.faults import DoorFaults, Sensor
from tests.scenarios.scene import scene


async def test_the_lock_is_pulsed_and_the_state_told_apart_from_it(tmp_path: Path) -> None:
    async with scene(tmp_path) as here:
        place = await here.drop_off()
        await asyncio.sleep(60)
        here.break_door(place, DoorFaults(sensor=Sensor.STUCK_OPEN))
        await asyncio.sleep(32)
        assert here.door(place) is DoorState.OPEN
        assert "unexplained_opening" in here.incidents()
        before = len(here.pulses())
        await here.begin_pickup()
        assert here.pulsed()[before:] == [place]
        assert not here.stage.room.world.door(DoorId(place)).is_latched
        assert here.door(place) is DoorState.OPEN
