"""The pipe to whoever supervises the daemon: the panel may ask to kill or start it, or to fill its disk."""

import asyncio
import contextlib
import enum
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from sim.doors import NotPossible


class Ask(enum.StrEnum):
    """What the supervisor can be asked to do to the daemon."""

    KILL = "kill"
    STOP = "stop"
    START = "start"
    FILL_DISK = "fill-disk"
    FREE_DISK = "free-disk"


class DaemonPipe:
    """Both ends of talking to a supervisor; without one, nothing can be asked."""

    def __init__(self, descriptors: tuple[int, int] | None, tell: Callable[[], None]) -> None:
        self.is_running: bool | None = None
        """What the supervisor said last; None before its first word."""
        self.is_disk_full = False
        """Whether the daemon can write no byte, as the supervisor said last."""
        self._descriptors = descriptors
        self._tell = tell
        self._pending = b""

    @property
    def has_supervisor(self) -> bool:
        """Whether there is somebody to ask."""
        return self._descriptors is not None

    def ask(self, what: Ask) -> None:
        """Ask the supervisor; NotPossible when there is none or it went away."""
        if self._descriptors is None:
            raise NotPossible("nobody supervises the daemon here; start both with `kiosk sim`")
        try:
            os.write(self._descriptors[1], f"{what}\n".encode())
        except OSError as error:
            raise NotPossible(f"the supervisor does not listen: {error.strerror}") from error

    @contextmanager
    def listening(self, on_end: Callable[[], None]) -> Iterator[None]:
        """Hear the supervisor until the end; `on_end` when it went away. Closes both descriptors."""
        if self._descriptors is None:
            yield
            return
        hear, ask = self._descriptors
        loop = asyncio.get_running_loop()
        os.set_blocking(hear, False)
        os.set_blocking(ask, False)
        loop.add_reader(hear, self._read, hear, on_end)
        try:
            yield
        finally:
            loop.remove_reader(hear)
            self._descriptors = None
            os.close(hear)
            os.close(ask)

    def _read(self, hear: int, on_end: Callable[[], None]) -> None:
        with contextlib.suppress(BlockingIOError):
            chunk = os.read(hear, 4096)
            *lines, self._pending = (self._pending + chunk).split(b"\n")
            for line in lines:
                self._obey(line.decode("utf-8", "replace").strip())
            if not chunk:
                asyncio.get_running_loop().remove_reader(hear)
                on_end()

    def _obey(self, line: str) -> None:
        match line:
            case "daemon running":
                self.is_running = True
            case "daemon stopped":
                self.is_running = False
            case "disk full" | "disk free":
                self.is_disk_full = line == "disk full"
            case _:
                return
        self._tell()
