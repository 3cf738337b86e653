"""Emulated boards as a process of their own at the far end of a real pty."""

import os
import select
import signal
import subprocess
import sys
from pathlib import Path
from types import TracebackType
from typing import Self

STARTS_WITHIN_S = 20.0
ANSWERS_WITHIN_S = 10.0
ROOT = Path(__file__).parents[2]


class Emulator:
    """`python -m sim board DIALECT` with its frames on standard output and people on standard input."""

    def __init__(self, link: Path | str, *options: str, dialect: str = "cu48") -> None:
        self.link = str(link)
        self.dialect = dialect
        self._command = [
            sys.executable,
            "-m",
            "sim",
            "board",
            dialect,
            "--link",
            self.link,
            "--frames",
            *options,
        ]
        self._process: subprocess.Popen[bytes] | None = None
        self._pending = b""
        self.lines: list[str] = []
        """What it has printed so far."""

    @property
    def process(self) -> subprocess.Popen[bytes]:
        assert self._process is not None
        return self._process

    def start(self) -> None:
        self._process = subprocess.Popen(
            self._command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, cwd=ROOT
        )
        self.wait_for(f"{self.dialect} boards", STARTS_WITHIN_S)

    def stop(self, how: signal.Signals = signal.SIGTERM) -> int:
        self.process.send_signal(how)
        self.process.wait(ANSWERS_WITHIN_S)
        for pipe in (self.process.stdin, self.process.stdout):
            assert pipe is not None
            pipe.close()
        return self.process.returncode

    def order(self, text: str) -> None:
        """Something that a person at the bench does."""
        assert self.process.stdin is not None
        self.process.stdin.write(f"{text}\n".encode())
        self.process.stdin.flush()

    def wait_for(self, text: str, within_s: float = ANSWERS_WITHIN_S) -> str:
        """The next line that begins so."""
        while True:
            line = self._next_line(within_s)
            assert line is not None, f"no line {text!r} within {within_s} s; there were {self.lines}"
            if line.startswith(text):
                return line

    def unlocks(self) -> list[str]:
        """Every unlock that came over the wire."""
        while self._next_line(0) is not None:
            pass
        return [line.removeprefix("kiosk: ") for line in self.lines if line.startswith("kiosk: unlock")]

    def _next_line(self, within_s: float) -> str | None:
        assert self.process.stdout is not None
        descriptor = self.process.stdout.fileno()
        while b"\n" not in self._pending:
            ready, _, _ = select.select([descriptor], [], [], within_s)
            chunk = os.read(descriptor, 65_536) if ready else b""
            if not chunk:
                return None
            self._pending += chunk
        raw, self._pending = self._pending.split(b"\n", 1)
        self.lines.append(raw.decode())
        return self.lines[-1]

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.process.returncode is None:
            self.stop()
