"""A gateway over TCP: refused, hung up, and addresses that are none."""

import asyncio
from collections.abc import AsyncIterator, Callable

import pytest

from drivers.tcp_link import TcpLink
from hal.errors import LinkLost, WiringError
from tests.virtual import REAL_TIME

pytestmark = REAL_TIME
LONG_S = 5.0


class Gateway:
    """A serial server that says everything back."""

    def __init__(self, port: int) -> None:
        self.url = f"socket://127.0.0.1:{port}"
        self.writers: list[asyncio.StreamWriter] = []

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.writers.append(writer)
        while chunk := await reader.read(100):
            writer.write(chunk)
        writer.close()


@pytest.fixture
async def gateway(free_port: int) -> AsyncIterator[Gateway]:
    made = Gateway(free_port)
    server = await asyncio.start_server(made.serve, "127.0.0.1", free_port)
    yield made
    server.close()
    for writer in made.writers:
        writer.close()
    await server.wait_closed()


async def test_bytes_go_there_and_back(gateway: Gateway) -> None:
    link = TcpLink(gateway.url)
    await link.open()
    await link.open()
    await link.send(b"\x02\x00")
    assert await link.receive(asyncio.get_running_loop().time() + LONG_S) == b"\x02\x00"
    assert link.discard() == 0
    link.close()
    assert not link.is_open


async def test_a_gateway_that_hangs_up_is_lost(gateway: Gateway) -> None:
    link = TcpLink(gateway.url)
    await link.open()
    await link.send(b"x")
    loop = asyncio.get_running_loop()
    assert await link.receive(loop.time() + LONG_S) == b"x"
    gateway.writers[0].close()
    with pytest.raises(LinkLost, match="the gateway hung up"):
        await link.receive(loop.time() + LONG_S)
    with pytest.raises(LinkLost):
        await link.send(b"x")
    await link.open()
    assert link.is_open
    link.close()


async def test_a_gateway_that_is_not_there_is_lost(new_port: Callable[[], int]) -> None:
    with pytest.raises(LinkLost, match="cannot connect"):
        await TcpLink(f"socket://127.0.0.1:{new_port()}").open()


@pytest.mark.parametrize("url", ["socket://", "socket://host", "socket://host:port", "socket://:4001"])
async def test_an_address_that_is_none_is_a_wiring_error(url: str) -> None:
    with pytest.raises(WiringError, match="expected socket://HOST:PORT"):
        TcpLink(url)
