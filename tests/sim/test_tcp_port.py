"""Emulated boards behind a TCP port: every client hears them, and a gateway hangs up and comes back."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from sim.boards.bench import Bench
from sim.boards.kerong import Bus, Cu16Board
from sim.boards.line import Fault, Line, Switch
from sim.boards.tcp_port import TcpPort

ASK = bytes.fromhex("02 00 30 03 35")
ALL_OPEN = bytes.fromhex("02 00 35 00 00 00 00 03 3a")
SOON_S = 5.0


def line() -> Line:
    return Line(Bus([Cu16Board(0, Bench(lambda: 0.0, channels=16))]))


class Client:
    """A program on the far side of the gateway."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer

    def say(self, chunk: bytes) -> None:
        self._writer.write(chunk)

    async def hear(self, count: int) -> bytes:
        async with asyncio.timeout(SOON_S):
            return await self._reader.readexactly(count)

    async def is_hung_up_on(self) -> bool:
        async with asyncio.timeout(SOON_S):
            return await self._reader.read(1) == b""

    async def go(self) -> None:
        self._writer.close()
        await self._writer.wait_closed()


@asynccontextmanager
async def client(port: int) -> AsyncIterator[Client]:
    made = Client(*await asyncio.open_connection("127.0.0.1", port))
    yield made
    await made.go()


async def test_a_question_is_answered_to_everybody_who_listens(free_port: int) -> None:
    told: list[tuple[str, bytes]] = []
    with TcpPort(f"socket://127.0.0.1:{free_port}", line(), monitor=lambda *piece: told.append(piece)):
        async with client(free_port) as first, client(free_port) as second:
            second.say(ASK)
            assert await second.hear(9) == ALL_OPEN
            first.say(ASK)
            assert await first.hear(9) == ALL_OPEN
            assert await second.hear(9) == ALL_OPEN
    assert told[:2] == [("kiosk", ASK), ("board", ALL_OPEN)]


async def test_a_client_that_goes_before_its_answer_harms_nobody(free_port: int) -> None:
    late = line()
    late.set(Fault.LATE, Switch(times=1, amount=50))
    with TcpPort(f"socket://127.0.0.1:{free_port}", late):
        async with client(free_port) as first:
            first.say(ASK)
        async with client(free_port) as second:
            second.say(ASK)
            assert await second.hear(9) == ALL_OPEN


async def test_unplugging_hangs_up_and_plugging_listens_again(free_port: int) -> None:
    gateway = TcpPort(f"socket://127.0.0.1:{free_port}", line())
    gateway.plug()
    async with client(free_port) as first:
        first.say(ASK)
        await first.hear(9)
        gateway.unplug()
        gateway.unplug()
        assert await first.is_hung_up_on()
    with pytest.raises(ConnectionRefusedError):
        await asyncio.open_connection("127.0.0.1", free_port)
    gateway.plug()
    gateway.plug()
    async with client(free_port) as second:
        second.say(ASK)
        assert await second.hear(9) == ALL_OPEN
    gateway.unplug()


@pytest.mark.parametrize("url", ["socket://192.0.2.1:4001", "socket://127.0.0.1", "socket://127.0.0.1:0"])
def test_it_listens_on_this_machine_only(url: str) -> None:
    with pytest.raises(ValueError, match="expected"):
        TcpPort(url, line())
