"""How steady the machine was: the same work again and again, and the load before and after."""

import hashlib
import os
import statistics
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

_SPINS = 12
_CHUNK = bytes(1 << 16)
_QUIET, _NOISY = 1.15, 1.5


def _spin_ms() -> float:
    start = time.perf_counter()
    for _ in range(100):
        hashlib.sha256(_CHUNK).digest()
    return (time.perf_counter() - start) * 1000


def _sync_ms(folder: Path) -> float:
    path = folder / "noise.probe"
    with path.open("wb") as file:
        file.write(b"x" * 4096)
        file.flush()
        start = time.perf_counter()
        os.fsync(file.fileno())
        taken = time.perf_counter() - start
    path.unlink()
    return taken * 1000


@dataclass(slots=True)
class Noise:
    """Figures of the machine itself, taken around the run."""

    spins: list[float] = field(default_factory=list)
    syncs: list[float] = field(default_factory=list)
    loads: list[float] = field(default_factory=list)

    def sample(self, folder: Path) -> None:
        """One look at the machine."""
        self.spins += [_spin_ms() for _ in range(_SPINS)]
        self.syncs += [_sync_ms(folder) for _ in range(_SPINS)]
        self.loads.append(os.getloadavg()[0])

    @property
    def spread(self) -> float:
        """Slowest over fastest of the same piece of work, one straggler in ten left out."""
        ordered = sorted(self.spins)
        return ordered[int(len(ordered) * 0.9) - 1] / ordered[0]

    @property
    def word(self) -> str:
        """What the spread means."""
        if self.spread <= _QUIET:
            return "quiet"
        return "noisy" if self.spread <= _NOISY else "very noisy"

    def sentence(self) -> str:
        """For the foot of the table."""
        return (
            f"machine {self.word}: equal work differed by {self.spread:.2f}x, "
            f"one fsync {statistics.median(self.syncs):.2f} ms, "
            f"load {' -> '.join(f'{load:.1f}' for load in self.loads)} on {os.cpu_count()} cores"
        )

    def as_json(self) -> dict[str, object]:
        """For the results file."""
        return {
            "word": self.word,
            "spread": self.spread,
            "spin_ms": statistics.median(self.spins),
            "fsync_ms": statistics.median(self.syncs),
            "load": self.loads,
        }


@contextmanager
def around(folder: Path) -> Iterator[Noise]:
    """Look at the machine before and after a block."""
    noise = Noise()
    noise.sample(folder)
    yield noise
    noise.sample(folder)
