"""S19: the unlock is lost on the wire: nobody is told "opened", and only closed reads allow another."""

import asyncio
from pathlib import Path

import pytest

from drivers.kerong.frames import REQUESTS, FrameReader, Unlock
from kiosk.domain.model.screen import ScreenKind
from sim.boards.line import Fault, Sending, Switch
from tests.engine.rig import Wires, core, started


class LossyWires(Wires):
    """Swallows the first unlock; every question goes through."""

    def __init__(self) -> None:
        super().__init__()
        self.lost = 0

    def hear(self, chunk: bytes) -> list[Sending]:
        """What the boards make of it."""
        is_unlock = any(isinstance(frame, Unlock) for frame in FrameReader(REQUESTS).feed(chunk))
        if is_unlock and not self.lost:
            self.lost += 1
            self.sent.extend(chunk)
            return []
        return super().hear(chunk)


@pytest.fixture
def wires() -> LossyWires:
    return LossyWires()


async def test_the_door_opens_by_a_second_unlock_of_its_own(tmp_path: Path, wires: LossyWires) -> None:
    async with core(tmp_path / "kiosk.db", wires) as made:
        await started(made)
        await made.courier_at_door()
        await asyncio.sleep(2)
        assert made.screen().kind is ScreenKind.OPENING
        assert "DoorOpened" not in made.events()
        await asyncio.sleep(4)
        assert made.screen().kind is ScreenKind.PUT_IN
        assert made.events().count("UnlockAuthorised") == 2
    assert (wires.lost, len(wires.pulses), wires.unlock_frames) == (1, 1, 2)


async def test_nothing_is_repeated_where_no_read_proves_it_closed(tmp_path: Path, wires: LossyWires) -> None:
    async with core(tmp_path / "kiosk.db", wires) as made:
        await started(made)
        await made.courier_at_door()
        await asyncio.sleep(0.1)
        wires.line.set(Fault.MUTE, Switch())
        await asyncio.sleep(30)
        assert made.events().count("UnlockAuthorised") == 1
        assert "DoorOpened" not in made.events()
    assert (wires.pulses, wires.unlock_frames) == ([], 1)
