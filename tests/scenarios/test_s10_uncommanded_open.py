"""S10: a door opens that nobody asked for: an alarm half a minute later, whatever was pulsed before."""

import asyncio
from pathlib import Path

from sim.cabinet import DoorId
from tests.scenarios.scene import scene


async def test_a_door_that_opens_without_any_pulse_is_an_alarm(tmp_path: Path) -> None:
    async with scene(tmp_path) as here:
        here.hands.use_key(DoorId("c7"))
        await asyncio.sleep(25)
        assert here.incidents() == []
        await asyncio.sleep(6)
        assert here.incidents() == ["unexplained_opening"]
        assert here.pulses() == []
        (incident,) = here.state.incidents.values()
        assert incident.compartment == "c7"
        assert incident.severity.value == "alarm"


async def test_a_pulse_long_ago_explains_no_opening(tmp_path: Path) -> None:
    async with scene(tmp_path) as here:
        place = await here.drop_off()
        await asyncio.sleep(600)
        assert here.incidents() == []
        here.hands.use_key(DoorId(place))
        await asyncio.sleep(31)
        assert "unexplained_opening" in here.incidents()
        assert here.pulsed() == [place]


async def test_the_test_button_is_an_alarm_for_every_door_it_opens(tmp_path: Path) -> None:
    async with scene(tmp_path) as here:
        steps = here.stage.wires.press_test("a")
        for _ in range(3):
            next(steps)
            await asyncio.sleep(1)
        await asyncio.sleep(30)
        opened = [one.compartment for one in here.state.incidents.values()]
        assert sorted(map(str, opened)) == ["c1", "c2", "c3"]
        assert all(pulse.is_test for pulse in here.pulses())
