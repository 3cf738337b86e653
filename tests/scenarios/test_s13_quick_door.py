"""S13: a door that is open for six tenths of a second leaves both edges in the log."""

import asyncio
from pathlib import Path

import pytest

from sim.cabinet import DoorId
from tests.scenarios.scene import scene

OPEN_S = 0.6


@pytest.mark.parametrize("phase_s", [0.0, 0.1, 0.2, 0.3, 0.4, 0.49])
async def test_both_edges_are_recorded_whenever_it_begins(tmp_path: Path, phase_s: float) -> None:
    async with scene(tmp_path) as here:
        await asyncio.sleep(phase_s)
        here.hands.use_key(DoorId("c20"))
        await asyncio.sleep(OPEN_S)
        here.hands.push_door(DoorId("c20"))
        await asyncio.sleep(1)
        edges = [kind for kind in await here.kinds() if kind in ("DoorOpened", "DoorClosed")]
        assert edges == ["DoorOpened", "DoorClosed"]
