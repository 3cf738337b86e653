"""What every lock bank promises, whatever board and wire are under it."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Protocol, TypeVar

import pytest

from hal.errors import BadFrame, LinkLost, NoReply, NotSent, WiringError
from hal.lock_bank import BankReading, DoorReading, LockBank

T = TypeVar("T")
TRIES = 60
SOON_S = 8.0
OPENS_WITHIN_S = 2.0


class Stand(Protocol):
    """A bank with a board at its far end, every door closed, and people who stand at it."""

    bank: LockBank

    def open_door(self, channel: int) -> None:
        """Somebody opens by key."""

    def close_door(self, channel: int) -> None:
        """Somebody pushes a door shut."""

    def pulses(self) -> list[int]:
        """Channels that were pulsed, in order."""


async def persist(action: Callable[[], Awaitable[T]]) -> T:
    """Ask until there is an answer: a bad line may lose one, and may never make one up."""
    for _ in range(TRIES):
        try:
            return await action()
        except (NoReply, BadFrame):
            continue
    raise AssertionError(f"no answer in {TRIES} tries")


def opened(reading: BankReading) -> list[int]:
    return [channel for channel, door in enumerate(reading.doors, 1) if door is DoorReading.OPEN]


async def doors_become(bank: LockBank, expected: list[int]) -> None:
    """Wait until exactly these doors are open."""
    gives_up = asyncio.get_running_loop().time() + OPENS_WITHIN_S * TRIES
    while (now_open := opened(await persist(bank.read_states))) != expected:
        assert asyncio.get_running_loop().time() < gives_up, f"open: {now_open}, expected {expected}"


def soon() -> float:
    return asyncio.get_running_loop().time() + SOON_S


class LockBankContract:
    """Subclasses give `stand`, closed and with every door shut."""

    @pytest.fixture
    async def up(self, stand: Stand) -> AsyncIterator[Stand]:
        """The stand with its bank connected."""
        await persist(stand.bank.connect)
        yield stand
        stand.bank.close()

    async def test_connecting_reads_every_door(self, stand: Stand) -> None:
        stand.open_door(3)
        reading = await persist(stand.bank.connect)
        await doors_become(stand.bank, [3])
        assert len(reading.doors) == stand.bank.channels
        stand.bank.close()

    async def test_reading_follows_the_doors(self, up: Stand) -> None:
        await doors_become(up.bank, [])
        up.open_door(up.bank.channels)
        up.open_door(1)
        await doors_become(up.bank, [1, up.bank.channels])
        up.close_door(1)
        await doors_become(up.bank, [up.bank.channels])

    async def test_an_unlock_is_one_pulse_and_opens_that_door_only(self, up: Stand) -> None:
        await up.bank.unlock(5, not_after=soon())
        await doors_become(up.bank, [5])
        assert up.pulses() == [5]

    async def test_an_unlock_that_is_late_moves_nothing(self, up: Stand) -> None:
        with pytest.raises(NotSent):
            await up.bank.unlock(5, not_after=asyncio.get_running_loop().time() - 0.001)
        assert opened(await persist(up.bank.read_states)) == []
        assert up.pulses() == []

    async def test_a_channel_that_is_not_there_is_a_wiring_error(self, up: Stand) -> None:
        for channel in (0, up.bank.channels + 1):
            with pytest.raises(WiringError, match=f"channel {channel}"):
                await up.bank.unlock(channel, not_after=soon())
        assert up.pulses() == []

    async def test_a_bank_that_is_not_connected_reads_and_moves_nothing(self, stand: Stand) -> None:
        with pytest.raises(LinkLost):
            await stand.bank.read_states()
        with pytest.raises(NotSent):
            await stand.bank.unlock(5, not_after=soon())
        assert stand.pulses() == []

    async def test_it_closes_twice_and_connects_again(self, up: Stand) -> None:
        up.bank.close()
        up.bank.close()
        with pytest.raises(LinkLost):
            await up.bank.read_states()
        up.open_door(9)
        await persist(up.bank.connect)
        await doors_become(up.bank, [9])

    async def test_connecting_and_reading_pulse_nothing(self, up: Stand) -> None:
        for _ in range(3):
            await persist(up.bank.read_states)
            up.bank.close()
            await persist(up.bank.connect)
        assert up.pulses() == []

    async def test_reads_and_unlocks_at_the_same_time_get_in_nobodys_way(self, up: Stand) -> None:
        async with asyncio.TaskGroup() as users:
            for channel in (2, 4):
                users.create_task(up.bank.unlock(channel, not_after=soon()))
            for _ in range(5):
                users.create_task(persist(up.bank.read_states))
        await doors_become(up.bank, [2, 4])
        assert up.pulses() == [2, 4]
