"""S18: ten unlocks in the same moment: each is answered, no frame is torn, one coil at a time."""

import asyncio

import pytest

from drivers.kerong.frames import Unlock as UnlockFrame
from kiosk.domain.effects import Unlock
from kiosk.domain.inputs import UnlockSent
from kiosk.domain.model.ids import BankId, CompartmentId, UnlockId
from kiosk.door_watch import DoorWatch, PollCadence
from kiosk.effect_runner import EffectRunner
from sim.boards.bench import most_at_once
from tests.drivers.rig import Rig, ready, rig
from tests.engine.rig import LoopClock, Sleeper
from tests.engine.test_door_watch import Ear

NAMES = [BankId("a"), BankId("b")]
WITHIN_MS = 8000


def ten() -> list[Unlock]:
    deadline = LoopClock().now().mono_ms + WITHIN_MS
    return [
        Unlock(UnlockId(f"u{n}"), CompartmentId(f"c{n}"), NAMES[n % 2], n, deadline) for n in range(1, 11)
    ]


async def carried_out(made: Rig, ear: Ear) -> None:
    banks = dict(zip(NAMES, made.banks, strict=True))
    cadence = PollCadence()
    runner = EffectRunner(banks, ear, clock=LoopClock(), cadence=cadence, notifier=Sleeper())
    watch = DoorWatch(banks, ear.state.layout, ear, cadence)
    async with asyncio.TaskGroup() as tasks:
        running = [tasks.create_task(runner.run()), tasks.create_task(watch.run())]
        await asyncio.sleep(5)
        for unlock in ten():
            runner.take(unlock)
        await asyncio.sleep(20)
        for task in running:
            task.cancel()


@pytest.mark.parametrize("dialect", ["cu48", "cu16"])
async def test_each_is_answered_for_its_own_lock(dialect: str) -> None:
    made, ear = rig(boards=2, dialect=dialect), Ear()
    await carried_out(made, ear)
    assert [fact.unlock for fact in ear.heard if isinstance(fact, UnlockSent)] == [
        unlock.unlock for unlock in ten()
    ]
    assert [pulse.channel for pulse in made.pulses] == list(range(1, 11))
    sent = [(f.address, f.channel) for f in made.unlock_frames if isinstance(f, UnlockFrame)]
    assert sent == [(n % 2, n) for n in range(1, 11)]
    assert made.line.bus.mass_unlocks == 0
    assert most_at_once(made.pulses) == 1


async def test_no_byte_of_a_frame_is_inside_another() -> None:
    made, ear = await ready(rig(boards=2)), Ear()
    await carried_out(made, ear)
    reader = made.line.bus.dialect.board_reader()
    reader.feed(bytes(made.sent))
    assert (reader.skipped, reader.pending) == (0, 0)
