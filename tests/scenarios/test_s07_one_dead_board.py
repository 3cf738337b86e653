"""S7: one of three boards on a line is dead; the doors of the others open as if it were not there."""

import asyncio
from pathlib import Path

import pytest

from kiosk.domain.model.compartment import DoorState
from kiosk.door_watch import IDLE_LOOK_S
from sim.cabinet import DoorId
from tests.scenarios.scene import scene, wired

TIMEOUT_S = 0.2
EXCHANGES_S = 0.1
"""A question and its answer for each living board, twice, with the silence between."""


@pytest.mark.parametrize("dialect", ["cu48", "cu16"])
async def test_the_doors_of_the_others_open(tmp_path: Path, dialect: str) -> None:
    settings = wired(tmp_path, {"a": "p", "b": "p", "c": "p"}, dialect=dialect)
    async with scene(tmp_path, settings) as here:
        here.stage.wires.mute("b", is_dead=True)
        await asyncio.sleep(10)
        assert here.doors("b") == {DoorState.UNKNOWN}
        assert here.incidents() == ["bank_lost"]
        places = [await here.drop_off(), await here.drop_off()]
        assert here.pulsed() == places
        assert {place.bank for place in settings.compartment if place.id in places} <= {"a", "c"}


async def test_it_adds_at_most_one_timeout_to_what_the_others_wait_for(tmp_path: Path) -> None:
    settings = wired(tmp_path, {"a": "p", "b": "p", "c": "p"})
    async with scene(tmp_path, settings) as here:
        here.stage.wires.mute("b", is_dead=True)
        await asyncio.sleep(10)
        for turn in range(20):
            here.hands.use_key(DoorId("c1"))
            await asyncio.sleep(IDLE_LOOK_S + TIMEOUT_S + EXCHANGES_S)
            assert here.door("c1") is DoorState.OPEN, turn
            here.hands.push_door(DoorId("c1"))
            await asyncio.sleep(5.03)
            assert here.door("c1") is DoorState.CLOSED
