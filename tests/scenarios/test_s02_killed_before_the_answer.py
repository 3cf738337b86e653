"""S2: killed between a pulse and its answer: nobody guesses, the doors are read, no pulse follows."""

import asyncio
import contextlib
from pathlib import Path

import pytest

from config.sample import sample_carrier_code
from kiosk.domain.model.compartment import DoorState
from kiosk.domain.model.delivery import DeliveryState
from kiosk.domain.model.vacancy import Vacancy
from kiosk.rehearsal.crash import Boundary
from sim.cabinet import DoorId
from sim.faults import DoorFaults
from sim.people.kiosk import ScreenDark
from tests.scenarios.scene import OPENS_S, Scene, scene


async def killed_at_the_pulse(here: Scene) -> str:
    """A courier before whose eyes the kiosk dies with the unlock on the wire; which door it was."""
    await here.choose_unit()
    here.stage.keeper.passing = lambda boundary: boundary is Boundary.AFTER_UNLOCK
    with contextlib.suppress(ScreenDark):
        await here.choose_size()
    await here.stage.keeper.process.over.wait()
    here.stage.keeper.passing = lambda _boundary: False
    await asyncio.sleep(1)
    await here.stage.keeper.up()
    await asyncio.sleep(OPENS_S)
    (place,) = here.pulsed()
    return place


async def test_an_open_door_is_seen_and_the_courier_is_asked_once(tmp_path: Path) -> None:
    async with scene(tmp_path) as here:
        place = await killed_at_the_pulse(here)
        assert here.door(place) is DoorState.OPEN
        (delivery,) = here.state.deliveries.values()
        assert delivery.state is DeliveryState.UNCERTAIN
        here.hands.put_in(DoorId(place), here.hands.new_parcel("for 412"))
        here.hands.push_door(DoorId(place))
        await asyncio.sleep(5)
        await here.kiosk.touch("deliver")
        await here.kiosk.touch("carrier_code", sample_carrier_code("halvorn"))
        assert here.page == "question"
        await here.kiosk.touch("inside_yes")
        assert here.page == "unit"
        (delivery,) = here.state.deliveries.values()
        assert delivery.state is DeliveryState.STORED
        assert (await here.kinds()).count("DeliveryUncertain") == 1
        assert here.pulsed() == [place]


@pytest.mark.parametrize("again", [1, 2, 3])
async def test_a_door_that_stayed_shut_is_not_pulsed_again_and_not_offered(
    tmp_path: Path, again: int
) -> None:
    async with scene(tmp_path) as here:
        for number in range(1, 25):
            here.break_door(f"c{number}", DoorFaults(jammed=True))
        place = await killed_at_the_pulse(here)
        for _ in range(again - 1):
            here.stage.keeper.kill("once more")
            await asyncio.sleep(1)
            await here.stage.keeper.up()
        await asyncio.sleep(120)
        assert here.pulsed() == [place]
        assert here.door(place) is DoorState.CLOSED
        (delivery,) = here.state.deliveries.values()
        assert delivery.state is DeliveryState.UNCERTAIN
        assert here.state.compartments[delivery.compartment].vacancy is Vacancy.UNKNOWN
        assert (await here.kinds()).count("DeliveryUncertain") == 1
