"""Bytes between a device and its reader: all of them, in order, until the line ends or babbles too long."""

import asyncio

import pytest

from drivers.arrivals import MOST_BYTES, Arrivals
from hal.errors import LinkLost
from tests.drivers.rig import now


async def test_what_arrived_is_taken_at_once_and_whole() -> None:
    arrivals = Arrivals()
    arrivals.put(b"ab")
    arrivals.put(b"c")
    assert await arrivals.take(now()) == b"abc"


async def test_nothing_comes_is_nothing_at_the_time_given() -> None:
    assert await Arrivals().take(3.0) == b""
    assert now() == 3.0


async def test_the_first_byte_ends_the_waiting() -> None:
    arrivals = Arrivals()
    asyncio.get_running_loop().call_later(1, arrivals.put, b"a")
    assert await arrivals.take(3.0) == b"a"
    assert now() == 1.0


async def test_the_end_is_told_after_what_came_before_it_with_its_first_reason() -> None:
    arrivals = Arrivals()
    arrivals.put(b"a")
    arrivals.end(LinkLost("unplugged"))
    arrivals.end(LinkLost("closed"))
    assert await arrivals.take(3.0) == b"a"
    for _ in range(2):
        with pytest.raises(LinkLost, match="unplugged"):
            await arrivals.take(3.0)


async def test_a_line_that_babbles_while_nobody_reads_loses_its_oldest_bytes() -> None:
    arrivals = Arrivals()
    for _ in range(3):
        arrivals.put(b"x" * MOST_BYTES)
    arrivals.put(b"newest")
    taken = await arrivals.take(now())
    assert len(taken) == MOST_BYTES
    assert taken.endswith(b"xnewest")
