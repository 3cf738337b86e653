"""S20: a bad checksum does not close the port, and a port cannot be opened twice inside one process."""

import asyncio
from pathlib import Path

import pytest

from drivers.memory_link import MemoryLink
from drivers.serial_link import SerialLink
from hal.errors import LinkLost
from kiosk.domain.model.compartment import DoorState
from kiosk.domain.model.ids import CompartmentId
from sim.boards.bench import Bench
from sim.boards.kerong import Bus, Cu48Board
from sim.boards.line import Fault, Line, Switch
from sim.boards.pty_port import PtyPort
from tests.engine.rig import Wires, core, started
from tests.virtual import REAL_TIME


class CountingLink(MemoryLink):
    """Counts how often it really was opened, and closed."""

    opened = 0
    closed = 0

    async def open(self) -> None:
        """Open."""
        self.opened += not self.is_open
        await super().open()

    def close(self) -> None:
        """Close."""
        self.closed += 1
        super().close()


class CountedWires(Wires):
    """Wires on such a link."""

    def __init__(self) -> None:
        super().__init__()
        self.link: CountingLink = CountingLink("wire", self.hear)


async def test_an_hour_of_bad_checksums_now_and_then_leaves_it_open(tmp_path: Path) -> None:
    asyncio.get_running_loop().set_debug(False)  # an hour of polls
    wires = CountedWires()
    async with core(tmp_path / "kiosk.db", wires) as made:
        await started(made)
        wires.line.set(Fault.GARBLE, Switch(chance=0.05))
        await asyncio.sleep(3600)
        assert wires.line.counts[Fault.GARBLE] > 100
        assert (wires.link.opened, wires.link.closed) == (1, 0)
        assert made.state.door(CompartmentId("c1")) is DoorState.CLOSED
        assert "DoorOpened" not in made.events()


@REAL_TIME
async def test_a_second_opening_in_the_same_process_is_refused(tmp_path: Path) -> None:
    port = tmp_path / "lockers"
    line = Line(Bus([Cu48Board(0, Bench(asyncio.get_running_loop().time))]))
    with PtyPort(port, line):
        first, second = (SerialLink(str(port), 19200) for _ in range(2))
        await first.open()
        with pytest.raises(LinkLost, match="held by another process"):
            await second.open()
        assert first.is_open
        first.close()
