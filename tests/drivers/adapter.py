"""A serial adapter that can be pulled: a pty whose path stays while the device behind it changes."""

import os
import select
import tty
from pathlib import Path

from drivers.serial_link import SerialLink

ARRIVES_WITHIN_S = 5.0


class Adapter:
    """Its far end is `master`; the kept `slave` holds the device alive between two users."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.plug()

    def plug(self) -> None:
        self.master, self.slave = os.openpty()
        tty.setraw(self.slave)
        self.path.unlink(missing_ok=True)
        self.path.symlink_to(os.ttyname(self.slave))

    def unplug(self) -> None:
        os.close(self.master)
        os.close(self.slave)
        self.path.unlink()

    def say(self, chunk: bytes) -> None:
        """Bytes from the far end; they have arrived in the kernel when this returns."""
        os.write(self.master, chunk)
        ready, _, _ = select.select([self.slave], [], [], ARRIVES_WITHIN_S)
        assert ready, f"{chunk!r} did not arrive"

    def hear(self, count: int) -> bytes:
        """So many bytes at the far end."""
        heard = b""
        while len(heard) < count:
            ready, _, _ = select.select([self.master], [], [], ARRIVES_WITHIN_S)
            assert ready, f"only {heard!r} came"
            heard += os.read(self.master, count - len(heard))
        return heard

    def link(self) -> SerialLink:
        return SerialLink(str(self.path), 19200)
