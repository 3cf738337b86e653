"""The made-up line to a server: open, away, silent, and open again."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable

import pytest

from sim.live.relay import Passage, Relay

SOON_S, LONG_S = 0.3, 10.0


@pytest.fixture
async def relay(new_port: Callable[[], int]) -> AsyncIterator[Relay]:
    """Before a server that says everything back."""
    here, there = ("127.0.0.1", new_port()), ("127.0.0.1", new_port())

    async def echo(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(ConnectionError):
            while chunk := await reader.read(100):
                writer.write(chunk)
        writer.close()

    server = await asyncio.start_server(echo, *there)
    made = Relay(here, there, lambda: None)
    async with server, made.running():
        yield made


async def connect(relay: Relay) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    return await asyncio.open_connection(*relay.here)


async def says_back(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, within_s: float = LONG_S
) -> bool:
    """Whether a word comes back in time; False too where the connection has ended."""
    writer.write(b"x")
    with contextlib.suppress(ConnectionError, TimeoutError):
        async with asyncio.timeout(within_s):
            return await reader.read(100) != b""
    return False


async def refuses(relay: Relay) -> bool:
    try:
        _, writer = await connect(relay)
    except ConnectionRefusedError:
        return True
    writer.close()
    return False


async def test_a_server_that_goes_away_ends_connections_and_takes_none(relay: Relay) -> None:
    before = await connect(relay)
    assert await says_back(*before)
    relay.set(Passage.AWAY)
    assert await before[0].read() == b""
    assert await refuses(relay)
    relay.set(Passage.OPEN)
    for _ in range(200):
        if not await refuses(relay):
            break
        await asyncio.sleep(0.05)
    after = await connect(relay)
    assert await says_back(*after)
    for _, writer in (before, after):
        writer.close()


async def test_a_silent_line_stands_and_carries_what_was_said_later(relay: Relay) -> None:
    reader, writer = await connect(relay)
    assert await says_back(reader, writer)
    relay.set(Passage.SILENT)
    await asyncio.sleep(0)
    assert not await says_back(reader, writer, SOON_S)
    assert not await refuses(relay)
    relay.set(Passage.OPEN)
    assert await reader.read(100) == b"x"
    writer.close()


async def test_a_server_that_is_not_there_ends_the_connection(new_port: Callable[[], int]) -> None:
    lonely = Relay(("127.0.0.1", new_port()), ("127.0.0.1", new_port()), lambda: None)
    async with lonely.running():
        reader, writer = await connect(lonely)
        with contextlib.suppress(ConnectionError):
            assert await reader.read() == b""
        writer.close()
