"""A program under measurement: started, watched through /proc, stopped. Its log stays in memory."""

import asyncio
import contextlib
import os
import signal
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.benchmarks.bench import LineBroken

ROOT = Path(__file__).parents[3]
_STOP_S = 15.0
_LOG_TAIL = 400


class ChildFailed(LineBroken):
    """A program ended, or did not become ready; its last words are in the message."""


@dataclass(frozen=True, slots=True)
class Child:
    """A running program."""

    name: str
    process: asyncio.subprocess.Process
    log: int
    """A file in memory, so that logging is never counted as writing to the disk."""

    @property
    def _proc(self) -> Path:
        return Path("/proc") / str(self.process.pid)

    def _entry(self, path: Path, name: str) -> int:
        for line in path.read_text().splitlines():
            key, _, value = line.partition(":")
            if key == name:
                return int(value.split()[0])
        raise ChildFailed(f"{path} has no line {name}")

    def rss_kib(self) -> int:
        """Resident memory now."""
        return self._entry(self._proc / "status", "VmRSS")

    def cpu_ns(self) -> int:
        """Processor time of all threads that live, in nanoseconds."""
        total = 0
        for task in (self._proc / "task").iterdir():
            with contextlib.suppress(FileNotFoundError, ProcessLookupError):
                total += int((task / "schedstat").read_text().split()[0])
        return total

    def written(self) -> int:
        """Bytes that went to a disk."""
        return self._entry(self._proc / "io", "write_bytes")

    def thread_counters(self) -> list[tuple[int, int]]:
        """Of each thread: bytes sent to a disk, and bytes handed to write calls."""
        found = []
        for task in (self._proc / "task").iterdir():
            with contextlib.suppress(FileNotFoundError, ProcessLookupError):
                found.append((self._entry(task / "io", "write_bytes"), self._entry(task / "io", "wchar")))
        return found

    def last_words(self) -> str:
        """The end of what the program logged."""
        size = os.fstat(self.log).st_size
        return os.pread(self.log, _LOG_TAIL, max(0, size - _LOG_TAIL)).decode(errors="replace")

    def fail_if_ended(self) -> None:
        """ChildFailed when the program is not running any more."""
        if self.process.returncode is not None:
            raise ChildFailed(f"{self.name} ended with {self.process.returncode}:\n{self.last_words()}")


@asynccontextmanager
async def running(name: str, arguments: Sequence[str]) -> AsyncIterator[Child]:
    """Run `python -m ...` and stop it at the end of the block."""
    log = os.memfd_create(name)
    try:
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            *arguments,
            cwd=ROOT,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=log,
            stderr=log,
        )
        try:
            yield Child(name, process, log)
        finally:
            await _stop(process)
    finally:
        os.close(log)


async def _stop(process: asyncio.subprocess.Process) -> None:
    with contextlib.suppress(ProcessLookupError):
        process.send_signal(signal.SIGTERM)
    try:
        async with asyncio.timeout(_STOP_S):
            await process.wait()
    except TimeoutError:
        process.kill()
        await process.wait()
