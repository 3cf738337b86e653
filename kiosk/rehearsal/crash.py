"""One life of the kiosk's process: where it may be cut, and what is left of it on disk when it is.

A cut copies the database and its write-ahead log as they are at that instant. Whatever the dead process still
does while its tasks unwind meets seams that refuse it, and files that nobody will open again.
"""

import asyncio
import enum
import shutil
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from kiosk.data_folder import DataFolder


class Boundary(enum.StrEnum):
    """The instants next to everything that leaves or enters the process."""

    BEFORE_COMMIT = "before commit"
    """Every row is written, and the transaction is open."""
    AFTER_COMMIT = "after commit"
    """It is on disk, and nobody knows yet."""
    BEFORE_UNLOCK = "before unlock frame"
    AFTER_UNLOCK = "after unlock frame"
    BEFORE_REPLY = "before reply"
    """A board says something new, and it has not arrived."""
    AFTER_REPLY = "after reply"
    """It was taken in, and the next frame would leave now."""
    BEFORE_ANSWER = "before answer"
    """A touch is decided, and the page has not heard of it."""
    AFTER_ANSWER = "after answer"
    BEFORE_MESSAGE = "before message"
    AFTER_MESSAGE = "after message"
    """The phone has it, and nobody has written that down."""


class Killed(BaseException):
    """The process is gone: nothing of it does anything any more. No handler of the product catches this."""


Passing = Callable[[Boundary], bool]
"""Whether the process dies at a boundary that it is about to pass."""


class Process:
    """Alive until it is killed. Every seam of the outside asks it first."""

    def __init__(self, folder: DataFolder, next_folder: DataFolder, passing: Passing) -> None:
        self.folder = folder
        self.next_folder = next_folder
        self.passed: Counter[Boundary] = Counter()
        self.is_alive = True
        self.died_at = ""
        """Where it was killed; empty while it was not."""
        self.stopping = asyncio.Event()
        """Somebody asks it to end in order."""
        self.over = asyncio.Event()
        """It was killed or has ended; its tasks may still unwind."""
        self._passing = passing

    def demand_alive(self) -> None:
        """Killed where the process is no more."""
        if not self.is_alive:
            raise Killed

    def pass_by(self, boundary: Boundary) -> None:
        """Come to a boundary; Killed where that is the end."""
        self.demand_alive()
        self.passed[boundary] += 1
        if self._passing(boundary):
            self.kill(boundary)
            raise Killed

    def kill(self, where: str) -> None:
        """End it at this instant; nothing where it has ended."""
        if self.is_alive:
            self.is_alive = False
            self.died_at = where
            copy_database(self.folder.database, self.next_folder.database)
            self.over.set()


def copy_database(database: Path, copy: Path) -> None:
    """The file and its write-ahead log as they are now; the rest is made again when it is opened."""
    copy.parent.mkdir(mode=0o700, parents=True)
    for path, target in ((database, copy), (_log_of(database), _log_of(copy))):
        if path.exists():
            shutil.copy(path, target)


def _log_of(database: Path) -> Path:
    return database.with_name(f"{database.name}-wal")
