"""The made-up world on a loop's clock: it moves by itself, and what happened is on disk."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from kiosk.rehearsal.virtual_loop import VirtualLoop
from sim.doors import NotPossible, Position
from sim.faults import DoorFaults
from sim.live.changes import Changes
from sim.live.live_world import BankWiring, LiveWorld
from sim.truth import Truth
from sim.world_file import WorldFile
from tests.sim.cabinets import BANK, ONE, PULSE_MS, cabinet
from tests.sim.panel_rig import until


@asynccontextmanager
async def kept(folder: Path) -> AsyncIterator[LiveWorld]:
    """A live world whose file is written beside it."""
    live = LiveWorld(cabinet(), WorldFile(folder / "world.json"), Truth(), Changes())
    async with asyncio.TaskGroup() as tasks:
        keeping = tasks.create_task(live.keep())
        yield live
        await live.saved()
        keeping.cancel()
    live.stop()


def on_disk(folder: Path) -> dict[str, dict[str, object]]:
    doors: dict[str, dict[str, object]] = json.loads((folder / "world.json").read_text("utf-8"))["doors"]
    return doors


def test_a_pulse_runs_its_course_on_the_loops_clock(tmp_path: Path) -> None:
    async def course() -> list[tuple[int, str, bool]]:
        live = LiveWorld(cabinet(), WorldFile(tmp_path / "world.json"), Truth(), Changes())
        start_ms = live.now_ms()
        live.do(lambda world: world.set_faults(ONE, DoorFaults(bounce_ms=20)))
        BankWiring(live, BANK).energise(1, PULSE_MS)
        seen: list[tuple[int, str, bool]] = []
        number = live.changes.number
        while not seen or seen[-1][2]:
            number = await live.changes.after(number)
            sight = live.view().doors[0]
            seen.append((live.now_ms() - start_ms, sight.door.position.value, sight.is_energised))
        return seen

    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        seen = runner.run(course())
    assert seen == [
        (50, "ajar", True),
        (57, "ajar", True),
        (64, "ajar", True),
        (70, "ajar", True),
        (500, "ajar", False),
    ]


async def test_the_wiring_of_a_board_reads_and_moves_its_own_bank(tmp_path: Path) -> None:
    async with kept(tmp_path) as live:
        wiring = BankWiring(live, BANK)
        assert 1 in wiring.hooked()
        assert 40 not in wiring.hooked()
        live.do(lambda world: world.use_key(ONE))
        assert 1 not in wiring.hooked()


async def test_what_was_done_is_on_disk_once_it_is_saved(tmp_path: Path) -> None:
    async with kept(tmp_path) as live:
        live.do(lambda world: world.use_key(ONE))
        await live.saved()
        assert on_disk(tmp_path)["d1"]["position"] == "ajar"


async def test_what_happens_by_itself_is_on_disk_soon_after(tmp_path: Path) -> None:
    async with kept(tmp_path) as live:
        await live.saved()
        BankWiring(live, BANK).energise(1, PULSE_MS)
        await until(lambda: on_disk(tmp_path)["d1"]["position"] == "ajar")


async def test_a_hand_that_fails_comes_out_and_the_world_goes_on(tmp_path: Path) -> None:
    async with kept(tmp_path) as live:
        with pytest.raises(NotPossible):
            live.do(lambda world: world.pull_door(ONE))
        BankWiring(live, BANK).energise(1, PULSE_MS)
        await until(lambda: live.view().doors[0].door.position is Position.AJAR)


async def test_a_file_that_cannot_be_written_is_told_and_written_later(tmp_path: Path) -> None:
    folder = tmp_path / "sim"
    folder.write_text("in the way", encoding="utf-8")
    async with kept(folder) as live:
        live.do(lambda world: world.use_key(ONE))
        await live.saved()
        assert live.trouble is not None
        assert "world.json could not be written" in live.trouble
        assert live.view().doors[0].door.position is Position.AJAR
        folder.unlink()
        await until(lambda: live.trouble is None)
        assert on_disk(folder)["d1"]["position"] == "ajar"


async def test_the_last_write_is_the_last_word(tmp_path: Path) -> None:
    async with kept(tmp_path) as live:
        live.do(lambda world: world.use_key(ONE))
    live.write_last()
    assert on_disk(tmp_path)["d1"]["position"] == "ajar"
