"""The CU48 driver on a bad line: what it believes, what it sends, and above all what it never sends."""

import asyncio
import itertools
from collections.abc import Awaitable, Callable

import pytest

from drivers.kerong.frames import Unlock
from drivers.kerong.lock_bank import KerongBank
from drivers.supply import Coil, Supply
from hal.errors import BadFrame, LinkLost, NoReply, NotSent, WiringError
from sim.boards.bench import most_at_once
from sim.boards.line import Fault, Switch
from tests.drivers.rig import (
    GAP_S,
    PULSE_S,
    REPLY_S,
    REST_S,
    Rig,
    bank_settings,
    now,
    opened,
    ready,
    rig,
)

SOON = 8.0
ONCE = Switch(times=1)
TINY_S = 1e-6


async def unlock(made: Rig, channel: int, *, board: int = 0, within_s: float = SOON) -> None:
    await made.banks[board].unlock(channel, not_after=now() + within_s)


# Reading


async def test_every_door_is_read() -> None:
    made = rig()
    made.bench.open(3)
    made.bench.open(48)
    reading = await made.bank.connect()
    assert len(reading.doors) == made.bank.channels == 48
    assert opened(reading) == [3, 48]


async def test_polarity_is_a_matter_of_settings() -> None:
    made = rig(closed_bit=0)
    made.bench.open(3)
    assert opened(await made.bank.connect()) == [3]


async def test_wrong_polarity_reads_everything_the_other_way_round() -> None:
    made = rig(closed_bit=1)
    wrong = KerongBank(made.bus, bank_settings(0, closed_bit=0), {})
    assert len(opened(await wrong.connect())) == 48


async def test_polarity_can_be_turned_for_one_lock() -> None:
    made = rig(turned=(7,))
    made.bench.open(3)
    made.bench.open(7)
    assert opened(await made.bank.connect()) == [3, 7]
    plain = KerongBank(made.bus, bank_settings(0), {})
    assert opened(await plain.connect()) == [3]


async def test_two_boards_on_one_port_are_told_apart() -> None:
    made = rig(boards=2)
    made.benches[0].open(1)
    made.benches[1].open(2)
    assert [opened(await bank.connect()) for bank in made.banks] == [[1], [2]]


async def test_connecting_takes_two_reads_that_agree() -> None:
    made = rig()
    async with asyncio.TaskGroup() as moving:
        connecting = moving.create_task(made.bank.connect())
        await asyncio.sleep(0.065)  # after the first read, before the second
        made.bench.open(7)
    assert opened(connecting.result()) == [7]


async def test_s16_stale_bytes_in_the_port_are_drained_before_the_first_question() -> None:
    made = rig()
    made.bench.open(7)
    await made.link.open()
    made.link.arrive(bytes.fromhex("02 00 00 65 ff ff ff ff ff ff 03 64"))
    assert opened(await made.bank.connect()) == [7]


@pytest.mark.parametrize("late_ms", [196, 200, 204, 250, 385])
async def test_s15_a_late_reply_never_answers_the_next_question(late_ms: int) -> None:
    made = await ready(rig())
    made.line.set(Fault.LATE, Switch(times=1, amount=late_ms))
    with pytest.raises(NoReply):
        await made.bank.read_states()
    made.bench.open(5)
    assert opened(await made.bank.read_states()) == [5]


async def test_an_unlock_does_not_wait_for_a_late_reply() -> None:
    made = await ready(rig())
    made.line.set(Fault.LATE, Switch(times=1, amount=250))
    with pytest.raises(NoReply):
        await made.bank.read_states()
    begun = now()
    await unlock(made, 5)
    assert now() - begun < 0.02


@pytest.mark.parametrize("fault", [Fault.ECHO, Fault.ECHO_SHORT, Fault.ECHO_CUT])
async def test_s17_an_echoing_adapter_changes_nothing(fault: Fault) -> None:
    made = rig()
    made.line.set(fault, Switch())
    await ready(made)
    await unlock(made, 5)
    await asyncio.sleep(1)
    assert opened(await made.bank.read_states()) == [5]
    assert made.bus.has_echo


