"""Kill points: boundaries of the daemon's work, counted from the first touch on."""

import os
import signal
import threading
from pathlib import Path


class Points:
    """Counts boundaries, names each in a file, and dies at the one it was told; at none for 0."""

    def __init__(self, kill_at: int, file: Path) -> None:
        self._kill_at = kill_at
        self._file = file
        self._count = 0
        self._is_armed = False
        self._lock = threading.Lock()

    def arm(self) -> None:
        """Somebody has touched the screen: what happens from now on belongs to the act."""
        self._is_armed = True

    def pass_by(self, name: str) -> None:
        """A boundary is reached."""
        if not self._is_armed:
            return
        with self._lock:
            self._count += 1
            with self._file.open("a", encoding="utf-8") as file:
                file.write(f"{self._count} {name}\n")
            if self._count == self._kill_at:
                os.kill(os.getpid(), signal.SIGKILL)
