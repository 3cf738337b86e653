"""A child process of the simulation: in its own group, so that Ctrl-C is ours alone, and gone when we are."""

import asyncio
import contextlib
import ctypes
import os
import resource
import signal
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

_PR_SET_PDEATHSIG = 1
_LIBC = ctypes.CDLL(None)


@dataclass(frozen=True, slots=True)
class Program:
    """What to start: a module of this installation, its arguments, and what it inherits."""

    name: str
    module: str
    arguments: Sequence[str]
    environment: Mapping[str, str] = field(default_factory=dict)
    descriptors: tuple[int, ...] = ()
    reads_stdout: bool = False


class Child:
    """One running program."""

    def __init__(self, program: Program, process: asyncio.subprocess.Process) -> None:
        self._program = program
        self._process = process

    @classmethod
    async def start(cls, program: Program) -> "Child":
        """Start it; it gets a SIGTERM from the kernel should this process die in any way."""
        parent = os.getpid()
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-P",  # a folder of the caller that is named like one of our packages is not ours
            "-m",
            program.module,
            *program.arguments,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE if program.reads_stdout else None,
            env={**os.environ, **program.environment},
            pass_fds=program.descriptors,
            process_group=0,
            preexec_fn=lambda: _die_with(parent),
        )
        return cls(program, process)

    @property
    def name(self) -> str:
        """What people call it."""
        return self._program.name

    @property
    def is_running(self) -> bool:
        """Whether it has not ended yet."""
        return self._process.returncode is None

    async def line(self) -> str:
        """The next line it prints; empty when it prints no more."""
        if self._process.stdout is None:
            return ""
        return (await self._process.stdout.readline()).decode("utf-8", "replace").rstrip("\n")

    async def ended(self) -> int:
        """Wait for its end: the exit code, or minus the signal that ended it."""
        return await self._process.wait()

    def send(self, number: signal.Signals) -> None:
        """Send a signal; a program that has just ended needs none."""
        with contextlib.suppress(ProcessLookupError):
            self._process.send_signal(number)

    def limit_files(self, size: int | None) -> None:
        """Let it write no file beyond so many bytes, as on a full disk; None for any size again."""
        with contextlib.suppress(ProcessLookupError):
            _, hard = resource.prlimit(self._process.pid, resource.RLIMIT_FSIZE)
            soft = hard if size is None else size
            resource.prlimit(self._process.pid, resource.RLIMIT_FSIZE, (soft, hard))

    async def stop(self, patience_s: float) -> None:
        """Ask it to end, and end it when it does not."""
        if not self.is_running:
            return
        self.send(signal.SIGTERM)
        try:
            async with asyncio.timeout(patience_s):
                await self.ended()
        except TimeoutError:
            self.send(signal.SIGKILL)
            await self.ended()


def _die_with(parent: int) -> None:
    _LIBC.prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
    if os.getppid() != parent:  # it died between the fork and the line above
        os._exit(1)
