"""A serial server that is none: a TCP port of this machine with boards behind it, as behind a gateway."""

import asyncio
import socket
from types import TracebackType
from typing import Self

from config.settings import listen_address
from sim.boards.line import Line, Sending
from sim.boards.pty_port import READ_SIZE, Monitor

SCHEME = "socket://"


class TcpPort:
    """One bus behind one address. Every client hears what the boards say, as with a serial server.

    Does not simulate: speed set by the far end, a gateway that keeps bytes back, lost packets.
    """

    def __init__(self, url: str, line: Line, *, monitor: Monitor | None = None) -> None:
        self._address = listen_address(url.removeprefix(SCHEME))
        self.line = line
        self._monitor = monitor
        self._server: socket.socket | None = None
        self._clients: set[socket.socket] = set()

    def __enter__(self) -> Self:
        self.plug()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.unplug()

    def plug(self) -> None:
        """Listen. Needs a running loop; OSError."""
        if self._server is None:
            self._server = socket.create_server(self._address)
            self._server.setblocking(False)
            asyncio.get_running_loop().add_reader(self._server, self._accept, self._server)

    def unplug(self) -> None:
        """Hang up, under whoever is connected; safe to call twice."""
        for client in tuple(self._clients):
            self._drop(client)
        if self._server is not None:
            asyncio.get_running_loop().remove_reader(self._server)
            self._server.close()
            self._server = None

    def _accept(self, server: socket.socket) -> None:
        try:
            client, _ = server.accept()
        except OSError:
            return  # whoever called has hung up already
        client.setblocking(False)
        client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._clients.add(client)
        asyncio.get_running_loop().add_reader(client, self._read, client)

    def _read(self, client: socket.socket) -> None:
        try:
            chunk = client.recv(READ_SIZE)
        except BlockingIOError:
            return
        except OSError:
            chunk = b""
        if not chunk:
            self._drop(client)
            return
        self._tell("kiosk", chunk)
        loop = asyncio.get_running_loop()
        for sending in self.line.receive(chunk):
            loop.call_later(sending.after_s, self._write, sending)

    def _write(self, sending: Sending) -> None:
        self._tell("board", sending.chunk)
        for client in tuple(self._clients):
            try:
                client.send(sending.chunk)
            except BlockingIOError:
                pass  # nobody reads, and bytes are lost
            except OSError:
                self._drop(client)

    def _drop(self, client: socket.socket) -> None:
        self._clients.discard(client)
        asyncio.get_running_loop().remove_reader(client)
        client.close()

    def _tell(self, sender: str, chunk: bytes) -> None:
        if self._monitor is not None:
            self._monitor(sender, chunk)
