"""The only reader of the machine's clocks, and the judge of whether the wall clock may be believed."""

import enum
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

_SYNCHRONISED = Path("/run/systemd/timesync/synchronized")
_BOOT_ID = Path("/proc/sys/kernel/random/boot_id")
STEP_MS = 5000
"""A wall clock that moves this much against the monotonic one has been set; trust is broken."""


class TrustSource(enum.StrEnum):
    """Where trust in the wall clock comes from."""

    KERNEL = "kernel"
    RTC = "rtc"
    ASSUME = "assume"
    FILE = "file"


@dataclass(frozen=True, slots=True)
class Now:
    """One reading of both clocks, in milliseconds; the wall clock is UTC."""

    at_ms: int
    mono_ms: int
    is_trusted: bool


class Clock(Protocol):
    """Tells the time."""

    @property
    def boot(self) -> str:
        """Identity of this start of the machine; monotonic times of two boots never compare."""

    def now(self) -> Now:
        """Both clocks at one instant."""


def boot_id() -> str:
    """The kernel's boot id, or a fixed word where the kernel has none."""
    try:
        return _BOOT_ID.read_text(encoding="ascii").strip()
    except OSError:
        return "no-boot-id"


class SystemClock:
    """The machine's clocks. A step of the wall clock breaks trust until the source says yes again."""

    def __init__(self, source: TrustSource, path: Path | None = None) -> None:
        self._source = source
        self._path = path
        self._offset_ms: int | None = None
        self._boot = boot_id()

    @property
    def boot(self) -> str:
        """Identity of this start of the machine."""
        return self._boot

    def now(self) -> Now:
        """Both clocks at one instant."""
        at_ms = time.time_ns() // 1_000_000
        mono_ms = time.monotonic_ns() // 1_000_000
        return Now(at_ms, mono_ms, self._is_trusted(at_ms - mono_ms))

    def _is_trusted(self, offset_ms: int) -> bool:
        has_stepped = self._offset_ms is not None and abs(offset_ms - self._offset_ms) > STEP_MS
        self._offset_ms = offset_ms
        return not has_stepped and self._source_says_yes()

    def _source_says_yes(self) -> bool:
        match self._source:
            case TrustSource.ASSUME | TrustSource.RTC:
                return True
            case TrustSource.KERNEL:
                return _SYNCHRONISED.exists()
            case TrustSource.FILE:
                return self._path is not None and self._path.exists()
