"""A Kerong bank that comes and goes: quiet before the first pulse, and nothing that outlives a connection."""

import asyncio

import pytest

from drivers.kerong.frames import MassUnlock
from drivers.kerong.lock_bank import KerongBank
from drivers.supply import Coil
from hal.errors import LinkLost, NotSent
from hal.lock_bank import DoorReading
from sim.boards.line import Fault, Switch
from tests.drivers.rig import PULSE_S, QUIET_S, bank_settings, now, opened, ready, rig
from tests.drivers.test_kerong_lock_bank import TINY_S, expect, unlock


async def test_nothing_is_pulsed_by_connecting_reading_and_closing() -> None:
    made = await ready(rig(boards=2))
    for _ in range(3):
        for bank in made.banks:
            await bank.read_states()
            bank.close()
            await bank.connect()
    assert not made.unlock_frames
    assert made.line.bus.mass_unlocks == 0


async def test_nothing_is_pulsed_before_whatever_came_before_us_has_ended() -> None:
    made = rig()
    await made.bank.connect()
    opened_at = made.bus.opened_at
    await unlock(made, 5)
    assert made.pulses[0].start_s - opened_at >= QUIET_S - TINY_S


async def test_a_reopened_port_keeps_the_whole_supply_quiet() -> None:
    made, other = await ready(rig()), rig()
    shared = KerongBank(other.bus, bank_settings(0), {1: Coil("other/1", made.supply, PULSE_S)})
    await shared.connect()
    await unlock(made, 5)
    assert made.pulses[0].start_s - other.bus.opened_at >= QUIET_S - TINY_S


async def test_a_board_that_comes_back_on_an_open_port_does_not_hold_up_the_others() -> None:
    made = await ready(rig(boards=2))
    made.banks[0].close()
    came_back = now()
    await made.banks[0].connect()
    begun = now()
    await unlock(made, 5, board=1)
    assert now() - begun < 0.05
    await unlock(made, 5, board=0)
    assert now() - came_back >= QUIET_S - TINY_S


async def test_an_unlock_that_cannot_come_after_the_quiet_time_is_refused_at_once() -> None:
    made = rig()
    await made.bank.connect()
    with pytest.raises(NotSent, match="no turn for b0/5 in time"):
        await unlock(made, 5, within_s=1.0)


async def test_after_unplugging_the_bank_is_lost_and_then_comes_back() -> None:
    made = await ready(rig())
    made.link.unplug()
    with pytest.raises(LinkLost):
        await made.bank.read_states()
    made.bank.close()
    with pytest.raises(LinkLost, match="no such port"):
        await made.bank.connect()
    made.bench.open(4)
    made.link.plug(made.line.receive)
    assert opened(await made.bank.connect()) == [4]


async def test_closing_ends_a_read_in_progress() -> None:
    made = await ready(rig())
    made.line.set(Fault.MUTE, Switch())
    async with asyncio.TaskGroup() as reads:
        reads.create_task(expect(LinkLost, made.bank.read_states))
        await asyncio.sleep(0.01)
        made.bank.close()


async def test_unknown_is_never_said_by_a_board_of_two_values() -> None:
    made = await ready(rig())
    assert DoorReading.UNKNOWN not in (await made.bank.read_states()).doors


async def test_several_locks_at_once_are_understood_by_boards_and_never_asked_for() -> None:
    made = rig()
    made.line.receive(bytes.fromhex("02 00 30 51 03 86"))
    assert made.line.bus.mass_unlocks == 1
    assert len(made.pulses) == 48
    assert not any(isinstance(frame, MassUnlock) for frame in made.unlock_frames)