@pytest.mark.parametrize("fault", [Fault.ECHO, Fault.ECHO_SHORT, Fault.ECHO_CUT])
async def test_s17_an_echo_without_a_board_is_no_board(fault: Fault) -> None:
    made = rig()
    made.line.set(fault, Switch())
    made.line.set(Fault.MUTE, Switch())
    with pytest.raises(NoReply, match="the adapter echoes, and no board answers"):
        await made.bank.connect()


async def test_noise_before_a_reply_is_skipped() -> None:
    made = await ready(rig())
    made.line.set(Fault.JUNK, Switch())
    assert opened(await made.bank.read_states()) == []


async def test_a_reply_in_single_bytes_is_put_together() -> None:
    made = rig()
    made.line.set(Fault.CHOP, Switch())
    await ready(made)
    made.bench.open(9)
    assert opened(await made.bank.read_states()) == [9]


async def test_a_reply_of_another_board_is_dropped() -> None:
    made = await ready(rig())
    made.line.set(Fault.WRONG_ADDRESS, ONCE)
    with pytest.raises(BadFrame, match="bank b0, board 0: status asked, answer expected within 200 ms"):
        await made.bank.read_states()
    assert opened(await made.bank.read_states()) == []


async def test_a_garbled_reply_is_never_believed() -> None:
    made = await ready(rig())
    made.line.set(Fault.GARBLE, Switch(times=40))
    for _ in range(40):
        with pytest.raises(BadFrame):
            await made.bank.read_states()
    assert made.line.counts[Fault.GARBLE] == 40
    assert opened(await made.bank.read_states()) == []


async def test_s22_two_boards_with_one_address_are_found_before_a_door_is_believed() -> None:
    made = rig()
    made.line.set(Fault.DUPLICATE, Switch())
    with pytest.raises(WiringError, match="two boards answer to this address"):
        await made.bank.connect()


async def test_one_doubled_reply_at_connect_is_read_again() -> None:
    made = rig()
    made.line.set(Fault.DUPLICATE, ONCE)
    assert opened(await made.bank.connect()) == []


async def test_a_mute_board_is_named_with_what_to_look_at() -> None:
    made = rig()
    made.line.set(Fault.MUTE, Switch())
    with pytest.raises(NoReply, match=r"bank b0, board 0: .* wire: no reply; check the board's power"):
        await made.bank.connect()


async def test_s7_a_dead_board_does_not_harm_its_neighbour() -> None:
    made = await ready(rig(boards=2))
    made.line.bus.boards[0].is_dead = True
    for _ in range(4):
        with pytest.raises(NoReply):
            await made.banks[0].read_states()
        begun = now()
        assert opened(await made.banks[1].read_states()) == []
        assert now() - begun < REPLY_S
    made.banks[0].close()
    await unlock(made, 2, board=1)
    await asyncio.sleep(1)
    assert opened(await made.banks[1].read_states()) == [2]


async def test_reading_before_connecting_is_a_lost_link() -> None:
    with pytest.raises(LinkLost, match=r"bank b0 \(CU48 board 0 on wire\): not connected"):
        await rig().bank.read_states()


# Unlocking


async def test_one_order_is_one_frame_and_one_pulse() -> None:
    made = await ready(rig())
    await unlock(made, 5)
    await asyncio.sleep(60)
    assert made.unlock_frames == [Unlock(0, 5)]
    assert [pulse.channel for pulse in made.pulses] == [5]
    assert opened(await made.bank.read_states()) == [5]


async def test_s19_a_lost_unlock_is_not_sent_again() -> None:
    made = await ready(rig())
    made.line.set(Fault.DROP_REQUEST, ONCE)
    await unlock(made, 5)
    await asyncio.sleep(60)
    assert opened(await made.bank.read_states()) == []
    assert made.unlock_frames == [Unlock(0, 5)]


