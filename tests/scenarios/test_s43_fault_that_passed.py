"""S43: a door that was jammed opens by a later command: nothing says "jammed" any more."""

import asyncio
from pathlib import Path

from kiosk.domain.model.compartment import Condition
from kiosk.domain.model.ids import CompartmentId
from sim.cabinet import DoorId
from sim.faults import DoorFaults
from tests.scenarios.scene import OPENS_S, scene


async def test_the_next_opening_clears_the_jam(tmp_path: Path) -> None:
    async with scene(tmp_path) as here:
        place = await here.drop_off()
        here.break_door(place, DoorFaults(jammed=True))
        await here.begin_pickup()
        await asyncio.sleep(40)
        name = CompartmentId(place)
        assert here.state.compartments[name].condition is Condition.JAMMED
        assert "door_jammed" in here.incidents()
        assert not here.state.unlocks
        here.break_door(place, DoorFaults())
        await asyncio.sleep(180)
        assert here.page == "home"
        await here.staff_sign_in()
        await here.kiosk.touch("staff_open", place)
        await asyncio.sleep(OPENS_S)
        assert here.state.compartments[name].condition is Condition.SERVICEABLE
        assert "door_jammed" not in here.incidents()
        assert not here.state.unlocks
        here.hands.push_door(DoorId(place))
        await asyncio.sleep(2)
