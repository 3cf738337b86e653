"""The serial link over a pty and the TCP link over a socket keep the promises of a byte link."""

import asyncio
import os
import tty
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from drivers.serial_link import SerialLink
from drivers.tcp_link import TcpLink
from tests.contract.byte_link_suite import ByteLinkContract, FarEnd
from tests.virtual import REAL_TIME


class EchoPty:
    """A pty that says back what it hears, under a path that outlives it."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._ends: tuple[int, int] | None = None

    async def plug(self) -> None:
        self._ends = master, slave = os.openpty()
        tty.setraw(slave)
        self._path.symlink_to(os.ttyname(slave))
        asyncio.get_running_loop().add_reader(master, lambda: os.write(master, os.read(master, 1000)))

    def unplug(self) -> None:
        if self._ends is None:
            return
        asyncio.get_running_loop().remove_reader(self._ends[0])
        for end in self._ends:
            os.close(end)
        self._path.unlink()
        self._ends = None


@REAL_TIME
class TestSerialLink(ByteLinkContract):
    """Over a real pty."""

    @pytest.fixture
    async def far_end(self, tmp_path: Path) -> AsyncIterator[FarEnd]:
        pty = EchoPty(tmp_path / "ttyEcho")
        await pty.plug()
        link = SerialLink(str(tmp_path / "ttyEcho"), 19200)
        yield FarEnd(link, take_away=pty.unplug, bring_back=pty.plug)
        link.close()
        pty.unplug()


class EchoServer:
    """A gateway that says back what it hears."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._server: asyncio.Server | None = None
        self._connections: set[asyncio.Transport] = set()

    async def listen(self) -> None:
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(
            lambda: _Connection(self._connections), "127.0.0.1", self._port
        )

    def stop(self) -> None:
        if self._server is not None:
            self._server.close()
        for connection in self._connections:
            connection.abort()


class _Connection(asyncio.Protocol):
    def __init__(self, all_of_them: set[asyncio.Transport]) -> None:
        self._all = all_of_them

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._all.add(transport)

    def data_received(self, chunk: bytes) -> None:
        self._transport.write(chunk)


@REAL_TIME
class TestTcpLink(ByteLinkContract):
    """Over a socket of this machine."""

    @pytest.fixture
    async def far_end(self, free_port: int) -> AsyncIterator[FarEnd]:
        server = EchoServer(free_port)
        await server.listen()
        link = TcpLink(f"socket://127.0.0.1:{free_port}")
        yield FarEnd(link, take_away=server.stop, bring_back=server.listen)
        link.close()
        server.stop()
        await asyncio.sleep(0)