async def test_s18_ten_unlocks_at_once_each_get_their_pulse_one_coil_at_a_time() -> None:
    made = await ready(rig(boards=2))
    async with asyncio.TaskGroup() as unlocks:
        for channel in range(1, 11):
            unlocks.create_task(unlock(made, channel, board=channel % 2, within_s=60))
            unlocks.create_task(made.banks[channel % 2].read_states())
    await asyncio.sleep(1)
    assert [pulse.channel for pulse in made.pulses] == list(range(1, 11))
    assert most_at_once(made.pulses) == 1
    starts = [pulse.start_s for pulse in made.pulses]
    gaps = [later - earlier for earlier, later in itertools.pairwise(starts)]
    assert min(gaps) >= PULSE_S + GAP_S
    assert max(gaps) < PULSE_S + GAP_S + 0.05


async def test_the_same_lock_rests_between_two_pulses() -> None:
    made = await ready(rig())
    await unlock(made, 5)
    await unlock(made, 5)
    first, second = made.pulses
    assert second.start_s - first.end_s >= REST_S


async def test_a_door_that_opens_early_does_not_end_the_turn_of_its_coil() -> None:
    made = await ready(rig())
    await unlock(made, 5)
    await asyncio.sleep(0.1)
    assert opened(await made.bank.read_states()) == [5]
    await unlock(made, 6)
    assert most_at_once(made.pulses) == 1


async def test_a_late_unlock_is_refused_before_any_byte() -> None:
    made = await ready(rig())
    with pytest.raises(NotSent):
        await unlock(made, 5, within_s=-0.001)
    await unlock(made, 5)
    with pytest.raises(NotSent):
        await unlock(made, 6, within_s=0.5)
    assert made.unlock_frames == [Unlock(0, 5)]


async def test_an_unlock_waits_for_one_exchange_of_a_mute_board_and_no_sweep() -> None:
    made = await ready(rig(boards=4))
    for board in made.line.bus.boards[1:]:
        board.is_dead = True
    async with asyncio.TaskGroup() as sweep:
        for bank in made.banks[1:]:
            sweep.create_task(expect(NoReply, bank.read_states))
        await asyncio.sleep(0.001)
        begun = now()
        await unlock(made, 5)
        assert now() - begun < REPLY_S + 0.02


@pytest.mark.parametrize("channel", [0, 49])
async def test_a_channel_that_is_not_there_is_a_wiring_error(channel: int) -> None:
    made = await ready(rig())
    with pytest.raises(WiringError, match=f"channel {channel} has no lock"):
        await unlock(made, channel)
    assert not made.unlock_frames


async def test_a_lock_beyond_the_board_is_refused_when_it_is_built() -> None:
    coil = Coil("b0/49", Supply("main", gap_s=0, rest_s=0), PULSE_S)
    with pytest.raises(WiringError, match="channel 49, expected 1 to 48"):
        KerongBank(rig().bus, bank_settings(0), {49: coil})
    with pytest.raises(WiringError, match="channel 0, expected 1 to 48"):
        KerongBank(rig().bus, bank_settings(0), {}, turned=[0])


async def test_an_unlock_while_the_port_is_away_is_not_sent_and_not_kept() -> None:
    made = await ready(rig())
    made.link.unplug()
    with pytest.raises(NotSent):
        await unlock(made, 5)
    made.bank.close()
    made.link.plug(made.line.receive)
    await ready(made)
    assert not made.pulses


async def test_an_order_that_waits_does_not_outlive_its_connection() -> None:
    made = await ready(rig())
    await unlock(made, 5)
    async with asyncio.TaskGroup() as unlocks:
        unlocks.create_task(expect(NotSent, lambda: unlock(made, 5)))
        await asyncio.sleep(0.1)
        made.bank.close()
        await made.bank.connect()
    assert made.unlock_frames == [Unlock(0, 5)]


async def expect(kind: type[Exception], action: Callable[[], Awaitable[object]]) -> None:
    with pytest.raises(kind):
        await action()
