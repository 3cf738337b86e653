"""Keeps the daemon running as systemd would, and does what the technician's panel asks."""

import asyncio
import signal
from collections.abc import Callable

from kiosk.cli.child import Child, Program
from kiosk.service.exits import Exit

RESTART_S = 2.0
PATIENCE_S = 12.0
"""The daemon promises to end within ten seconds."""
_HOPELESS = frozenset({Exit.BAD_DATA, Exit.UNAVAILABLE, Exit.IO, Exit.ALREADY_RUNNING, Exit.BAD_SETTINGS})

WISHES = ("kill", "stop", "start", "fill-disk", "free-disk")
"""What the panel may ask for."""

Tell = Callable[[str], None]


class DaemonKeeper:
    """Owns the daemon's process: at most one at a time. `tell` reaches the panel, `say` the terminal."""

    def __init__(self, program: Program, tell: Tell, say: Tell) -> None:
        self._program = program
        self._tell = tell
        self._say = say
        self._child: Child | None = None
        self._was_ready = False
        self._is_wanted = True
        self._is_disk_full = False
        self._over = asyncio.Event()
        self._news = asyncio.Event()

    def is_ready(self) -> None:
        """The daemon's page is up."""
        self._was_ready = True
        self._tell("daemon running")

    def obey(self, wish: str) -> None:
        """A wish of the panel: one of `WISHES`."""
        match wish:
            case "start":
                self._want(is_wanted=True)
            case "kill" | "stop":
                self._want(is_wanted=False)
                if self._child:
                    self._child.send(signal.SIGKILL if wish == "kill" else signal.SIGTERM)
            case "fill-disk" | "free-disk":
                self._fill_disk(is_full=wish == "fill-disk")
            case _:
                self._say(f"the panel asked for {wish!r}, expected one of: {', '.join(WISHES)}; ignored")

    def _fill_disk(self, *, is_full: bool) -> None:
        self._is_disk_full = is_full
        if self._child:
            self._child.limit_files(0 if is_full else None)
        self._tell(f"disk {'full' if is_full else 'free'}")

    def _want(self, *, is_wanted: bool) -> None:
        self._is_wanted = is_wanted
        self._news.set()

    async def run(self) -> int:
        """Keep it running until `end`, or until starting again cannot help; then its exit code."""
        while not self._over.is_set():
            if not self._is_wanted:
                await self._wait(None)
                continue
            code = await self._run_once()
            if self._over.is_set():
                break
            if self._is_hopeless(code):
                return code if code > 0 else Exit.FAILED
            if self._is_wanted:
                self._say(f"The daemon ended ({_cause(code)}); it starts again in {RESTART_S:g} s.")
                await self._wait(RESTART_S)
        return Exit.OK

    def _is_hopeless(self, code: int) -> bool:
        if self._is_disk_full:
            return False
        return code in _HOPELESS or (self._is_wanted and not self._was_ready)

    async def _run_once(self) -> int:
        self._news.clear()
        self._child = await Child.start(self._program)
        if self._is_disk_full:
            self._child.limit_files(0)
        if self._over.is_set():
            await self._child.stop(PATIENCE_S)
        code = await self._child.ended()
        self._child = None
        self._tell("daemon stopped")
        return code

    async def _wait(self, timeout_s: float | None) -> None:
        self._news.clear()
        try:
            async with asyncio.timeout(timeout_s):
                await self._news.wait()
        except TimeoutError:
            return

    async def end(self) -> None:
        """Stop the daemon for good."""
        self._over.set()
        self._news.set()
        if self._child:
            await self._child.stop(PATIENCE_S)

    def kill(self) -> None:
        """End it at once: somebody has pressed Ctrl-C twice."""
        if self._child:
            self._child.send(signal.SIGKILL)


def _cause(code: int) -> str:
    return f"killed by signal {-code}" if code < 0 else f"exit code {code}"
