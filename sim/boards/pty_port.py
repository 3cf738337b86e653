"""A serial port that is none: a pty with boards behind it, found under a path that outlives it."""

import asyncio
import contextlib
import errno
import os
import tty
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Self

from sim.boards.line import Line, Sending

READ_SIZE = 4096
Monitor = Callable[[str, bytes], None]
"""Told of every piece on the wire: who sent it ("kiosk" or "board"), and the bytes."""


class PtyPort:
    """One bus on one pty. The path is a link; unplug and plug again gives it a new device, as USB does.

    Does not simulate: speed set by the far end, control lines, a driver that hangs.
    """

    def __init__(self, path: Path, line: Line, *, monitor: Monitor | None = None) -> None:
        self.path = path
        self.line = line
        self._monitor = monitor
        self._master: int | None = None
        self._slave: int | None = None

    def __enter__(self) -> Self:
        self.plug()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.unplug()

    @property
    def is_plugged(self) -> bool:
        """Whether the port is there."""
        return self._master is not None

    def plug(self) -> None:
        """Make the device and point the link at it. Needs a running loop."""
        if self._master is not None:
            return
        master, slave = os.openpty()
        # The kept slave descriptor holds the device alive between two users of the port.
        self._master, self._slave = master, slave
        tty.setraw(slave)
        os.set_blocking(master, False)
        asyncio.get_running_loop().add_reader(master, self._read)
        try:
            _point(self.path, os.ttyname(slave))
        except OSError:
            self.unplug()
            raise

    def unplug(self) -> None:
        """Take the device away, under whoever has it open; safe to call twice."""
        if self._master is None or self._slave is None:
            return
        with contextlib.suppress(OSError):
            if self.path.readlink() == Path(os.ttyname(self._slave)):
                self.path.unlink()
        asyncio.get_running_loop().remove_reader(self._master)
        os.close(self._master)
        os.close(self._slave)
        self._master = self._slave = None

    def _read(self) -> None:
        if self._master is None:
            return
        try:
            chunk = os.read(self._master, READ_SIZE)
        except BlockingIOError:
            return  # whoever sent it has taken it back
        self._tell("kiosk", chunk)
        loop = asyncio.get_running_loop()
        for sending in self.line.receive(chunk):
            loop.call_later(sending.after_s, self._write, self._master, sending)

    def _write(self, master: int, sending: Sending) -> None:
        if master != self._master:
            return  # it was unplugged meanwhile
        self._tell("board", sending.chunk)
        try:
            os.write(master, sending.chunk)
        except OSError as error:
            if error.errno != errno.EAGAIN:
                raise  # EAGAIN: nobody reads, and bytes fall off the wire

    def _tell(self, sender: str, chunk: bytes) -> None:
        if self._monitor is not None:
            self._monitor(sender, chunk)


def _point(path: Path, device: str) -> None:
    """Replace a link in one step, so that nobody finds it missing or half made."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.exists() and not path.is_symlink():
        raise FileExistsError(f"{path} is in the way and no link; move it or choose another path")
    fresh = path.with_name(f".{path.name}.{os.getpid()}")
    fresh.unlink(missing_ok=True)
    fresh.symlink_to(device)
    fresh.replace(path)
