"""Whoever is urgent goes before all who are not; a turn is never lost with whoever gave up waiting."""

import asyncio

import pytest

from drivers.turns import Turns
from tests.drivers.rig import now


async def test_the_urgent_go_first_and_each_queue_keeps_its_order() -> None:
    turns, order = Turns(), list[str]()

    async def patient(name: str) -> None:
        async with turns.take():
            order.append(name)
            await asyncio.sleep(1)

    async def urgent(name: str) -> None:
        async with turns.take_first(100.0):
            order.append(name)

    async with asyncio.TaskGroup() as queue:
        for name in ("p1", "p2"):
            queue.create_task(patient(name))
        for name in ("u1", "u2"):
            queue.create_task(urgent(name))
    assert order == ["p1", "u1", "u2", "p2"]


async def test_the_urgent_wait_only_so_long() -> None:
    turns = Turns()
    async with turns.take():
        with pytest.raises(TimeoutError):
            async with turns.take_first(5.0):
                pass
        assert now() == 5
    async with turns.take_first(5.0):
        assert now() == 5


async def test_a_turn_given_to_somebody_who_just_left_goes_on_to_the_next() -> None:
    turns, order = Turns(), list[str]()

    async def want(name: str) -> None:
        async with turns.take():
            order.append(name)

    async with asyncio.TaskGroup() as queue:
        async with turns.take():
            leaver = queue.create_task(want("leaver"))
            queue.create_task(want("next"))
            await asyncio.sleep(0)
        leaver.cancel()
    assert order == ["next"]


async def test_holder_and_waiter_cancelled_together_leave_the_turn_to_the_next() -> None:
    turns, order = Turns(), list[str]()

    async def want(name: str) -> None:
        async with turns.take():
            order.append(name)
            await asyncio.sleep(10)

    async with asyncio.TaskGroup() as queue:
        leavers = [queue.create_task(want(name)) for name in ("holder", "waiter")]
        await asyncio.sleep(0)
        for leaver in leavers:
            leaver.cancel()
    async with asyncio.timeout(1), turns.take():
        order.append("next")
    assert order == ["holder", "next"]


async def test_a_turn_ends_with_an_error_too() -> None:
    turns = Turns()
    with pytest.raises(LookupError):
        async with turns.take():
            raise LookupError
    async with turns.take():
        pass
