"""The real application on the stage: one story, told in no time, and always the same way."""

import asyncio
import os
import subprocess
import sys
from pathlib import Path

import pytest

from kiosk.rehearsal.diary import CoilOn, Committed, HandDid, MessageArrived, Shown, Started
from kiosk.rehearsal.stage import raised
from kiosk.rehearsal.virtual_loop import run_virtually
from sim.boards.line import Fault, Switch
from sim.people.kiosk import ScreenDark
from tests.rehearsal.story import EDIE, play, tell

HEAD = """
import sys
from pathlib import Path
from kiosk.rehearsal.virtual_loop import run_virtually
from tests.rehearsal.test_stage import log_of
print(run_virtually(log_of(Path(sys.argv[1]), seed=7)))
"""


async def log_of(folder: Path, seed: int) -> str:
    """The hash of everything that the log of the story says."""
    async with raised(play(folder, seed)) as stage:
        await tell(stage)
        return await stage.head()


async def test_a_parcel_is_brought_and_fetched_through_the_whole_application(tmp_path: Path) -> None:
    async with raised(play(tmp_path)) as stage:
        courier, edie = await tell(stage)
        rows = await stage.rows()
    assert edie.parcel == courier.parcel
    assert len(courier.proofs[0]) == 6
    kinds = [row.type for row in rows]
    assert kinds.count("DeliveryStored") == kinds.count("DeliveryCollected") == 1
    assert kinds.count("UnlockAuthorised") == 2
    assert not stage.room.world.view().doors[0].door.parcels


async def test_the_diary_tells_what_people_saw_and_did_and_what_moved(tmp_path: Path) -> None:
    async with raised(play(tmp_path)) as stage:
        await tell(stage)
    entries = stage.diary.entries
    assert [entry.at_ms for entry in entries] == sorted(entry.at_ms for entry in entries)
    seen = [entry.screen.kind for entry in entries if isinstance(entry, Shown) and entry.person == "Edie"]
    assert seen[0] == "home"
    assert {"take_out", "got_everything"} <= set(seen)
    verbs = [(entry.person, entry.verb) for entry in entries if isinstance(entry, HandDid)]
    assert verbs == [
        ("courier", "pull"), ("courier", "put in"), ("courier", "push"),
        ("edie", "pull"), ("edie", "take out"), ("edie", "push"),
    ]  # fmt: skip
    assert len([entry for entry in entries if isinstance(entry, CoilOn)]) == 2
    codes = [entry.resident for entry in entries if isinstance(entry, MessageArrived) and entry.has_code]
    assert EDIE in codes
    assert next(entry for entry in entries if not isinstance(entry, Committed)) == Started(0, "boot-1")


def test_the_same_seed_gives_the_same_log_byte_for_byte(tmp_path: Path) -> None:
    first, again, other = (
        run_virtually(log_of(tmp_path / name, seed)) for name, seed in (("a", 7), ("b", 7), ("c", 8))
    )
    assert first == again
    assert first != other


@pytest.mark.parametrize("hash_seed", ["1", "20"])
def test_the_log_does_not_hang_on_how_the_interpreter_hashes(tmp_path: Path, hash_seed: str) -> None:
    told = subprocess.run(
        [sys.executable, "-c", HEAD, str(tmp_path / "there")],
        env=os.environ | {"PYTHONHASHSEED": hash_seed},
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        check=True,
    )
    assert told.stdout.strip() == run_virtually(log_of(tmp_path / "here", seed=7))


async def test_doors_read_at_the_true_period_tell_the_same_story(tmp_path: Path) -> None:
    async with raised(play(tmp_path, is_polled=True)) as stage:
        courier, edie = await tell(stage)
        kinds = [row.type for row in await stage.rows()]
    assert edie.parcel == courier.parcel
    assert kinds.count("DeliveryCollected") == 1


async def test_an_idle_day_writes_nothing(tmp_path: Path) -> None:
    async with raised(play(tmp_path)) as stage:
        await asyncio.sleep(60)
        commits = stage.keeper.process.passed.total()
        before = await stage.head()
        await asyncio.sleep(86_400)
        assert stage.keeper.process.passed.total() == commits
        assert await stage.head() == before


async def test_a_bank_that_falls_silent_is_missed_and_found_again(tmp_path: Path) -> None:
    async with raised(play(tmp_path)) as stage:
        await asyncio.sleep(60)
        stage.wires.mute("a", is_dead=True)
        await asyncio.sleep(60)
        assert stage.kiosk("somebody").seen().lost_banks == ("a",)
        stage.wires.mute("a", is_dead=False)
        await asyncio.sleep(60)
        assert stage.kiosk("somebody").seen().lost_banks == ()


async def test_an_adapter_may_be_pulled_and_a_line_be_noisy_while_the_story_is_told(tmp_path: Path) -> None:
    async with raised(play(tmp_path)) as stage:
        await asyncio.sleep(60)
        stage.wires.unplug("a")
        await asyncio.sleep(60)
        stage.wires.plug("a")
        stage.wires.set_fault("a", Fault.GARBLE, Switch(chance=0.2))
        await asyncio.sleep(60)
        courier, edie = await tell(stage)
        assert stage.wires.wires[stage.play.settings.bank[0].port].line.counts[Fault.GARBLE] > 0
    assert edie.parcel == courier.parcel


async def test_a_screen_is_dark_while_nothing_runs(tmp_path: Path) -> None:
    async with raised(play(tmp_path)) as stage:
        kiosk = stage.kiosk("somebody")
        kiosk.seen()
        stage.keeper.kill("somebody pulled the plug", is_power_cut=True)
        assert not kiosk.is_up()
        with pytest.raises(ScreenDark):
            kiosk.seen()
        with pytest.raises(ScreenDark):
            await kiosk.touch("deliver")
        assert not await kiosk.changed(500)
        assert await kiosk.changed(60_000)
        assert kiosk.seen().kind == "home"
        assert stage.clock.boot == "boot-2"


async def test_one_page_takes_one_touch(tmp_path: Path) -> None:
    async with raised(play(tmp_path)) as stage:
        kiosk = stage.kiosk("somebody in a hurry")
        async with asyncio.TaskGroup() as fingers:
            fingers.create_task(kiosk.touch("deliver"))
            fingers.create_task(kiosk.touch("pick_up"))
        assert kiosk.seen().kind == "carrier_code"
        await kiosk.touch("size", "M")
        assert kiosk.seen().kind == "carrier_code"
