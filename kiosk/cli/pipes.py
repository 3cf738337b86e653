"""What the simulation's children tell its supervisor: the panel's wishes, and that the daemon is ready."""

import asyncio
import contextlib
import os
import socket
from collections.abc import Callable
from types import TracebackType
from typing import Self

_CHUNK = 4096


class ControlPipes:
    """Two pipes to the world: it writes wishes, we write what became of the daemon."""

    def __init__(self, on_wish: Callable[[str], None]) -> None:
        self._on_wish = on_wish
        self._read = self._write = -1
        self._waiting = b""
        self.world_in = self.world_out = -1

    def __enter__(self) -> Self:
        self.world_in, self._write = os.pipe()
        self._read, self.world_out = os.pipe()
        for descriptor in (self._read, self._write):
            os.set_blocking(descriptor, False)
        asyncio.get_running_loop().add_reader(self._read, self._take)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        asyncio.get_running_loop().remove_reader(self._read)
        for descriptor in (self._read, self._write):
            os.close(descriptor)
        self.world_has_started()

    def world_has_started(self) -> None:
        """Close our copies of the world's ends, so that its death ends the pipes."""
        for descriptor in (self.world_in, self.world_out):
            if descriptor >= 0:
                os.close(descriptor)
        self.world_in = self.world_out = -1

    def tell(self, line: str) -> None:
        """Tell the world something; one that died or does not read misses it."""
        with contextlib.suppress(BrokenPipeError, BlockingIOError):
            os.write(self._write, f"{line}\n".encode())

    def _take(self) -> None:
        chunk = os.read(self._read, _CHUNK)
        if not chunk:
            asyncio.get_running_loop().remove_reader(self._read)
            return
        *lines, self._waiting = (self._waiting + chunk).split(b"\n")
        for line in lines:
            self._on_wish(line.decode("utf-8", "replace").strip())


class ReadyNotice:
    """Hears what a service manager would hear: that the daemon is ready."""

    def __init__(self, on_ready: Callable[[], None]) -> None:
        self._on_ready = on_ready
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)

    def __enter__(self) -> Self:
        self._socket.bind("")  # the kernel chooses an abstract name
        self._socket.setblocking(False)
        asyncio.get_running_loop().add_reader(self._socket, self._take)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        asyncio.get_running_loop().remove_reader(self._socket)
        self._socket.close()

    @property
    def environment(self) -> dict[str, str]:
        """What the daemon needs to tell us."""
        name: bytes = self._socket.getsockname()
        return {"NOTIFY_SOCKET": "@" + name[1:].decode("ascii")}

    def _take(self) -> None:
        if b"READY=1" in self._socket.recv(_CHUNK).splitlines():
            self._on_ready()
